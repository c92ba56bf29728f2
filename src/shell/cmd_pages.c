/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_pages.h"

#include "base/text.h"
#include "phys/cma.h"
#include "phys/down.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"
#include "shell/kernel_log.h"
#include "shell/operators.h"
#include "slab/kmem_cache.h"
#include "slab/mempool.h"
#include "virt/ioremap.h"
#include "virt/kmap.h"
#include "virt/vmalloc.h"

#include <inttypes.h>

static struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
}

static struct phys *phys_of(const struct call *call)
{
	return &machine_of(call)->phys;
}

static bool is_2_6(const struct call *call)
{
	return phys_of(call)->config->gfp == GFP_2_6;
}

/* The second argument, where there is one: functions for single pages have none. */
static unsigned order_of(const struct call *call)
{
	return call->arg[1].type == VALUE_NONE ? 0 : (unsigned)call->arg[1].number;
}

static pfn_t allocate(struct call *call, gfp_t gfp, unsigned order)
{
	pfn_t pfn;

	kernel_log_before(call->context, gfp, order);
	pfn = page_alloc(phys_of(call), gfp, order);
	if (pfn == PFN_NONE)
		kernel_log_failure(call->context, gfp, order);
	return pfn;
}

bool cmd_pages_alloc(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_page(allocate(call, (gfp_t)call->arg[0].number, order_of(call)));
	return true;
}

static bool need_addresses(const struct call *call, struct status *st)
{
	if (phys_of(call)->config->page_offset)
		return true;
	return status_fail(st, STATUS_UNSUPPORTED,
			   _("this machine has no kernel addresses; alloc_pages and __free_pages do "
			     "without"));
}

static void get_address(struct call *call, gfp_t gfp, unsigned order)
{
	pfn_t pfn = allocate(call, gfp, order);

	call->result = value_addr(pfn == PFN_NONE ? 0 : page_address(phys_of(call), pfn));
	if (pfn != PFN_NONE && value_is_null(&call->result))
		strbuf_printf(call->context->out,
			      _("page frame 0x%" PRIx32 " lies in high memory and has no address: the caller gets 0, "
				"and the page is lost to it\n"),
			      pfn);
}

bool cmd_pages_get(struct call *call, struct status *st)
{
	gfp_t gfp = (gfp_t)call->arg[0].number;

	if (!need_addresses(call, st))
		return false;
	if (!is_2_6(call))
		gfp &= ~phys_of(call)->gfp->highmem;
	get_address(call, gfp, order_of(call));
	return true;
}

bool cmd_pages_get_zeroed(struct call *call, struct status *st)
{
	const struct gfp_bits *bits = phys_of(call)->gfp;
	gfp_t gfp = (gfp_t)call->arg[0].number | bits->zero;

	if (!need_addresses(call, st))
		return false;
	if (is_2_6(call) && (gfp & bits->highmem)) {
		EMIT(phys_of(call)->observer, HIGH_HAS_NO_ADDRESS, gfp);
		slab_bug(&machine_of(call)->slab, "mm/page_alloc.c", 0);
		call->result = value_addr(0);
		return true;
	}
	get_address(call, gfp & ~bits->highmem, 0);
	return true;
}

bool cmd_pages_free(struct call *call, struct status *st)
{
	return page_free(phys_of(call), (pfn_t)call->arg[0].number, order_of(call), st);
}

/* The page at an address of the direct map; PFN_NONE, and why, if it is not in it. */
static pfn_t page_at(const struct call *call, u64 address, struct status *st)
{
	const struct phys *p = phys_of(call);
	pfn_t pfn;

	if (!need_addresses(call, st))
		return PFN_NONE;
	pfn = page_of_address(p, address);
	if (pfn == PFN_NONE)
		status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is not in the direct map, which begins at 0x%" PRIx64),
			    address, p->config->page_offset);
	return pfn;
}

bool cmd_pages_free_address(struct call *call, struct status *st)
{
	u64 address = (u64)call->arg[0].number;
	pfn_t pfn;

	/* As in the kernel, nothing is freed then, and nothing is wrong. */
	if (!address)
		return true;
	pfn = page_at(call, address, st);
	return pfn != PFN_NONE && page_free(phys_of(call), pfn, order_of(call), st);
}

bool cmd_pages_free_cold(struct call *call, struct status *st)
{
	return page_free_cold(phys_of(call), (pfn_t)call->arg[0].number, st);
}

bool cmd_pages_split(struct call *call, struct status *st)
{
	const struct phys *p = phys_of(call);

	/* 2.6.18 looks at it always, later kernels with CONFIG_DEBUG_VM. */
	if (p->frame[call->arg[0].number].flags & FRAME_COMPOUND) {
		if (!is_2_6(call))
			return status_fail(st, STATUS_INVALID,
					   _("page frame 0x%" PRIx64
					     " is a compound page, got with __GFP_COMP: this kernel would not notice"),
					   (u64)call->arg[0].number);
		EMIT(p->observer, SPLIT_COMPOUND, (u64)call->arg[0].number);
		slab_bug(&machine_of(call)->slab, "mm/page_alloc.c", 0);
		return true;
	}
	return page_split(phys_of(call), (pfn_t)call->arg[0].number, order_of(call), st);
}

