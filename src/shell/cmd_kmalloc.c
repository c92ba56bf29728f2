/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_kmalloc.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "shell/cmd_slab.h"
#include "shell/kernel_log.h"
#include "slab/kmalloc.h"

#include <inttypes.h>

static struct slab_system *slab_of_call(const struct call *call)
{
	return &call->context->session->machine.slab;
}

/* Does the page allocator serve so many bytes? */
static bool from_pages(const struct slab_system *s, u64 bytes)
{
	return s->config->rules->kmalloc->pages_above && bytes > kmalloc_max_cache_size(s);
}

/* The order of the pages behind a request of so many bytes. */
static unsigned order_behind(const struct slab_system *s, u64 bytes, gfp_t gfp)
{
	const struct kmem_cache *cache = kmalloc_cache(s, bytes, gfp);

	if (!cache)
		return page_get_order(s->phys, bytes);
	return s->config->allocator == SLAB_SLUB ? cache->slub.min_order : cache->order;
}

static void before(const struct call *call, u64 bytes, gfp_t gfp)
{
	struct slab_system *s = slab_of_call(call);

	if (from_pages(s, bytes))
		kernel_log_before(call->context, gfp, page_get_order(s->phys, bytes));
	else
		kernel_log_object(call->context, gfp);
}

static bool finish(struct call *call, u64 address, u64 bytes, gfp_t gfp, u64 failures)
{
	cmd_slab_report(call, address, gfp, order_behind(slab_of_call(call), bytes, gfp), failures);
	call->result = value_addr(address);
	return true;
}

typedef u64 alloc_function(struct slab_system *s, u64 bytes, gfp_t gfp);

static bool allocate(struct call *call, alloc_function *function, struct status *st)
{
	u64 bytes = (u64)call->arg[0].number, failures;
	gfp_t gfp = (gfp_t)call->arg[1].number;
	struct slab_system *s = slab_of_call(call);

	if (!cmd_slab_exists(call, st))
		return false;
	failures = s->phys->state->failures;
	before(call, bytes, gfp);
	return finish(call, function(s, bytes, gfp), bytes, gfp, failures);
}

bool cmd_kmalloc_alloc(struct call *call, struct status *st)
{
	return allocate(call, kmalloc_alloc, st);
}

bool cmd_kmalloc_zalloc(struct call *call, struct status *st)
{
	return allocate(call, kmalloc_zeroed, st);
}

/* n * size: a product that a word does not hold is refused. */
static bool allocate_array(struct call *call, bool zeroed, struct status *st)
{
	u64 count = (u64)call->arg[0].number, bytes = (u64)call->arg[1].number, failures, most;
	gfp_t gfp = (gfp_t)call->arg[2].number;
	struct slab_system *s = slab_of_call(call);

	if (!cmd_slab_exists(call, st))
		return false;
	most = s->config->word == 8 ? UINT64_MAX : UINT32_MAX;
	failures = s->phys->state->failures;
	if (bytes && count > most / bytes) {
		call->result = value_addr(0);
		return true;
	}
	before(call, count * bytes, gfp);
	return finish(call, zeroed ? kmalloc_array(s, count, bytes, gfp) : kmalloc_alloc(s, count * bytes, gfp),
		      count * bytes, gfp, failures);
}

bool cmd_kmalloc_calloc(struct call *call, struct status *st)
{
	return allocate_array(call, true, st);
}

bool cmd_kmalloc_array(struct call *call, struct status *st)
{
	return allocate_array(call, false, st);
}

bool cmd_kmalloc_realloc(struct call *call, struct status *st)
{
	u64 address = (u64)call->arg[0].number, bytes = (u64)call->arg[1].number, failures;
	gfp_t gfp = (gfp_t)call->arg[2].number;
	struct slab_system *s = slab_of_call(call);

	if (!cmd_slab_exists(call, st))
		return false;
	failures = s->phys->state->failures;
	before(call, bytes, gfp);
	return finish(call, kmalloc_again(s, address, bytes, gfp), bytes, gfp, failures);
}

bool cmd_kmalloc_strdup(struct call *call, struct status *st)
{
	u64 bytes = value_length(&call->arg[0]) + 1, failures, address;
	gfp_t gfp = (gfp_t)call->arg[1].number;
	struct slab_system *s = slab_of_call(call);

	if (!cmd_slab_exists(call, st))
		return false;
	failures = s->phys->state->failures;
	before(call, bytes, gfp);
	address = kmalloc_alloc(s, bytes, gfp);
	if (address && !page_write(s->phys, slab_physical(s, address), value_text(&call->arg[0]), (size_t)bytes))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return finish(call, address, bytes, gfp, failures);
}

bool cmd_kmalloc_size(struct call *call, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);
	u64 address = (u64)call->arg[0].number, bytes;

	if (!cmd_slab_exists(call, st))
		return false;
	bytes = kmalloc_size(s, address);
	if (!bytes && address && address != s->config->rules->kmalloc->zero)
		return status_fail(st, STATUS_INVALID, _("kmalloc() has returned no 0x%" PRIx64), address);
	call->result = value_int((s64)bytes);
	return true;
}

bool cmd_kmalloc_free(struct call *call, struct status *st)
{
	if (!cmd_slab_exists(call, st))
		return false;
	kmalloc_free(slab_of_call(call), (u64)call->arg[0].number);
	return true;
}
