/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Booting into the state of a real server (desc_state.h).
 *
 * What /proc does not tell is chosen so: a zone's RAM is in one piece, at the
 * end of the DMA zone, at the beginning of others; a zone whose size is not known is the smallest that has room,
 * in whole blocks of the largest order (DMA, and Normal below high memory,
 * have their fixed size).  From the top of the zone down lie the free blocks,
 * the largest first; the rest of a block that had to be divided is used for
 * smaller ones, and its lowest page is in use, so that nothing can merge.
 * All other pages are in use and stay so.  With pagetypeinfo, page blocks of
 * the types follow one another from the top, those that are free in the
 * largest order first; without it all are movable.
 */
#ifndef KM_MACHINE_BOOT_STATE_H
#define KM_MACHINE_BOOT_STATE_H

#include "machine/desc.h"

/*
 * Fills memory (a range for each zone), zones and what is computed from them; policies of `c` are set.
 * *min_free_kbytes: the tunable.  false with a message: it is impossible.
 */
bool boot_state_configure(const struct machine_desc *d, struct phys_config *c, u32 *min_free_kbytes, struct status *st);

/* Lays the free blocks out on a machine that has no free page.  false with a message: there is no room, or no host
 * memory. */
bool boot_state_fill(struct phys *p, const struct desc_state *s, struct status *st);

#endif
