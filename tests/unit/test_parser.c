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
		[NODE_INDEX] = "index",   [NODE_DECLARE] = "declare", [NODE_CAST] = "cast",
		[NODE_IF] = "if",         [NODE_WHILE] = "while",     [NODE_DO] = "do",
		[NODE_LOOP] = "loop",     [NODE_BREAK] = "break",     [NODE_CONTINUE] = "continue",
		[NODE_RETURN] = "return", [NODE_SIZEOF] = "sizeof",   [NODE_PIPE] = "pipe",
		[NODE_FILTER] = "filter",
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
		if (n->a)
			break;
		strbuf_printf(out, "sizeof<%s>", n->type);
		return;
	default:
		break;
	}
	strbuf_putc(out, '(');
	if (n->kind == NODE_UNARY || n->kind == NODE_BINARY)
		put_op(n->op, out);
	else
		strbuf_puts(out, head(n));
	if (n->kind == NODE_ASSIGN && n->op) {
		put_op(n->op, out);
		strbuf_puts(out, n->number ? "old" : "");
	}
	if (n->type && *n->type)
		strbuf_printf(out, "<%s>", n->type);
	if (n->kind == NODE_MEMBER || n->kind == NODE_APPEND || n->kind == NODE_FOR || n->kind == NODE_DECLARE ||
	    n->kind == NODE_FILTER)
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
		    "(free_pages (cast<unsigned long> buf) (get_order (* 3 PAGE_SIZE)))");
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
	assert_tree("n = sizeof (struct foo * const *)", "(= n sizeof<struct foo**>)");
	assert_tree("sizeof(foo *) + sizeof(foo)", "(+ sizeof<foo*> sizeof<foo>)");
	assert_tree("sizeof(*p) * 2", "(* (sizeof (* p)) 2)");
	assert_tree("kmalloc(sizeof *p, GFP_KERNEL)", "(kmalloc (sizeof (* p)) GFP_KERNEL)");
	assert_tree("sizeof(p->x) + sizeof(p[0]) + sizeof 3",
		    "(+ (+ (sizeof (. x p)) (sizeof (index p 0))) (sizeof 3))");
	assert_bad("sizeof()", 7);
	assert_bad("sizeof(int[3])", 10);
	assert_bad("sizeof(void *p)", 13);
	assert_bad("sizeof", 6);
	assert_bad("sizeof = 3", 0);
	assert_more("sizeof(");
	assert_more("sizeof(struct page *");
}
END_TEST

START_TEST(declarations_give_types)
{
	assert_tree("struct page *p = alloc_page(GFP_KERNEL);", "(block (=<struct page*> p (alloc_page GFP_KERNEL)))");
	assert_tree("unsigned long a = 1", "(block (=<unsigned long> a 1))");
	assert_tree("void *a", "(block (declare<void*> a))");
	assert_tree("struct page *objs[100];", "(block (declare<struct page*[]> objs))");
	assert_tree("const char * const a = \"x\", b[3], *c = 0;",
		    "(block (=<char*> a 'x') (declare<char[]> b) (=<char*> c 0))");
	assert_tree("static void __iomem *io = 0", "(block (=<void*> io 0))");
	assert_tree("size_t n = 1", "(block (=<size_t> n 1))");
	assert_tree("gfp_t *x", "(block (declare<gfp_t*> x))");
	assert_tree("size_t = 1", "(= size_t 1)");
	assert_bad("static int f(void)", 11);
	assert_bad("struct foo { int a; }", 11);
}
END_TEST

START_TEST(casts_have_types)
{
	assert_tree("a = (void *)b + (u64)1", "(= a (+ (cast<void*> b) (cast<u64> 1)))");
	assert_tree("a = (struct page *)0", "(= a (cast<struct page*> 0))");
	assert_tree("*(unsigned char *)p = 5", "(= (* (cast<unsigned char*> p)) 5)");
}
END_TEST

START_TEST(assignments_are_those_of_c)
{
	assert_tree("a = b = 3", "(= a (= b 3))");
	assert_tree("a += 2; a <<= 1; a >>= b |= c", "(=+ a 2); (=<< a 1); (=>> a (=| b c))");
	assert_tree("i++; ++i; i--", "(=+old i 1); (=+ i 1); (=-old i 1)");
	assert_tree("v[2] = alloc_page GFP_ATOMIC", "(= (index v 2) (alloc_page GFP_ATOMIC))");
	assert_tree("v[i++] += 2", "(=+ (index v (=+old i 1)) 2)");
	assert_tree("*p = *q + 1", "(= (* p) (+ (* q) 1))");
	assert_tree("*p++ = 1", "(= (* (=+old p 1)) 1)");
	assert_tree("show(*p, a * b)", "(show (* p) (* a b))");
	assert_tree("show a *p", "(show a (* p))");
	assert_tree("show a*p a * p", "(show (* a p) (* a p))");
	assert_tree("(p = q) + 1", "(+ (= p q) 1)");
	assert_tree("a = 1, b = 2, free(c)", "(block (= a 1) (= b 2) (free c))");
	assert_tree("show a, b", "(show a b)");
	assert_tree("show(\"a\" \"b\" \"c\", PAGE_SIZE \"d\")", "(show (+ (+ 'a' 'b') 'c') (+ PAGE_SIZE 'd'))");
	assert_tree("show \"a\" \"b\"", "(show 'a' 'b')");
	assert_bad("3 = a", 2);
	assert_bad("a + b = c", 6);
	assert_bad("p->x = 3", 5);
	assert_bad("zone.Normal.free = 3", 17);
	assert_bad("zone.Normal.free++", 16);
	assert_bad("cpu += 1", 0);
	assert_bad("PAGE_SIZE++", 0);
	assert_bad("ENOMEM = 3", 0);
	assert_bad("a = ", 4);
	assert_bad("3++", 1);
}
END_TEST

