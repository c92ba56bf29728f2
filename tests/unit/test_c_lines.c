/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of C as they stand in texts on the kernel: they run as typed, can be undone, and are done again alike. */
#include "tests/unit/eval.h"

static void setup_i386(void)
{
	open_machine("i386-2.6.18");
}

static void setup_x86_64(void)
{
	open_machine("x86_64-6.1-slub");
}

static void setup_textbook(void)
{
	open_machine("textbook-1M");
}

START_TEST(loops_and_conditions_run)
{
	assert_prints("for (i = 0; i < 10; i++) v[i] = i * i;", "");
	assert_value("v[9]", "81");
	assert_value("i", "10");
	assert_prints("for (i = 0, j = 9; i < j; i++, j--) ;", "");
	assert_value("i, j", "5 4");
	assert_prints("n = 0; while (1) if (n++ == 7) break;", "n = 0\n");
	assert_value("n", "8");
	assert_prints("do n -= 3; while (n > 0)", "");
	assert_value("n", "-1");
	assert_prints("for (i = 0; i < 6; i++) { if (i % 2) continue; print i }", "0\n2\n4\n");
	assert_prints("repeat 5 { n++; if (n == 2) break }", "");
	assert_value("n", "2");
	assert_prints("for x in v if (x > 20) break", "");
	assert_value("x", "25");
	assert_prints("if (n == 2) m = 1; else m = 2;", "m = 1\n");
	assert_prints("if (n != 2)\n\tm = 1;\nelse if (n)\n\tm = 3;\nelse\n\tm = 4;", "m = 3\n");
	assert_prints("if (NULL) print 1", "");
	assert_fails("n = 5 / (1 - 1)", "column 7: division by zero");
	assert_fails("for (i = 0; i < 3; i++) n = 1 / (2 - i)", "column 31: division by zero (in round 3)");
	assert_value("i, n", "6 2");
}
END_TEST

START_TEST(return_leaves_the_rest_out)
{
	assert_prints("return -ENOMEM; print 1", "returns -12 (-ENOMEM): the rest is left out\n");
	assert_prints("return 3\nprint 1", "returns 3: the rest is left out\n");
	assert_prints("return; print 1", "");
	assert_prints("{ n = 1; if (n) return; n = 2 }; n = 3", "n = 1\n");
	assert_value("n", "1");
	assert_prints("repeat 5 { n++; if (n == 3) return }", "");
	assert_value("n", "3");
	assert_prints("if (!n) return -ENOMEM; print n", "3\n");
}
END_TEST

START_TEST(assignments_are_expressions)
{
	assert_prints("a = b = 3", "a = 3\n");
	assert_prints("a += b <<= 1", "a = 9\n");
	assert_prints("c = a++ + ++b", "c = 16\n");
	assert_value("a, b", "10 7");
	assert_prints("if ((p = 5) == 5) q = p;", "q = 5\n");
	assert_prints("v[2] = 7", "v[2] = 7\n");
	assert_value("v", "[0, 0, 7]");
	assert_prints("v[-1]++", "v[-1] = 8\n");
	assert_fails("nothing++", "column 1: nothing has no value yet");
	assert_fails("v[-9] = 1", "column 3: there is no such item");
	assert_fails("v[0] = v", "column 1: a vector cannot be an item of another");
	assert_fails("v[4194304] = 1", "column 3: an index must be -2147483648 to 4194303");
	assert_fails("a[0] = 1", "column 1: this machine has no kernel addresses");
}
END_TEST

START_TEST(pointers_reach_memory)
{
	assert_begins("char *b = kzalloc(16, GFP_KERNEL)", "b = kzalloc(16, GFP_KERNEL) = 0x");
	assert_prints("b[5] = 1", "b[5] = 1\n");
	assert_prints("*b = 0xff", "*b = 255\n");
	assert_value("b[5], *b, b[1]", "1 -1 0");
	assert_begins("u8 *u = b", "u = 0x");
	assert_value("*u", "255");
	assert_begins("int *a = kmalloc(10 * sizeof(*a), GFP_KERNEL)", "a = kmalloc(40, GFP_KERNEL) = 0x");
	assert_prints("for (i = 0; i < 10; i++) a[i] = i * -1000;", "");
	assert_value("a[9], *(a + 2), (a + 3) - a", "-9000 -2000 3");
	assert_prints("n = (char *)(a + 1) - (char *)a", "n = 4\n");
	assert_prints("for (e = a, n = 0; n < 3; n++) *a++ = 7", "");
	assert_value("a - e, e[0], e[1], a[-1], a[0]", "3 7 0 7 -3000");
	assert_value("[&a[2] - a, &*a == a, &b[3] - b]", "[2, 1, 3]");
	assert_prints("kfree(e), e = NULL, a = NULL", "kfree(0xc18de4e0)\ne = NULL\na = NULL\n");
	assert_fails("l = alloc_page(GFP_KERNEL), &l[0]", "column 30: what is in a struct page is not modelled; "
							  "page_address() gives its memory");
	assert_prints("*(u64 *)b = -2", "*(u64 *)b = -2\n");
	assert_fails("a = (int *)b, a += 9223372036854775807", "column 17: the result does not fit in 64 bits");
	assert_fails("n = (struct list_head)5", "column 6: nothing can be cast to a whole structure");
	assert_value("*(u32 *)(b + 4), *(s16 *)b", "4294967295 -2");
	assert_begins("char **names = kzalloc(3 * sizeof(*names), GFP_KERNEL)", "names = kzalloc(12, ");
	assert_begins("names[1] = kstrdup(\"eth0\", GFP_KERNEL)", "names[1] = kstrdup(");
	assert_prints("printk(\"%s %d\\n\", names[1], names[2] == NULL)", "eth0 1\n");
}
END_TEST

