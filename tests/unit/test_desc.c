/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machine descriptions: the ones compiled in, files, settings, and what is refused. */
#include "base/units.h"
#include "machine/desc.h"
#include "tests/temp.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct machine_desc desc;
static struct status st;
static char folder[TEMP_PATH], path[TEMP_INSIDE];

static void setup(void)
{
	memset(&st, 0, sizeof st);
	ck_assert_msg(desc_load(&desc, "i386-2.6.18", &st), "%s", st.message);
	ck_assert_ptr_nonnull(mkdtemp(temp_name(folder, "desc")));
	snprintf(path, sizeof path, "%s/own.ini", folder);
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
}

static void write_ini(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(all_machines_load)
{
	size_t count;
	const char *const *names = desc_names(&count);

	ck_assert_uint_eq(count, 6);
	ck_assert_str_eq(names[0], "i386-2.6.18");
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(desc_load(&desc, names[i], &st), "%s", st.message);
		ck_assert_str_eq(desc.name, names[i]);
		ck_assert_str_eq(desc.source, names[i]);
		ck_assert_str_eq(desc.settings, "");
		ck_assert_str_ne(desc.title, "");
	}
}
END_TEST

START_TEST(default_machine)
{
	ck_assert_str_eq(desc.kernel, "2.6.18");
	ck_assert_int_eq(desc.boot, BOOT_2_6);
	ck_assert_uint_eq(desc.mem, GIB);
	ck_assert_uint_eq(desc.lowmem_limit, 896 * MIB);
	ck_assert_uint_eq(desc.page_offset, 0xc0000000);
	ck_assert_uint_eq(desc.orders, 11);
	ck_assert(!desc.migratetypes);
	ck_assert_uint_eq(desc.zones.count, 4);
	ck_assert_str_eq(desc.zones.zone[2].name, "Normal");
	ck_assert_uint_eq(desc.zones.zone[2].end, DESC_TO_LOWMEM);
	ck_assert_uint_eq(desc.zones.zone[3].end, DESC_TO_END);
	ck_assert_uint_eq(desc.lowmem_reserve_ratio[2], 32);
	ck_assert_uint_eq(desc.lowmem_reserve_ratio[3], 0);
}
END_TEST

START_TEST(settings)
{
	ck_assert(desc_set(&desc, "mem=512M", &st));
	ck_assert(desc_set(&desc, "zones=Low 1M, High", &st));
	ck_assert(desc_set(&desc, "migratetypes=yes", &st));
	ck_assert(desc_set(&desc, "lowmem_reserve_ratio=1, 2", &st));
	ck_assert(desc_set(&desc, "reserved=1M-2M, 0x300000-4M", &st));
	ck_assert_uint_eq(desc.mem, 512 * MIB);
	ck_assert_uint_eq(desc.zones.count, 2);
	ck_assert_str_eq(desc.zones.zone[0].name, "Low");
	ck_assert_uint_eq(desc.zones.zone[0].end, MIB);
	ck_assert(desc.migratetypes);
	ck_assert_uint_eq(desc.lowmem_reserve_ratio[1], 2);
	ck_assert_uint_eq(desc.lowmem_reserve_ratio[2], 0);
	ck_assert_uint_eq(desc.reserved.count, 2);
	ck_assert_uint_eq(desc.reserved.range[1].start, 3 * MIB);
	ck_assert_str_eq(desc.settings, "mem=512M\nzones=Low 1M, High\nmigratetypes=yes\nlowmem_reserve_ratio=1, 2\n"
					"reserved=1M-2M, 0x300000-4M\n");
	ck_assert(desc_set(&desc, "reserved=", &st));
	ck_assert_uint_eq(desc.reserved.count, 0);
}
END_TEST

START_TEST(mem_and_memory_replace_each_other)
{
	ck_assert(desc_set(&desc, "memory=0-640K, 1M-64M", &st));
	ck_assert_uint_eq(desc.mem, 0);
	ck_assert_uint_eq(desc.memory.count, 2);
	ck_assert(desc_set(&desc, "mem=32M", &st));
	ck_assert_uint_eq(desc.memory.count, 0);
}
END_TEST

/* Settings that are refused, and a part of what is said. */
static const struct {
	const char *setting, *says;
} bad_settings[] = {
	{ "mem", "KEY=VALUE" },
	{ "=1", "KEY=VALUE" },
	{ "memm=1G", "did you mean `mem'" },
	{ "page_sizes=1", "did you mean `page_size'" },
	{ "xyzzy=1", "no key `xyzzy'" },
	{ "a_key_that_is_longer_than_any_key_there_is=1", "no key" },
	{ "mem=0", "from 1 to 16T" },
	{ "mem=17T", "from 1 to 16T" },
	{ "mem=lots", "no size" },
	{ "mem=", "no size" },
	{ "cpus=0", "from 1 to 64" },
	{ "cpus=65", "from 1 to 64" },
	{ "nodes=9", "from 1 to 8" },
	{ "orders=25", "from 0 to 24" },
	{ "boot=2.4", "2.6, 6.1 and textbook" },
	{ "migratetypes=perhaps", "yes or no" },
	{ "zones=A, B, C, D, E", "too many" },
	{ "zones=A, ", "1 to 11 letters" },
	{ "zones=Normal below", "NAME END" },
	{ "reserved=1M", "FROM-TO" },
	{ "reserved=2M-1M", "FROM-TO" },
	{ "lowmem_reserve_ratio=1, 2, 3, 4, 5", "too many" },
	{ "kernel=a kernel with a very long name", "too long" },
};

