/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees, written as (operator part part), and what is not in the language. */
#include "base/strbuf.h"
#include "shell/commands.h"
#include "shell/parser.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct ast ast;
static struct node *first;
static struct diag diag;

static bool parse(const char *text)
{
	struct source src = { .line = 1, .text = text, .length = strlen(text) };

	ast_free(&ast);
	memset(&diag, 0, sizeof diag);
	return parser_parse(&ast, &src, &first, &diag);
}

static void put(const struct node *n, struct strbuf *out);

static void put_part(const struct node *n, struct strbuf *out)
{
	strbuf_putc(out, ' ');
	if (n)
		put(n, out);
	else
		strbuf_putc(out, '_');
}

static void put_list(const struct node *n, struct strbuf *out)
{
	for (; n; n = n->next) {
		strbuf_putc(out, ' ');
		if (n->label)
			strbuf_printf(out, "%s=", n->label);
		put(n, out);
	}
}

static void put_op(int op, struct strbuf *out)
{
	static const char *const names[] = {
		[TOKEN_SHIFT_LEFT - TOKEN_END] = "<<", [TOKEN_SHIFT_RIGHT - TOKEN_END] = ">>",
		[TOKEN_LESS_EQUAL - TOKEN_END] = "<=", [TOKEN_GREATER_EQUAL - TOKEN_END] = ">=",
		[TOKEN_EQUAL - TOKEN_END] = "==",      [TOKEN_NOT_EQUAL - TOKEN_END] = "!=",
		[TOKEN_AND - TOKEN_END] = "&&",        [TOKEN_OR - TOKEN_END] = "||",
	};

	if (op < TOKEN_END)
		strbuf_putc(out, (char)op);
	else
		strbuf_puts(out, names[op - TOKEN_END]);
}

static const char *head(const struct node *n)
{
	static const char *const heads[] = {
		[NODE_SLICE] = "slice",   [NODE_VECTOR] = "vector",   [NODE_CHOICE] = "?",
		[NODE_ASSIGN] = "=",      [NODE_APPEND] = "[]=",      [NODE_REPEAT] = "repeat",
		[NODE_FOR] = "for",       [NODE_BLOCK] = "block",     [NODE_CONTEXT] = "context",
		[NODE_EXPECT] = "expect", [NODE_REFUSED] = "refused", [NODE_MEMBER] = ".",
		[NODE_INDEX] = "index",   [NODE_NOTHING] = "nothing",
	};

	return n->kind == NODE_CALL ? n->command->name : heads[n->kind];
}

static void put(const struct node *n, struct strbuf *out)
{
	switch (n->kind) {
	case NODE_NUMBER:
		strbuf_printf(out, "%" PRIu64, n->number);
		return;
	case NODE_STRING:
		strbuf_printf(out, "'%s'", n->name);
		return;
	case NODE_NAME:
		strbuf_puts(out, n->name);
		return;
	case NODE_SIZEOF:
		strbuf_printf(out, "sizeof<%s>", n->name);
		return;
	default:
		break;
	}
	strbuf_putc(out, '(');
	if (n->kind == NODE_UNARY || n->kind == NODE_BINARY)
		put_op(n->op, out);
	else
		strbuf_puts(out, head(n));
	if (n->kind == NODE_MEMBER || n->kind == NODE_ASSIGN || n->kind == NODE_APPEND || n->kind == NODE_FOR)
		strbuf_printf(out, " %s", n->name);
	if (n->a)
		put_part(n->a, out);
	if (n->b || n->kind == NODE_SLICE)
		put_part(n->b, out);
	if (n->c || n->kind == NODE_SLICE)
		put_part(n->c, out);
	if (n->d || n->kind == NODE_SLICE)
		put_part(n->d, out);
	put_list(n->first, out);
	strbuf_putc(out, ')');
}

static void assert_tree(const char *text, const char *tree)
{
	struct strbuf out = STRBUF_INIT;

	ck_assert_msg(parse(text), "%s: %s", text, diag.status.message);
	for (const struct node *n = first; n; n = n->next) {
		if (out.length)
			strbuf_puts(&out, "; ");
		put(n, &out);
	}
	ck_assert_msg(strcmp(strbuf_str(&out), tree) == 0, "%s is %s", text, strbuf_str(&out));
	strbuf_free(&out);
}

