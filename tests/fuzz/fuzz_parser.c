/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts of random pieces of the language, and of random bytes, are run: nothing
 * may crash, no invariant may break, and what fails must change nothing.
 * Prints its seed; takes SEED= and ROUNDS= from the environment.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "shell/shell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rng rng;
static unsigned long failures;

/* No command that writes files, and no repeat that goes on for hours. */
static const char *const pieces[] = {
	"alloc_pages",
	"alloc_page",
	"__free_pages",
	"__free_page",
	"free",
	"free_pages",
	"get_order",
	"blocks",
	"len",
	"__get_free_pages",
	"split_page",
	"drain_local_pages",
	"show",
	"print",
	"vars",
	"why",
	"cat",
	"echo",
	"say",
	"history",
	"undo",
	"redo",
	"goto",
	"cpu",
	"set",
	"help",
	"expect",
	"expect refused",
	"repeat 2",
	"for a in",
	"a",
	"b",
	"c",
	"v",
	"v",
	"GFP_KERNEL",
	"GFP_ATOMIC",
	"__GFP_HIGHMEM",
	"PAGE_SIZE",
	"NULL",
	"zone",
	"Memory",
	"nr_free",
	"list",
	"pcp",
	"frame",
	"mem",
	"state",
	"hash",
	"order",
	"size",
	"gfp",
	"struct page *",
	"struct",
	"int",
	"int *",
	"(char *)",
	"void",
	"sizeof",
	"*",
	"++",
	"--",
	" += ",
	" <<= ",
	"if (",
	"if (a)",
	"else",
	"while (n-- > 0)",
	"do",
	"break",
	"continue",
	"return",
	"for (i = 0; i < 3; i++)",
	"printk",
	"BUG_ON",
	"WARN_ON",
	"IS_ERR",
	"likely",
	"KERN_INFO",
	" | ",
	"| head -1",
	"| grep a",
	"| sort -n -k2",
	"| wc",
	"ENOMEM",
	"\"%d %s %*p\\n\"",
	"in",
	"0",
	"1",
	"2",
	"3",
	"0x7f",
	"100K",
	"3.6K",
	"-1",
	"9223372036854775807",
	"18446744073709551615",
	"\"text\"",
	"'x'",
	"\"",
	"'",
	"/proc/buddyinfo",
	"/*",
	"*/",
	"//",
	"#",
	"\n",
	";",
	";",
	" = ",
	" = ",
	"[] = ",
	"[",
	"]",
	"[0]",
	"[::2]",
	"[-1]",
	"(",
	")",
	"(",
	")",
	"{",
	"}",
	",",
	".",
	"->",
	":",
	"?",
	"+",
	"-",
	"*",
	"/",
	"%",
	"<<",
	">>",
	"<",
	">",
	"<=",
	">=",
	"==",
	"!=",
	"&&",
	"||",
	"&",
	"|",
	"^",
	"~",
	"!",
	"\\\n",
	"\xe6\x97\xa5",
	"\x80",
	" ",
};

/* Statements that are right, as to their form. */
static const char *const statements[] = {
	"a = alloc_pages(GFP_KERNEL, 2)",
	"b = alloc_pages 1",
	"c = alloc_page GFP_ATOMIC",
	"v[] = alloc_page",
	"repeat 5 v[] = alloc_pages 1",
	"free v",
	"free v[::2]",
	"v = []",
	"__free_pages(a, 2)",
	"__free_pages(b, 1)",
	"__free_page(c)",
	"free a",
	"free b",
	"free c",
	"split_page(a, 2)",
	"__free_page(a + 1)",
	"a = b",
	"v = v[1:]",
	"for a in v { free a }",
	"{ a = 1; v[] = 2; free 5 }",
	"repeat 2 { b = v; v = b[1:]; b[9] }",
	"expect blocks == \"64\"",
	"expect refused free a",
	"undo",
	"undo 3",
	"redo",
	"redo 2",
	"goto 0",
	"goto 3",
	"goto 9",
	"why",
	"why a",
	"history 5",
	"vars",
	"a",
	"v",
	"zone.Memory.nr_free",
	"n = len(v)",
	"repeat 3 { a = alloc_page; free a }",
	"drain_local_pages",
	"cpu 0",
	"cat /proc/buddyinfo",
	"int x = 3, y;",
	"for (i = 0; i < 3; i++) w[i] = alloc_page(GFP_KERNEL)",
	"for (i = 0; i < 3; i++) { if (i == 1) continue; free w[i]; }",
	"if (!a) return -12; else n++",
	"if ((a = alloc_page) != NULL) b = a",
	"n = 5; while (n > 0) { n--; if (n == 2) break; }",
	"do n += 2; while (n < 9)",
	"struct page *a = b, *z; sizeof(*a)",
	"a = b = c",
	"vars | sort -r | head -3",
	"{ print 1; print 2 } | wc -l",
	"cat /proc/buddyinfo | grep -v '[0-9]' | tail -1",
	"v[] = alloc_page | cut -c 1-3",
	"w[1] = n++ + ++n",
	"*a = 1; a[3]",
	"printk(KERN_INFO \"%d\\n\", n)",
};

