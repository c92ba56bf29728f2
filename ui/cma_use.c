/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cma_use.h"

#include "phys/frame.h"

struct cma_use cma_use_count(const struct phys *p, unsigned area, pfn_t start, pfn_t end)
{
	const struct cma_config *c = &p->config->cma[area];
	u64 count[FRAME_USED + 1], unit = (u64)1 << c->order_per_bit;
	u64 from = start > c->base_pfn ? start : c->base_pfn;
	u64 to = end < (u64)c->base_pfn + c->count ? end : (u64)c->base_pfn + c->count;
	struct cma_use use = { 0 };

	if (from >= to)
		return use;
	frame_count(p, (pfn_t)from, (pfn_t)to, count);
	use.free = count[FRAME_FREE] + count[FRAME_PCP];
	for (u64 pfn = from; pfn < to;) {
		u64 n = (pfn - c->base_pfn) >> c->order_per_bit, behind = c->base_pfn + (n + 1) * unit;

		if (behind > to)
			behind = to;
		if (p->cma_used[area][n])
			use.given += behind - pfn;
		pfn = behind;
	}
	use.lent = to - from - use.free;
	use.lent -= use.given < use.lent ? use.given : use.lent;
	return use;
}

int cma_use_area(const struct phys *p, pfn_t start, pfn_t end)
{
	for (unsigned n = 0; n < p->config->cma_areas; n++) {
		const struct cma_config *c = &p->config->cma[n];

		if (start < c->base_pfn + c->count && end > c->base_pfn)
			return (int)n;
	}
	return -1;
}
