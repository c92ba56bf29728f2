/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over everything that must always hold. */
#ifndef KM_MACHINE_INVARIANTS_H
#define KM_MACHINE_INVARIANTS_H

#include "machine/machine.h"

/*
 * Walks all lists and counters of the machine.  false, with the first thing
 * that is wrong in `st` (which zone, order, list, frame, and the two figures
 * that disagree).
 */
bool invariants_hold(const struct machine *m, struct status *st);

#endif
