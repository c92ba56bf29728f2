/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLUB at work: who gets which object, merging, and what the kernel prints of damage. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "slab/kmalloc.h"
#include "slab/slub_geometry.h"
#include "slab/slub_info.h"
#include "slab/slub_slab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ALL_CHECKS (SLUB_CONSISTENCY_CHECKS | SLUB_RED_ZONE | SLUB_POISON | SLUB_STORE_USER)

static struct machine m;
static struct slab_system *const s = &m.slab;
static struct status st;
static struct strbuf printed;

static void take_line(void *context, const char *line)
{
	strbuf_puts(context, line);
	strbuf_putc(context, '\n');
}

static void boot_with(const char *setting)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, "x86_64-6.1-slub", &st) && desc_set(&desc, "mem=256M", &st) &&
			  desc_set(&desc, setting, &st) && machine_boot(&m, &desc, NULL, &st),
		      "%s", st.message);
	s->printk = take_line;
	s->printk_context = &printed;
}

static void boot(void)
{
	boot_with("cpus=1");
}

static void halt(void)
{
	if (!slab_is_down(s))
		ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
	strbuf_free(&printed);
}

static gfp_t gfp(const char *name)
{
	gfp_t value = 0;

	ck_assert(gfp_by_name(m.config.gfp, name, &value));
	return value;
}

static u64 get(struct kmem_cache *cache)
{
	return kmem_cache_alloc(s, cache, gfp("GFP_KERNEL"));
}

static void poke(u64 address, u8 byte)
{
	ck_assert(page_fill(&m.phys, slab_physical(s, address), byte, 1));
}

static u8 peek(u64 address)
{
	u8 byte;

	page_read(&m.phys, slab_physical(s, address), &byte, 1);
	return byte;
}

static void has_printed(const char *text)
{
	ck_assert_msg(strstr(strbuf_str(&printed), text) != NULL, "not printed: %s\nbut:\n%s", text,
		      strbuf_str(&printed));
}

static struct kmem_cache *make(const char *name, u64 size, u32 flags)
{
	struct kmem_cache *cache = kmem_cache_create(s, name, size, 0, flags, CTOR_NONE);

	ck_assert_ptr_nonnull(cache);
	return cache;
}

/* ------------------------------------------------------------- who gets which object */

/* A new slab is used from its start; what comes back goes out first. */
START_TEST(order_of_objects)
{
	struct kmem_cache *cache = make("walk", 512, 0);
	u64 a = get(cache), b = get(cache), c = get(cache);

	ck_assert_uint_eq(b, a + 512);
	ck_assert_uint_eq(c, a + 1024);
	kmem_cache_free(s, cache, a);
	kmem_cache_free(s, cache, c);
	ck_assert_uint_eq(get(cache), c);
	ck_assert_uint_eq(get(cache), a);
	ck_assert_uint_eq(get(cache), a + 3 * 512);
}
END_TEST

/* The free pointer lies in the middle of the object, and stays there when it is handed out. */
START_TEST(free_pointer)
{
	struct kmem_cache *cache = make("walk", 512, 0);
	u64 a = get(cache);

	ck_assert_uint_eq(page_load(&m.phys, slab_physical(s, a + 256), 8), a + 512);
	kmem_cache_free(s, cache, a);
	ck_assert_uint_eq(slub_object_peek(s, cache, a), a + 512);
}
END_TEST

/* A slab that becomes empty goes back at once if there are min_partial partial ones, itself among them. */
START_TEST(empty_slabs)
{
	struct kmem_cache *cache = make("walk", 512, 0);
	u64 object[80];
	struct slab_info info;

	for (unsigned n = 0; n < 80; n++)
		object[n] = get(cache);
	for (unsigned n = 0; n < 80; n++)
		kmem_cache_free(s, cache, object[n]);
	s->config->rules->info(s, cache, &info);
	/* Four on the node's list, and that of the CPU. */
	ck_assert_uint_eq(cache->slub.min_partial, 5);
	ck_assert_uint_eq(info.num_slabs, 5);
	ck_assert_uint_eq(info.inuse, 0);
	ck_assert_int_eq(kmem_cache_shrink(s, cache), 0);
	s->config->rules->info(s, cache, &info);
	ck_assert_uint_eq(info.num_slabs, 0);
}
END_TEST

