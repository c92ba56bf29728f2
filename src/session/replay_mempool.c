/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_mempool.h"

#include "base/text.h"
#include "slab/kmalloc.h"
#include "slab/mempool.h"

#include <string.h>

static struct slab_system *slab_of_op(struct replay_op *op)
{
	return &op->r->machine.slab;
}

/* p=, where the number of the pool is kept: its slot and 1; REPLAY_POOL_UNTOLD. NULL with a message: none. */
static u32 *pool_argument(struct replay_op *op)
{
	u64 number;

	if (!replay_op_number(op, "p", &number))
		return NULL;
	if (number < REPLAY_POOLS)
		return &op->r->pool[number];
	recording_expected(&op->args, _("fewer pools"));
	return NULL;
}

static enum replay_outcome compare(struct replay_op *op, struct strbuf *got)
{
	enum replay_outcome outcome = replay_op_compare(op, strbuf_str(got), NULL);

	strbuf_free(got);
	return outcome;
}

/* Takes the recording's word for it. */
static enum replay_outcome untold(struct replay_op *op)
{
	struct recording_cursor c;

	op->r->untold = true;
	while (replay_op_result(op, &c))
		;
	return REPLAY_SAME;
}

/* ------------------------------------------------------------- create */

static bool kind_argument(struct replay_op *op, enum mempool_kind *kind)
{
	static const char *const names[MEMPOOL_KINDS] = { "slab", "kmalloc", "page" };
	struct recording_cursor value;
	char name[16];

	if (!recording_find(&op->args, "kind", &value))
		return recording_expected(&op->args, "kind=");
	if (!recording_word(&value, name, sizeof name, _("a kind of pool")))
		return false;
	for (unsigned n = 0; n < MEMPOOL_KINDS; n++) {
		*kind = (enum mempool_kind)n;
		if (strcmp(name, names[n]) == 0)
			return true;
	}
	return recording_expected(&value, _("slab, kmalloc or page"));
}

/* The slot of the cache that was created with c=<number>. */
static bool cache_argument(struct replay_op *op, u64 number, u64 *slot)
{
	const struct replay_cache *entry =
	    number < REPLAY_CACHE_NUMBERS ? replay_cache_find(&op->r->caches, op->r->cache_name[number]) : NULL;

	if (!entry || entry->slot == REPLAY_CACHE_UNTOLD)
		return recording_expected(&op->args, _("the number of a cache that was created"));
	*slot = entry->slot - 1;
	return true;
}

static void print_pool(const struct slab_system *s, u32 pool, struct strbuf *out)
{
	const struct mempool *p = &s->pool[pool];

	strbuf_printf(out, "min_nr=%u curr_nr=%u", (unsigned)p->min_nr, (unsigned)p->curr_nr);
}

static enum replay_outcome compare_pool(struct replay_op *op, u32 pool)
{
	const struct slab_system *s = slab_of_op(op);
	const struct mempool *p = &s->pool[pool];
	struct strbuf got = STRBUF_INIT;

	print_pool(s, pool, &got);
	strbuf_puts(&got, " elements bottom..top:");
	for (u32 n = 0; n < p->curr_nr; n++)
		strbuf_printf(&got, p->kind == MEMPOOL_PAGE ? " %llu" : " %llx",
			      (unsigned long long)mempool_element(s, pool, n));
	return compare(op, &got);
}

enum replay_outcome replay_mempool_create(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	u32 *number = pool_argument(op), pool;
	enum mempool_kind kind;
	u64 arg, min_nr;

	if (!number || !kind_argument(op, &kind) || !replay_op_number(op, "arg", &arg) ||
	    !replay_op_number(op, "min_nr", &min_nr))
		return REPLAY_BAD;
	if (kind == MEMPOOL_SLAB && !cache_argument(op, arg, &arg))
		return REPLAY_BAD;
	if (min_nr < 1 || min_nr > MEMPOOL_MOST) {
		recording_expected(&op->args, _("fewer elements"));
		return REPLAY_BAD;
	}
	*number = REPLAY_POOL_UNTOLD;
	if (kind == MEMPOOL_KMALLOC && !kmalloc_cache(s, arg, kmem_cache_gfp_kernel(s)))
		return untold(op);
	pool = mempool_create(s, kind, arg, (u32)min_nr);
	*number = pool == MEMPOOL_NONE ? 0 : pool + 1;
	return pool == MEMPOOL_NONE ? replay_op_compare(op, "NULL", NULL) : compare_pool(op, pool);
}

