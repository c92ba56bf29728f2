/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_mempool.h"

#include "base/nearest.h"
#include "base/text.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "shell/cmd_slab.h"
#include "shell/kernel_log.h"
#include "shell/operators.h"
#include "slab/kmem_cache.h"
#include "slab/mempool.h"

#include <inttypes.h>
#include <string.h>

static struct slab_system *slab_of_call(const struct call *call)
{
	return &call->context->session->machine.slab;
}

/* The pool of the first argument. */
static u32 pool_of(const struct call *call)
{
	return (u32)call->arg[0].number;
}

/* ------------------------------------------------------------- create */

/* None is a pool, too: of the allocator alone. */
static bool check_count(s64 count, struct status *st)
{
	return (count >= 0 && count <= MEMPOOL_MOST) ||
	       status_fail(st, STATUS_INVALID, _("a pool keeps 0 to %d elements here"), MEMPOOL_MOST);
}

static bool create(struct call *call, s64 count, enum mempool_kind kind, u64 arg, struct status *st)
{
	struct slab_system *s = slab_of_call(call);
	gfp_t gfp = kmem_cache_gfp_kernel(s);
	u32 pool;

	if (!check_count(count, st))
		return false;
	kernel_log_object(call->context, gfp);
	pool = mempool_create(s, kind, arg, (u32)count);
	call->result = value_addr(pool == MEMPOOL_NONE ? 0 : s->pool[pool].at);
	return true;
}

bool cmd_mempool_create_slab(struct call *call, struct status *st)
{
	return create(call, call->arg[0].number, MEMPOOL_SLAB, (u64)call->arg[1].number, st);
}

bool cmd_mempool_create_kmalloc(struct call *call, struct status *st)
{
	return cmd_slab_exists(call, st) &&
	       create(call, call->arg[0].number, MEMPOOL_KMALLOC, (u64)call->arg[1].number, st);
}

bool cmd_mempool_create_page(struct call *call, struct status *st)
{
	return cmd_slab_exists(call, st) &&
	       create(call, call->arg[0].number, MEMPOOL_PAGE, (u64)call->arg[1].number, st);
}

/* mempool_create(min_nr, alloc_fn, free_fn, data): which pair of functions the kernel has. */
static const struct {
	const char *alloc, *free;
	enum mempool_kind kind;
} functions[] = {
	{ "mempool_alloc_slab", "mempool_free_slab", MEMPOOL_SLAB },
	{ "mempool_kmalloc", "mempool_kfree", MEMPOOL_KMALLOC },
	{ "mempool_alloc_pages", "mempool_free_pages", MEMPOOL_PAGE },
};

static bool find_functions(const char *alloc, const char *free, enum mempool_kind *kind, struct status *st)
{
	struct nearest near = NEAREST_INIT(alloc);

	for (size_t n = 0; n < ARRAY_SIZE(functions); n++) {
		nearest_try(&near, functions[n].alloc);
		if (strcmp(functions[n].alloc, alloc) != 0)
			continue;
		*kind = functions[n].kind;
		return strcmp(functions[n].free, free) == 0 ||
		       status_fail(st, STATUS_INVALID, _("%s goes with %s, not with %s"), alloc, functions[n].free,
				   free);
	}
	if (near.best)
		return status_fail(st, STATUS_INVALID, _("there is no function %s; did you mean %s?"), alloc,
				   near.best);
	return status_fail(st, STATUS_INVALID,
			   _("elements come from mempool_alloc_slab, mempool_kmalloc or mempool_alloc_pages, not %s"),
			   alloc);
}

/* The cache that is told by its address or name. */
static bool find_cache(const struct call *call, const struct value *v, u64 *slot, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);
	const struct kmem_cache *cache = NULL;

	if (v->type == VALUE_ADDR)
		cache = kmem_cache_by_address(s, (u64)v->number);
	else if (v->type == VALUE_STRING)
		cache = kmem_cache_by_name(s, value_text(v));
	if (!cache)
		return status_fail(st, STATUS_INVALID, _("for mempool_alloc_slab the last argument is a cache"));
	*slot = slab_slot(s, cache);
	return true;
}

