/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_slab.h"

#include "base/text.h"
#include "phys/preempt.h"
#include "slab/kmalloc.h"
#include "slab/slab_common.h"
#include "shell/kernel_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Objects that one request can get at once: what the kernel's callers would never exceed, and a host can hold. */
#define BULK_MOST 1000000

static struct slab_system *slab_of_call(const struct call *call)
{
	return &call->context->session->machine.slab;
}

static bool is_2_6(const struct call *call)
{
	return slab_of_call(call)->phys->config->gfp == GFP_2_6;
}

/* The cache of the first argument. */
static struct kmem_cache *cache_of(const struct call *call)
{
	return &slab_of_call(call)->cache[call->arg[0].number];
}

bool cmd_slab_exists(const struct call *call, struct status *st)
{
	return slab_of_call(call)->config->rules ||
	       status_fail(st, STATUS_UNSUPPORTED,
			   _("this machine has no allocator of objects: reset i386-2.6.18, say"));
}

/* ------------------------------------------------------------- caches */

/* What kernels look at first, and a machine without it cannot be asked. */
static bool check_name(const char *name, struct status *st)
{
	if (strlen(name) >= SLAB_NAME)
		return status_fail(st, STATUS_INVALID, _("the name of a cache has at most %d characters here"),
				   SLAB_NAME - 1);
	return true;
}

/* 2.6: a destructor without a constructor is a mistake of the caller; so is making a cache in an interrupt. */
static bool dies_early(struct call *call, const char *name)
{
	const struct value *dtor = &call->arg[5];
	struct slab_system *s = slab_of_call(call);
	enum preempt_context context = preempt_context(s->phys);
	bool in_interrupt = context == PREEMPT_SOFTIRQ || context == PREEMPT_IRQ;
	bool lone_dtor = dtor->type != VALUE_NONE && dtor->number && call->arg[4].number == CTOR_NONE;

	if (!is_2_6(call) || !(in_interrupt || lone_dtor))
		return false;
	EMIT(s->phys->observer, CACHE_CTOR_BAD, 0);
	slab_printk(s, "kmem_cache_create: Early error in slab %s", name);
	slab_bug(s, "mm/slab.c", 2006);
	return true;
}

#define NO_MEMORY 12 /* the kernel's ENOMEM; what else is wrong 6.1 has told by then */

/* A cache that must be there is not: the kernel panics. */
static void panic(struct slab_system *s, const char *name, u32 flags)
{
	if (slab_is_down(s) || !(flags & s->config->rules->flag->panic))
		return;
	if (s->phys->config->gfp != GFP_2_6) {
		slab_common_not_created(s, name, flags, NO_MEMORY);
		return;
	}
	slab_printk(s, "Kernel panic - not syncing: kmem_cache_create(): failed to create slab `%s'", name);
	EMIT(s->phys->observer, CACHE_NEEDED, 0);
	down_by(s->phys, DOWN_PANIC);
}

bool cmd_slab_create(struct call *call, struct status *st)
{
	struct slab_system *s = slab_of_call(call);
	const char *name = value_text(&call->arg[0]);
	u32 flags = (u32)call->arg[3].number;
	struct kmem_cache *cache = NULL;

	if (!cmd_slab_exists(call, st) || !check_name(name, st))
		return false;
	if (call->arg[5].type != VALUE_NONE && !is_2_6(call))
		return status_fail(st, STATUS_INVALID,
				   _("kmem_cache_create() of this kernel has five arguments: destructors are gone"));
	kernel_log_mutex(call->context, _("It takes a mutex: call it in process context only."));
	if (!dies_early(call, name)) {
		cache = kmem_cache_create(s, name, (u64)call->arg[1].number, (u64)call->arg[2].number, flags,
					  (enum slab_ctor)call->arg[4].number);
		if (!cache)
			panic(s, name, flags);
	}
	call->result = value_addr(cache ? cache->at : 0);
	return true;
}

bool cmd_slab_destroy(struct call *call, struct status *st)
{
	bool gone;

	(void)st;
	kernel_log_mutex(call->context, _("It takes a mutex: call it in process context only."));
	gone = kmem_cache_destroy(slab_of_call(call), cache_of(call));
	/* Later kernels return nothing. */
	if (is_2_6(call))
		call->result = value_int(!gone);
	return true;
}

bool cmd_slab_shrink(struct call *call, struct status *st)
{
	(void)st;
	kernel_log_mutex(call->context, _("It waits for other CPUs: call it in process context only."));
	call->result = value_int(kmem_cache_shrink(slab_of_call(call), cache_of(call)));
	return true;
}

