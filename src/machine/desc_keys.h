/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a machine description: one table for files and for settings. */
#ifndef KM_MACHINE_DESC_KEYS_H
#define KM_MACHINE_DESC_KEYS_H

#include "machine/desc.h"

/* Sets one key.  false with a message about key and value; `desc` may then be half changed. */
bool desc_keys_set(struct machine_desc *desc, const char *key, const char *value, struct status *st);

#endif
