/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_6_1.h"

#include "slab/kmalloc.h"
#include "slab/kmem_cache.h"
#include "slab/slab_array.h"
#include "slab/slab_common.h"
#include "slab/slab_geometry_6_1.h"
#include "slab/slab_grow.h"
#include "slab/slab_look.h"
#include "slab/slab_object.h"
#include "slab/slab_reap.h"
#include "slab/slab_setup.h"
#include "slab/slab_store.h"
#include "slab/slub_report.h"

#include <inttypes.h>

/* Values of the flags of kmem_cache_create(). */
enum {
	DEBUG_CHECKS = 0x100,
	RED_ZONE = 0x400,
	POISON = 0x800,
	IS_KMALLOC = 0x1000,
	HWCACHE_ALIGN = 0x2000,
	CACHE_DMA = 0x4000,
	CACHE_DMA32 = 0x8000,
	STORE_USER = 0x10000,
	RECLAIM_ACCOUNT = 0x20000,
	PANIC = 0x40000,
	TYPESAFE_BY_RCU = 0x80000,
	MEM_SPREAD = 0x100000,
	TRACE = 0x200000,
	DEBUG_OBJECTS = 0x400000,
	NOLEAKTRACE = 0x800000,
	ACCOUNT = 0x4000000,
	NO_USER_FLAGS = 0x10000000,

	DEBUGGING = RED_ZONE | POISON | STORE_USER,
	KEPT = HWCACHE_ALIGN | CACHE_DMA | CACHE_DMA32 | RECLAIM_ACCOUNT | PANIC | TYPESAFE_BY_RCU | MEM_SPREAD |
	       DEBUG_OBJECTS | NOLEAKTRACE | ACCOUNT | DEBUGGING,
};

static const struct slab_flags flags = {
	.debug_checks = DEBUG_CHECKS,
	.red_zone = RED_ZONE,
	.poison = POISON,
	.hwcache_align = HWCACHE_ALIGN,
	.cache_dma = CACHE_DMA,
	.cache_dma32 = CACHE_DMA32,
	.store_user = STORE_USER,
	.reclaim_account = RECLAIM_ACCOUNT,
	.panic = PANIC,
	.destroy_by_rcu = TYPESAFE_BY_RCU,
	.mem_spread = MEM_SPREAD,
	.trace = TRACE,
	.debug_objects = DEBUG_OBJECTS,
	.no_leak_trace = NOLEAKTRACE,
	.account = ACCOUNT,
	.no_user_flags = NO_USER_FLAGS,
	.objfreelist = 0x40000000,
	.off_slab = 0x80000000,
};

static const u32 sizes[] = { 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192, 0 };

static const struct kmalloc_rules kmalloc_6_1 = {
	.prefix = { [KMALLOC_NORMAL] = "kmalloc-", [KMALLOC_RECLAIM] = "kmalloc-rcl-", [KMALLOC_DMA] = "dma-kmalloc-" },
	.suffix = { "", "", "" },
	.short_names = true,
	.sizes = sizes,
	.first = 64, /* for the lists of a cache */
	.flags = HWCACHE_ALIGN | IS_KMALLOC,
	.type_flags = { [KMALLOC_RECLAIM] = RECLAIM_ACCOUNT, [KMALLOC_DMA] = CACHE_DMA },
	.powers_aligned = true,
	.least_align = 8,
	.usersize = true,
	.most = 8192,
	.pages_above = true,
	.zero = 16,
};

static struct kmem_cache *bootstrap(struct slab_system *s)
{
	struct kmem_cache *cache = kmem_cache_create_early(s, "kmem_cache", s->config->cache_bytes, 8, HWCACHE_ALIGN);

	/* Nobody may share it. */
	if (cache)
		cache->refcount = UINT32_MAX;
	return cache;
}

/* Errors of the kernel: no such flags; no slab holds such an object. */
enum { TOO_BIG = 7, INVALID = 22 };

static bool refuses(struct slab_system *s, const char *name, u64 size, u64 align, u32 wanted)
{
	u64 most = UINT64_C(1) << (s->phys->config->orders - 1 + s->phys->config->page_shift);

	(void)align;
	if (wanted & ~s->config->rules->flags_permitted)
		slab_common_not_created(s, name, wanted, INVALID);
	else if (size == 0 && !s->config->debug)
		slab_common_divide_error(s);
	else if (size > most)
		slab_common_not_created(s, name, wanted, TOO_BIG);
	else
		return size == 0;
	return true;
}

static void stray(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	/* The address is put on the array unseen; what comes of it shows when it goes back. */
	if (cache && slab_of(s, address) != PFN_NONE && !s->state->strayed) {
		s->state->strayed = 1;
		EMIT(s->phys->observer, SLAB_STRAYED, slab_slot(s, cache), address);
		slab_array_free(s, cache, address);
		return;
	}
	if (cache)
		slab_oops(s, address);
	else
		kmalloc_free_unknown(s, address);
}

const struct slab_rules slab_rules_6_1 = {
	.name = "SLAB of 6.1",
	.allocator = SLAB_SLAB,
	.flag = &flags,
	.flags_permitted = KEPT | DEBUG_CHECKS | TRACE | NO_USER_FLAGS,
	.flags_kept = KEPT,
	.flags_debug = DEBUGGING,
	.names_copied = true,
	.zeroes = true,
	.never_merge = DEBUGGING | TRACE | TYPESAFE_BY_RCU | NOLEAKTRACE,
	.merge_same = RECLAIM_ACCOUNT | CACHE_DMA | CACHE_DMA32 | ACCOUNT,
	.merge_aligned = true,
	.kmalloc = &kmalloc_6_1,
	.store = &slab_store_6_1,
	.bootstrap = bootstrap,
	.refuses = refuses,
	.report_busy = slub_report_busy,
	.stray = stray,
	.reap = slab_reap_pass,
	.end_of_grace = slab_grow_end_of_grace,
	.geometry = slab_geometry_6_1,
	.set_up = slab_setup,
	.tear_down = slab_setup_undo,
	.alloc = slab_object_alloc,
	.free = slab_object_free,
	.shrink = slab_reap_shrink,
	.empty = slab_reap_empty,
	.info = slab_look_info,
	.hash = slab_look_hash,
	.check = slab_look_check,
	.objects = slab_look_objects,
};
