/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/ctypes.h"

#include "base/text.h"
#include "shell/parser_expr.h"

#include <string.h>

/* -------------------------------------------------------------- parsing */

static struct node *not_a_type(struct parser *p)
{
	diag_fail(p->diag, p->tok.start, STATUS_SYNTAX,
		  _("sizeof takes the name of a type in parentheses, as sizeof(int); in place of anything else write "
		    "the number of bytes"));
	parser_tell_open(p);
	return NULL;
}

static bool put_word(struct parser *p, struct strbuf *words)
{
	/* These change nothing about the size. */
	if (!parser_expr_at(p, "const") && !parser_expr_at(p, "volatile"))
		strbuf_printf(words, "%s%.*s", words->length ? " " : "", (int)(p->tok.end - p->tok.start),
			      p->lx.text + p->tok.start);
	return parser_take(p);
}

/* `unsigned long`, `struct page *` */
static bool parse_type(struct parser *p, struct strbuf *words)
{
	bool pointer = false;

	while (p->tok.kind == TOKEN_NAME)
		if (!put_word(p, words))
			return false;
	while (p->tok.kind == '*' || (pointer && parser_expr_at(p, "const"))) {
		pointer = true;
		if (!parser_take(p))
			return false;
	}
	if (pointer) {
		strbuf_clear(words);
		strbuf_putc(words, '*');
	}
	return true;
}

struct node *ctypes_parse(struct parser *p)
{
	struct strbuf words = STRBUF_INIT;
	struct node *n = parser_node(p, NODE_SIZEOF);
	bool ok;

	if (!n || !parser_take(p))
		return NULL;
	if (p->tok.kind != '(')
		return not_a_type(p);
	if (!parser_open(p, '(', p->tok.start) || !parser_take(p))
		return NULL;
	n->label_start = p->tok.start;
	if (p->tok.kind != TOKEN_NAME && p->tok.kind != TOKEN_END)
		return not_a_type(p);
	ok = parse_type(p, &words);
	if (ok) {
		n->length = words.length;
		n->name = words.failed ? NULL : ast_copy(p->ast, strbuf_str(&words), words.length);
		if (!n->name)
			ok = diag_no_memory(p->diag, n->start);
	}
	strbuf_free(&words);
	if (!ok)
		return NULL;
	if (p->tok.kind != ')' && p->tok.kind != TOKEN_END)
		return not_a_type(p);
	if (!parser_close_with(p, ')', _("a closing parenthesis")))
		return NULL;
	return parser_finish(p, n) ? n : NULL;
}

/* ---------------------------------------------------------------- sizes */

/* Bytes of a pointer, and of a long; 0: the machine of a textbook has no such thing. */
static u32 word_of(const struct machine *m)
{
	return m->config.page_offset ? m->slab_config.word : 0;
}

/* Types with a name of one word. */
static const struct {
	const char *name;
	u32 bytes, words; /* one of them is 0 */
} named[] = {
	{ "*", 0, 1 },       { "size_t", 0, 1 },   { "ssize_t", 0, 1 }, { "ptrdiff_t", 0, 1 }, { "uintptr_t", 0, 1 },
	{ "pgoff_t", 0, 1 }, { "bool", 1, 0 },     { "_Bool", 1, 0 },   { "u8", 1, 0 },        { "s8", 1, 0 },
	{ "__u8", 1, 0 },    { "__s8", 1, 0 },     { "uint8_t", 1, 0 }, { "int8_t", 1, 0 },    { "u16", 2, 0 },
	{ "s16", 2, 0 },     { "__u16", 2, 0 },    { "__s16", 2, 0 },   { "uint16_t", 2, 0 },  { "int16_t", 2, 0 },
	{ "u32", 4, 0 },     { "s32", 4, 0 },      { "__u32", 4, 0 },   { "__s32", 4, 0 },     { "uint32_t", 4, 0 },
	{ "int32_t", 4, 0 }, { "u64", 8, 0 },      { "s64", 8, 0 },     { "__u64", 8, 0 },     { "__s64", 8, 0 },
	{ "int64_t", 8, 0 }, { "uint64_t", 8, 0 }, { "pid_t", 4, 0 },   { "gfp_t", 4, 0 },     { "loff_t", 8, 0 },
};

static u32 size_of_named(const struct machine *m, const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (strcmp(named[i].name, type) == 0)
			return named[i].bytes + named[i].words * word_of(m);
	return 0;
}

static u32 size_of_struct(const struct machine *m, const char *tag)
{
	if (strcmp(tag, "page") == 0)
		return word_of(m) ? m->desc.struct_page : 0;
	if (strcmp(tag, "kmem_cache") == 0)
		return m->slab_config.rules ? m->slab_config.cache_bytes : 0;
	if (strcmp(tag, "vm_struct") == 0)
		return m->virt_config.sizeof_vm_struct;
	if (strcmp(tag, "list_head") == 0)
		return 2 * word_of(m);
	return 0;
}

/* C's own words, which may come in any order. */
enum { INT_CHAR, INT_SHORT, INT_INT, INT_LONG, INT_SIGNED, INT_UNSIGNED, INT_WORDS };

/* How often each of C's words is there. false: there are others. */
static bool count_words(const char *type, unsigned count[INT_WORDS])
{
	static const char *const words[] = { "char", "short", "int", "long", "signed", "unsigned" };

	while (*type) {
		size_t length = strcspn(type, " "), i = 0;

		while (i < INT_WORDS && !(strlen(words[i]) == length && memcmp(words[i], type, length) == 0))
			i++;
		if (i == INT_WORDS)
			return false;
		count[i]++;
		type += length + (type[length] == ' ');
	}
	return true;
}

/* 0: it is no type of C. */
static u32 size_of_int(const struct machine *m, const char *type)
{
	unsigned count[INT_WORDS] = { 0 };

	if (!*type || !count_words(type, count) || count[INT_SIGNED] + count[INT_UNSIGNED] > 1 || count[INT_INT] > 1)
		return 0;
	if (count[INT_CHAR])
		return count[INT_CHAR] == 1 && !count[INT_SHORT] && !count[INT_INT] && !count[INT_LONG] ? 1 : 0;
	if (count[INT_SHORT])
		return count[INT_SHORT] == 1 && !count[INT_LONG] ? 2 : 0;
	if (count[INT_LONG] > 2)
		return 0;
	return count[INT_LONG] == 2 ? 8 : count[INT_LONG] ? word_of(m) : 4;
}

bool ctypes_size(const struct machine *m, const char *type, u32 *bytes)
{
	*bytes = size_of_int(m, type);
	if (!*bytes)
		*bytes = strncmp(type, "struct ", 7) == 0 ? size_of_struct(m, type + 7) : size_of_named(m, type);
	return *bytes != 0;
}
