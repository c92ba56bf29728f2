/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser.h"

#include "base/text.h"
#include "shell/commands.h"
#include "shell/parser_assign.h"
#include "shell/parser_control.h"
#include "shell/parser_expr.h"
#include "shell/parser_pipe.h"
#include "shell/parser_words.h"

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
	return parser_ends(p->tok.kind) || parser_pipe_at(p);
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
		if (!parser_at_end(p) && p->taken > 0 && p->lx.text[p->taken - 1] != '}' &&
		    p->lx.text[p->taken - 1] != ';')
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

	if (n && p->tok.kind == '|')
		n = parser_pipe(p, n);
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
