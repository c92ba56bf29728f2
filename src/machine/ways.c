/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/ways.h"

#include "base/units.h"
#include "phys/cma.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"
#include "phys/request.h"
#include "slab/kmalloc.h"
#include "slab/mempool.h"
#include "virt/dma.h"
#include "virt/ioremap.h"
#include "virt/kmap.h"
#include "virt/kvmalloc.h"
#include "virt/page_table.h"
#include "virt/vmalloc.h"

#define KM_USER0 3 /* the slot of kmap_atomic() that 2.6 is told to take */
#define NO_DEVICE_LIMIT UINT32_MAX /* the mask of a device that reaches 4 GiB, as most on a PC */

static u64 page_bytes(const struct machine *m)
{
	return UINT64_C(1) << m->config.page_shift;
}

static u64 whole_pages(const struct machine *m, u64 bytes)
{
	return (bytes + page_bytes(m) - 1) & -page_bytes(m);
}

/* ------------------------------------------------------------- which kernel has it */

static bool everywhere(const struct machine *m)
{
	(void)m;
	return true;
}

static bool has_addresses(const struct machine *m)
{
	return m->config.page_offset != 0;
}

static bool has_exact(const struct machine *m)
{
	return has_addresses(m) && m->config.gfp == GFP_6_1;
}

static bool has_objects(const struct machine *m)
{
	return m->slab_config.allocator != SLAB_ABSENT;
}

static bool has_areas(const struct machine *m)
{
	return m->virt.state != NULL;
}

static bool has_kvmalloc(const struct machine *m)
{
	return has_areas(m) && m->config.gfp == GFP_6_1;
}

static bool has_windows(const struct machine *m)
{
	return has_areas(m) && m->virt_config.last_pkmap != 0;
}

static bool has_cma(const struct machine *m)
{
	return m->config.cma_areas != 0;
}

static bool has_hole(const struct machine *m)
{
	u64 start;

	return has_areas(m) && ways_hole(m, &start);
}

static bool boots_by_bootmem(const struct machine *m)
{
	return has_addresses(m) && m->config.gfp == GFP_2_6 && !m->desc.state.zones;
}

static bool boots_by_memblock(const struct machine *m)
{
	return has_addresses(m) && m->config.gfp == GFP_6_1 && !m->desc.state.zones;
}

/* ------------------------------------------------------------- pages */

/* A piece of pages from `pfn` on. false: there is none. */
static bool pages(const struct machine *m, pfn_t pfn, u64 bytes, struct way_piece *piece)
{
	if (pfn == PFN_NONE)
		return false;
	*piece = (struct way_piece){ page_address(&m->phys, pfn), pfn, bytes };
	return true;
}

static bool block(struct machine *m, u64 bytes, gfp_t gfp, struct way_piece *piece)
{
	unsigned order = page_get_order(&m->phys, bytes);

	return order < m->config.orders && pages(m, page_alloc(&m->phys, gfp, order), page_bytes(m) << order, piece);
}

/* For whoever does not mind where the page is, as a process. */
static bool ask_pages(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	return block(m, rq->bytes, rq->gfp | m->phys.gfp->highmem, piece);
}

static bool ask_free_pages(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	return block(m, rq->bytes, rq->gfp, piece);
}

static bool ask_zeroed(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	return rq->bytes <= page_bytes(m) && block(m, rq->bytes, rq->gfp | m->phys.gfp->zero, piece);
}

static bool ask_exact(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	return page_get_order(&m->phys, rq->bytes) < m->config.orders &&
	       pages(m, page_alloc_exact(&m->phys, rq->gfp, rq->bytes), whole_pages(m, rq->bytes), piece);
}

static bool ask_cma(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	u64 bytes = whole_pages(m, rq->bytes), count = bytes >> m->config.page_shift;

	return count <= m->config.cma[0].count && pages(m, cma_alloc(&m->phys, 0, (u32)count, 0), bytes, piece);
}

static u64 limit_block(const struct machine *m)
{
	return page_bytes(m) << (m->config.orders - 1);
}

static u64 limit_page(const struct machine *m)
{
	return page_bytes(m);
}

static u64 limit_cma(const struct machine *m)
{
	return (u64)m->config.cma[0].count << m->config.page_shift;
}

/* ------------------------------------------------------------- objects */

static bool ask_kmalloc(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	u64 address = kmalloc_alloc(&m->slab, rq->bytes, rq->gfp);

	*piece = (struct way_piece){ address, PFN_NONE, kmalloc_size(&m->slab, address) };
	return address != 0;
}

/* The same for kmalloc() and for objects of a cache, in all kernels that are modelled. */
static u64 limit_objects(const struct machine *m)
{
	return kmalloc_max_size(&m->slab);
}

static bool make_cache(struct machine *m, u64 bytes, u64 *handle)
{
	const struct kmem_cache *cache = kmem_cache_create(&m->slab, "compare", bytes, 0, 0, CTOR_NONE);

	if (cache)
		*handle = slab_slot(&m->slab, cache);
	return cache != NULL;
}

