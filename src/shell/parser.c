/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser.h"

#include "base/text.h"
#include "shell/commands.h"
#include "shell/parser_assign.h"
#include "shell/parser_control.h"
#include "shell/parser_expr.h"
<<<<<<< HEAD
=======
#include "shell/parser_words.h"
#include "shell/queries.h"

#include <string.h>
>>>>>>> ae73772 (wip)

/* ------------------------------------------------------ for both parts */

bool parser_take(struct parser *p)
{
	p->taken = p->tok.end;
	return lexer_next(&p->lx, &p->tok);
}

bool parser_open(struct parser *p, int kind, size_t at)
{
	if (p->opened == ARRAY_SIZE(p->open))
		return diag_fail(p->diag, at, STATUS_SYNTAX, _("too many things inside one another"));
	p->open[p->opened++] = (struct opening){ kind, at };
	p->lx.nesting += kind == '(' || kind == '[';
	p->lx.open += kind == '{' || kind == TOKEN_NAME;
	return true;
}

void parser_close(struct parser *p)
{
	int kind = p->open[--p->opened].kind;

	p->lx.nesting -= kind == '(' || kind == '[';
	p->lx.open -= kind == '{' || kind == TOKEN_NAME;
}

bool parser_close_with(struct parser *p, int kind, const char *what)
{
	if (p->tok.kind != kind)
		return parser_expected(p, what);
	parser_close(p);
	return parser_take(p);
}

/* The text ends while something is open. */
static bool unclosed(struct parser *p, const struct opening *o)
{
	p->diag->more = true;
	switch (o->kind) {
	case '(':
		return diag_fail(p->diag, o->at, STATUS_SYNTAX, _("this parenthesis is not closed"));
	case '[':
		return diag_fail(p->diag, o->at, STATUS_SYNTAX, _("this bracket is not closed"));
	case '{':
		return diag_fail(p->diag, o->at, STATUS_SYNTAX, _("this brace is not closed"));
	default:
		return diag_fail(p->diag, o->at, STATUS_SYNTAX, _("this lacks the statement that it shall do"));
	}
}

bool parser_tell_open(struct parser *p)
{
	const struct opening *o = p->opened ? &p->open[p->opened - 1] : NULL;
	unsigned line, column, here, ignored;

	if (!o)
		return false;
	diag_place(p->lx.source, o->at, &line, &column);
	diag_place(p->lx.source, p->diag->offset, &here, &ignored);
	if (line == here)
		return false;
	if (o->kind == '(')
		return diag_add(p->diag, _("; the parenthesis of line %u, column %u is still open"), line, column);
	if (o->kind == '[')
		return diag_add(p->diag, _("; the bracket of line %u, column %u is still open"), line, column);
	if (o->kind == '{')
		return diag_add(p->diag, _("; the brace of line %u, column %u is still open"), line, column);
	return diag_add(p->diag, _("; what begins in line %u, column %u still lacks its statement"), line, column);
}

bool parser_expected(struct parser *p, const char *what)
{
	if (p->tok.kind == TOKEN_END && p->opened)
		return unclosed(p, &p->open[p->opened - 1]);
	diag_fail(p->diag, p->tok.start, STATUS_SYNTAX, _("%s is expected here"), what);
	return parser_tell_open(p);
}

bool parser_need(struct parser *p, int kind, const char *what)
{
	return p->tok.kind == kind ? parser_take(p) : parser_expected(p, what);
}

bool parser_peek(struct parser *p, struct token *t)
{
	return lexer_look(&p->lx, t);
}

bool parser_deeper(struct parser *p)
{
	if (++p->depth > PARSER_DEPTH)
		return diag_fail(p->diag, p->tok.start, STATUS_SYNTAX, _("too many things inside one another"));
	return true;
}

bool parser_ends(int kind)
{
	return kind == TOKEN_END || kind == TOKEN_NEWLINE || kind == ';' || kind == '}';
}

bool parser_at_end(const struct parser *p)
{
	return parser_ends(p->tok.kind);
}

struct node *parser_node(struct parser *p, enum node_kind kind)
{
	struct node *n = ast_node(p->ast, kind, p->tok.start);

	if (!n)
		diag_no_memory(p->diag, p->tok.start);
	return n;
}

