/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_leaks.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "slab/mempool.h"
#include "shell/address_text.h"
#include "slab/object.h"
#include "virt/page_table.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LEAKS 50 /* that are told, unless the user wants more */

#define COLS 80 /* of a line */

/* Addresses of objects, or numbers of frames, that somebody has whom commands need not care for. */
struct own {
	u64 *at;
	size_t count, capacity;
	bool lost; /* the host's memory was short */
};

/* Things that one command has got and that follow each other are told together. */
struct leaks {
	const struct session *session;
	struct strbuf *out;
	u64 most; /* that are told */
	u64 told, things;
	struct own own;
	struct own pages; /* frames of areas */
	/* The present run of objects: */
	struct object_info first;
	/* The present run of blocks, each behind the other: */
	struct frame_info block;
	u64 count; /* in the run */
};

/* ------------------------------------------------------------- what is the kernel's own */

static void add_own(struct own *own, u64 address)
{
	size_t capacity = own->capacity ? own->capacity * 2 : 256;
	u64 *at;

	if (!address)
		return;
	if (own->count == own->capacity) {
		at = realloc(own->at, capacity * sizeof *at);
		own->lost |= !at;
		if (!at)
			return;
		own->at = at;
		own->capacity = capacity;
	}
	own->at[own->count++] = address;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* What a cache consists of. */
static void add_cache(const struct slab_system *s, const struct kmem_cache *cache, struct own *own)
{
	const struct phys_config *c = s->phys->config;

	add_own(own, cache->at);
	add_own(own, cache->name_at);
	for (unsigned n = 0; n < c->nodes; n++)
		add_own(own, slab_node(s, cache, n)->at);
	for (unsigned n = 0; s->array && n < slab_arrays(c); n++)
		add_own(own, slab_cpu_array(s, cache, n)->at);
}

/* SLAB: the lists of free objects that lie elsewhere. */
static void add_descriptors(const struct slab_system *s, struct own *own)
{
	for (pfn_t pfn = 0; s->array && pfn < s->phys->config->max_pfn; pfn++) {
		const struct page *page = page_find(s->phys, pfn);

		if (page && page->kind == PAGE_SLAB && page->head == pfn && s->cache[page->slab.cache].slab.offslab)
			add_own(own, page->slab.freelist);
	}
}

/* A pool is a thing of its own; what it refers to is not lost. */
static void add_pools(const struct slab_system *s, struct own *own)
{
	for (u32 n = 0; n < MEMPOOL_POOLS; n++) {
		const struct mempool *p = &s->pool[n];

		if (!p->used)
			continue;
		add_own(own, p->elements_at);
		for (u32 i = 0; i < p->curr_nr && p->kind != MEMPOOL_PAGE; i++)
			add_own(own, mempool_element(s, n, i));
	}
}

/* What areas of addresses, also those given back, consist of. */
static void add_areas(const struct virt_system *v, struct own *own)
{
	for (unsigned state = VMAP_BUSY; state < VMAP_STATES; state++) {
		for (const struct vmap_area *a = vmap_area_first(v, (enum vmap_state)state); a;
		     a = vmap_area_next(v, a)) {
			add_own(own, a->vm_struct);
			add_own(own, a->vmap_area);
			add_own(own, a->pages);
		}
	}
	add_own(own, v->state->spare_node);
}

/* The pages of an area that vmalloc() got. What vmap() shows is somebody else's. */
static void add_area_pages(const struct virt_system *v, const struct vmap_area *area, struct own *pages)
{
	u64 page = UINT64_C(1) << v->slab->phys->config->page_shift, bytes = vmalloc_area_bytes(v, area);

	for (u64 at = 0; at < bytes; at += page)
		add_own(pages, page_table_frame(v, area->start + at));
}

static void sort(struct own *own)
{
	if (own->count)
		qsort(own->at, own->count, sizeof *own->at, compare);
}

static bool is_own(const struct own *own, u64 at)
{
	return own->count && bsearch(&at, own->at, own->count, sizeof *own->at, compare);
}

static bool find_own(struct leaks *l, const struct address_map *map, struct status *st)
{
	const struct slab_system *s = &l->session->machine.slab;
	const struct virt_system *v = &l->session->machine.virt;

	if (s->state) {
		for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
			add_cache(s, c, &l->own);
		add_descriptors(s, &l->own);
		add_pools(s, &l->own);
	}
	if (v->state)
		add_areas(v, &l->own);
	for (size_t n = 0; n < map->count; n++)
		if (map->item[n].kind == ADDRESS_VMALLOC || map->item[n].kind == ADDRESS_ARRAY)
			add_area_pages(v, vmap_area_at(v, map->item[n].area), &l->pages);
	if (l->own.lost || l->pages.lost)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	sort(&l->own);
	sort(&l->pages);
	return true;
}

/* A leak, and the command that got it: in a line, or in two. */
static void put_leak(struct leaks *l, const struct strbuf *what, u32 owner)
{
	const struct command *command = session_command(l->session, owner);
	struct strbuf who = STRBUF_INIT;
	const char *text = command ? command->text : "";
	size_t length = strcspn(text, "\n");
	bool one, cut;

	strbuf_printf(&who, _("got by command %" PRIu32), owner);
	strbuf_puts(&who, command ? ": " : "");
	one = what->length + 2 + who.length + length <= COLS;
	cut = !one && 2 + who.length + length > COLS;
	if (cut)
		length = COLS - 5 - who.length;
	strbuf_printf(l->out, "%s%s%s%.*s%s\n", strbuf_str(what), one ? ", " : "\n  ", strbuf_str(&who), (int)length,
		      text, cut ? "..." : "");
	strbuf_free(&who);
}

/* ------------------------------------------------------------- objects */

/* As kmemleak begins its reports, without traces and bytes. */
static void end_run(struct leaks *l)
{
	struct strbuf what = STRBUF_INIT;

	if (!l->count)
		return;
	if (++l->told <= l->most) {
		strbuf_printf(&what, _("unreferenced object 0x%" PRIx64 " (size %" PRIu32 ")"), l->first.address,
			      l->first.cache->object_size);
		if (l->count > 1)
			strbuf_printf(&what, _(" and %" PRIu64 " more"), l->count - 1);
		strbuf_printf(&what, _(" of cache %s"), l->first.cache->name);
		put_leak(l, &what, l->first.owner);
	}
	l->count = 0;
	strbuf_free(&what);
}

static void see_object(void *context, const struct object_info *info)
{
	struct leaks *l = context;

	if (!info->owner || is_own(&l->own, info->address))
		return;
	l->things++;
	if (l->count && (l->first.cache != info->cache || l->first.owner != info->owner))
		end_run(l);
	if (!l->count)
		l->first = *info;
	l->count++;
}

/* ------------------------------------------------------------- areas */

static void list_areas(struct leaks *l, const struct address_map *map)
{
	const struct virt_system *v = &l->session->machine.virt;

	for (size_t n = 0; n < map->count; n++) {
		const struct address_item *item = &map->item[n];
		const struct vmap_area *area = vmap_area_at(v, item->area);
		struct strbuf what = STRBUF_INIT;

		if ((item->kind != ADDRESS_VMALLOC && item->kind != ADDRESS_VMAP && item->kind != ADDRESS_IOREMAP) ||
		    !area->owner)
			continue;
		l->things++;
		if (++l->told > l->most)
			continue;
		strbuf_printf(&what, _("unreferenced area 0x%" PRIx64 " (size %" PRIu64 ") of "), area->start,
			      vmalloc_area_bytes(v, area));
		address_text_item(item, &what);
		put_leak(l, &what, area->owner);
		strbuf_free(&what);
	}
}

/* ------------------------------------------------------------- pages */

/* A block that a command has got from the page allocator, and that no cache, file, process or area owns. */
static bool is_lost(const struct leaks *l, pfn_t pfn, const struct frame_info *info)
{
	const struct page *page = page_find(&l->session->machine.phys, pfn);

	return info->state == FRAME_USED && info->block == pfn && info->owner && (!page || page->kind == PAGE_PLAIN) &&
	       !is_own(&l->pages, pfn);
}

static void end_blocks(struct leaks *l)
{
	struct strbuf what = STRBUF_INIT;

	if (!l->count)
		return;
	if (++l->told <= l->most) {
		strbuf_printf(&what, _("unreferenced block at page frame 0x%" PRIx32 " (order %u)"), l->block.block,
			      l->block.order);
		if (l->count > 1)
			strbuf_printf(&what, _(" and %" PRIu64 " behind it"), l->count - 1);
		put_leak(l, &what, l->block.owner);
	}
	l->count = 0;
	strbuf_free(&what);
}

static void list_pages(struct leaks *l)
{
	const struct phys *p = &l->session->machine.phys;

	for (pfn_t pfn = 0; pfn < p->config->max_pfn; pfn++) {
		struct frame_info info;

		if (!p->frame[pfn].owner)
			continue;
		info = frame_describe(p, pfn);
		if (!is_lost(l, pfn, &info))
			continue;
		l->things++;
		if (l->count && (info.owner != l->block.owner || info.order != l->block.order ||
				 pfn != l->block.block + (l->count << info.order)))
			end_blocks(l);
		if (!l->count)
			l->block = info;
		l->count++;
	}
	end_blocks(l);
}

static void list_all(struct leaks *l, struct status *st)
{
	struct address_map map = { 0 };

	if (l->session->machine.virt.state && !address_map_make(&map, &l->session->machine.virt))
		status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (status_ok(st) && find_own(l, &map, st)) {
		object_each_used(&l->session->machine.slab, see_object, l);
		end_run(l);
		list_areas(l, &map);
		list_pages(l);
	}
	address_map_free(&map);
}

bool cmd_leaks_list(struct call *call, struct status *st)
{
	struct leaks l = { .session = call->context->session, .out = call->context->out, .most = LEAKS };

	if (call->arg[0].type == VALUE_INT) {
		if (call->arg[0].number < 1)
			return status_fail(st, STATUS_INVALID, _("how many leaks must be 1 or more"));
		l.most = (u64)call->arg[0].number;
	}
	list_all(&l, st);
	free(l.own.at);
	free(l.pages.at);
	if (!status_ok(st))
		return false;
	if (l.told > l.most)
		strbuf_printf(l.out, _("... %" PRIu64 " more; leaks %" PRIu64 " shows all\n"), l.told - l.most, l.told);
	if (!l.things)
		strbuf_puts(l.out, _("all that commands have got was given back\n"));
	return true;
}
