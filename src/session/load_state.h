/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pasted files of /proc, and the machine that has what they tell. */
#ifndef KM_SESSION_LOAD_STATE_H
#define KM_SESSION_LOAD_STATE_H

#include "machine/desc.h"

/*
 * Fills `desc` with the machine that the files tell of: one with
 * /proc/buddyinfo, perhaps pagetypeinfo and zoneinfo of the same moment, in
 * one file or several.  A file that a lesson brings along is found by its name
 * where there is no other of that name.  The names of the zones decide which built-in machine it is.
 * false with a message that tells file and line: it cannot be.
 */
bool load_state_desc(struct machine_desc *desc, const char *const *paths, size_t count, struct status *st);

#endif