/* Shrinking puts the fullest slabs first. */
START_TEST(shrink_sorts)
{
	struct kmem_cache *cache = make("walk", 512, 0);
	u64 object[32];
	pfn_t first;

	for (unsigned n = 0; n < 32; n++)
		object[n] = get(cache);
	for (unsigned n = 0; n < 4; n++)
		kmem_cache_free(s, cache, object[n]);
	kmem_cache_free(s, cache, object[8]);
	ck_assert_int_eq(kmem_cache_shrink(s, cache), 1);
	first = slab_node(s, cache, 0)->list[SLAB_LIST_PARTIAL].head;
	ck_assert_uint_eq(first, slab_of(s, object[8]));
	ck_assert_uint_eq(get(cache), object[8]);
	ck_assert_uint_eq(get(cache), object[3]);
}
END_TEST

/* Pages that readers may still look at go back when a grace period is over. */
START_TEST(grace_period)
{
	struct kmem_cache *cache = make("readers", 4000, SLUB_TYPESAFE_BY_RCU);
	u64 a = get(cache);
	pfn_t pfn = slab_of(s, a);
	struct slab_info info;

	kmem_cache_free(s, cache, a);
	ck_assert_int_eq(kmem_cache_shrink(s, cache), 0);
	s->config->rules->info(s, cache, &info);
	ck_assert_uint_eq(info.num_slabs, 0);
	ck_assert_uint_ne(m.phys.frame[pfn].flags & FRAME_HEAD, 0);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	kmem_cache_end_of_grace(s);
	ck_assert_uint_eq(m.phys.frame[pfn].flags & FRAME_HEAD, 0);
	kmem_cache_free(s, cache, get(cache));
	ck_assert_int_eq(kmem_cache_shrink(s, cache), 0);
	ck_assert(kmem_cache_destroy(s, cache));
}
END_TEST

/* With two CPUs a slab freed to by the other one is kept by that CPU. */
START_TEST(two_cpus)
{
	struct kmem_cache *cache;
	u64 object[64];

	halt();
	boot_with("cpus=2");
	cache = make("walk", 512, 0);
	for (unsigned n = 0; n < 64; n++)
		object[n] = get(cache);
	m.phys.state->cpu = 1;
	kmem_cache_free(s, cache, object[0]);
	ck_assert_uint_eq(slab_cpu(s, cache, 1)->partial.count, 1);
	ck_assert_uint_eq(slab_cpu(s, cache, 1)->partial.head, slab_of(s, object[0]));
	ck_assert_uint_eq(slab_node(s, cache, 0)->nr_partial, 0);
	ck_assert_uint_eq(get(cache), object[0]);
}
END_TEST

/* Constructors run once, when the slab is made. */
START_TEST(constructor)
{
	struct kmem_cache *cache = kmem_cache_create(s, "made", 40, 0, 0, CTOR_PATTERN);
	u64 a = get(cache);

	ck_assert_uint_eq(peek(a), KMEM_CACHE_PATTERN);
	ck_assert_uint_eq(peek(a + 39), KMEM_CACHE_PATTERN);
	poke(a, 1);
	kmem_cache_free(s, cache, a);
	ck_assert_uint_eq(get(cache), a);
	ck_assert_uint_eq(peek(a), 1);
}
END_TEST

/* ------------------------------------------------------------- merging */

START_TEST(merging)
{
	struct kmem_cache *a = make("a", 100, 0), *b = make("b", 104, 0);

	ck_assert_ptr_eq(a, b);
	ck_assert_uint_eq(a->refcount, 2);
	ck_assert_uint_eq(a->object_size, 104);
	ck_assert_ptr_ne(make("c", 100, SLUB_RECLAIM_ACCOUNT), a);
	ck_assert_ptr_ne(make("d", 100, SLUB_POISON), a);
	ck_assert_ptr_ne(kmem_cache_create(s, "e", 100, 0, 0, CTOR_ZERO), a);
	/* A word less is left over: it does not fit well enough. */
	ck_assert_ptr_ne(make("f", 96, 0), a);
	ck_assert(kmem_cache_destroy(s, a));
	ck_assert_ptr_eq(kmem_cache_by_name(s, "a"), a);
	ck_assert(kmem_cache_destroy(s, a));
	ck_assert_ptr_null(kmem_cache_by_name(s, "a"));
}
END_TEST

/* ------------------------------------------------------------- kmalloc */

