/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of contiguous memory areas are used for. */
#ifndef KM_UI_CMA_USE_H
#define KM_UI_CMA_USE_H

#include "phys/phys.h"

struct cma_use {
	u64 free; /* on free lists or per-CPU lists */
	u64 lent; /* borrowed by movable pages */
	u64 given; /* handed out by cma_alloc() */
};

/* Counts the frames of [start, end) that lie in area number `area`. */
struct cma_use cma_use_count(const struct phys *p, unsigned area, pfn_t start, pfn_t end);

/* The number of an area with frames in [start, end); -1: there is none. */
int cma_use_area(const struct phys *p, pfn_t start, pfn_t end);

#endif
