/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The swap area: slots for anonymous pages that leave memory. One area; what is in its slots is not kept. */
#ifndef KM_PHYS_SWAP_H
#define KM_PHYS_SWAP_H

#include "base/status.h"
#include "phys/reclaim.h"

#define SWAP_NO_SLOT UINT32_MAX

/*
 * swapon: an area of so many pages, of which the first keeps what mkswap wrote.
 * false with a message: there is one already, or the size cannot be.
 */
bool swap_on(struct phys *p, u32 pages, struct status *st);

/*
 * swapoff: all pages come back into memory.  false with a message: there is no
 * area; or there is too little memory, then the pages that are back stay, and
 * the area too.
 */
bool swap_off(struct phys *p, struct status *st);

/* A slot, the next one that is free; SWAP_NO_SLOT: all are used, or there are none. */
u32 swap_take(struct phys *p);
void swap_free(struct phys *p, u32 slot);

/* The page gets a slot, and is to be written there. false: there is none. */
bool swap_add(struct phys *p, pfn_t pfn);

/* The page changes, so its slot is given back; if it is being written, it is only dirty again. */
void swap_forget(struct phys *p, pfn_t pfn);

/* Could anonymous pages be taken? */
static inline bool swap_has_room(const struct phys *p)
{
	return !p->reclaim->swap_leaving && p->reclaim->swap_used < p->reclaim->swap_pages;
}

#endif
