/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/swaps.h"

#include "base/units.h"
#include "phys/reclaim.h"

#include <inttypes.h>

#define AREA "/dev/sda2"
#define WIDTH 40 /* of the column of names */
#define WIDE 10000000 /* kB from which on a number reaches the next stop of tabulators */

static u64 kb(const struct machine *m, u64 pages)
{
	return (pages << m->config.page_shift) / KIB;
}

void swaps_print(const struct machine *m, struct strbuf *out)
{
	const struct reclaim *r = m->phys.reclaim;
	u64 size = kb(m, r->swap_pages), used = kb(m, r->swap_used);

	strbuf_puts(out, reclaim_by_zone(&m->phys) ? "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n"
						   : "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	if (!r->swap_pages)
		return;
	strbuf_printf(out, "%-*s", WIDTH, AREA);
	/* The first area that is given no priority gets the highest of those below 0; that of 6.1 is one lower. */
	if (reclaim_by_zone(&m->phys))
		strbuf_printf(out, "partition\t%" PRIu64 "\t%" PRIu64 "\t-1\n", size, used);
	else
		strbuf_printf(out, "partition\t%" PRIu64 "\t%s%" PRIu64 "\t%s-2\n", size, size < WIDE ? "\t" : "", used,
			      used < WIDE ? "\t" : "");
}