static void assert_bad(const char *text, size_t offset)
{
	ck_assert_msg(!parse(text), "%s is taken", text);
	ck_assert_int_eq(diag.status.code, STATUS_SYNTAX);
	ck_assert_msg(!diag.more, "%s lacks its end", text);
	ck_assert_msg(diag.offset == offset, "%s: error at %zu: %s", text, diag.offset, diag.status.message);
}

static void assert_more(const char *text)
{
	ck_assert_msg(!parse(text), "%s is taken", text);
	ck_assert_msg(diag.more, "%s: %s", text, diag.status.message);
}

static void teardown(void)
{
	ast_free(&ast);
}

START_TEST(operators_bind_as_in_c)
{
	assert_tree("1 + 2 * 3", "(+ 1 (* 2 3))");
	assert_tree("1 - 2 - 3", "(- (- 1 2) 3)");
	assert_tree("(1 + 2) * 3", "(* (+ 1 2) 3)");
	assert_tree("a | b & c == d", "(| a (& b (== c d)))");
	assert_tree("a ^ b | c", "(| (^ a b) c)");
	assert_tree("1 << 2 + 3 < 4", "(< (<< 1 (+ 2 3)) 4)");
	assert_tree("a && b || c && d", "(|| (&& a b) (&& c d))");
	assert_tree("-a * !b % ~c", "(% (* (- a) (! b)) (~ c))");
	assert_tree("a ? b : c ? d : e", "(? a b (? c d e))");
	assert_tree("a ? b ? 1 : 2 : 3", "(? a (? b 1 2) 3)");
	assert_tree("a >= b != c", "(!= (>= a b) c)");
	assert_tree("- - 1", "(- (- 1))");
}
END_TEST

START_TEST(indexes_slices_and_members)
{
	assert_tree("v[3]", "(index v 3)");
	assert_tree("v[-1][0]", "(index (index v (- 1)) 0)");
	assert_tree("v[:]", "(slice v _ _ _)");
	assert_tree("v[1:4]", "(slice v 1 4 _)");
	assert_tree("v[::2]", "(slice v _ _ 2)");
	assert_tree("v[a:b:c]", "(slice v a b c)");
	assert_tree("v[a ? 1 : 2]", "(index v (? a 1 2))");
	assert_tree("zone.Normal.nr_free[3]", "(index (. nr_free (. Normal zone)) 3)");
	assert_tree("p->order", "(. order p)");
	assert_tree("[1, [2], ]", "(vector 1 (vector 2))");
	assert_tree("[]", "(vector)");
}
END_TEST

START_TEST(commands_in_c_form)
{
	assert_tree("alloc_pages(GFP_KERNEL, 3);", "(alloc_pages GFP_KERNEL 3)");
	assert_tree("p = alloc_pages ( GFP_KERNEL|__GFP_HIGH, 3 )", "(= p (alloc_pages (| GFP_KERNEL __GFP_HIGH) 3))");
	assert_tree("free_pages((unsigned long)buf, get_order(3*PAGE_SIZE))",
		    "(free_pages buf (get_order (* 3 PAGE_SIZE)))");
	assert_tree("__free_pages(objs[::2], 0)", "(__free_pages (slice objs _ _ 2) 0)");
	assert_tree("alloc_pages(order=3)", "(alloc_pages order=3)");
	assert_tree("drain_local_pages()", "(drain_local_pages)");
	assert_tree("undo(2)", "(undo 2)");
	assert_tree("cat(\"/proc/buddyinfo\")", "(cat '/proc/buddyinfo')");
	assert_tree("alloc_pages(\n\tGFP_KERNEL,\n\t3)", "(alloc_pages GFP_KERNEL 3)");
}
END_TEST