static void random_text(struct strbuf *out)
{
	u64 n = 1 + rng_below(&rng, 14);

	strbuf_clear(out);
	if (rng_below(&rng, 2)) {
		for (n = rng_below(&rng, 4) / 3 + 1; n; n--)
			strbuf_printf(out, "%s%s", out->length ? "; " : "",
				      statements[rng_below(&rng, ARRAY_SIZE(statements))]);
		return;
	}
	if (rng_below(&rng, 8) == 0) {
		while (n--)
			strbuf_putc(out, (char)(1 + rng_below(&rng, 255)));
		return;
	}
	while (n--) {
		strbuf_puts(out, pieces[rng_below(&rng, ARRAY_SIZE(pieces))]);
		if (rng_below(&rng, 2))
			strbuf_putc(out, ' ');
	}
}

static void fail(const char *what, const char *text)
{
	failures++;
	printf("%s\n%s\n----\n", what, text);
}

/* A text of one line with one statement is all or nothing. */
static bool is_one_statement(const char *text)
{
	return !strpbrk(text, ";\n");
}

/* All variables as text; to be freed. */
static struct strbuf variables_of(const struct session *s)
{
	struct strbuf text = STRBUF_INIT;
	const char *name;

	for (size_t i = 0; (name = vars_name(&s->vars, i)); i++) {
		const struct value *v = vars_get(&s->vars, name);
		const char *type = vars_type(&s->vars, name);

		strbuf_printf(&text, "%s %s = ", type ? type : "", name);
		if (v)
			value_format(v, &text);
		strbuf_putc(&text, '\n');
	}
	return text;
}

/* Are the variables what they were? Frees `before`. */
static bool same_variables(const struct session *s, struct strbuf *before)
{
	struct strbuf now = variables_of(s);
	bool same = strcmp(strbuf_str(before), strbuf_str(&now)) == 0;

	strbuf_free(before);
	strbuf_free(&now);
	return same;
}

static void try_text(struct session *s, struct shell *sh, const char *text)
{
	struct strbuf out = STRBUF_INIT, variables = variables_of(s);
	struct status st = STATUS_INIT;
	u64 before = machine_hash(&s->machine);
	size_t number = session_number(s), start;
	enum shell_outcome outcome = shell_run(sh, text, NULL, 0, &out);
	char **words = shell_complete(sh, text, (size_t)rng_below(&rng, strlen(text) + 1), &start);

	if (outcome == SHELL_ERROR && !out.length)
		fail("an error without a message", text);
	if (!same_variables(s, &variables) && outcome == SHELL_ERROR && is_one_statement(text))
		fail("what failed has changed a variable", text);
	if (outcome == SHELL_ERROR && is_one_statement(text) &&
	    (machine_hash(&s->machine) != before || session_number(s) != number))
		fail("what failed has changed something", text);
	if (!invariants_hold(&s->machine, &st))
		fail(st.message, text);
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
	shell_stop_script(sh);
	strbuf_free(&out);
}

/* Goes to the beginning and forth again: the machine must be the same. */
static void try_again(struct session *s)
{
	struct status st = STATUS_INIT;
	struct strbuf variables = variables_of(s);
	u64 end = machine_hash(&s->machine);
	size_t number = session_number(s);

	s->past_budget = 0;
	if (!session_goto(s, 0, &st) || !session_goto(s, number, &st))
		fail(st.message, "(goto 0, and back)");
	else if (machine_hash(&s->machine) != end)
		fail("done again, the commands give another machine", "(goto 0, and back)");
	if (!same_variables(s, &variables))
		fail("done again, the commands give other variables", "(goto 0, and back)");
}

static bool run_session(unsigned long texts)
{
	static struct session s;
	struct machine_desc desc;
	struct strbuf text = STRBUF_INIT;
	struct status st = STATUS_INIT;
	struct shell *sh;

	if (!desc_load(&desc, "textbook-1M", &st) || !desc_set(&desc, "mem=64K", &st) ||
	    !session_open(&s, &desc, 1, &st)) {
		printf("%s\n", st.message);
		return false;
	}
	sh = shell_new(&s, NULL);
	while (sh && texts--) {
		random_text(&text);
		try_text(&s, sh, strbuf_str(&text));
	}
	try_again(&s);
	shell_free(sh);
	session_close(&s);
	strbuf_free(&text);
	return sh != NULL;
}

int main(void)
{
	const char *seed = getenv("SEED"), *rounds = getenv("ROUNDS");
	unsigned long n = rounds ? strtoul(rounds, NULL, 0) : 40;

	rng.state = seed ? strtoull(seed, NULL, 0) : 1;
	printf("SEED=%" PRIu64 " ROUNDS=%lu\n", rng.state, n);
	while (n-- && !failures)
		if (!run_session(500))
			return EXIT_FAILURE;
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
