/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_2_6.h"

#include "slab/kmem_cache.h"
#include "slab/slab_geometry_2_6.h"
#include "slab/slab_grow.h"
#include "slab/slab_look.h"
#include "slab/slab_object.h"
#include "slab/slab_reap.h"
#include "slab/slab_setup.h"
#include "slab/slab_store.h"

#include <inttypes.h>

#define LARGEST 131072 /* bytes of an object */

/* Values of the flags of kmem_cache_create(). */
enum {
	DEBUG_FREE = 0x100,
	RED_ZONE = 0x400,
	POISON = 0x800,
	HWCACHE_ALIGN = 0x2000,
	CACHE_DMA = 0x4000,
	MUST_HWCACHE_ALIGN = 0x8000,
	STORE_USER = 0x10000,
	RECLAIM_ACCOUNT = 0x20000,
	PANIC = 0x40000,
	DESTROY_BY_RCU = 0x80000,
	MEM_SPREAD = 0x100000,

	DEBUGGING = 0x200 | RED_ZONE | POISON | STORE_USER, /* 0x200: SLAB_DEBUG_INITIAL */
	KNOWN = HWCACHE_ALIGN | CACHE_DMA | MUST_HWCACHE_ALIGN | RECLAIM_ACCOUNT | PANIC | DESTROY_BY_RCU | MEM_SPREAD |
		DEBUGGING,
};

static const struct slab_flags flags = {
	.debug_checks = DEBUG_FREE,
	.red_zone = RED_ZONE,
	.poison = POISON,
	.hwcache_align = HWCACHE_ALIGN,
	.cache_dma = CACHE_DMA,
	.must_hwcache_align = MUST_HWCACHE_ALIGN,
	.store_user = STORE_USER,
	.reclaim_account = RECLAIM_ACCOUNT,
	.panic = PANIC,
	.destroy_by_rcu = DESTROY_BY_RCU,
	.mem_spread = MEM_SPREAD,
	.off_slab = 0x80000000,
};

static const u32 sizes[] = { 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 0 };

static const struct kmalloc_rules kmalloc_2_6 = {
	.prefix = { [KMALLOC_NORMAL] = "size-", [KMALLOC_DMA] = "size-" },
	.suffix = { [KMALLOC_NORMAL] = "", [KMALLOC_DMA] = "(DMA)" },
	.sizes = sizes,
	/* For an array of one object, and for the lists of a cache. */
	.first = 32,
	.second = 64,
	.types_together = true,
	.flags = HWCACHE_ALIGN | PANIC,
	.type_flags = { [KMALLOC_DMA] = CACHE_DMA },
	.most = LARGEST,
};

static struct kmem_cache *bootstrap(struct slab_system *s)
{
	struct kmem_cache *cache = kmem_cache_slot(s, "kmem_cache");
	u32 line = s->config->cache_line_at_boot;

	if (!cache)
		return NULL;
	cache->align = line;
	cache->size = (s->config->cache_bytes + line - 1) / line * line;
	cache->object_size = s->config->debug ? s->config->cache_bytes : cache->size;
	if (s->config->debug)
		cache->object_size = s->config->cache_bytes;
	if (!slab_geometry_2_6_plain(s, cache))
		return NULL;
	cache->reciprocal = kmem_cache_reciprocal(cache->size);
	slab_setup(s, cache);
	kmem_cache_place_early(s, cache);
	kmem_cache_link(s, cache);
	return cache;
}

static bool refuses(struct slab_system *s, const char *name, u64 size, u64 align, u32 wanted)
{
	u32 known = s->config->debug ? KNOWN : KNOWN & ~(u32)DEBUGGING;

	(void)align;
	if (size < s->config->word || size > LARGEST) {
		EMIT(s->phys->observer, CACHE_SIZE_BAD, size, s->config->word, LARGEST);
		slab_printk(s, "kmem_cache_create: Early error in slab %s", name);
		slab_bug(s, "mm/slab.c", 2006);
		return true;
	}
	if (kmem_cache_by_name(s, name)) {
		slab_printk(s, "kmem_cache_create: duplicate cache %s", name);
		return true;
	}
	if (wanted & ~known) {
		EMIT(s->phys->observer, CACHE_FLAGS_BAD, wanted & ~known);
		slab_bug(s, "mm/slab.c", 0);
	}
	return slab_is_down(s);
}

static void report_busy(struct slab_system *s, struct kmem_cache *cache)
{
	slab_printk(s, "slab error in kmem_cache_destroy(): cache `%s': Can't free all objects", cache->name);
}

/* The page's descriptor says that it is in no slab, or in one of another cache. */
static void stray(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	/* A page that is in no slab is found by its flags. */
	if (slab_of(s, address) == PFN_NONE) {
		EMIT(s->phys->observer, SLAB_NO_SLAB, address);
		slab_bug(s, "mm/slab.c", 594);
	} else {
		EMIT(s->phys->observer, SLAB_OTHER_SLAB, slab_slot(s, cache), address);
		slab_bug(s, "mm/slab.c", 0);
	}
}

const struct slab_rules slab_rules_2_6 = {
	.name = "SLAB of 2.6.18",
	.allocator = SLAB_SLAB,
	.flag = &flags,
	.flags_permitted = KNOWN,
	.flags_kept = KNOWN,
	.flags_debug = DEBUGGING,
	.unlinked_first = true,
	.kmalloc = &kmalloc_2_6,
	.store = &slab_store_2_6,
	.bootstrap = bootstrap,
	.refuses = refuses,
	.report_busy = report_busy,
	.stray = stray,
	.reap = slab_reap_pass,
	.end_of_grace = slab_grow_end_of_grace,
	.geometry = slab_geometry_2_6,
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