/* ------------------------------------------------------------- use */

static const char *place_name(enum mempool_place place)
{
	return place == MEMPOOL_RESERVE ? "reserve" : "allocator";
}

static bool hold(struct replay_op *op, const struct mempool *p, u64 element)
{
	struct replay_handle handle = { .pfn = PFN_NONE };
	u64 h;

	if (p->kind == MEMPOOL_PAGE) {
		handle.pfn = (pfn_t)element;
		handle.order = (u8)p->arg;
	} else {
		handle.object = element;
		handle.cache = p->kind == MEMPOOL_SLAB ? (u32)p->arg + 1 : SLAB_NONE;
	}
	return replay_op_number(op, "h", &h) && replay_handle_set(op->r, h, handle, &op->args);
}

enum replay_outcome replay_mempool_alloc(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	u32 *number = pool_argument(op);
	struct strbuf got = STRBUF_INIT;
	enum mempool_place from;
	const struct mempool *p;
	u64 element;
	bool waits;
	gfp_t gfp;

	if (!number || !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	if (*number == REPLAY_POOL_UNTOLD)
		return untold(op);
	p = &s->pool[*number - 1];
	element = mempool_alloc(s, *number - 1, gfp, &from, &waits);
	if (element == MEMPOOL_NOTHING)
		strbuf_puts(&got, "NULL");
	else
		strbuf_printf(&got, p->kind == MEMPOOL_PAGE ? "pfn=%llu from=%s" : "obj=%llx from=%s",
			      (unsigned long long)element, place_name(from));
	strbuf_printf(&got, " curr_nr=%u", (unsigned)p->curr_nr);
	if (element != MEMPOOL_NOTHING && !hold(op, p, element)) {
		strbuf_free(&got);
		return REPLAY_BAD;
	}
	return compare(op, &got);
}

enum replay_outcome replay_mempool_free(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	u32 *number = pool_argument(op);
	struct replay_handle *handle;
	struct strbuf got = STRBUF_INIT;
	enum mempool_place to;
	u64 h;

	if (!number || !replay_op_number(op, "h", &h))
		return REPLAY_BAD;
	if (*number == REPLAY_POOL_UNTOLD)
		return untold(op);
	handle = replay_handle(op->r, h);
	if (!handle) {
		recording_expected(&op->args, _("a handle that holds something"));
		return REPLAY_BAD;
	}
	handle->held = false;
	to = mempool_free(s, *number - 1, handle->object ? handle->object : handle->pfn);
	strbuf_printf(&got, "to=%s curr_nr=%u", place_name(to), (unsigned)s->pool[*number - 1].curr_nr);
	return compare(op, &got);
}

enum replay_outcome replay_mempool_resize(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	u32 *number = pool_argument(op);
	struct strbuf got = STRBUF_INIT;
	u64 min_nr;

	if (!number || !replay_op_number(op, "min_nr", &min_nr))
		return REPLAY_BAD;
	if (*number == REPLAY_POOL_UNTOLD)
		return untold(op);
	if (min_nr < 1 || min_nr > MEMPOOL_MOST) {
		recording_expected(&op->args, _("fewer elements"));
		return REPLAY_BAD;
	}
	strbuf_printf(&got, "%d ", mempool_resize(s, *number - 1, (u32)min_nr, kmem_cache_gfp_kernel(s)) ? 0 : -12);
	print_pool(s, *number - 1, &got);
	return compare(op, &got);
}

enum replay_outcome replay_mempool_destroy(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	u32 *number = pool_argument(op), pool;

	if (!number)
		return REPLAY_BAD;
	pool = *number - 1;
	if (*number == REPLAY_POOL_UNTOLD)
		return untold(op);
	*number = 0;
	mempool_destroy(s, pool);
	if (!slab_is_down(s))
		return REPLAY_SAME;
	recording_expected(&op->args, _("a pool that has all of its elements"));
	return REPLAY_BAD;
}