START_TEST(commands_in_words)
{
	assert_tree("alloc_pages 3", "(alloc_pages 3)");
	assert_tree("p = alloc_pages 3 GFP_ATOMIC", "(= p (alloc_pages 3 GFP_ATOMIC))");
	assert_tree("alloc_pages GFP_ATOMIC | __GFP_HIGH, 3", "(alloc_pages (| GFP_ATOMIC __GFP_HIGH) 3)");
	assert_tree("alloc_pages order=1+2 gfp=GFP_ATOMIC", "(alloc_pages order=(+ 1 2) gfp=GFP_ATOMIC)");
	assert_tree("alloc_pages GFP_ATOMIC |__GFP_HIGH 3", "(alloc_pages (| GFP_ATOMIC __GFP_HIGH) 3)");
	assert_tree("show a -1", "(show a (- 1))");
	assert_tree("show a - 1", "(show (- a 1))");
	assert_tree("show a-1", "(show (- a 1))");
	assert_tree("show a [1]", "(show a (vector 1))");
	assert_tree("show a[1]", "(show (index a 1))");
	assert_tree("show a (b)", "(show a b)");
	assert_tree("goto -1", "(goto (- 1))");
	assert_tree("blocks", "(blocks)");
	assert_tree("expect blocks == \"1024\"", "(expect (== (blocks) '1024'))");
	assert_tree("cpu", "cpu");
	assert_tree("cpu 1", "(cpu 1)");
	assert_tree("n = len(v) / 2", "(= n (/ (len v) 2))");
}
END_TEST

START_TEST(commands_of_two_words)
{
	assert_tree("show cache c", "(show cache c)");
	assert_tree("show cache c 3; show c", "(show cache c 3); (show c)");
	assert_tree("show cache \"a b\", 3", "(show cache 'a b' 3)");
	assert_tree("show cache slabs=3 name=c", "(show cache slabs=3 name=c)");
	assert_tree("show cache", "(show cache)");
	assert_tree("show object o[3]", "(show object (index o 3))");
	assert_tree("show object a + 3", "(show object (+ a 3))");
	assert_tree("show object -1", "(show object (- 1))");
	/* Where the second is no word by itself, it is a value. */
	assert_tree("show cache.walk.limit", "(show (. limit (. walk cache)))");
	assert_tree("show cache[c].limit", "(show (. limit (index cache c)))");
	assert_tree("show object + 3", "(show (+ object 3))");
	assert_tree("show object[3]", "(show (index object 3))");
	assert_tree("show a cache", "(show a cache)");
	assert_bad("x = show cache(c)", 9);
}
END_TEST

START_TEST(caches_by_their_names)
{
	assert_tree("show cache size-32", "(show cache 'size-32')");
	assert_tree("show cache size-32(DMA) 3", "(show cache 'size-32(DMA)' 3)");
	assert_tree("show cache dma-kmalloc-1k; cpu", "(show cache 'dma-kmalloc-1k'); cpu");
	assert_tree("kmem_cache_shrink kmalloc-rcl-8", "(kmem_cache_shrink 'kmalloc-rcl-8')");
	assert_tree("p = kmem_cache_alloc size-32 GFP_ATOMIC", "(= p (kmem_cache_alloc 'size-32' GFP_ATOMIC))");
	/* The name of a command, which no variable can have. */
	assert_tree("show cache walk", "(show cache 'walk')");
	assert_tree("kmem_cache_alloc walk, GFP_ATOMIC", "(kmem_cache_alloc 'walk' GFP_ATOMIC)");
	assert_tree("kmem_cache_shrink c [1]", "(kmem_cache_shrink c (vector 1))");
	assert_tree("kmem_cache_shrink cs[1]", "(kmem_cache_shrink (index cs 1))");
	assert_tree("kmem_cache_shrink c - 1", "(kmem_cache_shrink (- c 1))");
	assert_tree("kmem_cache_shrink c- 1", "(kmem_cache_shrink (- c 1))");
	assert_tree("kmem_cache_shrink size-32 (a)", "(kmem_cache_shrink 'size-32' a)");
	assert_tree("kmem_cache_shrink(size-32)", "(kmem_cache_shrink (- size 32))");
	assert_tree("show size-32", "(show (- size 32))");
}
END_TEST

START_TEST(commands_that_take_text)
{
	assert_tree("cat /proc/buddyinfo /proc/a-b; cpu", "(cat '/proc/buddyinfo' '/proc/a-b'); cpu");
	assert_tree("echo m > /proc/sysrq-trigger # now", "(echo 'm' '>' '/proc/sysrq-trigger')");
	assert_tree("say It splits; look: 1 + 1\ncpu", "(say 'It splits; look: 1 + 1'); cpu");
	assert_tree("say \"a\"; say", "(say 'a'); (say)");
	assert_tree("reset textbook-1M mem=16K", "(reset 'textbook-1M' 'mem=16K')");
	assert_tree("{ cat /proc/buddyinfo }", "(block (cat '/proc/buddyinfo'))");
	assert_tree("save \"my file\"", "(save 'my file')");
}
END_TEST