/* A cache that is shared with one of boot has that one's descriptor: an address, by which it is found. */
START_TEST(merging_with_boot)
{
	struct kmem_cache *shared = kmem_cache_create(s, "mine", 64, 0, 0, CTOR_NONE);

	ck_assert_ptr_nonnull(shared);
	ck_assert_str_eq(shared->name, "vmap_area");
	ck_assert_uint_ne(shared->at, 0);
	ck_assert_ptr_eq(kmem_cache_by_address(s, shared->at), shared);
	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		ck_assert_ptr_eq(kmem_cache_by_address(s, c->at), c);
	ck_assert(kmem_cache_destroy(s, shared));
}
END_TEST

START_TEST(kmalloc_classes)
{
	static const struct {
		u64 bytes;
		const char *gfp, *cache;
	} classes[] = {
		{ 1, "GFP_KERNEL", "kmalloc-8" },      { 8, "GFP_KERNEL", "kmalloc-8" },
		{ 65, "GFP_KERNEL", "kmalloc-96" },    { 129, "GFP_KERNEL", "kmalloc-192" },
		{ 193, "GFP_KERNEL", "kmalloc-256" },  { 8192, "GFP_KERNEL", "kmalloc-8k" },
		{ 1000, "GFP_DMA", "dma-kmalloc-1k" }, { 100, "__GFP_RECLAIMABLE", "kmalloc-rcl-128" },
	};

	for (size_t n = 0; n < ARRAY_SIZE(classes); n++) {
		u64 address = kmalloc_alloc(s, classes[n].bytes, gfp(classes[n].gfp));

		ck_assert_str_eq(kmem_cache_of(s, address)->name, classes[n].cache);
		kmalloc_free(s, address);
	}
}
END_TEST

START_TEST(kmalloc_large)
{
	u64 address = kmalloc_alloc(s, 8193, gfp("GFP_KERNEL"));

	ck_assert_ptr_null(kmem_cache_of(s, address));
	ck_assert_uint_eq(kmalloc_size(s, address), 16384);
	kmalloc_free(s, address);
	ck_assert_uint_eq(kmalloc_alloc(s, (4 << 20) + 1, gfp("GFP_KERNEL")), 0);
	ck_assert_uint_ne(kmalloc_alloc(s, 4 << 20, gfp("GFP_KERNEL")), 0);
	ck_assert_uint_eq(kmalloc_alloc(s, 0, gfp("GFP_KERNEL")), 16);
}
END_TEST

/* ------------------------------------------------------------- damage */

START_TEST(overflow)
{
	struct kmem_cache *cache = make("buffers", 24, ALL_CHECKS);
	u64 a = get(cache);

	poke(a + 24, 'X');
	kmem_cache_free(s, cache, a);
	has_printed("BUG buffers (Not tainted): Right Redzone overwritten\n");
	has_printed(". First byte 0x58 instead of 0xcc\n");
	has_printed("Redzone  ");
	has_printed("FIX buffers: Restoring Right Redzone ");
	has_printed("FIX buffers: Object at 0x");
	has_printed(" not freed\n");
	ck_assert_uint_eq(peek(a + 24), 0xcc);
	strbuf_clear(&printed);
	poke(a - 1, 'X');
	kmem_cache_free(s, cache, a);
	has_printed("BUG buffers (Tainted: G    B             ): Left Redzone overwritten\n");
}
END_TEST

START_TEST(use_after_free)
{
	struct kmem_cache *cache = make("buffers", 24, ALL_CHECKS);
	u64 a = get(cache), b = get(cache);

	ck_assert_uint_ne(a, b);
	kmem_cache_free(s, cache, a);
	ck_assert_uint_eq(peek(a), 0x6b);
	ck_assert_uint_eq(peek(a + 23), 0xa5);
	poke(a + 3, 'Y');
	/* It is seen when it would be handed out: the slab is not to be trusted any more. */
	ck_assert_uint_ne(get(cache), a);
	has_printed("BUG buffers (Not tainted): Poison overwritten\n");
	has_printed("FIX buffers: Marking all objects used\n");
}
END_TEST

START_TEST(double_free)
{
	struct kmem_cache *cache = make("buffers", 24, ALL_CHECKS);
	u64 a = get(cache), b;

	kmem_cache_free(s, cache, a);
	kmem_cache_free(s, cache, a);
	has_printed("BUG buffers (Not tainted): Slab has 0 allocated objects but 1 are to be freed\n");
	b = get(cache);
	a = get(cache);
	kmem_cache_free(s, cache, a);
	kmem_cache_free(s, cache, a);
	has_printed("BUG buffers (Tainted: G    B             ): Object already free\n");
	kmem_cache_free(s, cache, b);
	strbuf_clear(&printed);
	a = get(cache);
	kmem_cache_free(s, cache, a + 8);
	has_printed("BUG buffers (Tainted: G    B             ): Invalid object pointer 0x");
}
END_TEST

