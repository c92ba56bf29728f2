/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/vmalloc.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"
#include "phys/preempt.h"
#include "slab/kmalloc.h"
#include "virt/page_table.h"
#include "virt/tlb.h"
#include "virt/translate.h"
#include "virt/warn.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void release(struct virt_system *v, struct vmap_area *area, bool with_pages);

#define WARN_TEXT 128 /* of what warn_alloc() says */
#define BULK 100 /* pages that are asked for at once, as recorded */

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static u64 page_size(const struct virt_system *v)
{
	return UINT64_C(1) << phys_of(v)->config->page_shift;
}

static u64 whole_pages(const struct virt_system *v, u64 bytes)
{
	return (bytes + page_size(v) - 1) & -page_size(v);
}

static bool is_list(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

u64 vmalloc_area_bytes(const struct virt_system *v, const struct vmap_area *area)
{
	u64 bytes = area->end - area->start;

	if (v->config->word == 4)
		bytes &= UINT32_MAX;
	return bytes - page_size(v);
}

/* What of a mask goes on to the allocations of descriptors: how they may wait and fail, not whence they come. */
static gfp_t behaviour(const struct virt_system *v, gfp_t gfp)
{
	const struct gfp_bits *bits = phys_of(v)->gfp;

	return gfp & (bits->wait | bits->kswapd | bits->high | bits->atomic | bits->io | bits->fs | bits->retry |
		      bits->nowarn | bits->nofail | bits->noretry | bits->memalloc | bits->nomemalloc);
}

/* ------------------------------------------------------------- areas */

/* As a power of two, what ioremap() aligns so many bytes to. */
static unsigned device_shift(const struct virt_system *v, u64 bytes)
{
	unsigned shift = v->config->ioremap_min_shift;

	while (shift < v->config->ioremap_max_shift &&
	       (v->config->ioremap_next_power ? UINT64_C(1) << shift <= bytes : UINT64_C(1) << shift < bytes))
		shift++;
	return shift;
}

/* Bytes of a big page that areas may have. */
static u64 big_page(const struct virt_system *v)
{
	return UINT64_C(1) << page_table_shift(v, v->config->huge_level);
}

/* The spare object waits for a free area that is cut in two. */
static u64 area_object(struct virt_system *v, gfp_t gfp)
{
	struct slab_system *slab = v->slab;

	return v->state->area_cache ? kmem_cache_alloc(slab, &slab->cache[v->state->area_cache - 1], gfp) : 0;
}

/* alloc_vmap_area() of 6.1: the object, the spare one, the place; once more after a purge. */
static struct vmap_area *find_in_free(struct virt_system *v, u64 size, u64 align, gfp_t gfp)
{
	u64 object = area_object(v, gfp);
	struct vmap_area *area = NULL;
	struct vmap_place place;

	if (v->state->area_cache && !object)
		return NULL;
	for (bool purged = false;; purged = true) {
		if (!v->state->spare_node)
			v->state->spare_node = area_object(v, gfp);
		if (vmap_area_find(v, size, align, v->config->vmalloc_start, v->config->vmalloc_end, &place)) {
			area = vmap_area_take(v, &place, object);
			break;
		}
		if (purged)
			break;
		EMIT(phys_of(v)->observer, AREA_PURGE_FOR, size);
		vmalloc_purge(v);
	}
	if (!area)
		vmap_area_free_object(v, object);
	return area;
}

static struct vmap_area *find_in_list(struct virt_system *v, u64 size, u64 align)
{
	struct vmap_place place;

	if (!vmap_area_find(v, size, align, v->config->vmalloc_start, v->config->vmalloc_end, &place))
		return NULL;
	return vmap_area_take(v, &place, 0);
}

/* What 6.1 prints of a vmalloc() that failed, with the state of memory, unless the mask forbids it. */
__attribute__((format(printf, 3, 4))) static void warn_alloc(const struct virt_system *v, gfp_t gfp, const char *format,
							     ...)
{
	char what[WARN_TEXT];
	va_list args;

	if (is_list(v) || !v->warn_alloc || (gfp & phys_of(v)->gfp->nowarn))
		return;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	v->warn_alloc(v->warn_context, what, gfp);
}

/* What the kernel prints then. */
static void tell_no_place(const struct virt_system *v, u64 size, gfp_t gfp)
{
	if (is_list(v))
		slab_printk(v->slab, "allocation failed: out of vmalloc space - use vmalloc=<size> to increase size.");
	else if (!(gfp & phys_of(v)->gfp->nowarn))
		slab_printk(v->slab, "vmap allocation for size %" PRIu64 " failed: use vmalloc=<size> to increase size",
			    size);
}

/* Is it called by an interrupt, which no function here may be? Then it is a BUG, and nothing is done. */
static bool is_bug(struct virt_system *v)
{
	enum preempt_context context = preempt_context(phys_of(v));

	if (context != PREEMPT_SOFTIRQ && context != PREEMPT_IRQ)
		return false;
	slab_bug(v->slab, "mm/vmalloc.c", 0);
	return true;
}

struct vmap_area *vmalloc_get_area(struct virt_system *v, u64 bytes, u32 flags, gfp_t gfp)
{
	gfp_t inner = behaviour(v, gfp);
	struct observer *observer = phys_of(v)->observer;
	u64 align = 1, size = bytes + page_size(v), descriptor;
	struct vmap_area *area;

	/* 2.6.18 does not look; there the descriptor cannot be had. */
	if (!is_list(v) && is_bug(v))
		return NULL;
	EMIT(observer, AREA_WANTED, bytes, v->config->vmalloc_start);
	if (flags & VM_IOREMAP) {
		align = UINT64_C(1) << device_shift(v, bytes);
		EMIT(observer, IOREMAP_ALIGNED, align);
	}
	if (flags & VM_ALLOW_HUGE_VMAP)
		align = big_page(v);
	descriptor = kmalloc_alloc(v->slab, v->config->sizeof_vm_struct, inner);
	/* A state that was loaded may have no cache for it. */
	if (!descriptor && kmalloc_cache(v->slab, v->config->sizeof_vm_struct, inner))
		return NULL;
	EMIT(observer, AREA_DESCRIBED, descriptor, v->config->sizeof_vm_struct);
	area = is_list(v) ? find_in_list(v, size, align) : find_in_free(v, size, align, inner);
	if (!area) {
		EMIT(observer, AREA_NO_PLACE, size);
		tell_no_place(v, size, inner);
		kmalloc_free(v->slab, descriptor);
		return NULL;
	}
	EMIT(observer, AREA_FOUND, area->start, size);
	arena_touch(phys_of(v)->arena, area);
	area->vm_struct = descriptor;
	area->flags = flags;
	return area;
}

/* Clears what the page tables say of the area, and gives its addresses back. */
static void remove_area(struct virt_system *v, struct vmap_area *area)
{
	u64 bytes = vmalloc_area_bytes(v, area);

	for (u64 at = 0; at < bytes; at += page_size(v))
		page_table_unmap(v, area->start + at);
	EMIT(phys_of(v)->observer, AREA_UNMAPPED, area->start, bytes >> phys_of(v)->config->page_shift);
	if (is_list(v)) {
		tlb_flush(v, area->start, area->start + bytes, TLB_UNMAPPED);
		EMIT(phys_of(v)->observer, AREA_GONE, area->start, bytes + page_size(v));
	}
	vmap_area_give_back(v, area);
	if (v->state->lazy_pages > vmalloc_lazy_max(v))
		EMIT(phys_of(v)->observer, AREA_DRAIN_WOKEN, vmalloc_lazy_max(v));
}

void vmalloc_put_area(struct virt_system *v, struct vmap_area *area)
{
	u64 descriptor = area->vm_struct;

	remove_area(v, area);
	kmalloc_free(v->slab, descriptor);
}

void vmalloc_purge(struct virt_system *v)
{
	if (is_list(v) || !v->state->count[VMAP_LAZY])
		return;
	/* One flush for all, from the first address to the last. */
	if (v->state->first[VMAP_LAZY])
		tlb_flush(v, vmap_area_first(v, VMAP_LAZY)->start, vmap_area_at(v, v->state->last[VMAP_LAZY])->end,
			  TLB_PURGED);
	vmap_area_purge(v);
}

u64 vmalloc_lazy_max(const struct virt_system *v)
{
	u64 pages = UINT64_C(32) << 20 >> phys_of(v)->config->page_shift, bits = 0;

	for (u32 cpus = phys_of(v)->config->cpus; cpus; cpus >>= 1)
		bits++;
	return bits * pages;
}

void vmalloc_command_ended(struct virt_system *v)
{
	if (!v->state || v->state->lazy_pages <= vmalloc_lazy_max(v) || slab_is_down(v->slab))
		return;
	EMIT(phys_of(v)->observer, AREA_DRAIN, v->state->lazy_pages, vmalloc_lazy_max(v));
	vmalloc_purge(v);
}

/* ------------------------------------------------------------- pages */

gfp_t vmalloc_gfp(const struct virt_system *v)
{
	/* Since 5.8 the zone is added inside. */
	return kmem_cache_gfp_kernel(v->slab) | (is_list(v) ? phys_of(v)->gfp->highmem : 0);
}

gfp_t vmalloc_gfp_32(const struct virt_system *v)
{
	/* On i386 the flag chooses no zone, but keeps high memory out, which is added to other masks inside. */
	return kmem_cache_gfp_kernel(v->slab) | (is_list(v) ? 0 : phys_of(v)->gfp->dma32);
}

/* The array of pages. 0: there is no memory for it. */
static u64 page_array(struct virt_system *v, struct vmap_area *area, u32 pages, gfp_t gfp)
{
	gfp_t inner = is_list(v) ? gfp : (behaviour(v, gfp) | phys_of(v)->gfp->zero);
	u64 bytes = (u64)pages * v->config->word;

	if (bytes <= page_size(v))
		return kmalloc_alloc(v->slab, bytes, inner & ~phys_of(v)->gfp->highmem);
	if (is_list(v)) {
		arena_touch(phys_of(v)->arena, area);
		area->flags |= VM_VPAGES;
	}
	return vmalloc_alloc(v, bytes, inner);
}

/* ------------------------------------------------------------- the array of pages */

/*
 * The kernel keeps addresses of page descriptors in the array; where it is not
 * known where those lie, ours has the numbers of the pages.
 */
static u64 descriptor_of(const struct virt_system *v, pfn_t pfn)
{
	return v->config->mem_map ? v->config->mem_map + (u64)pfn * v->config->struct_page : pfn;
}

static u64 place_in_array(const struct virt_system *v, const struct vmap_area *area, u32 n)
{
	return translate_physical(v, area->pages + (u64)n * v->config->word);
}

static bool set_page(struct virt_system *v, const struct vmap_area *area, u32 n, pfn_t pfn)
{
	return page_store(phys_of(v), place_in_array(v, area, n), descriptor_of(v, pfn), v->config->word);
}

/* What the array has there, which anybody may have written over; PFN_NONE: no page. */
static pfn_t get_page(const struct virt_system *v, const struct vmap_area *area, u32 n)
{
	u64 at = place_in_array(v, area, n), value;

	if (at == TRANSLATE_NONE)
		return PFN_NONE;
	value = page_load(phys_of(v), at, v->config->word) - v->config->mem_map;
	if (v->config->mem_map)
		value /= v->config->struct_page;
	return value < phys_of(v)->config->max_pfn ? (pfn_t)value : PFN_NONE;
}

/* Fetches the area's pages in blocks, which are single pages from then on; how many there were. */
static u32 get_blocks(struct virt_system *v, const struct vmap_area *area, u32 pages, gfp_t gfp, unsigned order)
{
	struct status ignored = STATUS_INIT;
	u32 got = 0;

	while (got < pages) {
		pfn_t pfn = page_alloc(phys_of(v), gfp, order);

		if (pfn == PFN_NONE)
			break;
		page_split(phys_of(v), pfn, order, &ignored);
		for (u32 n = 0; n < UINT32_C(1) << order; n++)
			set_page(v, area, got++, pfn + n);
	}
	return got;
}

/* Fetches the area's pages, singly or many at once; how many there were. */
static u32 get_pages(struct virt_system *v, const struct vmap_area *area, u32 pages, gfp_t gfp)
{
	struct phys *p = phys_of(v);
	pfn_t pfn[BULK];
	u32 got = 0;

	while (got < pages && !is_list(v)) {
		u32 wanted = pages - got < BULK ? pages - got : BULK;
		u32 more = page_alloc_bulk(p, gfp, wanted, pfn);

		for (u32 n = 0; n < more; n++)
			if (!set_page(v, area, got + n, pfn[n]))
				return got + n;
		got += more;
		if (more < wanted)
			break;
	}
	for (; got < pages; got++) {
		pfn[0] = page_alloc(p, gfp, 0);
		if (pfn[0] == PFN_NONE || !set_page(v, area, got, pfn[0]))
			break;
	}
	if (gfp & p->gfp->zero)
		for (u32 n = 0; n < got; n++)
			page_clear(p, get_page(v, area, n), 1);
	return got;
}

/* The area leads to the pages of the array. false: there is no page for a table. */
static bool map_pages(struct virt_system *v, const struct vmap_area *area, u32 pages, unsigned order)
{
	unsigned shift = phys_of(v)->config->page_shift;
	u32 tables = v->state->tables;

	for (u32 n = 0; n < pages; n += UINT32_C(1) << order) {
		pfn_t pfn = get_page(v, area, n);

		if (!page_table_map(v, area->start + ((u64)n << shift), (u64)pfn << shift, PTE_KERNEL | v->config->nx,
				    order ? v->config->huge_level : 1))
			return false;
	}
	EMIT(phys_of(v)->observer, AREA_MAPPED, area->start, pages, v->state->tables - tables);
	return true;
}

static void free_pages(struct virt_system *v, const struct vmap_area *area)
{
	struct status ignored = STATUS_INIT;

	for (u32 n = 0; n < area->nr_pages; n++) {
		pfn_t pfn = get_page(v, area, n);

		/* A place that was written over leads to no page that is in use: the kernel would fall over it. */
		if (pfn != PFN_NONE)
			page_free(phys_of(v), pfn, 0, &ignored);
	}
}

static void free_array(struct virt_system *v, const struct vmap_area *area)
{
	struct vmap_area *array = vmap_area_at_start(v, area->pages);

	if (array)
		release(v, array, true);
	else
		kmalloc_free(v->slab, area->pages);
}

/* __vunmap(): unmapped, then the pages in order and their array, then the descriptor. */
static void release(struct virt_system *v, struct vmap_area *area, bool with_pages)
{
	const struct vmap_area gone = *area;

	remove_area(v, area);
	if (with_pages && gone.pages) {
		free_pages(v, &gone);
		free_array(v, &gone);
	}
	kmalloc_free(v->slab, gone.vm_struct);
}

/* ------------------------------------------------------------- entry points */

/* The area has its addresses: the array, the pages (in blocks), the page tables. false: all is given back. */
static bool fill(struct virt_system *v, struct vmap_area *area, u32 pages, gfp_t gfp, unsigned order)
{
	struct phys *p = phys_of(v);
	u64 array = page_array(v, area, pages, gfp), array_bytes = (u64)pages * v->config->word;
	gfp_t asked = gfp, quiet;
	u32 got;

	/* Before 5.8 the caller adds the zone. */
	if (!is_list(v))
		gfp |= gfp & (p->gfp->dma | p->gfp->dma32) ? 0 : p->gfp->highmem;
	if (!array) {
		warn_alloc(v, gfp, "vmalloc error: size %" PRIu64 ", failed to allocated page array size %" PRIu64,
			   pages * page_size(v), array_bytes);
		vmalloc_put_area(v, area);
		return false;
	}
	EMIT(p->observer, AREA_PAGES, pages, array, array_bytes);
	arena_touch(p->arena, area);
	area->pages = array;
	quiet = is_list(v) ? gfp : gfp | p->gfp->nowarn;
	got = order ? get_blocks(v, area, pages, quiet, order) : get_pages(v, area, pages, quiet);
	area->nr_pages = got;
	if (got == pages && map_pages(v, area, pages, order))
		return true;
	EMIT(p->observer, AREA_PAGES_SHORT, got, pages);
	/* Single pages will do as well. */
	if (got < pages && !order)
		warn_alloc(v, gfp, "vmalloc error: size %" PRIu64 ", page order 0, failed to allocate pages",
			   got * page_size(v));
	else if (got == pages)
		warn_alloc(v, asked, "vmalloc error: size %" PRIu64 ", failed to map pages", got * page_size(v));
	release(v, area, true);
	return false;
}

/* Is it nothing, or more than there is memory? 6.1 warns of it. */
static bool is_senseless(struct virt_system *v, u64 bytes, gfp_t gfp)
{
	u64 size = whole_pages(v, bytes), shift = phys_of(v)->config->page_shift;

	if (size && size >= bytes && size >> shift <= v->config->most_pages)
		return false;
	if (bytes) {
		EMIT(phys_of(v)->observer, AREA_TOO_LARGE, size >> shift, v->config->most_pages);
		warn_alloc(v, gfp, "vmalloc error: size %" PRIu64 ", exceeds total pages", bytes);
	} else if (!is_list(v) && warn_is_first(v, WARN_NO_SIZE)) {
		warn_print(v, "mm/vmalloc.c __vmalloc_node_range", "%s", "");
	}
	return true;
}

u64 vmalloc_alloc(struct virt_system *v, u64 bytes, gfp_t gfp)
{
	u64 size = whole_pages(v, bytes);
	struct vmap_area *area;
	u64 start;

	if (is_senseless(v, bytes, gfp))
		return 0;
	area = vmalloc_get_area(v, size, VM_ALLOC, is_list(v) ? kmem_cache_gfp_kernel(v->slab) : gfp);
	if (!area && slab_is_down(v->slab))
		return 0;
	if (!area) {
		warn_alloc(v, gfp, "vmalloc error: size %" PRIu64 ", vm_struct allocation failed", bytes);
		return 0;
	}
	start = area->start;
	return fill(v, area, (u32)(size >> phys_of(v)->config->page_shift), gfp, 0) ? start : 0;
}

u64 vmalloc_alloc_huge(struct virt_system *v, u64 bytes, gfp_t gfp)
{
	unsigned shift = phys_of(v)->config->page_shift, order;
	struct vmap_area *area;
	u64 size, start;

	if (!v->config->huge_level || bytes / phys_of(v)->config->nodes < big_page(v))
		return vmalloc_alloc(v, bytes, gfp);
	if (is_senseless(v, bytes, gfp))
		return 0;
	order = page_table_shift(v, v->config->huge_level) - shift;
	size = (bytes + big_page(v) - 1) & -big_page(v);
	EMIT(phys_of(v)->observer, AREA_BIG_PAGES, big_page(v));
	area = vmalloc_get_area(v, size, VM_ALLOC | VM_ALLOW_HUGE_VMAP, gfp);
	start = area ? area->start : 0;
	if (area && fill(v, area, (u32)(size >> shift), gfp, order))
		return start;
	EMIT(phys_of(v)->observer, AREA_NO_BIG_PAGES, 0);
	return vmalloc_alloc(v, bytes, gfp);
}

u64 vmalloc_user(struct virt_system *v, u64 bytes)
{
	u64 address = vmalloc_alloc(v, bytes, vmalloc_gfp(v) | phys_of(v)->gfp->zero);
	struct vmap_area *area = address ? vmap_area_at_start(v, address) : NULL;

	if (!area)
		return 0;
	arena_touch(phys_of(v)->arena, area);
	area->flags |= VM_USERMAP;
	return address;
}

/* The area that vfree() and vunmap() find at `address`, which is not 0; NULL with a message: the kernel has warned. */
static struct vmap_area *area_at(const struct virt_system *v, u64 address, struct status *st)
{
	bool aligned = !(address & (page_size(v) - 1));
	struct vmap_area *area = is_list(v) ? vmap_area_at_start(v, address) : vmap_area_of(v, VMAP_BUSY, address);

	if (area && aligned) {
		if (area->start != address)
			EMIT(phys_of(v)->observer, AREA_INSIDE, address, area->start);
		return area;
	}
	EMIT(phys_of(v)->observer, AREA_UNKNOWN, address);
	warn_print(v, "mm/vmalloc.c __vunmap", "Trying to vfree() %s (%0*" PRIx64 ")",
		   aligned ? "nonexistent vm area" : "bad address", (int)v->config->word * 2, address);
	status_fail(st, STATUS_INVALID, _("no area begins at 0x%" PRIx64 ": nothing is done"), address);
	return NULL;
}

bool vmalloc_free(struct virt_system *v, u64 address, struct status *st)
{
	struct vmap_area *area;

	/* 6.1 lets a worker do it. */
	if (is_list(v) && is_bug(v))
		return true;
	area = address ? area_at(v, address, st) : NULL;
	if (area)
		release(v, area, true);
	return area || !address;
}

u64 vmalloc_map(struct virt_system *v, const pfn_t *pages, u32 count, u32 flags)
{
	unsigned shift = phys_of(v)->config->page_shift;
	u32 tables = v->state->tables;
	struct vmap_area *area;

	if (!count || count > v->config->most_pages)
		return 0;
	area = vmalloc_get_area(v, (u64)count << shift, flags, kmem_cache_gfp_kernel(v->slab));
	if (!area)
		return 0;
	for (u32 n = 0; n < count; n++) {
		if (page_table_map(v, area->start + ((u64)n << shift), (u64)pages[n] << shift,
				   PTE_KERNEL | v->config->nx, 1))
			continue;
		vmalloc_put_area(v, area);
		return 0;
	}
	EMIT(phys_of(v)->observer, AREA_MAPPED, area->start, count, v->state->tables - tables);
	return area->start;
}

bool vmalloc_unmap(struct virt_system *v, u64 address, struct status *st)
{
	struct vmap_area *area;

	if (is_bug(v))
		return true;
	area = address ? area_at(v, address, st) : NULL;
	if (area)
		release(v, area, false);
	return area || !address;
}

pfn_t vmalloc_to_pfn(const struct virt_system *v, u64 address)
{
	/* The direct map is made of big pages, which the kernel's walk is not for. */
	if (!v->state || page_of_address(phys_of(v), address) != PFN_NONE)
		return PFN_NONE;
	return page_table_frame(v, address);
}
