/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_leaks.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "slab/mempool.h"
#include "slab/object.h"

#include <inttypes.h>
#include <stdlib.h>

#define LINES 50 /* of a kind that are told, unless the user wants more */

/* Addresses of objects that somebody has whom commands need not care for. */
struct own {
	u64 *at;
	size_t count, capacity;
	bool lost; /* the host's memory was short */
};

/* Things that one command has got and that follow each other are told together. */
struct leaks {
	const struct session *session;
	struct strbuf *out;
	u64 most; /* lines */
	u64 lines, things;
	struct own own;
	/* The present run of objects: */
	struct object_info first;
	u64 count;
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

static bool find_own(const struct slab_system *s, struct own *own, struct status *st)
{
	if (!s->state)
		return true;
	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		add_cache(s, c, own);
	add_descriptors(s, own);
	add_pools(s, own);
	if (own->lost)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (own->count)
		qsort(own->at, own->count, sizeof *own->at, compare);
	return true;
}

static void put_command(const struct leaks *l, u32 owner)
{
	const struct command *command = session_command(l->session, owner);

	strbuf_printf(l->out, _(", got by command %" PRIu32), owner);
	if (command)
		strbuf_printf(l->out, ": %.60s", command->text);
	strbuf_putc(l->out, '\n');
}

/* ------------------------------------------------------------- objects */

/* As kmemleak begins its reports, without traces and bytes. */
static void end_run(struct leaks *l)
{
	if (!l->count)
		return;
	if (++l->lines <= l->most) {
		strbuf_printf(l->out, _("unreferenced object 0x%" PRIx64 " (size %" PRIu32 ")"), l->first.address,
			      l->first.cache->object_size);
		if (l->count > 1)
			strbuf_printf(l->out, _(" and %" PRIu64 " more"), l->count - 1);
		strbuf_printf(l->out, _(" of cache %s"), l->first.cache->name);
		put_command(l, l->first.owner);
	}
	l->count = 0;
}

static bool is_kernels_own(const struct leaks *l, u64 address)
{
	return l->own.count && bsearch(&address, l->own.at, l->own.count, sizeof *l->own.at, compare);
}

static void see_object(void *context, const struct object_info *info)
{
	struct leaks *l = context;

	if (!info->owner || is_kernels_own(l, info->address))
		return;
	l->things++;
	if (l->count && (l->first.cache != info->cache || l->first.owner != info->owner))
		end_run(l);
	if (!l->count)
		l->first = *info;
	l->count++;
}

/* ------------------------------------------------------------- pages */

/* A block that a command has got from the page allocator, and that no cache, file or process owns. */
static bool is_lost(const struct phys *p, pfn_t pfn, const struct frame_info *info)
{
	const struct page *page = page_find(p, pfn);

	return info->state == FRAME_USED && info->block == pfn && info->owner && (!page || page->kind == PAGE_PLAIN);
}

static void list_pages(struct leaks *l)
{
	const struct phys *p = &l->session->machine.phys;

	for (pfn_t pfn = 0; pfn < p->config->max_pfn; pfn++) {
		struct frame_info info;

		if (!p->frame[pfn].owner)
			continue;
		info = frame_describe(p, pfn);
		if (!is_lost(p, pfn, &info))
			continue;
		l->things++;
		if (++l->lines > l->most)
			continue;
		strbuf_printf(l->out, _("unreferenced block at page frame 0x%" PRIx32 " (order %u)"), pfn, info.order);
		put_command(l, info.owner);
	}
}

bool cmd_leaks_list(struct call *call, struct status *st)
{
	struct leaks l = { .session = call->context->session, .out = call->context->out, .most = LINES };

	if (call->arg[0].type == VALUE_INT) {
		if (call->arg[0].number < 1)
			return status_fail(st, STATUS_INVALID, _("how many lines must be 1 or more"));
		l.most = (u64)call->arg[0].number;
	}
	if (!find_own(&l.session->machine.slab, &l.own, st)) {
		free(l.own.at);
		return false;
	}
	object_each_used(&l.session->machine.slab, see_object, &l);
	end_run(&l);
	free(l.own.at);
	list_pages(&l);
	if (l.lines > l.most)
		strbuf_printf(l.out, _("... %" PRIu64 " lines more; leaks %" PRIu64 " shows all\n"), l.lines - l.most,
			      l.lines);
	if (!l.things)
		strbuf_puts(l.out, _("all that commands have got was given back\n"));
	return true;
}