const char *parser_name(struct parser *p)
{
	const char *name = ast_copy(p->ast, p->lx.text + p->tok.start, p->tok.end - p->tok.start);

	if (!name)
		diag_no_memory(p->diag, p->tok.start);
	return name;
}

static void join(struct node *n, const struct node *part)
{
	if (!part)
		return;
	if (part->height >= n->height)
		n->height = part->height + 1;
	n->changes |= part->changes;
}

bool parser_finish(struct parser *p, struct node *n)
{
	n->end = p->taken;
	n->changes = n->kind == NODE_ASSIGN || n->kind == NODE_APPEND || n->kind == NODE_FOR ||
		     n->kind == NODE_DECLARE || (n->kind == NODE_CALL && commands_changes(n));
	join(n, n->a);
	join(n, n->b);
	join(n, n->c);
	join(n, n->d);
	for (const struct node *part = n->first; part; part = part->next)
		join(n, part);
	if (n->height > AST_HEIGHT)
		return diag_fail(p->diag, n->start, STATUS_SYNTAX, _("this has too many parts; divide it"));
	return true;
}

/* ----------------------------------------------------------- statements */

bool parser_skip_newlines(struct parser *p)
{
	while (p->tok.kind == TOKEN_NEWLINE)
		if (!parser_take(p))
			return false;
	return true;
}

<<<<<<< HEAD
=======
/* A variable may not hide what the language means by a name. */
static bool check_variable(struct parser *p)
{
	const char *name = parser_name(p);

	if (!name)
		return false;
	if (commands_find(name))
		return diag_fail(p->diag, p->tok.start, STATUS_SYNTAX,
				 _("%s is a command; a variable needs another name"), name);
	if (queries_is_root(name) || constants_reserved(name) || parser_expr_at(p, "sizeof"))
		return diag_fail(p->diag, p->tok.start, STATUS_SYNTAX,
				 _("%s has a meaning; a variable needs another name"), name);
	return true;
}

/* `name =` or `name[] =` is at hand: takes it, and what is assigned. */
static struct node *parse_assignment(struct parser *p, bool append)
{
	struct node *n = check_variable(p) ? parser_node(p, append ? NODE_APPEND : NODE_ASSIGN) : NULL;

	if (!n)
		return NULL;
	n->name = parser_name(p);
	n->length = p->tok.end - p->tok.start;
	if (!n->name || !parser_take(p))
		return NULL;
	if (append && (!parser_take(p) || !parser_take(p)))
		return NULL;
	if (!parser_need(p, '=', _("=")))
		return NULL;
	n->a = parser_words(p);
	if (n->a && n->a->kind == NODE_CALL && n->a->command->class == COMMAND_TRAVELS) {
		diag_fail(p->diag, n->a->start, STATUS_SYNTAX, _("%s has no value that a variable could get"),
			  n->a->command->name);
		return NULL;
	}
	return n->a && parser_finish(p, n) ? n : NULL;
}

