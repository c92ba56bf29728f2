/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion: the cursor stands where '|' is; the words are written one behind the other. */
#include "base/strbuf.h"
#include "shell/commands.h"
#include "shell/shell.h"
#include "tests/temp.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct session s;
static struct shell *sh;

static void setup(void)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	struct strbuf out = STRBUF_INIT;

	ck_assert(desc_load(&desc, "i386-2.6.18", &st));
	ck_assert_msg(session_open(&s, &desc, 1, &st), "%s", st.message);
	sh = shell_new(&s, NULL);
	ck_assert_int_eq(shell_run(sh, "page_one = alloc_page; objs = []", NULL, 0, &out), SHELL_DONE);
	strbuf_free(&out);
}

static void teardown(void)
{
	shell_free(sh);
	session_close(&s);
}

/* Completes; *at (may be NULL) is where the word begins. To be freed. */
static char *complete(const char *line, size_t *at)
{
	size_t cursor = (size_t)(strchr(line, '|') - line), start = 0;
	struct strbuf before = STRBUF_INIT, found = STRBUF_INIT;
	char **words;

	strbuf_printf(&before, "%.*s%s", (int)cursor, line, line + cursor + 1);
	words = shell_complete(sh, strbuf_str(&before), cursor, &start);
	for (size_t i = 0; words && words[i]; i++) {
		strbuf_printf(&found, "%s%s", i ? " " : "", words[i]);
		free(words[i]);
	}
	free(words);
	strbuf_free(&before);
	if (at)
		*at = start;
	return found.text ? found.text : strdup("");
}

static void assert_words(const char *line, const char *words)
{
	char *found = complete(line, NULL);

	ck_assert_msg(strcmp(found, words) == 0, "%s: %s", line, found);
	free(found);
}

/* Is the word among them? */
static void assert_offers(const char *line, const char *word, bool offered)
{
	char *found = complete(line, NULL), all[16384], one[128];

	ck_assert_uint_lt(strlen(found) + 3, sizeof all);
	snprintf(all, sizeof all, " %s ", found);
	snprintf(one, sizeof one, " %s ", word);
	ck_assert_msg((strstr(all, one) != NULL) == offered, "%s: %s in %s", line, word, found);
	free(found);
}

static void assert_start(const char *line, size_t start)
{
	size_t at;

	free(complete(line, &at));
	ck_assert_msg(at == start, "%s: %zu", line, at);
}

/* Where '|' stands for itself, and the cursor is at the end. */
static void assert_filters(const char *line, const char *words)
{
	struct strbuf found = STRBUF_INIT;
	size_t start;
	char **list = shell_complete(sh, line, strlen(line), &start);

	for (size_t i = 0; list && list[i]; i++) {
		strbuf_printf(&found, "%s%s", i ? " " : "", list[i]);
		free(list[i]);
	}
	free(list);
	ck_assert_msg(strcmp(strbuf_str(&found), words) == 0, "%s: %s", line, strbuf_str(&found));
	strbuf_free(&found);
}

START_TEST(filters_stand_behind_a_bar)
{
	assert_filters("cat /proc/meminfo | he", "head");
	assert_filters("cat /proc/meminfo | ", "cut grep head sort tail uniq wc");
	assert_filters("cat /proc/meminfo | sort | un", "uniq");
	assert_filters("history | so", "sort");
	assert_filters("history 3 | wc | tai", "tail");
	assert_filters("a = GFP_KERNEL | __GFP_ZE", "__GFP_ZERO");
}
END_TEST

