/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB and kmalloc(): published figures, classes and limits, what kernels refuse, what debugging reports. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/blocklist.h"
#include "phys/page_alloc.h"
#include "procfs/slabinfo.h"
#include "slab/kmalloc.h"
#include "slab/slab_geometry_2_6.h"
#include "slab/slab_geometry_6_1.h"
#include "slab/slab_grow.h"
#include "slab/slab_store.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct slab_system *s;
static struct status st;
static char printed[8192]; /* by the kernel, a newline behind each line */

static void note(void *context, const char *line)
{
	size_t length = strlen(printed);

	(void)context;
	snprintf(printed + length, sizeof printed - length, "%s\n", line);
}

static void boot(const char *name, const char *setting)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, name, &st) && desc_set(&desc, "mem=128M", &st), "%s", st.message);
	ck_assert_msg(!setting || desc_set(&desc, setting, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	s = &m.slab;
	s->printk = note;
	printed[0] = '\0';
}

static void finish(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static gfp_t gfp(const char *name)
{
	gfp_t value = 0;

	ck_assert_msg(gfp_by_name(m.config.gfp, name, &value), "%s", name);
	return value;
}

/* ------------------------------------------------------------- published figures */

struct figure {
	u32 size, objects;
	unsigned order;
};

static void check_2_6(const struct figure *f, size_t count, u32 flags)
{
	for (size_t n = 0; n < count; n++) {
		struct kmem_cache cache = { .object_size = f[n].size, .flags = flags };

		ck_assert(slab_geometry_2_6(s, &cache));
		ck_assert_msg(cache.num == f[n].objects && cache.order == f[n].order,
			      "size %u: %u objects in order %u, published are %u in %u", f[n].size, cache.num,
			      cache.order, f[n].objects, f[n].order);
	}
}

START_TEST(published_i386)
{
	static const struct figure figures[] = { { 32, 113, 0 }, { 64, 59, 0 },  { 96, 40, 0 },
						 { 128, 30, 0 }, { 160, 24, 0 }, { 232, 17, 0 },
						 { 256, 15, 0 }, { 480, 8, 0 },  { 832, 9, 1 } };

	boot("i386-2.6.18", NULL);
	/* A little before 2.6.18 the descriptor had no number of a node. */
	m.slab_config.slab_bytes = 24;
	check_2_6(figures, ARRAY_SIZE(figures), 0);
	machine_free(&m);
}
END_TEST

START_TEST(published_x86_64)
{
	static const struct figure figures[] = {
		{ 32, 112, 0 }, { 72, 53, 0 }, { 128, 30, 0 }, { 224, 17, 0 }, { 600, 6, 0 }
	};
	/* A cache of inodes: no larger slab for the sake of less waste. */
	static const struct figure inodes[] = { { 704, 5, 0 } };

	boot("i386-2.6.18", NULL);
	m.slab_config.word = 8;
	m.slab_config.slab_bytes = 48;
	check_2_6(figures, ARRAY_SIZE(figures), 0);
	check_2_6(inodes, ARRAY_SIZE(inodes), s->config->rules->flag->reclaim_account);
	machine_free(&m);
}
END_TEST

/* The number of CPUs changes the arrays, never the slabs. */
START_TEST(published_indexes_of_a_byte)
{
	static const struct figure figures[] = {
		{ 16, 240, 0 }, { 24, 163, 0 }, { 32, 124, 0 }, { 64, 64, 0 }, { 128, 32, 0 }
	};
	/* With a constructor the list cannot lie in an object, and one that is not looked for leaks has it at hand. */
	static const struct figure constructed[] = {
		{ 16, 240, 0 }, { 24, 163, 0 }, { 32, 124, 0 }, { 64, 63, 0 }, { 128, 31, 0 }
	};
	static const char *const cpus[] = { "cpus=1", "cpus=2", "cpus=64" };

	for (size_t k = 0; k < ARRAY_SIZE(cpus); k++) {
		boot("i386-6.1-slab", cpus[k]);
		for (size_t n = 0; n < ARRAY_SIZE(figures); n++) {
			struct kmem_cache plain = { .object_size = figures[n].size };
			struct kmem_cache with = { .object_size = constructed[n].size, .ctor = CTOR_ZERO };

			with.flags = s->config->rules->flag->no_leak_trace;
			ck_assert(slab_geometry_6_1(s, &plain) && slab_geometry_6_1(s, &with));
			ck_assert_uint_eq(plain.num, figures[n].objects);
			ck_assert_uint_eq(with.num, constructed[n].objects);
		}
		machine_free(&m);
	}
}
END_TEST

/* ------------------------------------------------------------- kmalloc() */

START_TEST(kmalloc_of_2_6)
{
	u64 object;

	boot("i386-2.6.18", NULL);
	object = kmalloc_alloc(s, 0, gfp("GFP_KERNEL"));
	ck_assert_uint_eq(kmalloc_size(s, object), 32);
	ck_assert_str_eq(kmem_cache_of(s, object)->name, "size-32");
	kmalloc_free(s, object);
	object = kmalloc_alloc(s, 33, gfp("GFP_DMA"));
	ck_assert_str_eq(kmem_cache_of(s, object)->name, "size-64(DMA)");
	ck_assert_uint_lt(page_of_address(&m.phys, object), 4096);
	kmalloc_free(s, object);
	object = kmalloc_alloc(s, 131072, gfp("GFP_KERNEL"));
	ck_assert_str_eq(kmem_cache_of(s, object)->name, "size-131072");
	kmalloc_free(s, object);
	ck_assert_uint_eq(kmalloc_alloc(s, 131073, gfp("GFP_KERNEL")), 0);
	ck_assert_str_eq(printed, "");
	finish();
}
END_TEST

START_TEST(kmalloc_of_6_1)
{
	u64 object, moved;

	boot("i386-6.1-slab", NULL);
	ck_assert_uint_eq(kmalloc_alloc(s, 0, gfp("GFP_KERNEL")), 16);
	kmalloc_free(s, 16);
	ck_assert_uint_eq(kmalloc_size(s, 16), 0);
	object = kmalloc_alloc(s, 97, gfp("GFP_KERNEL") | gfp("__GFP_RECLAIMABLE"));
	ck_assert_str_eq(kmem_cache_of(s, object)->name, "kmalloc-rcl-128");
	kmalloc_free(s, object);
	object = kmalloc_alloc(s, 1000, gfp("GFP_KERNEL"));
	ck_assert_str_eq(kmem_cache_of(s, object)->name, "kmalloc-1k");
	/* It grows out of its object, and its bytes come along. */
	page_fill(&m.phys, slab_physical(s, object), 0x77, 1000);
	ck_assert_uint_eq(kmalloc_again(s, object, 1024, gfp("GFP_KERNEL")), object);
	moved = kmalloc_again(s, object, 9000, gfp("GFP_KERNEL"));
	ck_assert_uint_ne(moved, object);
	ck_assert_ptr_null(kmem_cache_of(s, moved));
	ck_assert_uint_eq(kmalloc_size(s, moved), 16384);
	ck_assert_uint_eq(page_load(&m.phys, slab_physical(s, moved + 992), 8), UINT64_C(0x7777777777777777));
	ck_assert_uint_eq(kmalloc_again(s, moved, 0, gfp("GFP_KERNEL")), 16);
	ck_assert_uint_ne(object = kmalloc_alloc(s, UINT64_C(4) << 20, gfp("GFP_KERNEL")), 0);
	kmalloc_free(s, object);
	ck_assert_uint_eq(kmalloc_alloc(s, (UINT64_C(4) << 20) + 1, gfp("GFP_KERNEL")), 0);
	finish();
}
END_TEST

START_TEST(kcalloc_is_zeroed)
{
	static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab" };

	for (size_t k = 0; k < ARRAY_SIZE(machines); k++) {
		u64 object;

		boot(machines[k], NULL);
		object = kmalloc_alloc(s, 64, gfp("GFP_KERNEL"));
		page_fill(&m.phys, slab_physical(s, object), 0xff, 64);
		kmalloc_free(s, object);
		ck_assert_uint_eq(kmalloc_array(s, 8, 8, gfp("GFP_KERNEL")), object);
		for (u64 n = 0; n < 64; n += 8)
			ck_assert_uint_eq(page_load(&m.phys, slab_physical(s, object + n), 8), 0);
		/* The product does not fit in a word. */
		ck_assert_uint_eq(kmalloc_array(s, 0x10000, 0x10001, gfp("GFP_KERNEL")), 0);
		finish();
	}
}
END_TEST

/* ------------------------------------------------------------- what is refused */

START_TEST(refused_by_2_6)
{
	struct kmem_cache *cache;

	boot("i386-2.6.18", NULL);
	ck_assert_ptr_null(kmem_cache_create(s, "small", 3, 0, 0, CTOR_NONE));
	ck_assert_str_eq(printed, "kmem_cache_create: Early error in slab small\n------------[ cut here "
				  "]------------\nkernel BUG at mm/slab.c:2006!\n");
	ck_assert_uint_eq(slab_is_down(s), 1);
	down_forget(s->phys);
	printed[0] = '\0';
	cache = kmem_cache_create(s, "twice", 40, 0, 0, CTOR_NONE);
	ck_assert_ptr_nonnull(cache);
	ck_assert_ptr_null(kmem_cache_create(s, "twice", 40, 0, 0, CTOR_NONE));
	ck_assert_str_eq(printed, "kmem_cache_create: duplicate cache twice\n");
	ck_assert_uint_eq(slab_is_down(s), 0);
	/* The colour was counted up by then. */
	ck_assert_uint_eq(kmem_cache_alloc(s, cache, gfp("GFP_DMA")), 0);
	ck_assert_ptr_nonnull(strstr(printed, "kernel BUG at mm/slab.c:2519!"));
	ck_assert_uint_eq(slab_node(s, cache, 0)->colour_next, cache->slab.colour > 1);
	down_forget(s->phys);
	/* While the array has objects nobody looks. */
	ck_assert_uint_ne(kmem_cache_alloc(s, cache, gfp("GFP_KERNEL")), 0);
	ck_assert_uint_ne(kmem_cache_alloc(s, cache, gfp("GFP_DMA")), 0);
	ck_assert_uint_eq(slab_is_down(s), 0);
	finish();
}
END_TEST

START_TEST(busy_cache_stays)
{
	static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab" };

	for (size_t k = 0; k < ARRAY_SIZE(machines); k++) {
		struct kmem_cache *cache, *other;
		u64 object;

		boot(machines[k], "slab_nomerge=yes");
		cache = kmem_cache_create(s, "busy", 200, 0, 0, CTOR_NONE);
		other = kmem_cache_create(s, "other", 200, 0, 0, CTOR_NONE);
		ck_assert_ptr_eq(kmem_cache_first(s), other);
		object = kmem_cache_alloc(s, cache, gfp("GFP_KERNEL"));
		s->phys->state->owner = 7;
		ck_assert(!kmem_cache_destroy(s, cache));
		ck_assert_str_eq(
		    printed, k ? "------------[ cut here ]------------\n"
				 "kmem_cache_destroy busy: Slab cache still has objects when called from command 7\n"
				 "WARNING: CPU: 0 PID: 1 at mm/slab_common.c kmem_cache_destroy\n"
				 "---[ end trace 0000000000000000 ]---\n"
			       : "slab error in kmem_cache_destroy(): cache `busy': Can't free all objects\n");
		/* 2.6 takes it off the chain first, and puts it back at the head. */
		ck_assert_ptr_eq(kmem_cache_first(s), k ? other : cache);
		kmem_cache_free(s, cache, object);
		ck_assert(k || kmem_cache_destroy(s, cache));
		finish();
	}
}
END_TEST

START_TEST(like_caches_are_one)
{
	struct kmem_cache *first, *second;

	boot("i386-6.1-slab", NULL);
	first = kmem_cache_create(s, "first", 60, 0, 0, CTOR_NONE);
	second = kmem_cache_create(s, "second", 64, 0, 0, CTOR_NONE);
	ck_assert_ptr_eq(first, second);
	ck_assert_uint_eq(first->refcount, 2);
	ck_assert_uint_eq(first->object_size, 64);
	ck_assert_ptr_ne(kmem_cache_create(s, "aligned", 64, 64, 0, CTOR_NONE), first);
	ck_assert_ptr_ne(kmem_cache_create(s, "made", 64, 0, 0, CTOR_ZERO), first);
	ck_assert_ptr_ne(kmem_cache_create(s, "reclaimed", 64, 0, 0x20000, CTOR_NONE), first);
	ck_assert(kmem_cache_destroy(s, second));
	ck_assert_ptr_eq(kmem_cache_by_name(s, "first"), first);
	ck_assert(kmem_cache_destroy(s, first));
	ck_assert_ptr_null(kmem_cache_by_name(s, "first"));
	finish();
}
END_TEST

/* Without debugging the object lies in the array twice, and is handed out twice. */
START_TEST(double_free_unnoticed)
{
	struct kmem_cache *cache;
	u64 object;

	boot("i386-2.6.18", NULL);
	cache = kmem_cache_create(s, "twice", 60, 0, 0, CTOR_NONE);
	object = kmem_cache_alloc(s, cache, gfp("GFP_KERNEL"));
	kmem_cache_free(s, cache, object);
	kmem_cache_free(s, cache, object);
	ck_assert_uint_eq(kmem_cache_alloc(s, cache, gfp("GFP_KERNEL")), object);
	ck_assert_uint_eq(kmem_cache_alloc(s, cache, gfp("GFP_KERNEL")), object);
	ck_assert_str_eq(printed, "");
	finish();
}
END_TEST

/* A list of free objects that was written over is followed no further than the slab. */
START_TEST(wild_list_is_an_oops)
{
	static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab" };

	for (size_t k = 0; k < ARRAY_SIZE(machines); k++) {
		struct kmem_cache *cache;
		struct page *slab;
		u64 object;

		boot(machines[k], NULL);
		cache = kmem_cache_create(s, "spoilt", 300, 0, 0, CTOR_NONE);
		object = kmem_cache_alloc(s, cache, gfp("GFP_KERNEL"));
		kmem_cache_free(s, cache, object);
		kmem_cache_shrink(s, cache);
		ck_assert(slab_grow(s, cache, gfp("GFP_KERNEL")));
		slab = page_find(&m.phys, slab_node(s, cache, 0)->list[SLAB_LIST_FREE].head);
		page_fill(&m.phys, slab_physical(s, slab->slab.freelist), 0xfe, cache->slab.management);
		s->state->poked = 1;
		ck_assert_uint_eq(kmem_cache_alloc(s, cache, gfp("GFP_KERNEL")), 0);
		ck_assert_uint_eq(slab_is_down(s), 1);
		ck_assert_ptr_eq(strstr(printed, "BUG: unable to handle"), printed);
		machine_free(&m);
	}
}
END_TEST

/* ------------------------------------------------------------- slabs that readers may still look at */

START_TEST(rcu_keeps_pages)
{
	struct kmem_cache *cache;
	u32 rcu, slabs;

	boot("i386-2.6.18", NULL);
	rcu = s->config->rules->flag->destroy_by_rcu;
	cache = kmem_cache_create(s, "read", 1000, 0, rcu, CTOR_NONE);
	kmem_cache_free(s, cache, kmem_cache_alloc(s, cache, gfp("GFP_KERNEL")));
	slabs = slab_node(s, cache, 0)->nr_slabs;
	ck_assert_uint_eq(slabs, 1);
	kmem_cache_shrink(s, cache);
	ck_assert_uint_eq(slab_node(s, cache, 0)->nr_slabs, slabs);
	ck_assert(invariants_hold(&m, &st));
	kmem_cache_end_of_grace(s);
	ck_assert_uint_eq(slab_node(s, cache, 0)->nr_slabs, 0);
	ck_assert(kmem_cache_destroy(s, cache));
	finish();
}
END_TEST

/* ------------------------------------------------------------- debugging */

/* The same steps as in the recordings `debug-poison` and `poison`, whose console texts have these lines. */
static void overrun_and_use_after_free(u64 *second, u64 *third)
{
	struct kmem_cache *cache = kmem_cache_create(s, "over", 24, 0, 0, CTOR_NONE);
	u64 object = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));

	page_fill(&m.phys, slab_physical(s, object + 24), 0x58, 1);
	kmem_cache_free(s, cache, object);
	*second = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	*third = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	kmem_cache_free(s, cache, *second);
	page_fill(&m.phys, slab_physical(s, *second + 3), 0x59, 1);
	ck_assert_uint_eq(kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC")), object);
}

START_TEST(reports_of_2_6)
{
	char expected[2048];
	u64 object, before;

	boot("i386-2.6.18", "slab_debug=yes");
	m.phys.state->owner = 0x2a;
	overrun_and_use_after_free(&object, &before);
	snprintf(expected, sizeof expected,
		 "slab error in verify_redzone_free(): cache `over': memory outside object was overwritten\n"
		 "%08" PRIx64 ": redzone 1:0x170fc2a5, redzone 2:0x170fc258.\n"
		 "Slab corruption: start=%08" PRIx64 ", len=24\n"
		 "Redzone: 0x5a2cf071/0x5a2cf071.\n"
		 "Last user: [<0000002a>]\n"
		 "000: 6b 6b 6b 59 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b\n"
		 "Prev obj: start=%08" PRIx64 ", len=24\n"
		 "Redzone: 0x170fc2a5/0x170fc2a5.\n"
		 "Last user: [<0000002a>]\n"
		 "000: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a\n"
		 "010: 5a 5a 5a 5a 5a 5a 5a a5\n"
		 "Next obj: start=%08" PRIx64 ", len=24\n"
		 "Redzone: 0x5a2cf071/0x5a2cf071.\n"
		 "Last user: [<00000000>]\n"
		 "000: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b\n"
		 "010: 6b 6b 6b 6b 6b 6b 6b a5\n",
		 object - 4, object, before, object + 36);
	ck_assert_str_eq(printed, expected);
	finish();
}
END_TEST

START_TEST(reports_of_6_1)
{
	char expected[2048];
	u64 object, before;

	boot("i386-6.1-slab", "slab_debug=yes");
	m.phys.state->owner = 0x2a;
	overrun_and_use_after_free(&object, &before);
	snprintf(expected, sizeof expected,
		 "slab error in verify_redzone_free(): cache `over': memory outside object was overwritten\n"
		 "%08" PRIx64 ": redzone 1:0xd84156c5635688c0, redzone 2:0xd84156c563568858\n"
		 "Slab corruption (Tainted: G    B             ): over start=%08" PRIx64 ", len=24\n"
		 "Redzone: 0x9f911029d74e35b/0x9f911029d74e35b\n"
		 "Last user: (0x2a)\n"
		 "000: 6b 6b 6b 59 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkYkkkkkkkkkkkk\n"
		 "Prev obj: start=%08" PRIx64 ", len=24\n"
		 "Redzone: 0xd84156c5635688c0/0xd84156c5635688c0\n"
		 "Last user: (0x2a)\n"
		 "000: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZZZZZZZZZ\n"
		 "010: 5a 5a 5a 5a 5a 5a 5a a5                          ZZZZZZZ.\n"
		 "Next obj: start=%08" PRIx64 ", len=24\n"
		 "Redzone: 0x9f911029d74e35b/0x9f911029d74e35b\n"
		 "Last user: (0x0)\n"
		 "000: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		 "010: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n",
		 object - 8, object, before, object + 48);
	ck_assert_str_eq(printed, expected);
	finish();
}
END_TEST

START_TEST(double_free_reported)
{
	struct kmem_cache *cache;
	u64 object;

	boot("i386-2.6.18", "slab_debug=yes");
	cache = kmem_cache_create(s, "twice", 60, 0, 0, CTOR_NONE);
	object = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	kmem_cache_free(s, cache, object);
	kmem_cache_free(s, cache, object);
	ck_assert_ptr_nonnull(
	    strstr(printed, "slab error in verify_redzone_free(): cache `twice': double free detected\n"));
	ck_assert_ptr_nonnull(strstr(printed, ": redzone 1:0x5a2cf071, redzone 2:0x5a2cf071.\n"));
	/* No object begins in the middle of one. */
	kmem_cache_free(s, cache, object + 8);
	ck_assert_uint_eq(slab_is_down(s), 1);
	machine_free(&m);
}
END_TEST

/* A slab that is given back is looked at once more. */
START_TEST(damage_seen_at_the_end)
{
	struct kmem_cache *cache;
	u64 object;

	boot("i386-6.1-slab", "slab_debug=yes");
	cache = kmem_cache_create(s, "late", 100, 0, 0, CTOR_NONE);
	object = kmem_cache_alloc(s, cache, gfp("GFP_KERNEL"));
	kmem_cache_free(s, cache, object);
	page_fill(&m.phys, slab_physical(s, object + 10), 0x6a, 1);
	page_fill(&m.phys, slab_physical(s, object - 1), 0, 1);
	kmem_cache_shrink(s, cache);
	ck_assert_ptr_eq(strstr(printed, "Slab corruption (Not tainted): late start="), printed);
	ck_assert_ptr_nonnull(strstr(printed, "Single bit error detected. Probably bad RAM.\n"));
	ck_assert_ptr_nonnull(
	    strstr(printed,
		   "slab error in slab_destroy_debugcheck(): cache `late': start of a freed object was overwritten\n"));
	finish();
}
END_TEST

/*
 * The statistics in /proc/slabinfo of the cache "over" in the recording
 * debug-poison, whose objects are damaged as there.  The column of errors stays 0.
 */
START_TEST(statistics_as_recorded)
{
	static const char recorded[] = " : globalstat      16     16     1    0 \t\t\t\t   0    0    0    0    0"
				       " : cpustat      4      1      5      0\n";
	struct strbuf out = STRBUF_INIT;
	struct kmem_cache *cache;
	u64 object[4];

	boot("i386-2.6.18", "slab_debug=yes");
	cache = kmem_cache_create(s, "over", 24, 0, 0x10c00, CTOR_NONE);
	ck_assert_ptr_nonnull(cache);
	object[0] = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	page_store(&m.phys, slab_physical(s, object[0]) + 24, 0x58, 1);
	kmem_cache_free(s, cache, object[0]);
	ck_assert_ptr_nonnull(strstr(printed, "memory outside object was overwritten"));
	object[0] = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	object[1] = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	kmem_cache_free(s, cache, object[0]);
	page_store(&m.phys, slab_physical(s, object[0]) + 3, 0x59, 1);
	object[2] = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	ck_assert_uint_eq(object[2], object[0]);
	ck_assert_ptr_nonnull(strstr(printed, "Slab corruption"));
	object[3] = kmem_cache_alloc(s, cache, gfp("GFP_ATOMIC"));
	kmem_cache_free(s, cache, object[2]);
	kmem_cache_free(s, cache, object[1]);
	kmem_cache_free(s, cache, object[3]);
	slabinfo_print(&m, &out);
	ck_assert_ptr_nonnull(strstr(strstr(strbuf_str(&out), "over "), recorded));
	strbuf_free(&out);
	finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slab");
	TCase *tc = tcase_create("slab");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, statistics_as_recorded);
	tcase_add_test(tc, published_i386);
	tcase_add_test(tc, published_x86_64);
	tcase_add_test(tc, published_indexes_of_a_byte);
	tcase_add_test(tc, kmalloc_of_2_6);
	tcase_add_test(tc, kmalloc_of_6_1);
	tcase_add_test(tc, kcalloc_is_zeroed);
	tcase_add_test(tc, refused_by_2_6);
	tcase_add_test(tc, busy_cache_stays);
	tcase_add_test(tc, like_caches_are_one);
	tcase_add_test(tc, double_free_unnoticed);
	tcase_add_test(tc, wild_list_is_an_oops);
	tcase_add_test(tc, rcu_keeps_pages);
	tcase_add_test(tc, reports_of_2_6);
	tcase_add_test(tc, reports_of_6_1);
	tcase_add_test(tc, double_free_reported);
	tcase_add_test(tc, damage_seen_at_the_end);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
