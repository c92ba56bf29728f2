/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/extfrag.h"

/* What is free in a zone, as a request of one order sees it. */
struct extfrag_sums {
	u64 pages; /* free */
	u64 blocks; /* free, of any order */
	u64 suitable; /* how many such requests the large enough blocks would serve */
};

static struct extfrag_sums sum_up(const u32 *nr_free, unsigned orders, unsigned order)
{
	struct extfrag_sums s = { 0 };

	for (unsigned o = 0; o < orders; o++) {
		s.blocks += nr_free[o];
		s.pages += (u64)nr_free[o] << o;
		if (o >= order)
			s.suitable += (u64)nr_free[o] << (o - order);
	}
	return s;
}

u64 extfrag_suitable(const u32 *nr_free, unsigned orders, unsigned order)
{
	return sum_up(nr_free, orders, order).suitable;
}

unsigned extfrag_unusable(const u32 *nr_free, unsigned orders, unsigned order)
{
	struct extfrag_sums s = sum_up(nr_free, orders, order);

	if (!s.pages)
		return 1000;
	return (unsigned)((s.pages - (s.suitable << order)) * 1000 / s.pages);
}

/*
 * 1 - (1 + pages / requested) / blocks: the kernel divides in this order, and
 * rounds each quotient down.
 */
int extfrag_index(const u32 *nr_free, unsigned orders, unsigned order)
{
	struct extfrag_sums s = sum_up(nr_free, orders, order);

	if (!s.blocks)
		return 0;
	if (s.suitable)
		return EXTFRAG_FITS;
	return 1000 - (int)((1000 + s.pages * 1000 / (UINT64_C(1) << order)) / s.blocks);
}
