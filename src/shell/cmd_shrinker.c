/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_shrinker.h"

#include "base/text.h"
#include "phys/shrinker.h"
#include "shell/cmd_slab.h"
#include "shell/kernel_log.h"
#include "slab/kmem_cache.h"
#include "slab/object.h"
#include "slab/slab_shrinker.h"

#include <inttypes.h>

#define SEEKS_MOST 1000 /* kernels have 0 to 2; more than enough for whoever wants to see what it does */
#define NO_MEMORY (-12) /* -ENOMEM */

static struct slab_system *slab_of_call(const struct call *call)
{
	return &call->context->session->machine.slab;
}

static struct kmem_cache *cache_of(const struct call *call, unsigned arg)
{
	return &slab_of_call(call)->cache[call->arg[arg].number];
}

/* ------------------------------------------------------------- registering */

/* false with a message: this cache cannot have one, or not with so many seeks. */
static bool may_register(struct call *call, const struct kmem_cache *cache, s64 seeks, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);

	if (!reclaim_exists(s->phys))
		return status_fail(st, STATUS_UNSUPPORTED, _("this machine has no reclaim"));
	if (cache->shrinker)
		return status_fail(st, STATUS_INVALID, _("cache %s has a shrinker already"), cache->name);
	if (!slab_shrinker_has_room(s, cache))
		return status_fail(st, STATUS_INVALID,
				   _("an object of %s has no room for the list_head of a list of unused ones"),
				   cache->name);
	if (reclaim_by_zone(s->phys) && seeks < 1)
		return status_fail(st, STATUS_SYNTAX, _("seeks must be 1 or more: this kernel divides by them"));
	if (seeks < 0 || seeks > SEEKS_MOST)
		return status_fail(st, STATUS_SYNTAX, _("seeks must be 0 to %d"), SEEKS_MOST);
	if (s->phys->reclaim->shrinkers == PHYS_SHRINKERS)
		return status_fail(st, STATUS_INVALID, _("this machine has room for %d shrinkers"), PHYS_SHRINKERS);
	return true;
}

bool cmd_shrinker_set(struct call *call, struct status *st)
{
	struct kmem_cache *cache = cache_of(call, 1);

	if (!may_register(call, cache, call->arg[0].number, st))
		return false;
	kernel_log_object(call->context, kmem_cache_gfp_kernel(slab_of_call(call)));
	if (slab_shrinker_register(slab_of_call(call), cache, (u32)call->arg[0].number))
		call->result = value_addr(slab_shrinker_list(slab_of_call(call), cache)->at);
	else
		call->result = value_addr(0);
	return true;
}

bool cmd_shrinker_remove(struct call *call, struct status *st)
{
	struct kmem_cache *cache = slab_shrinker_by_address(slab_of_call(call), (u64)call->arg[0].number);

	if (!cache)
		return status_fail(st, STATUS_INVALID,
				   _("there is no shrinker at 0x%" PRIx64 "; the kernel would believe you"),
				   (u64)call->arg[0].number);
	slab_shrinker_unregister(slab_of_call(call), cache);
	return true;
}

bool cmd_shrinker_register(struct call *call, struct status *st)
{
	struct kmem_cache *cache = cache_of(call, 0);
	bool ok;

	if (!may_register(call, cache, call->arg[1].number, st))
		return false;
	kernel_log_object(call->context, kmem_cache_gfp_kernel(slab_of_call(call)));
	ok = slab_shrinker_register(slab_of_call(call), cache, (u32)call->arg[1].number);
	call->result = value_int(ok ? 0 : NO_MEMORY);
	return true;
}

/* The cache of the first argument. false with a message: it has no shrinker. */
static bool registered(const struct call *call, struct status *st)
{
	const struct kmem_cache *cache = cache_of(call, 0);

	return cache->shrinker ||
	       status_fail(st, STATUS_INVALID, _("cache %s has no shrinker: %s makes one"), cache->name,
			   reclaim_by_zone(slab_of_call(call)->phys) ? "set_shrinker()" : "register_shrinker()");
}

bool cmd_shrinker_unregister(struct call *call, struct status *st)
{
	if (!registered(call, st))
		return false;
	slab_shrinker_unregister(slab_of_call(call), cache_of(call, 0));
	return true;
}

/* ------------------------------------------------------------- unused objects */

/* Is the second argument an object in use of the cache? */
static bool check_object(const struct call *call, struct status *st)
{
	u64 address = (u64)call->arg[1].number;
	struct object_info info;

	if (!registered(call, st))
		return false;
	if (!object_at(slab_of_call(call), address, &info) || info.cache != cache_of(call, 0) ||
	    info.address != address)
		return status_fail(st, STATUS_INVALID, _("no object of %s begins at 0x%" PRIx64),
				   cache_of(call, 0)->name, address);
	return info.state == OBJECT_USED ||
	       status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " was freed: nobody may use it"), address);
}

bool cmd_shrinker_add_unused(struct call *call, struct status *st)
{
	if (!check_object(call, st))
		return false;
	call->result = value_int(slab_shrinker_add(slab_of_call(call), cache_of(call, 0), (u64)call->arg[1].number));
	return true;
}

bool cmd_shrinker_take_unused(struct call *call, struct status *st)
{
	if (!check_object(call, st))
		return false;
	call->result = value_int(slab_shrinker_take(slab_of_call(call), cache_of(call, 0), (u64)call->arg[1].number));
	return true;
}

/* ------------------------------------------------------------- table */

/*
 * After an object was freed twice more is at hand than was ever taken, and what the
 * kernel counts wraps around: then none is in use.
 */
static u64 in_use(const struct slab_info *info)
{
	return info->inuse > info->num_objs ? 0 : info->inuse;
}

bool cmd_shrinker_list(struct call *call, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);
	const struct reclaim *r = s->phys->reclaim;
	struct strbuf *out = call->context->out;

	if (!cmd_slab_exists(call, st))
		return false;
	if (!r || !r->shrinkers) {
		strbuf_printf(out, _("no shrinkers: %s makes one\n"),
			      s->phys->config->gfp == GFP_2_6 ? "set_shrinker" : "register_shrinker");
		return true;
	}
	strbuf_puts(out, _("cache                 seeks    in use    unused   put off     pages\n"));
	for (u32 n = 0; n < r->shrinkers; n++) {
		const struct kmem_cache *cache = &s->cache[r->shrinker[n].owner];
		struct slab_info info;

		s->config->rules->info(s, cache, &info);
		strbuf_printf(out, "%-20s %6u %9" PRIu64 " %9u %9" PRIu64 " %9" PRIu64 "\n", cache->name,
			      (unsigned)r->shrinker[n].seeks, in_use(&info),
			      (unsigned)slab_shrinker_list(s, cache)->count, r->shrinker[n].deferred,
			      info.num_slabs << cache->order);
	}
	return true;
}
