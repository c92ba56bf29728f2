/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/dma_pool.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "slab/kmalloc.h"
#include "slab/kmem_cache.h"
#include "virt/device.h"
#include "virt/dma.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DRIVER "kmemlab" /* the driver that messages name */
#define POISON_FREE 0xa7
#define POISON_USED 0xa9
#define LINE 16 /* bytes of a line of a dump */
#define WORD_BITS 32 /* of a bitmap of 2.6: long, on machines of 32 bits */

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static bool old_rules(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

/* Of kernels built with CONFIG_DEBUG_SLAB. What slub_debug says is no matter to pools. */
static bool debugs(const struct virt_system *v)
{
	return v->slab->config->debug && v->slab->config->allocator == SLAB_SLAB;
}

static struct dma_pool *touch_pool(struct virt_system *v, u32 pool)
{
	arena_touch(phys_of(v)->arena, &v->pool[pool]);
	return &v->pool[pool];
}

static struct dma_pool_page *touch_page(struct virt_system *v, u32 number)
{
	arena_touch(phys_of(v)->arena, &v->pool_page[number]);
	return &v->pool_page[number];
}

const struct dma_pool_page *dma_pool_page(const struct virt_system *v, u32 number_and_1)
{
	return number_and_1 ? &v->pool_page[number_and_1 - 1] : NULL;
}

u32 dma_pool_by_address(const struct virt_system *v, u64 address)
{
	for (u32 n = 0; v->state && address && n < VIRT_POOLS; n++)
		if (v->pool[n].used && v->pool[n].at == address)
			return n;
	return DMA_POOL_NONE;
}

u64 dma_pool_blocks(const struct dma_pool *pool)
{
	return pool->allocation / pool->size;
}

static u64 bus_of(const struct virt_system *v, const struct dma_pool_page *page)
{
	return page->vaddr - v->config->page_offset;
}

/* ------------------------------------------------------------- what the kernel prints */

/* "kmemlab dev1: dma_pool_free NAME, " and what follows. */
__attribute__((format(printf, 4, 5))) static void report(struct virt_system *v, const struct dma_pool *pool,
							 const char *function, const char *format, ...)
{
	const struct device *d = device_at(v, pool->device);
	char text[96];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (d)
		slab_printk(v->slab, DRIVER " %s: %s %s, %s", d->name, function, pool->name, text);
	else
		slab_printk(v->slab, "%s %s, %s", function, pool->name, text);
}

static int digits(const struct virt_system *v)
{
	return (int)v->config->word * 2;
}

/* ------------------------------------------------------------- create */

/* sizeof(struct dma_pool): locks take memory with several CPUs only. */
static u32 pool_bytes(const struct virt_system *v)
{
	bool smp = v->slab->config->cpu_ids > 1;

	if (old_rules(v))
		return smp ? 80 : 72;
	if (v->config->word == 4)
		return smp ? 68 : 64;
	return smp ? 104 : 96;
}

/* sizeof(struct dma_page). */
static u32 header_bytes(const struct virt_system *v)
{
	u32 word = v->config->word, bus = device_most(v) > UINT32_MAX ? 8 : 4;

	return old_rules(v) ? 3 * word + bus + 4 : 3 * word + bus + 8;
}

/* Sizes as 2.6 computes them. false: NULL. */
static bool sizes_2_6(u64 page, u64 align, struct dma_pool *p)
{
	if (!align)
		align = 1;
	if (!p->size)
		return false;
	if (p->size < align)
		p->size = align;
	else if (p->size % align)
		p->size = (p->size + align + 1) & ~(align - 1); /* one more than would do */
	p->allocation = p->boundary;
	if (!p->boundary)
		p->allocation = page < p->size ? p->size : page;
	p->boundary = 0;
	return p->allocation >= p->size;
}

/* The same of 6.1. */
static bool sizes_6_1(u64 page, u64 align, struct dma_pool *p)
{
	if (!align)
		align = 1;
	if ((align & (align - 1)) || !p->size)
		return false;
	if (p->size < 4)
		p->size = 4;
	p->size = (p->size + align - 1) & ~(align - 1);
	p->allocation = p->size < page ? page : p->size;
	if (!p->boundary)
		p->boundary = p->allocation;
	return p->boundary >= p->size && !(p->boundary & (p->boundary - 1)) && p->size <= UINT32_MAX;
}

u32 dma_pool_create(struct virt_system *v, const char *name, u32 device, u64 size, u64 align, u64 boundary)
{
	struct dma_pool p = { .used = 1, .device = device, .size = size, .boundary = boundary };
	u64 page = UINT64_C(1) << phys_of(v)->config->page_shift;
	u32 n = 0;

	while (n < VIRT_POOLS && v->pool[n].used)
		n++;
	/* A power of two is what an alignment is; 2.6 takes on trust that 0 is none. */
	if (n == VIRT_POOLS || !(old_rules(v) ? sizes_2_6(page, align, &p) : sizes_6_1(page, align, &p))) {
		EMIT(phys_of(v)->observer, DMA_POOL_IMPOSSIBLE, size, align, boundary);
		return DMA_POOL_NONE;
	}
	p.at = kmalloc_alloc(v->slab, pool_bytes(v), kmem_cache_gfp_kernel(v->slab));
	if (!p.at)
		return DMA_POOL_NONE;
	p.owner = phys_of(v)->state->owner;
	memcpy(p.name, name, strnlen(name, DMA_POOL_NAME_MOST));
	*touch_pool(v, n) = p;
	EMIT(phys_of(v)->observer, DMA_POOL_MADE, p.at, p.size, p.allocation);
	return n;
}

/* ------------------------------------------------------------- bytes */

static void fill(struct virt_system *v, u64 address, u8 byte, u64 bytes)
{
	page_fill(phys_of(v), address - v->config->page_offset, byte, (size_t)bytes);
}

/* A number of four bytes, at any address; what is no memory faults. false: the kernel is down. */
static bool access(struct virt_system *v, u64 address, u32 *number, bool write)
{
	u64 end = v->config->high_memory;
	u8 byte[4];

	if (address < v->config->page_offset || address >= end || end - address < sizeof byte) {
		slab_oops(v->slab, address);
		return false;
	}
	for (unsigned n = 0; n < sizeof byte; n++)
		byte[n] = (u8)(*number >> (8 * n));
	if (write)
		return page_write(phys_of(v), address - v->config->page_offset, byte, sizeof byte);
	page_read(phys_of(v), address - v->config->page_offset, byte, sizeof byte);
	*number = 0;
	for (unsigned n = sizeof byte; n--;)
		*number = *number << 8 | byte[n];
	return true;
}

/* A word of the bitmap of 2.6, in which a bit that is set is a free block. */
static u64 word_at(const struct virt_system *v, const struct dma_pool_page *page, u64 word)
{
	return page->at + header_bytes(v) + word * (WORD_BITS / 8);
}

static u64 bitmap_words(const struct dma_pool *pool)
{
	return (dma_pool_blocks(pool) + WORD_BITS - 1) / WORD_BITS;
}

/* ------------------------------------------------------------- pages */

/* The list of free blocks of a new page, each told by the one before. */
static void link_blocks(struct virt_system *v, const struct dma_pool *p, u64 vaddr)
{
	u64 offset = 0, limit = p->boundary;

	do {
		u64 next = offset + p->size;
		u32 number;

		/* Not only what would cross the boundary: what would end there is left out, too. */
		if (next + p->size >= limit) {
			next = limit;
			limit += p->boundary;
		}
		number = (u32)next;
		access(v, vaddr + offset, &number, true);
		offset = next;
	} while (offset < p->allocation);
}

static void lay_out(struct virt_system *v, const struct dma_pool *p, const struct dma_pool_page *page)
{
	if (debugs(v))
		fill(v, page->vaddr, POISON_FREE, p->allocation);
	if (old_rules(v))
		fill(v, word_at(v, page, 0), 0xff, bitmap_words(p) * (WORD_BITS / 8));
	else
		link_blocks(v, p, page->vaddr);
}

/* One more page, first in the list. Its number; DMA_POOL_NONE: no memory. */
static u32 add_page(struct virt_system *v, u32 pool, gfp_t gfp)
{
	const struct device *d = device_at(v, v->pool[pool].device);
	u64 bytes = header_bytes(v) + (old_rules(v) ? bitmap_words(&v->pool[pool]) * (WORD_BITS / 8) : 0);
	struct dma_pool_page page = { .used = 1, .pool = pool, .next = v->pool[pool].first };
	pfn_t pfn;
	u32 n = 0;

	while (n < VIRT_POOL_PAGES && v->pool_page[n].used)
		n++;
	if (n == VIRT_POOL_PAGES)
		return DMA_POOL_NONE;
	page.at = kmalloc_alloc(v->slab, bytes, gfp);
	if (!page.at)
		return DMA_POOL_NONE;
	pfn = dma_alloc_coherent(v, v->pool[pool].allocation, d ? d->coherent_mask : 0, gfp);
	if (pfn == PFN_NONE) {
		kmalloc_free(v->slab, page.at);
		return DMA_POOL_NONE;
	}
	page.vaddr = page_address(phys_of(v), pfn);
	lay_out(v, &v->pool[pool], &page);
	*touch_page(v, n) = page;
	touch_pool(v, pool)->first = n + 1;
	EMIT(phys_of(v)->observer, DMA_POOL_GROWN, v->pool[pool].at, v->pool[pool].allocation, page.vaddr, page.at);
	return n;
}

/* ------------------------------------------------------------- alloc */

/* 2.6: takes the lowest free block. UINT64_MAX: none. */
static u64 take_bit(struct virt_system *v, const struct dma_pool *p, const struct dma_pool_page *page)
{
	for (u64 word = 0; word < bitmap_words(p); word++) {
		u32 bits = 0, bit = 0;

		if (!access(v, word_at(v, page, word), &bits, false))
			return UINT64_MAX;
		if (!bits)
			continue;
		while (!(bits >> bit & 1))
			bit++;
		if (word * WORD_BITS + bit >= dma_pool_blocks(p))
			continue;
		bits &= ~(UINT32_C(1) << bit);
		access(v, word_at(v, page, word), &bits, true);
		return (word * WORD_BITS + bit) * p->size;
	}
	return UINT64_MAX;
}

/* 6.1: takes the block that was freed last. */
static u64 take_first(struct virt_system *v, const struct dma_pool *p, u32 number)
{
	const struct dma_pool_page *page = &v->pool_page[number];
	u32 offset = page->offset, next = 0;

	if (offset >= p->allocation || !access(v, page->vaddr + offset, &next, false))
		return UINT64_MAX;
	touch_page(v, number)->offset = next;
	return offset;
}

static u64 take(struct virt_system *v, u32 pool, u32 number)
{
	const struct dma_pool *p = &v->pool[pool];
	u64 offset = old_rules(v) ? take_bit(v, p, &v->pool_page[number]) : take_first(v, p, number);

	if (offset != UINT64_MAX)
		touch_page(v, number)->in_use++;
	return offset;
}

/* Debugging, 6.1: somebody wrote to a block that was free. The first four bytes say which is the next. */
static void check_poison(struct virt_system *v, const struct dma_pool *p, u64 address)
{
	u64 at = address - v->config->page_offset, n = 4;
	u8 byte[LINE];

	for (; n < p->size; n++) {
		page_read(phys_of(v), at + n, byte, 1);
		if (*byte != POISON_FREE)
			break;
	}
	if (n >= p->size)
		return;
	report(v, p, "dma_pool_alloc", "%0*" PRIx64 " (corrupted)", digits(v), address);
	for (n = 0; n < p->size; n += LINE) {
		size_t count = p->size - n < LINE ? (size_t)(p->size - n) : LINE, length;
		char text[128];

		page_read(phys_of(v), at + n, byte, count);
		length = (size_t)snprintf(text, sizeof text, "%08x:", (unsigned)n);
		for (size_t i = 0; i < LINE; i++)
			length += (size_t)snprintf(text + length, sizeof text - length, i < count ? " %02x" : "   ",
						   byte[i % count]);
		length += (size_t)snprintf(text + length, sizeof text - length, "  ");
		for (size_t i = 0; i < count; i++)
			text[length++] = byte[i] >= ' ' && byte[i] <= '~' ? (char)byte[i] : '.';
		text[length] = '\0';
		slab_printk(v->slab, "%s", text);
	}
}

static void write_block(struct virt_system *v, const struct dma_pool *p, u64 address, gfp_t gfp)
{
	bool zero = !old_rules(v) && (gfp & phys_of(v)->gfp->zero);

	if (debugs(v) && !old_rules(v))
		check_poison(v, p, address);
	if (debugs(v) && !zero)
		fill(v, address, POISON_USED, p->size);
	if (zero)
		fill(v, address, 0, p->size);
}

u64 dma_pool_alloc(struct virt_system *v, u32 pool, gfp_t gfp, u64 *bus, bool *waits)
{
	const struct gfp_bits *bits = phys_of(v)->gfp;
	u32 number = v->pool[pool].first;
	u64 offset = UINT64_MAX, address;

	*waits = false;
	for (; number && offset == UINT64_MAX && !slab_is_down(v->slab); number = v->pool_page[number - 1].next) {
		offset = take(v, pool, number - 1);
		if (offset != UINT64_MAX)
			break;
	}
	if (offset == UINT64_MAX && !slab_is_down(v->slab)) {
		number = add_page(v, pool, old_rules(v) ? bits->high : gfp & ~bits->zero) + 1;
		offset = number ? take(v, pool, number - 1) : UINT64_MAX;
		*waits = !number && old_rules(v) && (gfp & bits->wait);
	}
	if (offset == UINT64_MAX) {
		if (*waits)
			EMIT(phys_of(v)->observer, DMA_POOL_WAITS, v->pool[pool].at);
		return 0;
	}
	address = v->pool_page[number - 1].vaddr + offset;
	*bus = bus_of(v, &v->pool_page[number - 1]) + offset;
	write_block(v, &v->pool[pool], address, gfp);
	EMIT(phys_of(v)->observer, DMA_POOL_BLOCK, address, *bus, v->pool_page[number - 1].in_use,
	     v->pool_page[number - 1].vaddr);
	return address;
}

/* ------------------------------------------------------------- free */

/* The page that the device has at `bus`; DMA_POOL_NONE: it is of no page of this pool. */
static u32 page_of_bus(const struct virt_system *v, u32 pool, u64 bus)
{
	for (u32 number = v->pool[pool].first; number; number = v->pool_page[number - 1].next)
		if (bus >= bus_of(v, &v->pool_page[number - 1]) &&
		    bus - bus_of(v, &v->pool_page[number - 1]) < v->pool[pool].allocation)
			return number - 1;
	return DMA_POOL_NONE;
}

/* 2.6. false: nothing more happens. */
static bool free_bit(struct virt_system *v, const struct dma_pool *p, u32 number, u64 address, u64 bus)
{
	const struct dma_pool_page *page = &v->pool_page[number];
	u64 block = (bus - bus_of(v, page)) / p->size, word = word_at(v, page, block / WORD_BITS);
	u32 bits = 0, bit = UINT32_C(1) << block % WORD_BITS;

	if (debugs(v) && bus - bus_of(v, page) + page->vaddr != address) {
		report(v, p, "dma_pool_free", "%0*" PRIx64 " (bad vaddr)/%" PRIx64, digits(v), address, bus);
		return false;
	}
	if (!access(v, word, &bits, false))
		return false;
	if (debugs(v) && (bits & bit)) {
		report(v, p, "dma_pool_free", "dma %" PRIx64 " already free", bus);
		return false;
	}
	if (debugs(v))
		fill(v, address, POISON_FREE, p->size);
	bits |= bit;
	return access(v, word, &bits, true);
}

/* Is the block in the list of free ones? */
static bool is_listed(struct virt_system *v, const struct dma_pool *p, const struct dma_pool_page *page, u64 offset)
{
	u32 at = page->offset;

	/* A list that was written over may go round. */
	for (u64 left = p->allocation; at < p->allocation && left; left--)
		if (at == offset || !access(v, page->vaddr + at, &at, false))
			return true;
	return false;
}

/* 6.1. */
static bool free_first(struct virt_system *v, const struct dma_pool *p, u32 number, u64 address, u64 bus)
{
	const struct dma_pool_page *page = &v->pool_page[number];
	u32 offset = (u32)(address - page->vaddr), next = page->offset;

	if (debugs(v) && bus - bus_of(v, page) != offset) {
		report(v, p, "dma_pool_free", "%0*" PRIx64 " (bad vaddr)/0x%0*" PRIx64, digits(v), address, digits(v),
		       bus);
		return false;
	}
	if (debugs(v) && is_listed(v, p, page, offset)) {
		report(v, p, "dma_pool_free", "dma 0x%0*" PRIx64 " already free", digits(v), bus);
		return false;
	}
	if (debugs(v))
		fill(v, address, POISON_FREE, p->size);
	if (!access(v, address, &next, true))
		return false;
	touch_page(v, number)->offset = offset;
	return true;
}

void dma_pool_free(struct virt_system *v, u32 pool, u64 address, u64 bus)
{
	const struct dma_pool *p = &v->pool[pool];
	u32 number = page_of_bus(v, pool, bus);

	if (number == DMA_POOL_NONE) {
		report(v, p, "dma_pool_free",
		       old_rules(v) ? "%0*" PRIx64 "/%0*" PRIx64 " (bad dma)"
				    : "%0*" PRIx64 "/0x%0*" PRIx64 " (bad dma)",
		       digits(v), address, old_rules(v) ? 1 : digits(v), bus);
		return;
	}
	if (!(old_rules(v) ? free_bit : free_first)(v, p, number, address, bus))
		return;
	touch_page(v, number)->in_use--;
	EMIT(phys_of(v)->observer, DMA_POOL_FREED, address, v->pool_page[number].in_use, v->pool_page[number].vaddr);
}

/* ------------------------------------------------------------- destroy */

static bool is_busy(struct virt_system *v, const struct dma_pool *p, const struct dma_pool_page *page)
{
	if (!old_rules(v))
		return page->in_use;
	for (u64 word = 0; word < bitmap_words(p); word++) {
		u32 bits = 0;

		if (!access(v, word_at(v, page, word), &bits, false) || bits != UINT32_MAX)
			return true;
	}
	return false;
}

static void drop_page(struct virt_system *v, const struct dma_pool *p, u32 number)
{
	struct dma_pool_page page = v->pool_page[number];
	struct status st = STATUS_INIT;

	if (is_busy(v, p, &page)) {
		report(v, p, "dma_pool_destroy", "%0*" PRIx64 " busy", digits(v), page.vaddr);
		EMIT(phys_of(v)->observer, DMA_POOL_LOST, page.vaddr, p->allocation);
	} else {
		if (debugs(v))
			fill(v, page.vaddr, POISON_FREE, p->allocation);
		/* Somebody else gave it back already: where this would be found out, the kernel is down. */
		if (!dma_free_coherent(v, p->allocation, page_of_address(phys_of(v), page.vaddr), &st))
			slab_bug(v->slab, "mm/page_alloc.c", 0);
	}
	*touch_page(v, number) = (struct dma_pool_page){ 0 };
	kmalloc_free(v->slab, page.at);
}

void dma_pool_destroy(struct virt_system *v, u32 pool)
{
	struct dma_pool p = v->pool[pool];

	while (v->pool[pool].first && !slab_is_down(v->slab)) {
		u32 number = v->pool[pool].first - 1;

		touch_pool(v, pool)->first = v->pool_page[number].next;
		drop_page(v, &p, number);
	}
	if (slab_is_down(v->slab))
		return;
	*touch_pool(v, pool) = (struct dma_pool){ 0 };
	kmalloc_free(v->slab, p.at);
	EMIT(phys_of(v)->observer, DMA_POOL_GONE, p.at);
}

/* ------------------------------------------------------------- hash and invariants */

u64 dma_pool_hash(const struct virt_system *v)
{
	u64 h = HASH_INIT;

	for (u32 n = 0; n < VIRT_POOLS; n++) {
		const struct dma_pool *p = &v->pool[n];

		if (!p->used)
			continue;
		h = hash_word(hash_word(hash_word(hash_word(h, n), p->device), p->at), p->size);
		h = hash_word(hash_word(hash_word(h, p->allocation), p->boundary), p->owner);
		for (const char *c = p->name; *c; c++)
			h = hash_word(h, (unsigned char)*c);
		for (u32 number = p->first; number; number = v->pool_page[number - 1].next) {
			const struct dma_pool_page *page = &v->pool_page[number - 1];

			h = hash_word(hash_word(hash_word(h, page->at), page->vaddr), page->in_use);
			h = hash_word(h, page->offset);
		}
	}
	return h;
}

static bool check_pages(const struct virt_system *v, u32 pool, u32 *seen, struct status *st)
{
	const struct dma_pool *p = &v->pool[pool];

	for (u32 number = p->first; number; number = v->pool_page[number - 1].next) {
		const struct dma_pool_page *page = number <= VIRT_POOL_PAGES ? &v->pool_page[number - 1] : NULL;

		if (!page || !page->used || page->pool != pool || ++*seen > VIRT_POOL_PAGES)
			return status_fail(st, STATUS_INVALID, _("DMA pool \"%s\": page %u is none of its own"),
					   p->name, (unsigned)number - 1);
		if (page_of_address(phys_of(v), page->vaddr) == PFN_NONE || !page->at)
			return status_fail(st, STATUS_INVALID, _("DMA pool \"%s\": page %u lies at 0x%" PRIx64),
					   p->name, (unsigned)number - 1, page->vaddr);
	}
	return true;
}

bool dma_pool_check(const struct virt_system *v, struct status *st)
{
	u32 seen = 0, used = 0;

	for (u32 n = 0; n < VIRT_POOLS; n++) {
		const struct dma_pool *p = &v->pool[n];

		if (!p->used)
			continue;
		if (!p->size || p->allocation < p->size || !p->at || (p->device && !device_at(v, p->device)))
			return status_fail(st, STATUS_INVALID, _("DMA pool \"%s\" cannot be as it is"), p->name);
		if (!check_pages(v, n, &seen, st))
			return false;
	}
	for (u32 n = 0; n < VIRT_POOL_PAGES; n++)
		used += v->pool_page[n].used;
	return used == seen || status_fail(st, STATUS_INVALID, _("DMA pools have %u pages, but %u are used"),
					   (unsigned)seen, (unsigned)used);
}
