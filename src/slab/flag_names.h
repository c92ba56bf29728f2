/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flags of kmem_cache_create() by name, with the values of the machine's kernel. */
#ifndef KM_SLAB_FLAG_NAMES_H
#define KM_SLAB_FLAG_NAMES_H

#include "base/strbuf.h"
#include "slab/rules.h"

/* The flag that this kernel calls so; false: it has none. */
bool flag_names_get(const struct slab_rules *rules, const char *name, u32 *value);

/* The n-th name that this kernel knows, NULL behind the last. */
const char *flag_names_at(const struct slab_rules *rules, size_t n);

/* Appends "SLAB_POISON|SLAB_PANIC", bits without a name as a number; "0" for none. */
void flag_names_format(const struct slab_rules *rules, u32 flags, struct strbuf *out);

#endif
