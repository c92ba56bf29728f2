/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser_assign.h"

#include "base/text.h"
#include "shell/commands.h"
#include "shell/constants.h"
#include "shell/ctypes.h"
#include "shell/parser_expr.h"
#include "shell/parser_words.h"
#include "shell/queries.h"

#include <string.h>

bool parser_assign_check(struct parser *p, const char *name, size_t start)
{
	if (commands_find(name))
		return diag_fail(p->diag, start, STATUS_SYNTAX, _("%s is a command; a variable needs another name"),
				 name);
	if (queries_is_root(name) || constants_reserved(name) || strcmp(name, "sizeof") == 0)
		return diag_fail(p->diag, start, STATUS_SYNTAX, _("%s has a meaning; a variable needs another name"),
				 name);
	return true;
}

/* ---------------------------------------------------------- assignments */

bool parser_assign_at(const struct parser *p)
{
	return p->tok.kind == '=' || p->tok.kind == TOKEN_COMPOUND;
}

/* Is it a question about the machine, whose answer nobody can set? */
static bool is_question(const struct node *n)
{
	while (n->kind == NODE_INDEX || n->kind == NODE_MEMBER)
		n = n->a;
	return n->kind == NODE_NAME && queries_is_root(n->name);
}

/* Can something be assigned to it? The complaint is about what stands at `at`. */
static bool check_target(struct parser *p, const struct node *n, size_t at)
{
	if (n->kind == NODE_NAME)
		return parser_assign_check(p, n->name, n->start);
	if (is_question(n))
		return diag_fail(p->diag, at, STATUS_SYNTAX, _("this asks the machine; what it answers cannot be set"));
	if (n->kind == NODE_INDEX || (n->kind == NODE_UNARY && n->op == '*'))
		return true;
	if (n->kind == NODE_MEMBER)
		return diag_fail(p->diag, at, STATUS_SYNTAX,
				 _("members of structures are not modelled: assign to a variable of its own"));
	return diag_fail(p->diag, at, STATUS_SYNTAX,
			 _("only a variable, an item of a vector, or what a pointer points to can be assigned to"));
}

/* The value, which may itself be an assignment: `p = q = NULL`. */
static struct node *parse_assigned(struct parser *p, bool words)
{
	struct node *n;

	if (!parser_deeper(p))
		return NULL;
	n = words ? parser_words(p) : parser_expr(p);
	if (n && parser_assign_at(p))
		n = parser_assign_to(p, n, words);
	p->depth--;
	if (n && n->kind == NODE_CALL && n->command->class == COMMAND_TRAVELS) {
		diag_fail(p->diag, n->start, STATUS_SYNTAX, _("%s has no value that a variable could get"),
			  n->command->name);
		return NULL;
	}
	return n;
}

struct node *parser_assign_to(struct parser *p, struct node *target, bool words)
{
	struct node *n = check_target(p, target, p->tok.start) ? parser_node(p, NODE_ASSIGN) : NULL;

	if (!n)
		return NULL;
	n->start = target->start;
	n->label_start = p->tok.start;
	n->a = target;
	n->op = p->tok.kind == TOKEN_COMPOUND ? (int)p->tok.number : 0;
	n->b = parser_take(p) ? parse_assigned(p, words) : NULL;
	return n->b && parser_finish(p, n) ? n : NULL;
}

struct node *parser_assign_expr(struct parser *p)
{
	struct node *n = parser_expr(p);

	return n && parser_assign_at(p) ? parser_assign_to(p, n, false) : n;
}

struct node *parser_assign_step(struct parser *p, struct node *target)
{
	struct node *n = parser_node(p, NODE_ASSIGN), *one = parser_node(p, NODE_NUMBER);
	size_t at = p->tok.start;

	if (!n || !one)
		return NULL;
	n->op = p->tok.kind == TOKEN_INCREMENT ? '+' : '-';
	n->label_start = at;
	n->number = target != NULL;
	one->number = 1;
	if (!parser_take(p) || !parser_finish(p, one))
		return NULL;
	if (target)
		n->start = target->start;
	n->a = target ? target : parser_expr_unary(p);
	n->b = one;
	return n->a && check_target(p, n->a, at) && parser_finish(p, n) ? n : NULL;
}

int parser_assign_looks(struct parser *p)
{
	size_t at = p->lx.at;
	struct token t;
	int found = 0;

	if (p->tok.kind != TOKEN_NAME || !lexer_look(&p->lx, &t))
		return 0;
	if (t.kind == '=' || t.kind == TOKEN_COMPOUND)
		return '=';
	for (const char *wanted = "[]="; t.kind == *wanted && !found; wanted++) {
		p->lx.at = t.end;
		found = *wanted == '=' ? '[' : 0;
		if (!lexer_look(&p->lx, &t))
			break;
	}
	p->lx.at = at;
	return found;
}

