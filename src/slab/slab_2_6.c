/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_2_6.h"

#include "slab/kmem_cache.h"
#include "slab/slab_array.h"
#include "slab/slab_geometry_2_6.h"
#include "slab/slab_look.h"
#include "slab/slab_reap.h"
#include "slab/slab_setup.h"
#include "slab/slab_store.h"

#include <inttypes.h>

#define LARGEST 131072 /* bytes of an object */

static const struct slab_flags flags = {
	.debug_checks = 0x100,
	.red_zone = 0x400,
	.poison = 0x800,
	.hwcache_align = 0x2000,
	.cache_dma = 0x4000,
	.must_hwcache_align = 0x8000,
	.store_user = 0x10000,
	.reclaim_account = 0x20000,
	.panic = 0x40000,
	.destroy_by_rcu = 0x80000,
	.mem_spread = 0x100000,
	.off_slab = 0x80000000,
};

static const u32 sizes[] = { 32,   64,   96,   128,   192,   256,   512,    1024,
			     2048, 4096, 8192, 16384, 32768, 65536, 131072, 0 };

static const struct kmalloc_rules kmalloc_2_6 = {
	.prefix = { [KMALLOC_NORMAL] = "size-", [KMALLOC_DMA] = "size-" },
	.suffix = { [KMALLOC_NORMAL] = "", [KMALLOC_DMA] = "(DMA)" },
	.sizes = sizes,
	/* For an array of one object, and for the lists of a cache. */
	.first = 32,
	.second = 64,
	.types_together = true,
	.flags = 0x42000,
	.type_flags = { [KMALLOC_DMA] = 0x4000 },
	.most = LARGEST,
};

static struct kmem_cache *bootstrap(struct slab_system *s)
{
	struct kmem_cache *cache = kmem_cache_slot(s, "kmem_cache");
	u32 line = s->config->cache_line_at_boot;

	if (!cache)
		return NULL;
	cache->align = line;
	cache->object_size = cache->size = (s->config->cache_bytes + line - 1) / line * line;
	if (!slab_geometry_2_6_plain(s, cache))
		return NULL;
	cache->reciprocal = kmem_cache_reciprocal(cache->size);
	slab_setup(s, cache);
	kmem_cache_link(s, cache);
	return cache;
}

static bool refuses(struct slab_system *s, const char *name, u64 size, u64 align, u32 wanted)
{
	(void)align;
	(void)wanted;
	if (size < s->config->word || size > LARGEST) {
		slab_printk(s, "kmem_cache_create: Early error in slab %s", name);
		slab_bug(s, "mm/slab.c", 2006);
		return true;
	}
	if (!kmem_cache_by_name(s, name))
		return false;
	slab_printk(s, "kmem_cache_create: duplicate cache %s", name);
	return true;
}

static void report_busy(struct slab_system *s, struct kmem_cache *cache)
{
	slab_printk(s, "slab error in kmem_cache_destroy(): cache `%s': Can't free all objects", cache->name);
}

/* The page's descriptor says that it is in no slab, or in one of another cache. */
static void stray(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	bool in_slab = slab_of(s, address) != PFN_NONE;

	(void)cache;
	slab_bug(s, "mm/slab.c", in_slab ? 3362 : 594);
}

static void free_object(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	slab_array_free(s, cache, address);
}

const struct slab_rules slab_rules_2_6 = {
	.name = "SLAB of 2.6.18",
	.allocator = SLAB_SLAB,
	.flag = &flags,
	.flags_permitted = 0x1fef00,
	.flags_kept = 0x1fef00,
	.unlinked_first = true,
	.kmalloc = &kmalloc_2_6,
	.store = &slab_store_2_6,
	.bootstrap = bootstrap,
	.refuses = refuses,
	.report_busy = report_busy,
	.stray = stray,
	.reap = slab_reap_pass,
	.geometry = slab_geometry_2_6,
	.set_up = slab_setup,
	.tear_down = slab_setup_undo,
	.alloc = slab_array_alloc,
	.free = free_object,
	.shrink = slab_reap_shrink,
	.empty = slab_reap_empty,
	.info = slab_look_info,
	.hash = slab_look_hash,
	.check = slab_look_check,
	.objects = slab_look_objects,
};
