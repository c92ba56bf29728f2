/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/ctypes.h"

#include "base/text.h"
#include "shell/commands.h"
#include "shell/parser_expr.h"

#include <string.h>

/* -------------------------------------------------------------- parsing */

/* Types of one word besides those of C. */
static const struct {
	const char *name;
	u32 bytes, words; /* one of them is 0 */
	bool is_signed;
} named[] = {
	{ "size_t", 0, 1, false },    { "ssize_t", 0, 1, true },  { "ptrdiff_t", 0, 1, true },
	{ "uintptr_t", 0, 1, false }, { "pgoff_t", 0, 1, false }, { "bool", 1, 0, false },
	{ "_Bool", 1, 0, false },     { "u8", 1, 0, false },      { "s8", 1, 0, true },
	{ "__u8", 1, 0, false },      { "__s8", 1, 0, true },     { "uint8_t", 1, 0, false },
	{ "int8_t", 1, 0, true },     { "u16", 2, 0, false },     { "s16", 2, 0, true },
	{ "__u16", 2, 0, false },     { "__s16", 2, 0, true },    { "uint16_t", 2, 0, false },
	{ "int16_t", 2, 0, true },    { "u32", 4, 0, false },     { "s32", 4, 0, true },
	{ "__u32", 4, 0, false },     { "__s32", 4, 0, true },    { "uint32_t", 4, 0, false },
	{ "int32_t", 4, 0, true },    { "u64", 8, 0, false },     { "s64", 8, 0, true },
	{ "__u64", 8, 0, false },     { "__s64", 8, 0, true },    { "uint64_t", 8, 0, false },
	{ "int64_t", 8, 0, true },    { "pid_t", 4, 0, true },    { "gfp_t", 4, 0, false },
	{ "loff_t", 8, 0, true },
};

static bool is_one_of(const char *name, size_t length, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == length && memcmp(words[i], name, length) == 0)
			return true;
	return false;
}

/* Does this word change nothing about the size of what is declared? */
static bool is_qualifier(const char *name, size_t length)
{
	static const char *const words[] = { "const",  "volatile", "static", "register", "extern",
					     "inline", "__iomem",  "__user", "__init",   "__initdata" };

	return is_one_of(name, length, words, ARRAY_SIZE(words));
}

static bool is_tag(const char *name, size_t length)
{
	static const char *const words[] = { "struct", "union", "enum" };

	return is_one_of(name, length, words, ARRAY_SIZE(words));
}

bool ctypes_is_word(const char *name, size_t length)
{
	static const char *const words[] = { "unsigned", "signed", "long", "short", "int", "char", "void" };

	if (is_one_of(name, length, words, ARRAY_SIZE(words)) || is_tag(name, length) || is_qualifier(name, length))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (strlen(named[i].name) == length && memcmp(named[i].name, name, length) == 0)
			return true;
	return length > 2 && memcmp(name + length - 2, "_t", 2) == 0;
}

static const char *text_of_token(const struct parser *p)
{
	return p->lx.text + p->tok.start;
}

static size_t length_of_token(const struct parser *p)
{
	return p->tok.end - p->tok.start;
}

/* Takes a word; a tag and the name behind it are taken together. */
static bool take_word(struct parser *p, struct strbuf *type)
{
	bool tag = is_tag(text_of_token(p), length_of_token(p));

	if (!is_qualifier(text_of_token(p), length_of_token(p)))
		strbuf_printf(type, "%s%.*s", type->length ? " " : "", (int)length_of_token(p), text_of_token(p));
	if (!parser_take(p))
		return false;
	if (!tag)
		return true;
	if (p->tok.kind != TOKEN_NAME)
		return parser_expected(p, _("a name"));
	strbuf_printf(type, " %.*s", (int)length_of_token(p), text_of_token(p));
	return parser_take(p);
}

bool ctypes_take_words(struct parser *p, struct strbuf *type)
{
	while (p->tok.kind == TOKEN_NAME && ctypes_is_word(text_of_token(p), length_of_token(p)))
		if (!take_word(p, type))
			return false;
	return true;
}

bool ctypes_take_stars(struct parser *p, struct strbuf *type)
{
	for (;;) {
		if (p->tok.kind == '*')
			strbuf_putc(type, '*');
		else if (p->tok.kind != TOKEN_NAME || !is_qualifier(text_of_token(p), length_of_token(p)))
			return true;
		if (!parser_take(p))
			return false;
	}
}

/* A whole type, up to the parenthesis that closes it: *text is in the pool. false: the diag says why. */
static bool take_type(struct parser *p, const char **text)
{
	struct strbuf type = STRBUF_INIT;
	bool ok = true;

	while (ok && p->tok.kind == TOKEN_NAME)
		ok = take_word(p, &type);
	ok = ok && ctypes_take_stars(p, &type);
	if (ok) {
		*text = type.failed ? NULL : ast_copy(p->ast, strbuf_str(&type), type.length);
		ok = *text || diag_no_memory(p->diag, p->tok.start);
	}
	strbuf_free(&type);
	return ok;
}