START_TEST(sizeof_takes_a_type)
{
	assert_tree("kmalloc(sizeof(int) * 10, GFP_KERNEL)", "(kmalloc (* sizeof<int> 10) GFP_KERNEL)");
	assert_tree("kmalloc sizeof(struct page) GFP_ATOMIC", "(kmalloc sizeof<struct page> GFP_ATOMIC)");
	assert_tree("sizeof(const  unsigned long\n)", "sizeof<unsigned long>");
	assert_tree("n = sizeof (struct foo * const *)", "(= n sizeof<*>)");
	assert_bad("sizeof(*p)", 7);
	assert_bad("sizeof *p", 7);
	assert_bad("sizeof 3", 7);
	assert_bad("sizeof()", 7);
	assert_bad("sizeof(p->x)", 8);
	assert_bad("sizeof(int[3])", 10);
	assert_bad("sizeof(void *p)", 13);
	assert_bad("sizeof", 6);
	assert_bad("sizeof = 3", 0);
	assert_more("sizeof(");
	assert_more("sizeof(struct page *");
}
END_TEST

START_TEST(declarations_are_ignored)
{
	assert_tree("struct page *p = alloc_page(GFP_KERNEL);", "(block (= p (alloc_page GFP_KERNEL)))");
	assert_tree("unsigned long a = 1", "(block (= a 1))");
	assert_tree("void *a", "(nothing)");
	assert_tree("struct page *objs[100];", "(nothing)");
	assert_tree("const char * const a = \"x\", b[3], *c = 0;", "(block (= a 'x') (= c 0))");
	assert_tree("size_t n = 1", "(block (= n 1))");
	assert_tree("gfp_t *x", "(nothing)");
	assert_tree("size_t = 1", "(= size_t 1)");
	assert_tree("a = (void *)b + (u64)1", "(= a (+ b 1))");
	assert_tree("a = (struct page *)0", "(= a 0)");
}
END_TEST

START_TEST(statements_may_be_nested)
{
	assert_tree("repeat 100 objs[] = alloc_page", "(repeat 100 ([]= objs (alloc_page)))");
	assert_tree("repeat n { a = 1; b = 2\nc = 3 }", "(repeat n (block (= a 1) (= b 2) (= c 3)))");
	assert_tree("irq { a = 1 }; atomic { softirq { cpu } }",
		    "(context (block (= a 1))); (context (block (context (block cpu))))");
	assert_tree("repeat 2\nrepeat 3 cpu", "(repeat 2 (repeat 3 cpu))");
	assert_tree("repeat (1) a = 2", "(repeat 1 (= a 2))");
	assert_tree("for p in objs[::2] { __free_page(p) }", "(for p (slice objs _ _ 2) (block (__free_page p)))");
	assert_tree("for p in [1, 2] show p", "(for p (vector 1 2) (show p))");
	assert_tree("expect a == b && c", "(expect (&& (== a b) c))");
	assert_tree("expect refused __free_pages(p, 2)", "(refused (__free_pages p 2))");
	assert_tree("expect refused == 3", "(expect (== refused 3))");
	assert_tree("{}\n;;\n", "(block)");
	assert_tree("repeat 1 {} cpu", "(repeat 1 (block)); cpu");
}
END_TEST

START_TEST(what_is_wrong_is_pointed_at)
{
	assert_bad("a = 3 +", 7);
	assert_bad("a = ) 3", 4);
	assert_bad("1 2", 2);
	assert_bad("a = 1 b = 2", 6);
	assert_bad("alocpages 3", 0);
	assert_bad("x = alocpages(3)", 4);
	assert_bad("alloc_pages = 3", 0);
	assert_bad("PAGE_SIZE = 3", 0);
	assert_bad("GFP_MINE = 3", 0);
	assert_bad("zone = 3", 0);
	assert_bad("for cpu in v cpu", 4);
	assert_bad("repeat 3 undo", 9);
	assert_bad("a = undo", 4);
	assert_bad("show(undo)", 5);
	assert_bad("a = expect(1)", 4);
	assert_bad("if (a) b", 0);
	assert_bad("for (i = 0; i < 3; i++) a", 0);
	assert_bad("}", 0);
	assert_bad("a.3", 2);
	assert_bad("v[1:2:3:4]", 7);
	assert_bad("a ? b", 5);
	assert_bad("alloc_pages(1 2)", 14);
}
END_TEST