bool cmd_pages_drain(struct call *call, struct status *st)
{
	(void)st;
	page_drain_local(phys_of(call));
	return true;
}

bool cmd_pages_get_order(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_int(page_get_order(phys_of(call), (u64)call->arg[0].number));
	return true;
}

bool cmd_pages_to_pfn(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_int(call->arg[0].number);
	return true;
}

bool cmd_pages_of_pfn(struct call *call, struct status *st)
{
	s64 pfn = call->arg[0].number;
	pfn_t max = phys_of(call)->config->max_pfn;

	if (pfn < 0 || pfn >= max)
		return status_fail(st, STATUS_INVALID,
				   _("there is no page frame 0x%" PRIx64 ": the last is 0x%" PRIx32), (u64)pfn,
				   max - 1);
	call->result = value_page((pfn_t)pfn);
	return true;
}

bool cmd_pages_address(struct call *call, struct status *st)
{
	const struct virt_system *v = &call->context->session->machine.virt;
	pfn_t pfn = (pfn_t)call->arg[0].number;

	(void)st;
	call->result = value_addr(v->state ? kmap_address(v, pfn) : page_address(phys_of(call), pfn));
	return true;
}

/* ----------------------------------------------------------------- free */

/* A cache, a pool, or an object: what is at the address. false: neither. */
static bool free_object(struct call *call, u64 address)
{
	struct slab_system *s = &machine_of(call)->slab;
	struct kmem_cache *cache = s->state ? kmem_cache_by_address(s, address) : NULL;
	u32 pool;

	if (cache)
		kmem_cache_destroy(s, cache);
	else if (mempool_by_address(s, address, &pool))
		mempool_destroy(s, pool);
	else if ((cache = kmem_cache_of(s, address)))
		kmem_cache_free(s, cache, address);
	else
		return false;
	return true;
}

/* An area of addresses, by who made it. false: there is none, or it cannot be, and the status says why. */
static bool free_area(struct call *call, u64 address, struct status *st)
{
	struct virt_system *v = &machine_of(call)->virt;
	const struct vmap_area *area = v->state ? vmap_area_of(v, VMAP_BUSY, address) : NULL;

	if (!area)
		return false;
	if (area->flags & VM_IOREMAP)
		return ioremap_unmap(v, address, st);
	return area->flags & VM_ALLOC ? vmalloc_free(v, address, st) : vmalloc_unmap(v, address, st);
}

/* A block, or all that cma_alloc() or alloc_pages_exact() gave out together. */
static bool free_frames(struct call *call, pfn_t pfn, struct status *st)
{
	struct phys *p = phys_of(call);
	u32 contiguous = cma_given_out(p, pfn), joined;

	if (contiguous)
		return cma_release(p, pfn, contiguous, st);
	joined = pfn < p->config->max_pfn ? page_exact_together(p, pfn) : 1;
	if (joined > 1)
		return page_free_exact(p, pfn, (u64)joined << p->config->page_shift, st);
	return page_free(p, pfn, frame_describe(p, pfn).order, st);
}

static bool free_value(struct call *call, const struct value *v, struct status *st)
{
	pfn_t pfn;

	if (value_is_null(v))
		return status_fail(st, STATUS_SYNTAX, _("there is nothing to free: it is NULL"));
	if (v->type == VALUE_ADDR && (free_object(call, (u64)v->number) || free_area(call, (u64)v->number, st)))
		return true;
	if (!status_ok(st))
		return false;
	if (v->type == VALUE_ADDR)
		pfn = page_at(call, (u64)v->number, st);
	else if (v->type == VALUE_PAGE)
		pfn = (pfn_t)v->number;
	else
		return status_fail(st, STATUS_SYNTAX, _("only pages and addresses can be freed, not %s"),
				   operators_type(v));
	return pfn != PFN_NONE && free_frames(call, pfn, st);
}

/* Has the kernel met a BUG? Then it frees nothing more. */
static bool is_down(const struct call *call)
{
	return down_is(phys_of(call));
}

/* Of a vector, items that are NULL are passed over: the last of those that fill memory is. */
bool cmd_pages_free_any(struct call *call, struct status *st)
{
	const struct value *what = &call->arg[0];
	size_t nulls = 0;

	for (size_t i = 0; i < value_count(what) && !is_down(call); i++) {
		struct value one = value_at(what, i);

		if (what->type == VALUE_VECTOR && value_is_null(&one))
			nulls++;
		else if (!free_value(call, &one, st))
			return false;
	}
	if (nulls)
		strbuf_printf(call->context->out, _("passed over, being NULL: %zu of %zu\n"), nulls, value_count(what));
	return true;
}