/* The present name, which can be that of a variable, as a node; it is not taken. */
static struct node *variable(struct parser *p, enum node_kind kind)
{
	const char *name = parser_name(p);
	struct node *n = name && parser_assign_check(p, name, p->tok.start) ? parser_node(p, kind) : NULL;

	if (!n)
		return NULL;
	n->name = name;
	n->length = p->tok.end - p->tok.start;
	return n;
}

static struct node *parse_append(struct parser *p)
{
	struct node *n = variable(p, NODE_APPEND);

	if (!n || !parser_take(p) || !parser_take(p) || !parser_take(p) || !parser_need(p, '=', _("=")))
		return NULL;
	n->a = parse_assigned(p, true);
	return n->a && parser_finish(p, n) ? n : NULL;
}

struct node *parser_assign_name(struct parser *p)
{
	struct node *n;

	if (parser_assign_looks(p) == '[')
		return parse_append(p);
	n = variable(p, NODE_NAME);
	return n && parser_take(p) && parser_finish(p, n) ? parser_assign_to(p, n, true) : NULL;
}

/* --------------------------------------------------------- declarations */

bool parser_assign_declares(struct parser *p)
{
	struct token next;

	return p->tok.kind == TOKEN_NAME && ctypes_is_word(p->lx.text + p->tok.start, p->tok.end - p->tok.start) &&
	       parser_peek(p, &next) && (next.kind == TOKEN_NAME || next.kind == '*');
}

/* The size of a C array, which a vector does not need. */
static bool skip_array_size(struct parser *p)
{
	if (!parser_open(p, '[', p->tok.start) || !parser_take(p))
		return false;
	if (p->tok.kind != ']' && !parser_expr(p))
		return false;
	return parser_close_with(p, ']', _("a closing bracket"));
}

/* Nothing is assigned: the variable gets a type only. */
static struct node *parse_bare(struct parser *p, struct strbuf *type)
{
	struct node *n = variable(p, NODE_DECLARE);

	if (!n || !parser_take(p))
		return NULL;
	if (p->tok.kind == '(') {
		diag_fail(p->diag, n->start, STATUS_SYNTAX,
			  _("functions cannot be defined; type the lines that stand in one"));
		return NULL;
	}
	if (p->tok.kind == '[') {
		strbuf_puts(type, "[]");
		if (!skip_array_size(p))
			return NULL;
	}
	return parser_finish(p, n) ? n : NULL;
}

/* One of the names that a declaration declares; `words` are those of its type. */
static struct node *parse_declarator(struct parser *p, const struct strbuf *words)
{
	struct strbuf type = STRBUF_INIT;
	struct node *n = NULL;
	bool ok;

	strbuf_puts(&type, strbuf_str(words));
	ok = ctypes_take_stars(p, &type);
	if (ok && p->tok.kind != TOKEN_NAME)
		ok = parser_expected(p, _("a name"));
	if (ok)
		n = parser_assign_looks(p) ? parser_assign_name(p) : parse_bare(p, &type);
	if (n && n->kind == NODE_APPEND)
		strbuf_puts(&type, "[]");
	if (n) {
		n->type = type.failed ? NULL : ast_copy(p->ast, strbuf_str(&type), type.length);
		if (!n->type) {
			diag_no_memory(p->diag, n->start);
			n = NULL;
		}
	}
	strbuf_free(&type);
	return n;
}

static bool parse_declarators(struct parser *p, struct node *list, const struct strbuf *words)
{
	struct node **tail = &list->first;

	for (;;) {
		*tail = parse_declarator(p, words);
		if (!*tail)
			return false;
		tail = &(*tail)->next;
		if (p->tok.kind != ',')
			return true;
		if (!parser_take(p))
			return false;
	}
}

struct node *parser_assign_declaration(struct parser *p)
{
	struct node *n = parser_node(p, NODE_BLOCK);
	struct strbuf words = STRBUF_INIT;
	bool ok = n && ctypes_take_words(p, &words);

	if (ok && p->tok.kind == '{')
		ok = diag_fail(p->diag, p->tok.start, STATUS_SYNTAX,
			       _("structures cannot be defined; write their size in bytes where it is needed"));
	ok = ok && parse_declarators(p, n, &words) && parser_finish(p, n);
	strbuf_free(&words);
	return ok ? n : NULL;
}