static bool ask_cache(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	struct kmem_cache *cache = &m->slab.cache[rq->handle];
	u64 address = kmem_cache_alloc(&m->slab, cache, rq->gfp);

	*piece = (struct way_piece){ address, PFN_NONE, cache->size };
	return address != 0;
}

static bool make_pool(struct machine *m, u64 bytes, u64 *handle)
{
	*handle = mempool_create(&m->slab, MEMPOOL_KMALLOC, bytes, 1);
	return *handle != MEMPOOL_NONE;
}

static bool ask_pool(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	enum mempool_place from;
	bool waits = false;
	u64 address = mempool_alloc(&m->slab, (u32)rq->handle, rq->gfp, &from, &waits);

	if (address == MEMPOOL_NOTHING)
		return false;
	*piece = (struct way_piece){ address, PFN_NONE, kmalloc_size(&m->slab, address) };
	return true;
}

/* ------------------------------------------------------------- areas of addresses */

static bool area(const struct machine *m, u64 address, u64 bytes, struct way_piece *piece)
{
	*piece = (struct way_piece){ address, PFN_NONE, whole_pages(m, bytes) };
	return address != 0;
}

static bool ask_vmalloc(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	return area(m, vmalloc_alloc(&m->virt, rq->bytes, vmalloc_gfp(&m->virt) | rq->extra), rq->bytes, piece);
}

static bool ask_vmalloc_32(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	return area(m, vmalloc_alloc(&m->virt, rq->bytes, vmalloc_gfp_32(&m->virt) | rq->extra), rq->bytes, piece);
}

static bool ask_kvmalloc(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	u64 address = kvmalloc_alloc(&m->virt, rq->bytes, rq->gfp);

	if (kvmalloc_is_vmalloc(&m->virt, address))
		return area(m, address, rq->bytes, piece);
	*piece = (struct way_piece){ address, PFN_NONE, kmalloc_size(&m->slab, address) };
	return address != 0;
}

static gfp_t single_vmalloc(const struct machine *m)
{
	return vmalloc_gfp(&m->virt) | m->phys.gfp->highmem;
}

static gfp_t single_vmalloc_32(const struct machine *m)
{
	return vmalloc_gfp_32(&m->virt);
}

/* Pages that there are addresses for, in one piece with a guard page. */
static u64 address_pages(const struct machine *m)
{
	return ((m->virt_config.vmalloc_end - m->virt_config.vmalloc_start) >> m->config.page_shift) - 1;
}

/* Pages that the array of the pages has, with a guard page, if it is an area of its own. */
static u64 array_pages(const struct machine *m, u64 count)
{
	u64 bytes = count * m->virt_config.word;

	return bytes <= page_bytes(m) ? 0 : (whole_pages(m, bytes) >> m->config.page_shift) + 1;
}

/* Pages of all zones that a request with this mask may use. */
static u64 zone_pages(const struct machine *m, gfp_t gfp)
{
	struct request rq;
	u64 pages = 0;

	request_first(&m->phys, gfp, 0, &rq);
	for (const u8 *zone = request_zonelist(&m->phys, rq.highest_zone); *zone != ZONELIST_END; zone++)
		pages += m->phys.zone[*zone].managed;
	return pages;
}

/* The addresses there are, and no more pages than the kernel counts as memory, and the mask allows. */
static u64 limit_area(const struct machine *m, gfp_t gfp)
{
	u64 addresses = address_pages(m), memory = zone_pages(m, gfp), most = m->virt_config.most_pages;

	if (memory < most)
		most = memory;

	if (addresses <= most) {
		most = addresses - array_pages(m, addresses);
		while (most + 1 + array_pages(m, most + 1) <= addresses)
			most++;
	}
	return most << m->config.page_shift;
}

static u64 limit_vmalloc(const struct machine *m)
{
	return limit_area(m, single_vmalloc(m));
}

/* More than an int holds is refused. */
static u64 limit_kvmalloc(const struct machine *m)
{
	u64 most = limit_vmalloc(m);

	return most < INT32_MAX ? most : INT32_MAX;
}

static u64 limit_vmalloc_32(const struct machine *m)
{
	return limit_area(m, single_vmalloc_32(m));
}

/* A page to be seen through a window. */
static pfn_t page_to_map(struct machine *m, const struct way_request *rq)
{
	gfp_t gfp = rq->gfp | m->phys.gfp->highmem;

	if (rq->bytes > page_bytes(m))
		return PFN_NONE;
	return rq->handle ? (pfn_t)rq->handle : page_alloc(&m->phys, gfp, 0);
}

static bool ask_kmap(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	pfn_t pfn = page_to_map(m, rq);

	return pfn != PFN_NONE && area(m, kmap_map(&m->virt, pfn), rq->bytes, piece);
}

static bool ask_kmap_atomic(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	struct status refused = STATUS_INIT;
	pfn_t pfn = page_to_map(m, rq);

	return pfn != PFN_NONE && area(m, kmap_atomic_map(&m->virt, pfn, KM_USER0, true, &refused), rq->bytes, piece);
}