START_TEST(bad_setting_changes_nothing)
{
	struct machine_desc before = desc;

	ck_assert(!desc_set(&desc, bad_settings[_i].setting, &st));
	ck_assert_msg(strstr(st.message, bad_settings[_i].says) != NULL, "%s: %s", bad_settings[_i].setting,
		      st.message);
	ck_assert_mem_eq(&before, &desc, sizeof desc);
}
END_TEST

START_TEST(too_many_settings)
{
	unsigned n = 0;

	while (n < 1000 && desc_set(&desc, "mem=512M", &st))
		n++;
	ck_assert_uint_eq(n, sizeof desc.settings / strlen("mem=512M\n"));
	ck_assert_ptr_nonnull(strstr(st.message, "too many settings"));
}
END_TEST

START_TEST(unknown_machine)
{
	ck_assert(!desc_load(&desc, "i386-2.6.8", &st));
	ck_assert_ptr_nonnull(strstr(st.message, "did you mean i386-2.6.18?"));
	ck_assert(!desc_load(&desc, "vax", &st));
	ck_assert_ptr_nonnull(strstr(st.message, "textbook-1M"));
	ck_assert(!desc_load(&desc, "", &st));
}
END_TEST

START_TEST(own_file)
{
	write_ini(
	    "[machine]\ntitle = Mine\nboot = textbook\n[memory]\nmem = 16K ; small\npage_size = 1K\nzones = Memory\n");
	ck_assert_msg(desc_load(&desc, path, &st), "%s", st.message);
	ck_assert_str_eq(desc.name, "own");
	ck_assert_str_eq(desc.title, "Mine");
	ck_assert_uint_eq(desc.mem, 16 * KIB);
	ck_assert_str_eq(desc.source, path);
}
END_TEST

START_TEST(relative_path_becomes_absolute)
{
	write_ini("boot = textbook\nmem = 16K\npage_size = 1K\nzones = Memory\n");
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_msg(desc_load(&desc, "own.ini", &st), "%s", st.message);
	ck_assert_str_eq(desc.source, path);
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

static const struct {
	const char *text, *says;
} bad_files[] = {
	{ "[machine]\nboot = textbook\nmemm = 1M\n", "own.ini:3: a machine has no key `memm'; did you mean `mem'?" },
	{ "boot = textbook\n\n\nmem = 1X\n", "own.ini:4: mem = 1X: this is no size" },
	{ "boot = textbook\nnonsense\nmem = 1X\n", "own.ini:2: this is no line" },
	{ "boot = textbook\nzones = Memory\n", "the machine has no RAM" },
	{ "boot = textbook\nmem = 1M\n", "the machine has no zones" },
	{ "boot = 2.6\nmem = 64M\nzones = Normal\n", "orders is not set" },
	{ "boot = textbook\nmem = 1000\npage_size = 1K\nzones = Memory\n", "not a whole number of pages: take 1024" },
	{ "boot = textbook\nmem = 1M\npage_size = 3K\nzones = Memory\n", "not a power of two" },
	{ "boot = 2.6\nmem = 64M\npage_size = 8K\norders = 11\nzones = Normal\n", "pages of 4096 bytes" },
	{ "boot = 6.1\nmem = 64M\norders = 9\npageblock_order = 9\nmigratetypes = yes\nzones = Normal\n",
	  "pageblock_order=8" },
	{ "boot = textbook\nmem = 16T\npage_size = 1\nzones = Memory\n", "too many pages" },
	{ "boot = textbook\nmemory = 4K-8K, 0-4K\nzones = Memory\n", "must ascend" },
	{ "", "no RAM" },
};

START_TEST(bad_file)
{
	struct machine_desc before = desc;

	write_ini(bad_files[_i].text);
	ck_assert(!desc_load(&desc, path, &st));
	ck_assert_msg(strstr(st.message, bad_files[_i].says) != NULL, "%s", st.message);
	ck_assert_mem_eq(&before, &desc, sizeof desc);
}
END_TEST

START_TEST(no_file)
{
	ck_assert(!desc_load(&desc, "/nonexistent/machine.ini", &st));
	ck_assert_int_eq(st.code, STATUS_IO);
	ck_assert(!desc_load(&desc, "/", &st));
	ck_assert_int_eq(st.code, STATUS_IO);
}
END_TEST

START_TEST(every_key_is_described)
{
	const char *name, *help;
	size_t n = 0;

	while ((name = desc_key(n, &help)) != NULL) {
		ck_assert_str_ne(name, "");
		ck_assert_str_ne(help, "");
		n++;
	}
	ck_assert_uint_gt(n, 20);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("desc");
	TCase *tc = tcase_create("desc");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, all_machines_load);
	tcase_add_test(tc, default_machine);
	tcase_add_test(tc, settings);
	tcase_add_test(tc, mem_and_memory_replace_each_other);
	tcase_add_loop_test(tc, bad_setting_changes_nothing, 0, ARRAY_SIZE(bad_settings));
	tcase_add_test(tc, too_many_settings);
	tcase_add_test(tc, unknown_machine);
	tcase_add_test(tc, own_file);
	tcase_add_test(tc, relative_path_becomes_absolute);
	tcase_add_loop_test(tc, bad_file, 0, ARRAY_SIZE(bad_files));
	tcase_add_test(tc, no_file);
	tcase_add_test(tc, every_key_is_described);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