/* Is what the parenthesis at hand holds a type? A lone name may be one. */
static bool holds_type(struct parser *p)
{
	size_t at = p->lx.at;
	struct token name, behind;
	bool is = false;

	if (!lexer_look(&p->lx, &name))
		return false;
	if (name.kind != TOKEN_NAME)
		return name.kind == TOKEN_END;
	if (ctypes_is_word(p->lx.text + name.start, name.end - name.start))
		return true;
	p->lx.at = name.end;
	is = lexer_look(&p->lx, &behind) && (behind.kind == ')' || behind.kind == '*' || behind.kind == TOKEN_NAME);
	p->lx.at = at;
	return is;
}

/* `(TYPE)` */
static bool take_type_in_parentheses(struct parser *p, struct node *n)
{
	if (!parser_open(p, '(', p->tok.start) || !parser_take(p))
		return false;
	n->label_start = p->tok.start;
	if (!take_type(p, &n->type))
		return false;
	if (p->tok.kind != ')' && p->tok.kind != TOKEN_END) {
		diag_fail(p->diag, p->tok.start, STATUS_SYNTAX,
			  _("sizeof takes the name of a type, as sizeof(int), or a variable; in place of anything else "
			    "write the number of bytes"));
		return parser_tell_open(p);
	}
	return parser_close_with(p, ')', _("a closing parenthesis"));
}

struct node *ctypes_sizeof(struct parser *p)
{
	struct node *n = parser_node(p, NODE_SIZEOF);

	if (!n || !parser_take(p))
		return NULL;
	if (p->tok.kind == '(' && holds_type(p)) {
		if (!take_type_in_parentheses(p, n))
			return NULL;
	} else {
		n->a = parser_expr_unary(p);
		if (!n->a)
			return NULL;
		n->label_start = n->a->start;
	}
	return parser_finish(p, n) ? n : NULL;
}

struct node *ctypes_cast(struct parser *p)
{
	struct node *n = parser_node(p, NODE_CAST);

	if (!n || !take_type(p, &n->type) || !parser_close_with(p, ')', _("a closing parenthesis")))
		return NULL;
	n->a = parser_expr_unary(p);
	return n->a && parser_finish(p, n) ? n : NULL;
}

/* ---------------------------------------------------------------- sizes */

/* Bytes of a pointer, and of a long; 0: the machine of a textbook has no such thing. */
static u32 word_of(const struct machine *m)
{
	return m->config.page_offset ? m->slab_config.word : 0;
}

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
	size_t length = strlen(type);

	*bytes = 0;
	if (length && type[length - 1] == '*')
		*bytes = word_of(m);
	else if (strncmp(type, "struct ", 7) == 0)
		*bytes = size_of_struct(m, type + 7);
	else
		*bytes = size_of_int(m, type);
	if (!*bytes)
		*bytes = size_of_named(m, type);
	return *bytes != 0;
}

bool ctypes_is_signed(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (strcmp(named[i].name, type) == 0)
			return named[i].is_signed;
	/* char has a sign on x86. */
	return !strchr(type, '*') && !strstr(type, "unsigned");
}

/* --------------------------------------------------------- of expressions */

bool ctypes_pointee(struct strbuf *type)
{
	const char *text = strbuf_str(type);

	if (type->length > 2 && strcmp(text + type->length - 2, "[]") == 0)
		strbuf_cut(type, type->length - 2);
	else if (type->length > 1 && text[type->length - 1] == '*')
		strbuf_cut(type, type->length - 1);
	else
		return false;
	return true;
}

/* What a function of the kernel returns, "struct page *", without the blank. */
static void result_type(const struct command_info *command, struct strbuf *type)
{
	for (const char *c = command->result; *c; c++)
		if (*c != ' ' || lexer_name_part(c[1]))
			strbuf_putc(type, *c);
}

static void type_of_sum(const struct session *s, const struct node *n, struct strbuf *type)
{
	struct strbuf right = STRBUF_INIT;

	if (n->op != '+' && n->op != '-')
		return;
	ctypes_of(s, n->a, type);
	ctypes_of(s, n->b, &right);
	/* A number plus a pointer; of two pointers the difference is none. */
	if (strpbrk(strbuf_str(&right), "*[")) {
		strbuf_clear(type);
		if (n->op == '+')
			strbuf_puts(type, strbuf_str(&right));
	}
	strbuf_free(&right);
}

void ctypes_of(const struct session *s, const struct node *n, struct strbuf *type)
{
	const char *declared;

	switch (n->kind) {
	case NODE_NAME:
		declared = vars_type(&s->vars, n->name);
		strbuf_puts(type, declared ? declared : "");
		break;
	case NODE_NUMBER:
		strbuf_puts(type, "int");
		break;
	case NODE_CAST:
		strbuf_puts(type, n->type);
		break;
	case NODE_CALL:
		result_type(n->command, type);
		break;
	case NODE_ASSIGN:
		ctypes_of(s, n->a, type);
		break;
	case NODE_ADDRESS:
		if (n->a->kind == NODE_INDEX || n->a->kind == NODE_UNARY)
			ctypes_of(s, n->a->a, type);
		break;
	case NODE_CHOICE:
		ctypes_of(s, n->b, type);
		break;
	case NODE_BINARY:
		type_of_sum(s, n, type);
		break;
	case NODE_INDEX:
	case NODE_UNARY:
		if (n->kind == NODE_UNARY && n->op != '*')
			break;
		ctypes_of(s, n->a, type);
		if (!ctypes_pointee(type))
			strbuf_clear(type);
		break;
	default:
		break;
	}
}