START_TEST(what_lacks_its_end_can_go_on)
{
	assert_more("repeat 3 {");
	assert_more("repeat 3 { a = 1");
	assert_more("repeat 3");
	assert_more("for p in v");
	assert_more("alloc_pages(GFP_KERNEL,");
	assert_more("v = [1, 2,\n");
	assert_more("v[");
	assert_more("a = \"open");
	assert_more("a /* open");
	assert_more("{ {\n} ");
}
END_TEST

START_TEST(text_may_be_hostile)
{
	static const char *const pieces[] = { "(",
					      "[",
					      "{",
					      "-",
					      "!",
					      "repeat 1 ",
					      "v[",
					      "a ? ",
					      "show(",
					      "{ repeat 1 ",
					      "expect refused ",
					      "a.",
					      "1+",
					      "1 ? 1 : ",
					      "(void)",
					      "[[0]" };
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		strbuf_clear(&text);
		for (int n = 0; n < 100000; n++)
			strbuf_puts(&text, pieces[i]);
		ck_assert_msg(!parse(strbuf_str(&text)), "%s", pieces[i]);
	}
	strbuf_free(&text);
}
END_TEST

START_TEST(what_changes_something_is_known)
{
	static const struct {
		const char *text;
		bool changes;
	} statements[] = {
		{ "alloc_page", true },
		{ "a = 1", true },
		{ "v[] = 1", true },
		{ "repeat 3 a = 1", true },
		{ "repeat 3 show a", false },
		{ "show alloc_page()", true },
		{ "zone.Normal.free", false },
		{ "expect a == 1", false },
		{ "expect alloc_page() == 1", true },
		{ "for a in v cpu", true },
		{ "cat /proc/buddyinfo", false },
		{ "int a;", false },
		{ "int a = 1;", true },
		{ "why", false },
		{ "[alloc_page()][0]", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(statements); i++) {
		ck_assert(parse(statements[i].text));
		ck_assert_msg(first->changes == statements[i].changes, "%s", statements[i].text);
	}
}
END_TEST

START_TEST(statements_know_their_text)
{
	static const char text[] = " a = 1 ;  struct page *p = b + 2; # c\nrepeat 2 {\n x = 3 }\nsay hi \ncat x";
	static const char *const parts[] = { "a = 1", "struct page *p = b + 2", "repeat 2 {\n x = 3 }", "say hi",
					     "cat x" };
	const struct node *n;
	size_t i = 0;

	ck_assert(parse(text));
	for (n = first; n; n = n->next, i++) {
		ck_assert_uint_lt(i, ARRAY_SIZE(parts));
		ck_assert_uint_eq(n->end - n->start, strlen(parts[i]));
		ck_assert_mem_eq(text + n->start, parts[i], strlen(parts[i]));
	}
	ck_assert_uint_eq(i, ARRAY_SIZE(parts));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parser");
	TCase *tc = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, operators_bind_as_in_c);
	tcase_add_test(tc, indexes_slices_and_members);
	tcase_add_test(tc, commands_in_c_form);
	tcase_add_test(tc, commands_in_words);
	tcase_add_test(tc, commands_of_two_words);
	tcase_add_test(tc, caches_by_their_names);
	tcase_add_test(tc, commands_that_take_text);
	tcase_add_test(tc, sizeof_takes_a_type);
	tcase_add_test(tc, declarations_are_ignored);
	tcase_add_test(tc, statements_may_be_nested);
	tcase_add_test(tc, what_is_wrong_is_pointed_at);
	tcase_add_test(tc, what_lacks_its_end_can_go_on);
	tcase_add_test(tc, text_may_be_hostile);
	tcase_add_test(tc, what_changes_something_is_known);
	tcase_add_test(tc, statements_know_their_text);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