bool cmd_mempool_create(struct call *call, struct status *st)
{
	const struct value *data = &call->arg[3];
	enum mempool_kind kind = MEMPOOL_KINDS;
	u64 arg = 0;

	if (!cmd_slab_exists(call, st) ||
	    !find_functions(value_text(&call->arg[1]), value_text(&call->arg[2]), &kind, st))
		return false;
	if (kind == MEMPOOL_SLAB) {
		if (!find_cache(call, data, &arg, st))
			return false;
	} else if ((data->type != VALUE_INT && data->type != VALUE_ADDR) || data->number < 0) {
		return status_fail(st, STATUS_INVALID, _("the last argument is %s, not %s"),
				   kind == MEMPOOL_PAGE ? _("an order") : _("a size in bytes"), operators_type(data));
	} else {
		arg = (u64)data->number;
	}
	return create(call, call->arg[0].number, kind, arg, st);
}

/* ------------------------------------------------------------- use */

static struct value element_value(const struct mempool *p, u64 element)
{
	if (p->kind == MEMPOOL_PAGE)
		return value_page(element == MEMPOOL_NOTHING ? PFN_NONE : (pfn_t)element);
	return value_addr(element == MEMPOOL_NOTHING ? 0 : element);
}

/* The kernel's function would not return; here somebody must be able to go on and free an element. */
static void say_waits(const struct call *call, bool queued)
{
	const struct slab_system *s = slab_of_call(call);

	if (queued)
		strbuf_printf(call->context->out,
			      _("Command %" PRIu32 " sleeps in mempool_alloc() until an element of the pool is freed.\n"
				"mempool_free() wakes it and says what it got; the result here stays NULL.\n"),
			      s->phys->state->owner);
	else
		strbuf_printf(
		    call->context->out,
		    _("%d tasks sleep in mempool_alloc() already, as many as can here: NULL comes back, which "
		      "the\nkernel never returns then.\n"),
		    MEMPOOL_WAITERS);
}

bool cmd_mempool_alloc(struct call *call, struct status *st)
{
	struct slab_system *s = slab_of_call(call);
	gfp_t gfp = (gfp_t)call->arg[1].number;
	enum mempool_place from;
	bool waits;
	u64 element;

	(void)st;
	kernel_log_object(call->context, gfp);
	element = mempool_alloc(s, pool_of(call), gfp, &from, &waits);
	call->result = element_value(&s->pool[pool_of(call)], element);
	if (waits)
		say_waits(call, mempool_wait(s, pool_of(call), gfp));
	return true;
}

/* Is it what the pool's allocator returns? Kernels believe the caller; here a mistyped name should not end all. */
static bool check_element(const struct call *call, const struct mempool *p, const struct value *v, struct status *st)
{
	struct frame_info info;

	if (p->kind != MEMPOOL_PAGE)
		return v->type == VALUE_ADDR ||
		       status_fail(st, STATUS_INVALID, _("an element of this pool is an address"));
	if (v->type != VALUE_PAGE)
		return status_fail(st, STATUS_INVALID, _("an element of this pool is a page, not %s"),
				   operators_type(v));
	info = frame_describe(slab_of_call(call)->phys, (pfn_t)v->number);
	if (info.state == FRAME_USED && info.block == (pfn_t)v->number && info.order == p->arg)
		return true;
	return status_fail(st, STATUS_INVALID, _("page frame 0x%" PRIx64 " is no block of order %" PRIu64 " in use"),
			   (u64)v->number, p->arg);
}

/* All that wait wake; who waited longest is the first to try, and who finds nothing sleeps again. */
static void wake_all(struct call *call, u32 pool)
{
	struct slab_system *s = slab_of_call(call);
	bool page = s->pool[pool].kind == MEMPOOL_PAGE;
	u32 command;
	u64 element;

	while (mempool_wake(s, pool, &command, &element))
		strbuf_printf(call->context->out,
			      page ? _("Command %" PRIu32 " wakes: its mempool_alloc() returns page 0x%" PRIx64 ".\n")
				   : _("Command %" PRIu32 " wakes: its mempool_alloc() returns 0x%" PRIx64 ".\n"),
			      command, element);
}