START_TEST(control_is_that_of_c)
{
	assert_tree("if (!p) return -ENOMEM;", "(if (! p) (return (- ENOMEM)))");
	assert_tree("if (a) b = 1; else b = 2; c", "(if a (= b 1) (= b 2)); c");
	assert_tree("if (a)\n\tb = 1;\nelse if (c) { b = 2 }\nelse\n{}",
		    "(if a (= b 1) (if c (block (= b 2)) (block)))");
	assert_tree("if (a) if (b) c; else d", "(if a (if b c d))");
	assert_tree("if (a) b\nc", "(if a b); c");
	assert_tree("if ((p = f) == 0) ; else return", "(if (== (= p f) 0) (block) (return))");
	assert_tree("while (i < 3) { i++; if (i) break; continue }",
		    "(while (< i 3) (block (=+old i 1) (if i (break)) (continue)))");
	assert_tree("do { i++ } while (i < 3); b", "(do (< i 3) (block (=+old i 1))); b");
	assert_tree("do i++; while (i < 3)", "(do (< i 3) (=+old i 1))");
	assert_tree("for (i = 0, j = 1; i < 3; i++, j--) show i",
		    "(loop (block (= i 0) (= j 1)) (< i 3) (block (=+old i 1) (=-old j 1)) (show i))");
	assert_tree("for (int i = 0; i < 3; i++);", "(loop (block (=<int> i 0)) (< i 3) (block (=+old i 1)) (block))");
	assert_tree("for (;;) break", "(loop (block) (block) (break))");
	assert_tree("for (i = 0;\n i < 3;\n i++)\n show i",
		    "(loop (block (= i 0)) (< i 3) (block (=+old i 1)) (show i))");
	assert_tree("repeat 3 { break }", "(repeat 3 (block (break)))");
	assert_bad("else b", 0);
	assert_bad("break", 0);
	assert_bad("if (a) continue", 7);
	assert_bad("if a b", 3);
	assert_bad("while (a)) b", 9);
	assert_bad("do a; b", 4);
	assert_bad("for (a; b) c", 9);
	assert_bad("for (a; b; c; d) e", 12);
	assert_bad("repeat 3; a", 8);
	assert_bad("if (a) undo", 7);
	assert_bad("switch (a) {}", 0);
	assert_more("if (a)");
	assert_more("if (a");
	assert_more("while (a) {");
	assert_more("for (i = 0;");
	assert_more("if (a) b; else");
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

START_TEST(filters_stand_behind_commands)
{
	assert_tree("cat /proc/meminfo | head -5", "(pipe (cat '/proc/meminfo') (filter head '-5'))");
	assert_tree("cat a|grep 'x y\\.'|wc; b", "(pipe (cat 'a') (filter grep 'x y\\.') (filter wc)); b");
	assert_tree("cat a | cut -d' ' -f\"1\" | grep 'a|b;' 'x'",
		    "(pipe (cat 'a') (filter cut '-d ' '-f1') (filter grep 'a|b;' 'x'))");
	assert_tree("cat it's", "(cat 'it's')");
	assert_tree("vars | sort -k 2 # c\nb", "(pipe (vars) (filter sort '-k' '2')); b");
	assert_tree("history 5 | head -2", "(pipe (history 5) (filter head '-2'))");
	assert_tree("print a | b", "(print (| a b))");
	assert_tree("print(a | head)", "(print (| a head))");
	assert_tree("a = b | c", "(= a (| b c))");
	assert_tree("a | tail", "(pipe a (filter tail))");
	assert_tree("{ a; b } | wc -l", "(pipe (block a b) (filter wc '-l'))");
	assert_tree("repeat 3 vars | wc", "(repeat 3 (pipe (vars) (filter wc)))");
	assert_tree("say a | head", "(say 'a | head')");
	assert_bad("cat a | less", 8);
	assert_bad("cat a |", 7);
	assert_bad("cat a | head | ; b", 15);
	assert_bad("vars | 3", 7);
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
					      "[[0]",
					      "*",
					      "++",
					      "a = ",
					      "a += ",
					      "if (a) ",
					      "if (a) {} else ",
					      "while (a) ",
					      "do ",
					      "for (;;) ",
					      "sizeof ",
					      "return (" };
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
		{ "int a;", true },
		{ "if (a) show b", false },
		{ "if (a) b = 1", true },
		{ "if (a) ; else i++", true },
		{ "show(*p)", false },
		{ "*p = 1", true },
		{ "while ((a = b)) ;", true },
		{ "for (;;) break", false },
		{ "return 3", false },
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
	static const char text[] = " a = 1 ;  struct page *p = b + 2; # c\nrepeat 2 {\n x = 3 }\nsay hi \ncat x\n"
				   "while (a--) ; if (b) c = 1; else ;b | head -1 ;\nfor (;;);";
	static const char *const parts[] = {
		"a = 1",         "struct page *p = b + 2", "repeat 2 {\n x = 3 }", "say hi",   "cat x",
		"while (a--) ;", "if (b) c = 1; else ;",   "b | head -1",          "for (;;);"
	};
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
	tcase_add_test(tc, declarations_give_types);
	tcase_add_test(tc, casts_have_types);
	tcase_add_test(tc, assignments_are_those_of_c);
	tcase_add_test(tc, control_is_that_of_c);
	tcase_add_test(tc, statements_may_be_nested);
	tcase_add_test(tc, what_is_wrong_is_pointed_at);
	tcase_add_test(tc, what_lacks_its_end_can_go_on);
	tcase_add_test(tc, filters_stand_behind_commands);
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