START_TEST(pointers_fault_as_in_the_kernel)
{
	assert_fails("*NULL = 1", "BUG: unable to handle kernel NULL pointer dereference at virtual address 00000000");
	assert_prints("struct page *p = alloc_page(GFP_KERNEL); struct foo *f = kmalloc(64, GFP_KERNEL)",
		      "p = alloc_page(GFP_KERNEL) = pfn 0x18df\nf = kmalloc(64, GFP_KERNEL) = 0xc18de4e0\n");
	assert_fails("p[0] = 1", "column 1: what is in a struct page is not modelled; page_address() gives its memory");
	assert_fails("f[0] = 1", "column 1: what is in such a structure is not known; peek and poke reach its bytes");
}
END_TEST

START_TEST(what_is_declared_is_known)
{
	assert_prints("struct page *p; struct list_head *l; int i, *n; struct foo *f; char c[4];", "");
	assert_value("sizeof(*p), sizeof *l, sizeof(l), sizeof(*n), sizeof(c[0]), sizeof(i)", "32 8 4 4 1 4");
	assert_prints("vars", "p: struct page*, without a value\nl: struct list_head*, without a value\n"
			      "i: int, without a value\nn: int*, without a value\nf: struct foo*, without a value\n"
			      "c: char[], without a value\n");
	assert_fails("i", "column 1: i has no value yet");
	assert_fails("i++", "column 1: i has no value yet");
	assert_fails(
	    "sizeof(*f)",
	    "column 7: how large this is on this machine is not known: write the number of bytes in place of the "
	    "sizeof");
	assert_begins("l = kmalloc(sizeof(*l), GFP_KERNEL)", "l = kmalloc(8, GFP_KERNEL) = 0x");
	assert_begins("struct page *q = kmalloc(sizeof(*q) * 3, GFP_KERNEL)", "q = kmalloc(96, GFP_KERNEL) = 0x");
	assert_value("[(u8)300, (s8)200, (unsigned int)-1, (u32)5]", "[44, -56, 4294967295, 5]");
}
END_TEST

START_TEST(checks_of_kernel_texts_work)
{
	assert_prints("p = kmalloc(64, GFP_KERNEL); BUG_ON(!p); if (WARN_ON(!p)) return -EINVAL; kfree(p)",
		      "p = kmalloc(64, GFP_KERNEL) = 0xc18df4e0\nBUG_ON(0)\nkfree(0xc18df4e0)\n");
	assert_prints("WARN_ON(p)", "BUG: warning at command_4\nWARN_ON(0xc18df4e0) = 1\n");
	assert_prints("e = ERR_PTR(-ENOMEM)", "e = ERR_PTR(-12) = 0xfffffff4\n");
	assert_value("IS_ERR(e), PTR_ERR(e), IS_ERR(p), IS_ERR(NULL), likely(5), unlikely(0)", "1 -12 0 0 1 0");
	assert_fails("PTR_ERR(p)", "column 1: this is no error; IS_ERR() tells");
	assert_fails("ERR_PTR(5)", "column 1: errors are -1 to -4095");
	assert_prints("repeat 3 { n = 1; BUG_ON(n) }",
		      "------------[ cut here ]------------\nkernel BUG at command_5!\nThe kernel is down. undo goes "
		      "back to before, reset boots again.\n");
	assert_fails("*(char *)p = 1", "column 3: the kernel is down (kernel BUG at command_5): undo goes back to "
				       "before, reset boots again");
	assert_begins("undo", "after command 4");
	assert_begins("p = kmalloc(64, GFP_KERNEL)", "p = kmalloc(");
}
END_TEST