/* What the present name begins: '=' for an assignment, '[' for one to `name[]`, 0 for neither. */
static int looks_like_assignment(struct parser *p)
{
	size_t at = p->lx.at;
	struct token t;
	int found = 0;

	if (p->tok.kind != TOKEN_NAME || !lexer_look(&p->lx, &t))
		return 0;
	if (t.kind == '=')
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

/* The size of a C array, which a vector does not need. */
static bool skip_array_size(struct parser *p)
{
	if (!parser_open(p, '[', p->tok.start) || !parser_take(p))
		return false;
	if (p->tok.kind != ']' && !parser_expr(p))
		return false;
	return parser_close_with(p, ']', _("a closing bracket"));
}

/* One of the names that a declaration declares; *n is NULL if nothing is assigned to it. */
static bool parse_declarator(struct parser *p, struct node **n)
{
	int kind;

	*n = NULL;
	while (p->tok.kind == '*' || parser_expr_at(p, "const"))
		if (!parser_take(p))
			return false;
	if (p->tok.kind != TOKEN_NAME)
		return parser_expected(p, _("a name"));
	kind = looks_like_assignment(p);
	if (kind) {
		*n = parse_assignment(p, kind == '[');
		return *n != NULL;
	}
	if (!check_variable(p) || !parser_take(p))
		return false;
	return p->tok.kind != '[' || skip_array_size(p);
}

/* `struct page *p = ...`: the type is of no interest. */
static struct node *parse_declaration(struct parser *p)
{
	struct node *n = parser_node(p, NODE_BLOCK), **tail, *one;

	if (!n)
		return NULL;
	tail = &n->first;
	while (p->tok.kind == TOKEN_NAME && parser_expr_is_type(p->lx.text + p->tok.start, p->tok.end - p->tok.start)) {
		bool tag = parser_expr_at(p, "struct") || parser_expr_at(p, "union") || parser_expr_at(p, "enum");

		if (!parser_take(p) || (tag && !parser_need(p, TOKEN_NAME, _("a name"))))
			return NULL;
	}
	for (;;) {
		if (!parse_declarator(p, &one))
			return NULL;
		if (one) {
			*tail = one;
			tail = &one->next;
		}
		if (p->tok.kind != ',')
			break;
		if (!parser_take(p))
			return NULL;
	}
	if (!n->first)
		n->kind = NODE_NOTHING;
	return parser_finish(p, n) ? n : NULL;
}

>>>>>>> ae73772 (wip)
/* Statements up to `end`, separated by ';' and newlines, appended to the list. */
static bool parse_statements(struct parser *p, struct node **tail, int end)
{
	while (p->tok.kind != end) {
		if (p->tok.kind == ';' || p->tok.kind == TOKEN_NEWLINE) {
			if (!parser_take(p))
				return false;
			continue;
		}
		if (p->tok.kind == '}' || p->tok.kind == TOKEN_END)
			return parser_expected(p, end == '}' ? _("a closing brace") : _("a statement"));
		*tail = parser_statement(p);
		if (!*tail)
			return false;
		tail = &(*tail)->next;
		if (!parser_at_end(p) && p->taken > 0 && p->lx.text[p->taken - 1] != '}')
			return parser_expected(p, _("the end of the statement"));
	}
	return true;
}

struct node *parser_block(struct parser *p)
{
	struct node *n = parser_node(p, NODE_BLOCK);
	unsigned nesting = p->lx.nesting;

	if (!n)
		return NULL;
	/* Inside braces newlines separate statements, whatever is around. */
	p->lx.nesting = 0;
	p->blocks++;
	if (!parser_open(p, '{', p->tok.start) || !parser_take(p) || !parse_statements(p, &n->first, '}'))
		return NULL;
	parser_close(p);
	p->blocks--;
	p->lx.nesting = nesting;
	return parser_take(p) && parser_finish(p, n) ? n : NULL;
}

/* A value or a command. A name with something behind it was meant as a command. */
static struct node *parse_plain(struct parser *p)
{
	struct node *n = parser_words(p);

	if (n && parser_assign_at(p))
		return parser_assign_to(p, n, true);
	if (n && n->kind == NODE_NAME && !n->brackets && !parser_at_end(p)) {
		parser_expr_unknown(p, n->name, n->start);
		return NULL;
	}
	return n;
}

/* `kfree(p), p = NULL`: as C's comma, one behind the other. */
static struct node *parse_rest(struct parser *p, struct node *first)
{
	struct node *n = parser_node(p, NODE_BLOCK), *last = first;

	if (!n)
		return NULL;
	n->start = first->start;
	n->first = first;
	while (p->tok.kind == ',') {
		last->next = parser_take(p) ? parser_assign_expr(p) : NULL;
		last = last->next;
		if (!last)
			return NULL;
	}
	return parser_finish(p, n) ? n : NULL;
}

static struct node *parse_one(struct parser *p)
{
	struct node *n;

	if (p->tok.kind == '{')
		return parser_block(p);
	if (parser_control(p, &n))
		return n;
	if (parser_assign_declares(p) && !parser_assign_looks(p))
		return parser_assign_declaration(p);
	n = parser_assign_looks(p) ? parser_assign_name(p) : parse_plain(p);
	return n && p->tok.kind == ',' ? parse_rest(p, n) : n;
}

struct node *parser_statement(struct parser *p)
{
	struct node *n = parser_deeper(p) ? parse_one(p) : NULL;

	p->depth--;
	return n;
}

bool parser_parse(struct ast *ast, struct source *src, struct node **first, struct diag *diag)
{
	struct parser p = {
		.lx = { .text = src->text, .length = src->length, .diag = diag, .source = src },
		.ast = ast,
		.diag = diag,
	};

	*first = NULL;
	if (!lexer_next(&p.lx, &p.tok))
		return false;
	return parse_statements(&p, first, TOKEN_END);
}
