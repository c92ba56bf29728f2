/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Isolating page blocks: their free pages are put where no request finds
 * them, so that the blocks can be emptied.
 */
#ifndef KM_PHYS_ISOLATE_H
#define KM_PHYS_ISOLATE_H

#include "phys/phys.h"

/* Isolates the page blocks of [start, end). false: one of them is isolated already; nothing is changed. */
bool isolate_range(struct phys *p, unsigned zone, pfn_t start, pfn_t end);

/* Gives them back, as blocks of `type`. */
void isolate_undo(struct phys *p, unsigned zone, pfn_t start, pfn_t end, unsigned type);

#endif
