/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/concepts.h"

#include "base/text.h"

#include <string.h>

static const struct concept table[] = {
	{ "buddy",
	  N_("The buddy system keeps free memory as blocks of 2^order pages, each aligned to its size, on a list "
	     "for each order. A request takes the first block of its order. If there is none, a larger block is "
	     "split into two halves, the buddies, again and again until one fits; the other halves go to the "
	     "lists.\n"
	     "A block that is freed looks at its buddy, whose frame number differs in one bit only, that of its "
	     "size. If the buddy is free and of the same order, the two become one block, which looks for its "
	     "own buddy.\n"
	     "So memory comes together again, and no list is ever searched. The price: a size between two orders "
	     "wastes the rest (internal fragmentation), and pages may be free with no two of them together "
	     "(external)."),
	  "order, zone, migratetype, blocks" },
	{ "cma",
	  N_("The contiguous memory area is set aside at boot (cma=16M) for devices that need many pages in one "
	     "piece. Until then it is not idle: movable requests may borrow its pages.\n"
	     "cma_alloc looks for a free range in the area's bitmap, isolates its page blocks, so that nobody "
	     "else gets pages there, and moves the borrowers to other frames. It fails if one of them cannot "
	     "move, or has nowhere to go. Free pages of the area count as free in /proc/buddyinfo, but only "
	     "movable requests can have them: a watermark leaves them out for all others.\n"
	     "Machines with Linux 6.1 can have an area; 2.6.18 knows none."),
	  "cma_alloc, migratetype, watermark" },
	{ "gfp",
	  N_("A GFP mask (\"get free pages\") tells from where memory may come, and what may be done to get it. "
	     "__GFP_DMA, __GFP_DMA32, __GFP_HIGHMEM and __GFP_MOVABLE choose the highest zone. __GFP_WAIT, later "
	     "__GFP_DIRECT_RECLAIM, lets the request sleep and reclaim memory; __GFP_IO and __GFP_FS say what "
	     "reclaim may start. __GFP_HIGH opens a part of the reserves.\n"
	     "Masks that are often used have names: GFP_KERNEL for code that may sleep, GFP_ATOMIC for code that "
	     "may not, GFP_USER and GFP_HIGHUSER for pages of processes, GFP_NOIO and GFP_NOFS for code that "
	     "reclaim may call.\n"
	     "The same flag has another value in another kernel. \"help constants\" lists those of this machine."),
	  "zone, watermark, reserve, constants" },
	{ "migratetype",
	  N_("Since 2.6.24 kernels group pages by whether they can be moved: Unmovable (the kernel's own), "
	     "Reclaimable (caches that can be freed), Movable (pages of processes). Memory is divided into page "
	     "blocks of 2^pageblock_order pages; each has a type, and every order has a free list for each type. "
	     "So what cannot move stays together, and large blocks can be made by moving the rest.\n"
	     "A type that has nothing left borrows the largest block of another. If much of that page block is "
	     "free or of the same kind, it takes over the whole of it.\n"
	     "HighAtomic, CMA and Isolate are types for blocks that are kept for something. 2.6.18 and textbooks "
	     "have no types."),
	  "buddy, cma, reserve, gfp" },
	{ "order",
	  N_("The size of a block as a power of two: order 0 is one page, order 1 two, order 3 eight pages. With "
	     "pages of 4 KiB order 3 is 32 KiB. The largest order is MAX_ORDER - 1; a request above it is always "
	     "refused.\n"
	     "get_order tells the least order for a number of bytes; in words, size=100K does so wherever an "
	     "order is wanted. What lies between two orders is wasted, unless alloc_pages_exact gives the rest "
	     "back.\n"
	     "The higher the order, the rarer the blocks: memory may be half free without one of order 5. Linux "
	     "calls orders above 3 costly, and gives up on them sooner."),
	  "buddy, get_order, watermark" },
	{ "pcp",
	  N_("Each CPU keeps some pages of each zone for itself (the per-CPU page sets), so that most requests "
	     "need no lock and get a page that is still in the CPU's cache. An empty list is refilled with "
	     "\"batch\" pages; one that holds \"high\" gives pages back.\n"
	     "2.6.18 keeps single pages, on a hot and a cold list. 6.1 has a list for each migratetype and order "
	     "up to 3.\n"
	     "For the buddy system such pages are in use: they are not in /proc/buddyinfo and do not merge. "
	     "drain_local_pages gives all back; /proc/zoneinfo shows count, high and batch."),
	  "drain_local_pages, cpu, buddy" },
	{ "reserve",
	  N_("Memory that is free and still refused. Three things are kept back.\n"
	     "Below the min watermark: for requests that cannot wait (GFP_ATOMIC), and for tasks that free "
	     "memory.\n"
	     "lowmem_reserve: each zone keeps pages back from requests that a higher zone could serve as well, "
	     "so that GFP_KERNEL does not use up DMA. How many follows from the size of the higher zones, "
	     "divided by the zone's ratio in /proc/sys/vm/lowmem_reserve_ratio.\n"
	     "The high-atomic reserve (6.1): page blocks kept for atomic requests of order 1 and above, once "
	     "such a request was served, up to about 1% of a zone."),
	  "watermark, zone, gfp" },
	{ "watermark",
	  N_("Each zone has three, in pages: min, low and high. A zone serves a request only if more pages stay "
	     "free than the mark, plus what the zone keeps back from this request (lowmem_reserve).\n"
	     "First a request is held to low. If all zones refuse, kswapd is woken, whose work it is to free "
	     "memory up to high, and the request is tried once more, held to min. Urgent ones may go below: "
	     "__GFP_HIGH takes off half of the mark, not being able to wait a quarter of the rest.\n"
	     "A request of a higher order must also find a block: 6.1 looks for one; 2.6.18 wants half of the "
	     "mark, for each order again half, in blocks that are large enough.\n"
	     "All follow from /proc/sys/vm/min_free_kbytes. why shows the sum: free pages, less all of the block "
	     "but one, less what is kept from this request; the mark, and lowmem_reserve."),
	  "reserve, zone, gfp, why" },
	{ "zone",
	  N_("A zone is a range of page frames that are good for the same purposes. DMA: the first 16 MiB, all "
	     "that old devices reach. DMA32: below 4 GiB, on 64-bit machines. Normal: what the kernel has mapped "
	     "all the time; on i386 it ends at 896 MiB. HighMem: what lies behind on i386, mapped only when "
	     "needed.\n"
	     "The GFP mask names the highest zone that will do. It is tried first, then those below: this order "
	     "is the zone list. Each has its own free lists, watermarks and per-CPU lists. Since low zones are "
	     "scarce, they keep pages back from requests that could be served above."),
	  "gfp, watermark, reserve, buddy" },
};

const struct concept *concepts_table(size_t *count)
{
	*count = ARRAY_SIZE(table);
	return table;
}

const struct concept *concepts_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}