static bool ask_dma(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	unsigned order = page_get_order(&m->phys, rq->bytes);
	pfn_t pfn = dma_alloc_coherent(&m->virt, rq->bytes, NO_DEVICE_LIMIT, rq->gfp);

	if (m->config.gfp == GFP_2_6)
		return pages(m, pfn, page_bytes(m) << order, piece);
	return pages(m, pfn, whole_pages(m, rq->bytes), piece);
}

static u64 limit_dma(const struct machine *m)
{
	u64 area_bytes = has_cma(m) ? limit_cma(m) : 0;

	return area_bytes > limit_block(m) ? area_bytes : limit_block(m);
}

u64 ways_hole(const struct machine *m, u64 *start)
{
	const struct phys_config *c = &m->config;
	u64 most = 0, end = 0, last = 4 * GIB >> c->page_shift;

	for (unsigned r = 0; r <= c->memory_ranges; r++) {
		u64 next = r < c->memory_ranges ? c->memory[r].start : last;

		next = next < last ? next : last;
		/* Below 1 MiB lie the video memory and the BIOS. */
		if (end >= MIB >> c->page_shift && next > end && next - end > most) {
			most = next - end;
			*start = end << c->page_shift;
		}
		end = r < c->memory_ranges ? c->memory[r].end : last;
	}
	return most << c->page_shift;
}

static bool ask_ioremap(struct machine *m, const struct way_request *rq, struct way_piece *piece)
{
	bool old = m->config.gfp == GFP_2_6;
	struct vmap_area *mapped;
	const char *bug;
	u64 at, address;

	if (rq->bytes > ways_hole(m, &at))
		return false;
	return ioremap_map(&m->virt, at, rq->bytes, old ? IOREMAP_CACHED : IOREMAP_UNCACHED, &address, &mapped, &bug) &&
	       area(m, address, rq->bytes, piece);
}

static u64 limit_ioremap(const struct machine *m)
{
	u64 start, hole = ways_hole(m, &start);
	u64 addresses = address_pages(m) << m->config.page_shift;

	return hole < addresses ? hole : addresses;
}

/* ------------------------------------------------------------- the table */

static const struct way table[] = {
	{ .name = "alloc_pages", .exists = everywhere, .ask = ask_pages, .limit = limit_block, .masked = true },
	{ .name = "__get_free_pages",
	  .exists = has_addresses,
	  .ask = ask_free_pages,
	  .limit = limit_block,
	  .masked = true },
	{ .name = "get_zeroed_page", .exists = has_addresses, .ask = ask_zeroed, .limit = limit_page, .masked = true },
	{ .name = "alloc_pages_exact", .exists = has_exact, .ask = ask_exact, .limit = limit_block, .masked = true },
	{ .name = "kmalloc", .exists = has_objects, .ask = ask_kmalloc, .limit = limit_objects, .masked = true },
	{ .name = "kmem_cache_alloc",
	  .exists = has_objects,
	  .prepare = make_cache,
	  .ask = ask_cache,
	  .limit = limit_objects,
	  .masked = true },
	{ .name = "mempool_alloc",
	  .exists = has_objects,
	  .prepare = make_pool,
	  .ask = ask_pool,
	  .limit = limit_objects,
	  .masked = true },
	{ .name = "vmalloc",
	  .exists = has_areas,
	  .ask = ask_vmalloc,
	  .limit = limit_vmalloc,
	  .single = single_vmalloc },
	{ .name = "vmalloc_32",
	  .exists = has_areas,
	  .ask = ask_vmalloc_32,
	  .limit = limit_vmalloc_32,
	  .single = single_vmalloc_32 },
	{ .name = "kvmalloc",
	  .exists = has_kvmalloc,
	  .ask = ask_kvmalloc,
	  .limit = limit_kvmalloc,
	  .masked = true,
	  .single = single_vmalloc },
	{ .name = "kmap", .exists = has_windows, .ask = ask_kmap, .limit = limit_page, .window = true },
	{ .name = "kmap_atomic", .exists = has_windows, .ask = ask_kmap_atomic, .limit = limit_page, .window = true },
	{ .name = "dma_alloc_coherent", .exists = has_areas, .ask = ask_dma, .limit = limit_dma, .masked = true },
	{ .name = "cma_alloc", .exists = has_cma, .ask = ask_cma, .limit = limit_cma, .mutex = true },
	{ .name = "ioremap", .exists = has_hole, .ask = ask_ioremap, .limit = limit_ioremap },
	{ .name = "alloc_bootmem", .exists = boots_by_bootmem },
	{ .name = "memblock_alloc", .exists = boots_by_memblock },
};

const struct way *ways_table(size_t *count)
{
	*count = ARRAY_SIZE(table);
	return table;
}

pfn_t ways_frame(const struct machine *m, const struct way_piece *piece, u64 n)
{
	u64 address = piece->address + (n << m->config.page_shift);
	pfn_t pfn;

	if (!piece->address)
		return piece->pfn + (pfn_t)n;
	pfn = page_of_address(&m->phys, address);
	if (pfn != PFN_NONE || !m->virt.state)
		return pfn;
	return page_table_frame(&m->virt, address);
}
