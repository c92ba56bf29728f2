/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told of a name that is not one of the language: what is near, what is elsewhere, what is not modelled. */
#include "shell/absent.h"
#include "shell/concepts.h"
#include "shell/constants.h"
#include "shell/help.h"
#include "shell/queries.h"
#include "shell/shell.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session s;
static struct shell *sh;
static struct strbuf out;

static void setup(void)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	ck_assert(desc_load(&desc, "textbook-1M", &st));
	ck_assert_msg(session_open(&s, &desc, 1, &st), "%s", st.message);
	sh = shell_new(&s, NULL);
	ck_assert_ptr_nonnull(sh);
}

static void teardown(void)
{
	shell_free(sh);
	session_close(&s);
	strbuf_free(&out);
}

/* The statement fails, and this is the whole message. */
static void assert_fails(const char *text, const char *message)
{
	strbuf_clear(&out);
	ck_assert_int_eq(shell_run(sh, text, NULL, 0, &out), SHELL_ERROR);
	strbuf_cut(&out, strcspn(strbuf_str(&out), "\n"));
	ck_assert_str_eq(strbuf_str(&out), message);
}

START_TEST(only_near_words_are_suggested)
{
	assert_fails("alocpages()", "column 1: there is no command \"alocpages\"; did you mean alloc_pages?");
	assert_fails("lloc_pages()", "column 1: there is no command \"lloc_pages\"; did you mean alloc_pages?");
	/* reset, free, set: near by letters, far by meaning. */
	assert_fails("preset x", "column 1: there is no command \"preset\"; did you mean reset?");
	assert_fails("besets x", "column 1: there is no command \"besets\"");
	assert_fails("tree(1)", "column 1: there is no command \"tree\"; did you mean free?");
	assert_fails("ztree(1)", "column 1: there is no command \"ztree\"");
	assert_fails("sat x", "column 1: there is no command \"sat\"; did you mean cat?");
	assert_fails("sot x", "column 1: there is no command \"sot\"; did you mean set?");
	assert_fails("alloc_a_bunch_of_pages()", "column 1: there is no command \"alloc_a_bunch_of_pages\"");
}
END_TEST

START_TEST(functions_that_are_not_modelled_say_so)
{
	const char *name;

	assert_fails("get_page(p)", "column 1: kmemlab has no get_page: reference counts of pages are not modelled");
	assert_fails(
	    "spin_lock(l)",
	    "column 1: kmemlab has no spin_lock: locks are not modelled; a block \"atomic { ... }\" stands for one");
	assert_fails("a = put_page", "column 5: kmemlab has no put_page: reference counts of pages are not modelled");
	assert_fails("help get_page", "column 1: kmemlab has no get_page: reference counts of pages are not modelled");
	/* What became a command must leave the list of what is missing. */
	for (size_t i = 0; (name = absent_name(i)); i++) {
		ck_assert_msg(!commands_find(name), "%s is a command", name);
		ck_assert_msg(!constants_reserved(name) && !queries_is_root(name), "%s has a meaning", name);
	}
}
END_TEST

/* Does `text` go on with the words of `list`, wherever its lines are broken? */
static bool names_all(const char *text, const char *list)
{
	if (!text)
		return false;
	for (text += strlen("See also: "); *list; list++) {
		if (*list == ' ') {
			text += strspn(text, " \n");
			continue;
		}
		if (*text++ != *list)
			return false;
	}
	return true;
}

START_TEST(words_of_the_kernel_are_explained_in_few_lines)
{
	static const char *const words[] = { "gfp",   "buddy",  "order",     "watermark",  "zone",    "migratetype",
					     "pcp",   "cma",    "reserve",   "reclaim",    "lru",     "kswapd",
					     "swap",  "oom",    "pagecache", "compaction", "bootmem", "memblock",
					     "area",  "bounce", "directmap", "dma",        "fixmap",  "guard",
					     "iomem", "layout", "lazy",      "pagetable",  "pkmap",   "tlb",
					     "which" };
	struct strbuf help = STRBUF_INIT;
	struct status st = STATUS_INIT;
	size_t start;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const struct concept *concept = concepts_find(words[i]);
		char line[64], **found;
		size_t lines = 0;

		ck_assert_ptr_nonnull(concept);
		strbuf_clear(&help);
		ck_assert(shell_help(sh, words[i], &help, &st));
		ck_assert(names_all(strstr(strbuf_str(&help), "See also"), concept->see));
		for (const char *c = strbuf_str(&help); strncmp(c, "See also", 8) != 0; c += strcspn(c, "\n") + 1) {
			ck_assert_msg(strcspn(c, "\n") <= HELP_COLUMNS, "%s", c);
			lines++;
		}
		ck_assert_msg(lines >= 5 && lines <= 15, "%s has %zu lines", words[i], lines);
		snprintf(line, sizeof line, "help %s", words[i]);
		found = shell_complete(sh, line, strlen(line), &start);
		ck_assert_ptr_nonnull(found);
		ck_assert_str_eq(found[0], words[i]);
		for (size_t n = 0; found[n]; n++)
			free(found[n]);
		free(found);
	}
	/* What else the word means is told, too. */
	ck_assert(shell_help(sh, "gfp", &help, &st));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "gfp mask [order]"));
	ck_assert(shell_help(sh, "zone", &help, &st));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "zone.ZONE.free"));
	strbuf_clear(&help);
	ck_assert(shell_help(sh, "kswapd", &help, &st));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "direct reclaim"));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "kswapd when"));
	ck_assert(shell_help(sh, "swap", &help, &st));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "swap.used"));
	/* Each file that can be printed or written is listed, those of a machine only. */
	strbuf_clear(&help);
	ck_assert(shell_help(sh, "proc", &help, &st));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "\n  /proc/buddyinfo\n"));
	ck_assert_ptr_null(strstr(strbuf_str(&help), "pagetypeinfo"));
	ck_assert_ptr_null(strstr(strbuf_str(&help), "/sys/kernel/slab"));
	strbuf_free(&help);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("suggest");
	TCase *tc = tcase_create("suggest");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, only_near_words_are_suggested);
	tcase_add_test(tc, functions_that_are_not_modelled_say_so);
	tcase_add_test(tc, words_of_the_kernel_are_explained_in_few_lines);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