START_TEST(padding)
{
	struct kmem_cache *cache = make("buffers", 1000, ALL_CHECKS);
	u64 a = get(cache), end = slab_address(s, slab_of(s, a)) + (UINT64_C(4096) << cache->order);

	poke(end - 1, 'Q');
	kmem_cache_free(s, cache, a);
	has_printed("Padding overwritten. 0x");
	has_printed("FIX buffers: Restoring slab padding ");
	ck_assert_uint_eq(peek(end - 1), 0x5a);
}
END_TEST

START_TEST(wrong_cache)
{
	struct kmem_cache *cache = make("buffers", 24, ALL_CHECKS), *other = make("others", 24, ALL_CHECKS);
	struct slab_info info;
	u64 a = get(cache);

	kmem_cache_free(s, other, a);
	has_printed("cache_from_obj: Wrong slab cache. others but object is from buffers\n");
	s->config->rules->info(s, cache, &info);
	ck_assert_uint_eq(info.inuse, 0);
}
END_TEST

/* A cache with objects in use stays, and says which they are, and who has them. */
START_TEST(remaining)
{
	struct kmem_cache *cache = make("buffers", 24, ALL_CHECKS);

	m.phys.state->owner = 12;
	ck_assert_uint_ne(get(cache), 0);
	ck_assert(!kmem_cache_destroy(s, cache));
	has_printed("BUG buffers (Not tainted): Objects remaining in buffers on __kmem_cache_shutdown()\n");
	has_printed(" @offset=8\nAllocated in command 12 age=0 cpu=0 pid=1\n");
	has_printed("kmem_cache_destroy buffers: Slab cache still has objects when called from ");
}
END_TEST

/* Without checks a free pointer that was written over is followed. */
START_TEST(wild_pointer)
{
	struct kmem_cache *cache = make("walk", 512, 0);
	u64 a = get(cache);

	kmem_cache_free(s, cache, a);
	page_store(&m.phys, slab_physical(s, a + 256), UINT64_C(0x4141414141414141), 8);
	ck_assert_uint_eq(get(cache), a);
	ck_assert_uint_eq(get(cache), 0);
	has_printed("general protection fault, probably for non-canonical address 0x4141414141414241");
	ck_assert_uint_eq(slab_is_down(s), 1);
}
END_TEST

/* The same object twice: it is handed out twice. */
START_TEST(unchecked_double_free)
{
	struct kmem_cache *cache = make("walk", 512, 0);
	u64 a = get(cache);

	kmem_cache_free(s, cache, a);
	kmem_cache_free(s, cache, a);
	ck_assert_uint_eq(get(cache), a);
	ck_assert_uint_eq(get(cache), a);
	ck_assert_str_eq(strbuf_str(&printed), "");
}
END_TEST

START_TEST(refused)
{
	ck_assert_ptr_null(kmem_cache_create(s, "vast", UINT64_C(5) << 20, 0, 0, CTOR_NONE));
	has_printed("kmem_cache_create_usercopy(vast) failed with error -22\n");
	strbuf_clear(&printed);
	make("once", 24, SLUB_POISON);
	ck_assert_ptr_null(kmem_cache_create(s, "once", 24, 0, SLUB_POISON, CTOR_NONE));
	has_printed("sysfs: cannot create duplicate filename '/kernel/slab/once'\n");
	has_printed("kmem_cache_create_usercopy(once) failed with error -17\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slub");
	TCase *test = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(test, boot, halt);
	tcase_add_test(test, order_of_objects);
	tcase_add_test(test, free_pointer);
	tcase_add_test(test, empty_slabs);
	tcase_add_test(test, shrink_sorts);
	tcase_add_test(test, grace_period);
	tcase_add_test(test, two_cpus);
	tcase_add_test(test, constructor);
	tcase_add_test(test, merging);
	tcase_add_test(test, merging_with_boot);
	tcase_add_test(test, kmalloc_classes);
	tcase_add_test(test, kmalloc_large);
	tcase_add_test(test, overflow);
	tcase_add_test(test, use_after_free);
	tcase_add_test(test, double_free);
	tcase_add_test(test, padding);
	tcase_add_test(test, wrong_cache);
	tcase_add_test(test, remaining);
	tcase_add_test(test, wild_pointer);
	tcase_add_test(test, unchecked_double_free);
	tcase_add_test(test, refused);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