START_TEST(printk_prints_as_the_kernel)
{
	assert_prints("printk(KERN_INFO \"%d %5d|%-5d|%05d|%+d %i\\n\", -5, 42, 42, 42, 42, 1)",
		      "-5    42|42   |00042|+42 1\n");
	assert_prints("printk(\"%x %#X %08lx %o %u %llx\\n\", 255, 255, 255, 8, -1, -1)",
		      "ff 0XFF 000000ff 10 4294967295 ffffffffffffffff\n");
	assert_prints(
	    "printk(\"%p %px %s %.2s|%5s|%-5s|%c%%\", 0xc1000000, NULL, \"abc\", \"abc\", \"abc\", \"abc\", 'x')",
	    "c1000000 00000000 abc ab|  abc|abc  |x%\n");
	assert_prints("printk(\"%hhd %hd %ld %.5d %*d\\n\", 300, 70000, 5000000000, 42, 4, 7)",
		      "44 4464 705032704 00042    7\n");
	assert_prints("printk(\"a\\n\" \"b\\n\"); pr_info(\"%s\\n\", NULL)", "a\nb\n<NULL>\n");
	assert_fails("printk(\"%d\")", "column 1: the format wants more arguments");
	assert_fails("printk(\"%d\", 1, 2)", "column 1: the format has no place for so many arguments");
	assert_fails("printk(\"%s\", 5)", "column 1: %s cannot print a number");
	assert_fails("printk(\"%d\", \"x\")", "column 1: %d cannot print a string");
	assert_fails("printk(\"%k\", 1)", "column 1: the kernel knows %d %u %x %o %c %s %p");
	assert_fails("printk(\"%\", 1)", "column 1: the kernel knows %d %u %x %o %c %s %p");
	assert_fails("printk(5)", "column 1: the first argument is the format, in double quotes");
	assert_fails("printk(\"%s\", 0x10)", "column 1: %s cannot print a number");
}
END_TEST

START_TEST(later_kernels_have_their_own)
{
	assert_prints("c = KMEM_CACHE(vm_struct, SLAB_PANIC)",
		      "c = KMEM_CACHE(\"vm_struct\", SLAB_PANIC) = 0xffff888001001ec0\n");
	assert_value("kmem_cache_size(c)", "64");
	assert_fails("KMEM_CACHE(task_struct, SLAB_PANIC)",
		     "column 1: how large a struct task_struct is on this machine is not known: it is "
		     "kmem_cache_create(\"task_struct\", SIZE, 0, FLAGS, NULL)");
	assert_prints("printk(KERN_ERR \"%p %lx\\n\", c, c)", "ffff888001001ec0 ffff888001001ec0\n");
	assert_prints("pr_err(\"%s\\n\", NULL)", "(null)\n");
	assert_begins("WARN_ON(c)", "------------[ cut here ]------------\nWARNING: CPU: 0 PID: 1 at command_2\n");
	assert_begins("unsigned long *l = kzalloc(sizeof(*l), GFP_KERNEL); *l = -1", "l = kzalloc(8, GFP_KERNEL) = 0x");
	assert_value("*l, *(int *)l", "0xffffffffffffffff -1");
}
END_TEST

/* What was done by lines of C is taken back by undo, and done again alike from the start. */
START_TEST(time_goes_back_over_them)
{
	struct status st = STATUS_INIT;
	u64 hash;

	ck_assert_int_eq(run("int *a = kmalloc(40, GFP_KERNEL); for (i = 0; i < 10; i++) a[i] = i;"), SHELL_DONE);
	assert_begins("a[3] = 99", "a[3] = 99");
	hash = machine_hash(&s.machine);
	assert_prints("for (n = 0; n < 7; n++) ; while (n --> 3) ;", "");
	assert_begins("undo 2", "after command 3");
	assert_begins("redo 2", "");
	assert_value("n", "2");
	assert_begins("undo 2", "after command 3");
	assert_begins("undo", "after command 2");
	assert_value("a[3]", "3");
	assert_begins("redo", "");
	ck_assert_uint_eq(machine_hash(&s.machine), hash);
	assert_begins("undo 3", "");
	ck_assert_ptr_null(vars_type(&s.vars, "a"));
	s.past_budget = 0;
	ck_assert_msg(session_goto(&s, 3, &st), "%s", st.message);
	ck_assert_uint_eq(machine_hash(&s.machine), hash);
	ck_assert_str_eq(vars_type(&s.vars, "a"), "int*");
	assert_value("a[3], a[4]", "99 4");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lines of C");
	const TTest *const textbook[] = { loops_and_conditions_run, return_leaves_the_rest_out,
					  assignments_are_expressions, NULL };
	const TTest *const i386[] = { pointers_reach_memory,
				      pointers_fault_as_in_the_kernel,
				      what_is_declared_is_known,
				      checks_of_kernel_texts_work,
				      printk_prints_as_the_kernel,
				      time_goes_back_over_them,
				      NULL };
	const TTest *const x86_64[] = { later_kernels_have_their_own, NULL };

	add(suite, "textbook", setup_textbook, textbook);
	add(suite, "i386-2.6.18", setup_i386, i386);
	add(suite, "x86_64-6.1", setup_x86_64, x86_64);
	return run_suite(suite);
}