bool cmd_slab_size(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_int(cache_of(call)->object_size);
	return true;
}

bool cmd_slab_reap(struct call *call, struct status *st)
{
	struct slab_system *s = slab_of_call(call);

	if (!cmd_slab_exists(call, st))
		return false;
	if (!s->config->rules->reap)
		return status_fail(st, STATUS_INVALID,
				   _("SLUB has no reaper: empty slabs go back when they are freed"));
	kmem_cache_reap(s);
	return true;
}

/* ------------------------------------------------------------- objects */

void cmd_slab_report(const struct call *call, u64 address, gfp_t gfp, unsigned order, u64 failures)
{
	if (!address && slab_of_call(call)->phys->state->failures != failures)
		kernel_log_failure(call->context, gfp, order);
}

/* The least order that a slab of the cache can have: what was asked for last. */
static unsigned last_order(const struct slab_system *s, const struct kmem_cache *cache)
{
	return s->config->allocator == SLAB_SLUB ? cache->slub.min_order : cache->order;
}

typedef u64 alloc_function(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);

static bool allocate(struct call *call, alloc_function *function)
{
	struct slab_system *s = slab_of_call(call);
	gfp_t gfp = (gfp_t)call->arg[1].number;
	u64 failures = s->phys->state->failures, address;

	kernel_log_object(call->context, gfp);
	address = function(s, cache_of(call), gfp);
	cmd_slab_report(call, address, gfp | cache_of(call)->allocflags, last_order(s, cache_of(call)), failures);
	call->result = value_addr(address);
	return true;
}

bool cmd_slab_alloc(struct call *call, struct status *st)
{
	(void)st;
	return allocate(call, kmem_cache_alloc);
}

bool cmd_slab_zalloc(struct call *call, struct status *st)
{
	(void)st;
	return allocate(call, kmem_cache_zalloc);
}

bool cmd_slab_free(struct call *call, struct status *st)
{
	(void)st;
	kmem_cache_free(slab_of_call(call), cache_of(call), (u64)call->arg[1].number);
	return true;
}

/* SLAB frees them from the first on, SLUB from the last. */
static void free_all(struct slab_system *s, struct kmem_cache *cache, const u64 *objects, size_t count)
{
	bool backwards = s->config->allocator == SLAB_SLUB;

	for (size_t n = 0; n < count && !slab_is_down(s); n++)
		kmem_cache_free(s, cache, objects[backwards ? count - 1 - n : n]);
}

static bool keep_all(struct value *vector, const u64 *objects, size_t count, struct status *st)
{
	for (size_t n = 0; n < count; n++)
		if (!value_append(vector, value_addr(objects[n])))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return true;
}

bool cmd_slab_alloc_bulk(struct call *call, struct status *st)
{
	struct slab_system *s = slab_of_call(call);
	gfp_t gfp = (gfp_t)call->arg[1].number;
	s64 count = call->arg[2].number;
	u64 failures = s->phys->state->failures;
	size_t got = 0;
	u64 *objects;
	bool ok;

	if (count < 1 || count > BULK_MOST)
		return status_fail(st, STATUS_SYNTAX, _("how many objects must be 1 to %d"), BULK_MOST);
	objects = malloc((size_t)count * sizeof *objects);
	call->result = value_vector();
	if (!objects || call->result.type != VALUE_VECTOR) {
		free(objects);
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	kernel_log_object(call->context, gfp);
	while (got < (size_t)count && (objects[got] = kmem_cache_alloc(s, cache_of(call), gfp)))
		got++;
	/* All or none. */
	if (got < (size_t)count) {
		cmd_slab_report(call, 0, gfp, last_order(s, cache_of(call)), failures);
		free_all(s, cache_of(call), objects, got);
		got = 0;
	}
	ok = keep_all(&call->result, objects, got, st);
	free(objects);
	return ok;
}

bool cmd_slab_free_bulk(struct call *call, struct status *st)
{
	const struct value *v = &call->arg[1];
	size_t count = value_count(v);
	u64 *objects = malloc((count ? count : 1) * sizeof *objects);
	bool ok = true;

	if (!objects)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	for (size_t n = 0; ok && n < count; n++) {
		struct value one = value_at(v, n);

		ok = one.type == VALUE_ADDR ||
		     status_fail(st, STATUS_SYNTAX,
				 _("it takes a vector of objects, as kmem_cache_alloc_bulk() returns"));
		objects[n] = (u64)one.number;
	}
	if (ok)
		free_all(slab_of_call(call), cache_of(call), objects, count);
	free(objects);
	return ok;
}