START_TEST(commands_begin_a_statement)
{
	assert_words("alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("p = alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("struct page *p = alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("objs[] = alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("repeat 100 objs[] = alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("repeat 3 { alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("if (!page_one) drain_|", "drain_local_pages");
	assert_words("if (a) b; else drain_|", "drain_local_pages");
	assert_words("else if (a && (b)) drain_|", "drain_local_pages");
	assert_words("for (i = 0; i < 3; i++) drain_|", "drain_local_pages");
	assert_words("while (a) if (b) x = alloc_|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("if (page_|", "page_address page_one page_to_pfn page_to_phys");
	assert_words("undo; red|", "redo");
	assert_offers("|", "repeat", true);
	assert_offers("|", "expect", true);
	assert_offers("|", "objs", true);
	assert_words("nothing_begins_so|", "");
}
END_TEST

START_TEST(commands_may_have_two_words)
{
	assert_offers("show ca|", "cache", true);
	assert_offers("show ob|", "object", true);
	assert_words("show cache size-3|", "size-32 size-32(DMA) size-32768 size-32768(DMA)");
	assert_words("show cache size-32(|", "size-32(DMA)");
	assert_start("show cache size-3|", 11);
	assert_words("kmem_cache_shrink size-6|", "size-64 size-64(DMA) size-65536 size-65536(DMA)");
	assert_words("show cache page_o|", "page_one");
	assert_offers("show cache |", "slabs=", true);
	assert_words("show cache size-32 sl|", "slabs=");
	assert_words("show object page_o|", "page_one");
	/* In C form names have quotes. */
	assert_words("kmem_cache_shrink(size-6|", "");
	assert_words("show cache.size|", "");
}
END_TEST

START_TEST(values_stand_in_expressions)
{
	assert_words("show page_o|", "page_one");
	assert_words("__free_page(page_o|", "page_one");
	assert_words("alloc_pages(GFP_K|, 3)", "GFP_KERNEL");
	assert_words("1 + PAGE_SH|", "PAGE_SHIFT");
	assert_words("expect mach|", "machine.");
	assert_words("get_order(PAGE_SI|", "PAGE_SIZE");
	assert_offers("show alloc|", "alloc_pages", true);
	/* Nothing but a statement. */
	assert_offers("1 + u|", "undo", false);
}
END_TEST

START_TEST(arguments_have_names)
{
	assert_words("alloc_pages ord|", "order=");
	assert_offers("alloc_pages |", "gfp=", true);
	assert_words("alloc_pages gfp=GFP_KER|", "GFP_KERNEL");
	assert_words("p = alloc_pages siz|", "size=");
	assert_offers("show |", "values=", false);
}
END_TEST

START_TEST(queries_complete_member_by_member)
{
	assert_words("zon|", "zone.");
	assert_words("zone.|", "DMA HighMem Normal");
	assert_words("expect zone.N|", "Normal");
	assert_words("zone.Normal.nr|", "nr_free");
	assert_words("zone.Normal.pcp.|", "batch cold count high hot list");
	assert_words("zone.Normal.pcp[0].hot.|", "batch count high list");
	assert_words("print 1+zone.Normal.list[3].|", "C H I M R U");
	assert_words("frame[0x100].st|", "state");
	assert_words("mem.|", "free min_free_kbytes total");
	assert_words("page_one.ord|", "order");
	assert_words("objs[1].ord|", "order");
	assert_words("zone.Nowhere.|", "");
	assert_start("zone.Normal.nr|", 12);
	assert_start("show zone.N|", 10);
}
END_TEST

START_TEST(commands_complete_their_words)
{
	assert_words("cat /proc/bud|", "/proc/buddyinfo");
	assert_words("cat /proc/buddyinfo /proc/zon|", "/proc/zoneinfo");
	assert_words("echo 1024 > /proc/sys/vm/min|", "/proc/sys/vm/min_free_kbytes");
	assert_words("echo m > /proc/sysr|", "/proc/sysrq-trigger");
	assert_words("echo m >/proc/sysr|", "/proc/sysrq-trigger");
	assert_words("echo al|", "");
	assert_words("help lang|", "language");
	assert_words("help alloc_p|", "alloc_page alloc_pages alloc_pages_node");
	assert_words("reset textb|", "textbook-1M");
	assert_words("set memory|", "memory_limit");
	assert_words("set memory_limit m|", "");
	assert_offers("source |", "tour", true);
	assert_words("say al|", "");
	assert_words("x = \"al|", "");
	assert_words("# al|", "");
	assert_words("undo # a; al|", "");
}
END_TEST

START_TEST(files_of_caches_complete_step_by_step)
{
	struct strbuf out = STRBUF_INIT;

	/* This machine has SLAB. */
	assert_words("cat /sys/kernel/sl|", "");
	ck_assert_int_eq(shell_run(sh, "reset x86_64-6.1-slub", NULL, 0, &out), SHELL_DONE);
	strbuf_free(&out);
	assert_words("cat /sys/kernel/sl|", "/sys/kernel/slab/");
	assert_offers("cat /|", "/sys/kernel/slab/", true);
	assert_words("cat /sys/kernel/slab/kmem|", "/sys/kernel/slab/kmem_cache/ /sys/kernel/slab/kmem_cache_node/");
	assert_words("cat /sys/kernel/slab/kmem_cache/or|", "/sys/kernel/slab/kmem_cache/order");
	assert_words("cat /proc/slabinfo /sys/kernel/slab/kmem_cache/object_|",
		     "/sys/kernel/slab/kmem_cache/object_size");
	assert_words("echo 1 > /sys/kernel/slab/kmalloc-64/shr|", "/sys/kernel/slab/kmalloc-64/shrink");
	assert_words("cat /sys/kernel/slab/nothing/|", "");
	assert_words("cat /sys/kernel/slab/kmem_cache/order/|", "");
}
END_TEST

START_TEST(files_complete_in_their_folders)
{
	char folder[TEMP_PATH], path[TEMP_INSIDE], line[TEMP_INSIDE], words[TEMP_INSIDE];

	ck_assert_ptr_nonnull(mkdtemp(temp_name(folder, "complete")));
	snprintf(path, sizeof path, "%s/inner", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/.hidden", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(line, sizeof line, "save %s/|", folder);
	snprintf(words, sizeof words, "%s/inner/", folder);
	assert_words(line, words);
	snprintf(line, sizeof line, "save %s/.h|", folder);
	snprintf(words, sizeof words, "%s/.hidden/", folder);
	assert_words(line, words);
	rmdir(path);
	snprintf(path, sizeof path, "%s/inner", folder);
	rmdir(path);
	rmdir(folder);
}
END_TEST

START_TEST(a_word_is_replaced_from_its_start)
{
	assert_start("alloc_|", 0);
	assert_start("p = alloc_|", 4);
	assert_start("__free_page(pa|ge)", 12);
	assert_start("cat /proc/b|", 4);
	assert_start("  undo ;  red|", 10);
}
END_TEST

/* Every line may be cut anywhere. */
START_TEST(any_cursor_is_survived)
{
	static const char line[] =
	    "repeat 3 { p[] = zone.Normal.list[3].U[0] } ; a[[]] = \"x\\\" # \" . .. ]][ cat /proc /* */ > '";
	char with[sizeof line + 1];

	for (size_t i = 0; i < sizeof line; i++) {
		memcpy(with, line, i);
		with[i] = '|';
		strcpy(with + i + 1, line + i);
		free(complete(with, NULL));
	}
}
END_TEST

/* All commands complete themselves, and their help names only what there is. */
/* Before the page allocator runs boot memory can be asked for, and nothing else. */
START_TEST(commands_of_boot)
{
	struct strbuf out = STRBUF_INIT;

	ck_assert_int_eq(shell_run(sh, "boot --step", NULL, 0, &out), SHELL_DONE);
	assert_words("alloc_|", "alloc_bootmem alloc_bootmem_low alloc_bootmem_low_pages alloc_bootmem_pages");
	assert_words("mem_|", "mem_init mem_map");
	ck_assert_int_eq(shell_run(sh, "mem_init()", NULL, 0, &out), SHELL_DONE);
	assert_words("mem_|", "mem_map");
	strbuf_free(&out);
}
END_TEST

START_TEST(table_is_consistent)
{
	size_t count;
	const struct command_info *table = commands_table(&count);
	char line[64];

	for (size_t i = 0; i < count; i++) {
		struct strbuf see = STRBUF_INIT;
		const char *last = strrchr(table[i].name, ' ');
		char *name, *rest;

		/* Of a command of two words the second is completed here. */
		last = last ? last + 1 : table[i].name;
		snprintf(line, sizeof line, "%s|", table[i].name);
		/* Only what the machine's kernel has is offered, and boot memory only before the page allocator runs.
		 */
		assert_offers(line, last,
			      commands_available(&table[i], s.machine.config.gfp) && table[i].group != GROUP_BOOT);
		ck_assert_ptr_eq(commands_find(table[i].name), &table[i]);
		ck_assert((table[i].run == NULL) == (table[i].class == COMMAND_SYNTAX));
		strbuf_puts(&see, table[i].see);
		for (name = strtok_r(see.text, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
			struct strbuf out = STRBUF_INIT;
			struct status st = STATUS_INIT;

			name += *name == ' ';
			ck_assert_msg(shell_help(sh, name, &out, &st), "%s: see also %s", table[i].name, name);
			strbuf_free(&out);
		}
		strbuf_free(&see);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("complete");
	TCase *tc = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, commands_begin_a_statement);
	tcase_add_test(tc, filters_stand_behind_a_bar);
	tcase_add_test(tc, commands_may_have_two_words);
	tcase_add_test(tc, values_stand_in_expressions);
	tcase_add_test(tc, arguments_have_names);
	tcase_add_test(tc, queries_complete_member_by_member);
	tcase_add_test(tc, commands_complete_their_words);
	tcase_add_test(tc, files_of_caches_complete_step_by_step);
	tcase_add_test(tc, files_complete_in_their_folders);
	tcase_add_test(tc, a_word_is_replaced_from_its_start);
	tcase_add_test(tc, any_cursor_is_survived);
	tcase_add_test(tc, commands_of_boot);
	tcase_add_test(tc, table_is_consistent);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
