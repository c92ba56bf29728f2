/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/concepts.h"

#include "base/text.h"

#include <string.h>

static const struct concept table[] = {
	{ "area",
	  N_("Addresses that vmalloc, vmap or ioremap have given to somebody, between VMALLOC_START and "
	     "VMALLOC_END. An area begins at a page and has a guard page behind it. What lies behind its "
	     "addresses need not lie side by side: single pages for vmalloc, pages that the caller has for "
	     "vmap, a device for ioremap.\n"
	     "Each has descriptors that take memory themselves, and page tables where there are none yet. "
	     "2.6.18 keeps one list of the areas and looks for the first gap; 6.1 keeps the free ranges as "
	     "well, and lets those that were given back wait for a purge.\n"
	     "The areas can be used up while memory is free: \"allocation failed: out of vmalloc space\". The "
	     "lesson vmalloc shows what an area costs."),
	  "guard, lazy, vmalloc, ioremap, vmap, where" },
	{ "bootmem",
	  N_("The allocator of 2.6.18 while there is no page allocator yet: a page allocator needs page "
	     "descriptors, and they need memory. It is a bitmap with a bit for each page of low memory, set if "
	     "the page is taken.\n"
	     "A request takes the first free place from 16 MiB on, so that the DMA zone is left for those who "
	     "need it; alloc_bootmem_low begins at the bottom. A small request shares the page of the one "
	     "before.\n"
	     "At the end all pages whose bit is 0 go to the buddy system, then those of the bitmap itself. What "
	     "was taken stays taken. 6.1 has memblock instead.\n"
	     "boot --step stops before it, step goes on, why tells how a place was found. The lesson boot shows "
	     "it all."),
	  "memblock, boot, step, alloc_bootmem, buddy" },
	{ "bounce",
	  N_("A device that reaches less than all memory cannot get at a page beyond its mask. Where the page "
	     "cannot be chosen (a program's buffer, a page of a file), it is copied to one within reach, a "
	     "bounce buffer, or back from it when the device has written.\n"
	     "swiotlb is a pool of such memory, taken at boot: 6.1 has one of 64 MiB where memory ends above 4 "
	     "GiB. dma_map_single takes slots of 2 KiB from it when the mask asks for it, dma_unmap_single "
	     "gives them back. 2.6.18 on i386 has none: the driver must take memory from the right zone.\n"
	     "Copying is dear, so memory for devices is better asked for with dma_alloc_coherent."),
	  "dma, dma_map_single, dma_alloc_coherent, zone" },
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
	{ "cache",
	  N_("A cache hands out objects of one size: kmem_cache_create() makes it, kmem_cache_alloc() gets an object, "
	     "kmem_cache_free() gives it back. Its objects lie side by side in slabs, which are blocks of pages.\n"
	     "Each CPU has some objects at hand, so that getting and freeing mostly touches nothing that is shared; "
	     "what "
	     "was freed last is handed out first, as it may still be in the CPU's own cache.\n"
	     "show cache NAME draws one, cache.NAME tells of it (help queries), slabtop of all."),
	  "slab, kmalloc, kmem_cache_create, leaks" },
	{ "cma",
	  N_("The contiguous memory area is set aside at boot (cma=16M) for devices that need many pages in one "
	     "piece. Until then it is not idle: movable requests may borrow its pages.\n"
	     "cma_alloc looks for a free range in the area's bitmap, isolates its page blocks, so that nobody "
	     "else gets pages there, and moves the borrowers to other frames. It fails if one of them cannot "
	     "move, or has nowhere to go. Free pages of the area count as free in /proc/buddyinfo, but only "
	     "movable requests can have them: a watermark leaves them out for all others.\n"
	     "Machines with Linux 6.1 can have an area; 2.6.18 knows none."),
	  "cma_alloc, migratetype, watermark" },
	{ "compaction",
	  N_("Free pages may be many and no two of them together. Compaction makes large blocks of them (6.1; "
	     "2.6.18 has nothing like it): one scanner goes up from the bottom of a zone and collects pages "
	     "that can be moved, another comes down from the top and collects free ones. The content moves to "
	     "the top, until the two meet, and the free pages at the bottom merge.\n"
	     "Only movable pages help: one page of the kernel in a block, and the block stays in pieces. That "
	     "is why page blocks have types.\n"
	     "A request of order 1 and above that may wait compacts by itself; echo 1 > "
	     "/proc/sys/vm/compact_memory does all zones. zone.ZONE.extfrag_index tells whether it would help. "
	     "cma_alloc moves pages, too.\n"
	     "The lessons cma, migratetypes and indexes show it."),
	  "migratetype, cma_alloc, cma, order, echo" },
	{ "directmap",
	  N_("Physical memory as the kernel sees it all the time: byte 0 at PAGE_OFFSET, and so on up to "
	     "high_memory. Translating is a subtraction (__pa, __va), and the processor needs few entries, as "
	     "boot has mapped it in pages of 4 MiB (2 MiB on 64-bit PCs).\n"
	     "What kmalloc and __get_free_pages return lies there. High memory of 32-bit PCs does not: "
	     "page_address is NULL, and kmap makes a window for it.\n"
	     "Behind it lies the gap. /proc/meminfo of 6.1 tells in DirectMap4k, DirectMap2M which pages are "
	     "used."),
	  "layout, pkmap, __pa, __va, high_memory, page_address" },
	{ "dma",
	  N_("A device that reads and writes memory itself (direct memory access). It knows physical addresses "
	     "only, and not all of them: its mask says how many bits it can drive, 24 on the ISA bus, 32 on "
	     "most PCI cards. What it gets must lie side by side, which memory of vmalloc does not.\n"
	     "dma_alloc_coherent asks the zone that the mask allows: DMA below 16 MiB, DMA32 below 4 GiB. It "
	     "is for what driver and device use all the time; a buffer that is there already is handed over "
	     "with dma_map_single and taken back with dma_unmap_single.\n"
	     "GFP_DMA asks for the zone directly, and kmalloc has caches of its own for it. Large pieces are "
	     "rare once memory is in pieces: cma, or mem= at boot."),
	  "bounce, device, dma_alloc_coherent, dma_map_single, dma_pool_create, zone, cma" },
	{ "fixmap",
	  N_("Addresses that are known when the kernel is compiled, so that code can use them before anything "
	     "is set up; what they lead to is decided later. They count down from FIXADDR_TOP, a page each: "
	     "the local APIC, the system call page, and on 32-bit PCs the slots of kmap_atomic for each CPU.\n"
	     "The last page below 4 GiB is never mapped."),
	  "layout, set_fixmap, fix_to_virt, kmap_atomic, pkmap, where" },
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
	{ "guard",
	  N_("A page of addresses without memory behind each area of vmalloc. Whoever writes past the end of "
	     "the area does not hit the next one, but faults, and the kernel says where: \"unable to handle "
	     "kernel paging request\".\n"
	     "The gap of 8 MiB between the direct map and the first area does the same on 32-bit PCs. And page "
	     "0 is not mapped, so that NULL pointers fault.\n"
	     "A page of addresses costs no memory; an area of 4 KiB takes 8 KiB of addresses. kmalloc has "
	     "nothing like it: there red zones find an overflow, later. The lesson gap shows it."),
	  "area, redzone, poke, walk" },
	{ "iomem",
	  N_("Physical addresses where no RAM answers, but a device: registers, memory of a graphics card. "
	     "/proc/iomem lists them. Most lie below 4 GiB, where the RAM of a PC has a hole.\n"
	     "ioremap gives them an address among the areas, and no page of memory; RAM that the kernel "
	     "manages is refused. ioremap_nocache and ioremap_wc say what the CPU may keep. What a device "
	     "answers is not modelled here.\n"
	     "Memory that was left out with mem= at boot can be had so as well: the lesson ioremap."),
	  "ioremap, iounmap, area, dma" },
	{ "kmalloc",
	  N_("kmalloc() gets memory of any size from a row of caches, one for each size class: 2.6.18 calls them "
	     "size-32 to "
	     "size-131072, 6.1 kmalloc-8 to kmalloc-8k. A request takes the smallest class that holds it; what the "
	     "object has more is lost to it (internal fragmentation), ksize() tells how much there is.\n"
	     "There are such rows for GFP_DMA, and in 6.1 for __GFP_RECLAIMABLE, too. Above the largest class 6.1 "
	     "takes "
	     "whole pages; 2.6.18 returns NULL."),
	  "cache, slab, ksize" },
	{ "kswapd",
	  N_("To free memory while a program waits is late; kswapd, a thread of the kernel, does it in advance. "
	     "It is woken when a request finds its zones below the low watermark, and frees until there is more "
	     "than high again. If it is too slow, requests reclaim by themselves: direct reclaim.\n"
	     "Here it runs when the command that woke it has ended, and while a request waits. kswapd off stops "
	     "it, so that one sees what requests do alone; kswapd.awake tells whether it was woken, "
	     "stat.pgscan_kswapd and stat.pgsteal_kswapd what it looked at and freed.\n"
	     "The lesson reclaim shows it."),
	  "reclaim, watermark, lru, idle" },
	{ "layout",
	  N_("The kernel's part of the address space. On a 32-bit PC it is the last of 4 GiB, from PAGE_OFFSET "
	     "on: the direct map up to high_memory, a gap of 8 MiB where nothing is mapped, the areas of "
	     "vmalloc and ioremap from VMALLOC_START to VMALLOC_END, 4 MiB of windows for kmap from PKMAP_BASE "
	     "on, and fixed addresses up to FIXADDR_TOP, a page below 4 GiB.\n"
	     "The more memory there is, the less is left for areas; the option vmalloc= moves the border "
	     "(reset i386-2.6.18 vmalloc=512M).\n"
	     "A 64-bit PC has 128 TiB for the kernel, at the top: 64 TiB for the direct map, 32 TiB for areas, "
	     "and no need of windows. Below lie addresses of programs, and in between numbers that are no "
	     "addresses.\n"
	     "show addresses lists the parts, where tells in which an address lies, walk how the processor gets to "
	     "memory "
	     "from there. The "
	     "lesson layout goes through all of it."),
	  "show, directmap, area, pkmap, fixmap, where" },
	{ "lazy",
	  N_("What vfree gives back in 6.1 is unmapped at once, but CPUs may still have it in their TLB, and reach it. "
	     "To tell them costs an interrupt each, so areas wait until there are many, or no place is found: "
	     "then one flush serves all, and their addresses are free. That is the purge; vm_unmap_aliases "
	     "asks for it.\n"
	     "Until then the addresses are nobody's, and the next vmalloc gets others. The pages behind are "
	     "free right away.\n"
	     "2.6.18 flushes at each vfree, and uses the addresses again at once."),
	  "area, tlb, vfree, vm_unmap_aliases" },
	{ "lru",
	  N_("Pages of files and of processes are on lists, least recently used last: active for those that "
	     "were used again, inactive for the others. Reclaim takes from the tail of inactive. When that gets "
	     "short, pages from the tail of active follow.\n"
	     "So what is read once goes soon, however large it is, and what is used again and again stays. "
	     "2.6.18 has two such lists for each zone. 6.1 has four for each node, files and anonymous pages "
	     "apart, and remembers of a page when it was thrown out: one that comes back soon is active at once "
	     "(a refault).\n"
	     "lru.active, lru.inactive, lru.file and lru.anon count them, and /proc/vmstat and /proc/meminfo "
	     "do. The lesson reclaim shows it."),
	  "reclaim, pagecache, read_file, touch_anon" },
	{ "memblock",
	  N_("The allocator of 6.1 while there is no page allocator yet. It has no bitmap but two short lists "
	     "of ranges: memory, the RAM there is, and reserved, what of it is taken. Ranges that touch become "
	     "one.\n"
	     "memblock_alloc takes the highest place that is free and large enough, so that low memory stays in "
	     "one piece; memblock_reserve keeps a fixed range. At the end all of memory that is not reserved "
	     "goes to the buddy system, in the largest blocks that fit.\n"
	     "boot --step stops before it, step goes on; cat /sys/kernel/debug/memblock/reserved prints the "
	     "list. The lesson boot shows it, after bootmem, which 2.6.18 has."),
	  "bootmem, boot, step, memblock_alloc, buddy" },
	{ "mempool",
	  N_("A mempool keeps some elements in reserve for work that must go on when memory is short, such as writing "
	     "pages "
	     "to disk so that they can be freed. mempool_alloc() asks the allocator first, but not so hard that it "
	     "waits; only when that has nothing, the reserve gives. mempool_free() fills the reserve before anything "
	     "goes back to the allocator.\n"
	     "If the reserve is empty, who may wait sleeps until an element comes back: it will, if all who take "
	     "elements give them back."),
	  "mempool_create, mempool_alloc, cache" },
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
	{ "oom",
	  N_("Out of memory: reclaim finds nothing any more, and a request must not fail. Then the kernel kills "
	     "a process to get its memory, and prints who asked, the state of memory, and whom it took.\n"
	     "In 6.1 each page in memory or in swap is a point, and the most points lose; oom_score_adj in "
	     "/proc/PID adds to that, -1000 spares. 2.6.18 also looks at how long a process has run, how nice "
	     "it is and whose it is; its file is oom_adj.\n"
	     "Nobody is killed for a block above order 3, nor for __GFP_NORETRY, GFP_NOFS or GFP_NOIO.\n"
	     "touch_anon takes memory, processes lists who has how much and how many points, stat.oom_kill "
	     "counts. The lesson oom shows it."),
	  "reclaim, swap, touch_anon, processes, kill" },
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
	{ "pagecache",
	  N_("What is read from a file stays in memory, as it may be read again: these pages are the page "
	     "cache. It takes all that nobody else wants; so on a machine that works, little memory is free, "
	     "and much can be had by reclaim.\n"
	     "A page that was read is clean, and can be dropped. One that was written is dirty, and must first "
	     "go to disk: sync writes all, and the kernel those older than 30 seconds; who writes too much must "
	     "wait.\n"
	     "read_file and write_file use it, files lists what is cached, remove_file frees it, and so does "
	     "echo 1 > /proc/sys/vm/drop_caches with what is clean. The lesson reclaim shows it."),
	  "reclaim, lru, read_file, write_file, files, sync" },
	{ "pagetable",
	  N_("Tables that lead from an address to a page frame. A part of the address says which entry of the "
	     "topmost table counts, the entry where the next table lies, and so on; the last one has the frame "
	     "and what may be done with it: present, writable, cached or not.\n"
	     "i386 has two levels of 1024 entries (10 + 10 + 12 bits), with PAE three (2 + 9 + 9 + 12), x86_64 "
	     "four of 512 (9 + 9 + 9 + 9 + 12). An entry of an upper level can map a big page itself: 4 MiB, "
	     "or 2 MiB.\n"
	     "A table is a page of memory. Boot made those of the direct map; vmalloc and ioremap take pages "
	     "for theirs when no table covers the addresses yet, and these stay. walk shows each level; the "
	     "lesson tables explains it."),
	  "walk, tlb, directmap, area" },
	{ "pcp",
	  N_("Each CPU keeps some pages of each zone for itself (the per-CPU page sets), so that most requests "
	     "need no lock and get a page that is still in the CPU's cache. An empty list is refilled with "
	     "\"batch\" pages; one that holds \"high\" gives pages back.\n"
	     "2.6.18 keeps single pages, on a hot and a cold list. 6.1 has a list for each migratetype and order "
	     "up to 3.\n"
	     "For the buddy system such pages are in use: they are not in /proc/buddyinfo and do not merge. "
	     "drain_local_pages gives all back; /proc/zoneinfo shows count, high and batch."),
	  "drain_local_pages, cpu, buddy" },
	{ "pkmap",
	  N_("4 MiB of addresses from PKMAP_BASE on, where pages of high memory are seen through windows: kmap "
	     "takes one of the 1024 slots (LAST_PKMAP) and enters the page in the page table. kunmap only "
	     "counts down; the page stays mapped until the slots have come round and those that nobody uses "
	     "are cleared, with one flush of the TLB for all.\n"
	     "When all are in use, kmap sleeps. Whoever must not sleep takes kmap_atomic, which has slots for "
	     "each CPU in the fixmap.\n"
	     "64-bit PCs have no high memory, and no pkmap."),
	  "kmap, kmap_atomic, fixmap, tlb" },
	{ "poison",
	  N_("With SLAB_POISON an object is filled with 6b when it is freed, and its last byte with a5; memory that "
	     "was never "
	     "used holds 5a. If other bytes are found when it is handed out again, somebody wrote to it after he had "
	     "freed it, and the kernel says so.\n"
	     "2.6.18 and SLAB of 6.1 do it if built with CONFIG_DEBUG_SLAB (slab_debug=yes), SLUB for each cache that "
	     "asks for it."),
	  "redzone, slab, peek, poke" },
	{ "reclaim",
	  N_("Memory that is in use and can be had back: pages of files, which can be read again; pages of "
	     "processes, if there is a swap area; objects of caches that can be shrunk. Taking it is reclaim. "
	     "kswapd does it in advance, below the low watermark. If that is not enough, a request that may "
	     "wait does it itself (direct reclaim), some 32 pages at a time. GFP_ATOMIC may not wait, and fails.\n"
	     "A pass looks at 1/4096 of each list, from the tail of inactive, the next one at 1/2048, and so "
	     "on. Dirty pages are written first. If nothing is left, the OOM killer comes.\n"
	     "read_file and touch_anon fill memory, stat.pgsteal_kswapd and stat.pgsteal_direct count what was "
	     "freed, why tells the steps. The lessons reclaim and oom show it."),
	  "lru, kswapd, swap, oom, pagecache, watermark" },
	{ "redzone",
	  N_("With SLAB_RED_ZONE words of a known value lie before and behind each object. Who writes beyond its end "
	     "changes one, and the kernel reports it when the object is freed or handed out.\n"
	     "peek shows them, poke makes the mistake."),
	  "poison, slab, peek, poke" },
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
	{ "slab",
	  N_("A slab is a block of pages that a cache divides into objects. SLAB keeps three lists of them: full, "
	     "partial "
	     "and free. A refill takes from the first partial slab, then from a free one; only if there is none, pages "
	     "are asked for. Free slabs go back when there are too many, when the cache is shrunk, or when the reaper "
	     "comes round.\n"
	     "What a slab has left over moves its objects: each new slab has another colour, so that the same objects "
	     "of different slabs do not fight for the same lines of the CPU's cache. Which objects are free stands in "
	     "a "
	     "table on the slab, or, for large objects, off the slab."),
	  "slub, cache, cache_reap" },
	{ "slub",
	  N_("SLUB is the other allocator of objects: it has no arrays and no tables. Each CPU has a slab of its own, "
	     "and "
	     "free objects are linked by pointers inside of them. A full slab is on no list at all; the first object "
	     "that comes back brings it to the partial ones of its CPU or node, and if those are enough, a slab "
	     "without "
	     "used objects goes back at once.\n"
	     "Like caches are one: kmem_cache_create() may return a cache that is there. Slabs are larger the more "
	     "CPUs "
	     "there are."),
	  "slab, cache, poison" },
	{ "swap",
	  N_("A process's own memory (anonymous pages) belongs to no file. It can only leave memory if there is "
	     "a swap area on disk that takes it. Without one it stays, and reclaim has only files to take from.\n"
	     "A page that goes out gets a slot of the area; when the process uses it again, it is read back, "
	     "and others may have to go for it. If that happens all the time, the machine does nothing else.\n"
	     "swapon 32M makes an area, swapoff takes it away, touch_anon uses pages, processes and cat "
	     "/proc/swaps show what is out. Which go first, files or processes, /proc/sys/vm/swappiness "
	     "decides: 0 to 100, 60 is usual. The lesson reclaim shows it."),
	  "swapon, swapoff, touch_anon, reclaim, oom" },
	{ "tlb",
	  N_("The translation lookaside buffer: what a CPU remembers of page tables, an entry a page, some "
	     "hundred of them. With it most accesses need no walk. A big page takes a single entry, so the "
	     "direct map is cheap and an area of vmalloc, page by page, is not.\n"
	     "Whoever takes a mapping away must make CPUs forget it: a flush. Others must be told by an "
	     "interrupt, so kernels gather: kmap flushes when its slots have come round, vfree of 6.1 when "
	     "many areas wait.\n"
	     "Entries of the kernel are global: they stay when another program runs. show tlb lists what each CPU "
	     "remembers."),
	  "pagetable, lazy, pkmap, directmap" },
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
	{ "which",
	  N_("Which function shall I use? For less than a page: kmalloc, or kmem_cache_alloc if it is many of "
	     "one size. For some pages side by side: kmalloc or __get_free_pages, alloc_pages where a struct "
	     "page is wanted. For much that only the CPU looks at: vmalloc, which needs no block, but page "
	     "tables, and may sleep. For a device: dma_alloc_coherent.\n"
	     "For a page of high memory: alloc_page with GFP_HIGHUSER, and kmap to see it. For memory of a "
	     "device: ioremap. For a reserve that never fails: mempool_alloc. For more than a block has: "
	     "cma_alloc, or mem= at boot and ioremap.\n"
	     "Who must not sleep says GFP_ATOMIC, and keeps away from vmalloc, ioremap and kmap.\n"
	     "compare asks each on a copy of this machine: what it gives now, how much at most, whether it may "
	     "sleep, what it takes. compare 64K asks all for that size."),
	  "compare, kmalloc, vmalloc, dma, gfp, area" },
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