static bool free_one(struct call *call, const struct value *v, struct status *st)
{
	struct slab_system *s = slab_of_call(call);
	u32 pool = (u32)call->arg[1].number;

	if (value_is_null(v))
		return true;
	if (!check_element(call, &s->pool[pool], v, st))
		return false;
	if (mempool_free(s, pool, (u64)v->number) == MEMPOOL_RESERVE)
		wake_all(call, pool);
	return true;
}

bool cmd_mempool_free(struct call *call, struct status *st)
{
	const struct value *what = &call->arg[0];

	for (size_t n = 0; n < value_count(what) && !slab_is_down(slab_of_call(call)); n++) {
		struct value one = value_at(what, n);

		if (!free_one(call, &one, st))
			return false;
	}
	return true;
}

bool cmd_mempool_resize(struct call *call, struct status *st)
{
	struct slab_system *s = slab_of_call(call);
	gfp_t gfp = call->arg[2].type == VALUE_NONE ? kmem_cache_gfp_kernel(s) : (gfp_t)call->arg[2].number;

	if (call->arg[2].type != VALUE_NONE && s->phys->config->gfp != GFP_2_6)
		return status_fail(st, STATUS_INVALID, _("mempool_resize() of this kernel has no gfp: it may sleep"));
	/* Nobody may ask for less than one: to the kernel that is a BUG, the same for any number. */
	if (call->arg[1].number >= 0 && !check_count(call->arg[1].number, st))
		return false;
	kernel_log_object(call->context, gfp);
	call->result = value_int(
	    mempool_resize(s, pool_of(call), call->arg[1].number < 0 ? 0 : (u32)call->arg[1].number, gfp) ? 0 : -12);
	return true;
}

bool cmd_mempool_destroy(struct call *call, struct status *st)
{
	(void)st;
	mempool_destroy(slab_of_call(call), pool_of(call));
	return true;
}

/* ------------------------------------------------------------- table */

static void put_kind(const struct slab_system *s, const struct mempool *p, struct strbuf *out)
{
	switch ((enum mempool_kind)p->kind) {
	case MEMPOOL_SLAB:
		strbuf_printf(out, _("objects of cache %s"), s->cache[p->arg].used ? s->cache[p->arg].name : "?");
		break;
	case MEMPOOL_KMALLOC:
		strbuf_printf(out, _("kmalloc(%" PRIu64 ")"), p->arg);
		break;
	case MEMPOOL_PAGE:
		strbuf_printf(out, _("blocks of order %" PRIu64), p->arg);
		break;
	case MEMPOOL_KINDS:
		break;
	}
}

bool cmd_mempool_list(struct call *call, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);
	struct strbuf *out = call->context->out;
	bool any = false;

	if (!cmd_slab_exists(call, st))
		return false;
	for (u32 n = 0; n < MEMPOOL_POOLS; n++) {
		const struct mempool *p = &s->pool[n];

		if (!p->used)
			continue;
		if (!any)
			strbuf_puts(out, _("pool                  in reserve  keeps  waited  elements\n"));
		any = true;
		strbuf_printf(out, "0x%-18" PRIx64 "  %10u  %5u  %6u  ", p->at, (unsigned)p->curr_nr,
			      (unsigned)p->min_nr, (unsigned)p->waits);
		put_kind(s, p, out);
		strbuf_putc(out, '\n');
		for (u32 i = 0; i < p->waiting; i++)
			strbuf_printf(out, _("  command %" PRIu32 " sleeps until an element is freed\n"),
				      p->waiter[i].command);
	}
	if (!any)
		strbuf_puts(out, _("no mempools: mempool_create makes one\n"));
	return true;
}
