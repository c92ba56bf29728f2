/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the free blocks of a zone lie whose counts alone are known: see boot_state.h for the rule. */
#ifndef KM_MACHINE_STATE_LAYOUT_H
#define KM_MACHINE_STATE_LAYOUT_H

#include "machine/desc_state.h"

/* The least blocks of the largest order that have room for these free blocks. */
u64 state_layout_least(const u32 *nr_free, unsigned orders);

/* Puts the free blocks of a zone on its lists, and sets its page blocks.  false with a message: there is no room. */
bool state_layout_zone(struct phys *p, unsigned zone, const struct desc_state_zone *z, struct status *st);

#endif
