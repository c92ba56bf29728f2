/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of statements share: a session with a shell, and what is to come of a line. */
#ifndef KM_TESTS_UNIT_EVAL_H
#define KM_TESTS_UNIT_EVAL_H

#include "shell/shell.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct session s;
static struct shell *sh;
static struct strbuf out;

static inline void open_machine(const char *name)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	ck_assert(desc_load(&desc, name, &st));
	ck_assert_msg(session_open(&s, &desc, 1, &st), "%s", st.message);
	s.check = true;
	sh = shell_new(&s, NULL);
	ck_assert_ptr_nonnull(sh);
}

static inline void teardown(void)
{
	shell_free(sh);
	session_close(&s);
	strbuf_free(&out);
}

static inline enum shell_outcome run(const char *text)
{
	strbuf_clear(&out);
	return shell_run(sh, text, NULL, 0, &out);
}

static inline void assert_prints(const char *text, const char *printed)
{
	enum shell_outcome outcome = run(text);

	ck_assert_msg(outcome == SHELL_DONE || outcome == SHELL_RETURN, "%s: %s", text, strbuf_str(&out));
	ck_assert_msg(strcmp(strbuf_str(&out), printed) == 0, "%s gives:\n%s", text, strbuf_str(&out));
}

/* print EXPR */
static inline void assert_value(const char *expression, const char *value)
{
	char text[300], line[300];

	snprintf(text, sizeof text, "print %s", expression);
	snprintf(line, sizeof line, "%s\n", value);
	assert_prints(text, line);
}

/* Fails with this first line, and changes neither machine nor variables nor the number of commands. */
static inline void assert_fails(const char *text, const char *message)
{
	u64 before = machine_hash(&s.machine);
	size_t vars = vars_count(&s.vars), number = session_number(&s);
	size_t length = strlen(message);

	ck_assert_msg(run(text) == SHELL_ERROR, "%s is taken: %s", text, strbuf_str(&out));
	ck_assert_msg(strncmp(strbuf_str(&out), message, length) == 0 && strbuf_str(&out)[length] == '\n',
		      "%s gives:\n%s", text, strbuf_str(&out));
	ck_assert_uint_eq(machine_hash(&s.machine), before);
	ck_assert_uint_eq(vars_count(&s.vars), vars);
	ck_assert_uint_eq(session_number(&s), number);
}

static inline void assert_begins(const char *text, const char *printed)
{
	ck_assert_msg(run(text) == SHELL_DONE, "%s: %s", text, strbuf_str(&out));
	ck_assert_msg(strncmp(strbuf_str(&out), printed, strlen(printed)) == 0, "%s gives:\n%s", text,
		      strbuf_str(&out));
}

static inline void add(Suite *suite, const char *name, void (*setup)(void), const TTest *const *tests)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	for (; *tests; tests++)
		tcase_add_test(tc, *tests);
	suite_add_tcase(suite, tc);
}

/* Runs all of the suite; what main() returns. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

#endif
