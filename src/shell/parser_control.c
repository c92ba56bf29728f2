/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser_control.h"

#include "base/text.h"
#include "phys/preempt.h"
#include "shell/parser_assign.h"
#include "shell/parser_expr.h"

#include <string.h>

/* As in C, a lone ';' is a statement that does nothing; it is part of what it stands in. */
static struct node *parse_nothing(struct parser *p)
{
	struct node *n = parser_node(p, NODE_BLOCK);

	return n && parser_take(p) && parser_finish(p, n) ? n : NULL;
}

/* What that which begins at `start` does: a statement, perhaps on the next line. In C it may be a lone ';'. */
static struct node *parse_body(struct parser *p, size_t start, bool in_c)
{
	struct node *n = NULL;
	size_t at;

	if (!parser_open(p, TOKEN_NAME, start))
		return NULL;
	/* Where the line ended nothing was open yet. */
	if (p->tok.kind == TOKEN_END && !lexer_next(&p->lx, &p->tok))
		return NULL;
	if (!parser_skip_newlines(p))
		return NULL;
	in_c = in_c && p->tok.kind == ';';
	if (parser_at_end(p) && !in_c) {
		parser_expected(p, _("a statement"));
		return NULL;
	}
	parser_close(p);
	at = p->tok.start;
	p->blocks++;
	n = in_c ? parse_nothing(p) : parser_statement(p);
	p->blocks--;
	/* Perhaps the line was not meant to belong to it. */
	if (!n && p->diag->offset == at && parser_open(p, TOKEN_NAME, start))
		parser_tell_open(p);
	return n;
}

static struct node *parse_loop_body(struct parser *p, size_t start, bool in_c)
{
	struct node *n;

	p->loops++;
	n = parse_body(p, start, in_c);
	p->loops--;
	return n;
}

/* An expression between words of the language, where a blank may divide. */
static struct node *parse_bound(struct parser *p)
{
	struct node *n;

	p->words = true;
	n = parser_expr(p);
	p->words = false;
	return n;
}

static struct node *parse_repeat(struct parser *p)
{
	struct node *n = parser_node(p, NODE_REPEAT);

	if (!n || !parser_take(p))
		return NULL;
	n->a = parse_bound(p);
	if (!n->a)
		return NULL;
	n->b = parse_loop_body(p, n->start, false);
	return n->b && parser_finish(p, n) ? n : NULL;
}

/* ------------------------------------------------------------- contexts */

/* The context that the present word names; PREEMPT_PROCESS: none. */
static enum preempt_context context_at(const struct parser *p)
{
	static const enum preempt_context contexts[] = { PREEMPT_ATOMIC, PREEMPT_SOFTIRQ, PREEMPT_IRQ };

	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++)
		if (parser_expr_at(p, preempt_name(contexts[i])))
			return contexts[i];
	return PREEMPT_PROCESS;
}

/* `irq { ... }` */
static struct node *parse_context(struct parser *p)
{
	struct node *n = parser_node(p, NODE_CONTEXT);

	if (!n)
		return NULL;
	n->number = context_at(p);
	if (!parser_take(p))
		return NULL;
	if (p->tok.kind != '{') {
		parser_expected(p, _("a block in braces"));
		return NULL;
	}
	n->a = parser_block(p);
	return n->a && parser_finish(p, n) ? n : NULL;
}

/* ------------------------------------------------------------------ for */

/* Expressions up to `end`, separated by commas, as a block. */
static struct node *parse_expressions(struct parser *p, int end)
{
	struct node *n = parser_node(p, NODE_BLOCK), **tail;

	if (!n)
		return NULL;
	tail = &n->first;
	while (p->tok.kind != end) {
		*tail = parser_assign_expr(p);
		if (!*tail)
			return NULL;
		tail = &(*tail)->next;
		if (p->tok.kind != ',')
			break;
		if (!parser_take(p))
			return NULL;
	}
	return parser_finish(p, n) ? n : NULL;
}

/* `for (a; b; c) d`, as in C; the parenthesis is the present token. */
static struct node *parse_c_for(struct parser *p, struct node *n)
{
	n->kind = NODE_LOOP;
	if (!parser_open(p, '(', p->tok.start) || !parser_take(p))
		return NULL;
	n->a = parser_assign_declares(p) ? parser_assign_declaration(p) : parse_expressions(p, ';');
	if (!n->a || !parser_need(p, ';', _("a semicolon")))
		return NULL;
	if (p->tok.kind != ';') {
		n->b = parser_assign_expr(p);
		if (!n->b)
			return NULL;
	}
	if (!parser_need(p, ';', _("a semicolon")))
		return NULL;
	n->c = parse_expressions(p, ')');
	if (!n->c || !parser_close_with(p, ')', _("a closing parenthesis")))
		return NULL;
	n->d = parse_loop_body(p, n->start, true);
	return n->d && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_for(struct parser *p)
{
	struct node *n = parser_node(p, NODE_FOR);

	if (!n || !parser_take(p))
		return NULL;
	if (p->tok.kind == '(')
		return parse_c_for(p, n);
	if (p->tok.kind != TOKEN_NAME) {
		parser_expected(p, _("a variable's name, or what stands in parentheses"));
		return NULL;
	}
	n->name = parser_name(p);
	if (!n->name || !parser_assign_check(p, n->name, p->tok.start) || !parser_take(p))
		return NULL;
	if (!parser_expr_at(p, "in")) {
		parser_expected(p, _("in"));
		return NULL;
	}
	n->a = parser_take(p) ? parse_bound(p) : NULL;
	if (!n->a)
		return NULL;
	n->b = parse_loop_body(p, n->start, false);
	return n->b && parser_finish(p, n) ? n : NULL;
}

/* ----------------------------------------------------- if, while and do */

/* `(condition)` */
static struct node *parse_condition(struct parser *p)
{
	struct node *n;

	if (p->tok.kind != '(') {
		parser_expected(p, _("a condition in parentheses"));
		return NULL;
	}
	if (!parser_open(p, '(', p->tok.start) || !parser_take(p))
		return NULL;
	n = parser_assign_expr(p);
	return n && parser_close_with(p, ')', _("a closing parenthesis")) ? n : NULL;
}

/* Goes to `word`, if it comes next, behind one ';' and newlines at most; else stays. */
static bool go_to_word(struct parser *p, const char *word)
{
	struct diag ignored = { 0 }, *diag = p->diag;
	size_t at = p->lx.at, taken = p->taken;
	struct token tok = p->tok;
	bool ok = true;

	p->lx.diag = &ignored;
	if (p->tok.kind == ';')
		ok = parser_take(p);
	while (ok && p->tok.kind == TOKEN_NEWLINE)
		ok = parser_take(p);
	p->lx.diag = diag;
	if (ok && parser_expr_at(p, word))
		return true;
	p->lx.at = at;
	p->taken = taken;
	p->tok = tok;
	return false;
}

static struct node *parse_if(struct parser *p)
{
	struct node *n = parser_node(p, NODE_IF);

	if (!n || !parser_take(p))
		return NULL;
	n->a = parse_condition(p);
	n->b = n->a ? parse_body(p, n->start, true) : NULL;
	if (!n->b)
		return NULL;
	if (go_to_word(p, "else")) {
		size_t at = p->tok.start;

		n->c = parser_take(p) ? parse_body(p, at, true) : NULL;
		if (!n->c)
			return NULL;
	}
	return parser_finish(p, n) ? n : NULL;
}

static struct node *parse_while(struct parser *p)
{
	struct node *n = parser_node(p, NODE_WHILE);

	if (!n || !parser_take(p))
		return NULL;
	n->a = parse_condition(p);
	n->b = n->a ? parse_loop_body(p, n->start, true) : NULL;
	return n->b && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_do(struct parser *p)
{
	struct node *n = parser_node(p, NODE_DO);

	if (!n || !parser_take(p))
		return NULL;
	n->b = parse_loop_body(p, n->start, true);
	if (!n->b)
		return NULL;
	if (!go_to_word(p, "while")) {
		parser_expected(p, "while");
		return NULL;
	}
	n->a = parser_take(p) ? parse_condition(p) : NULL;
	return n->a && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_leave(struct parser *p)
{
	struct node *n = parser_node(p, parser_expr_at(p, "break") ? NODE_BREAK : NODE_CONTINUE);

	if (!n)
		return NULL;
	if (!p->loops) {
		diag_fail(p->diag, n->start, STATUS_SYNTAX, _("there is no loop here to leave or to go on with"));
		return NULL;
	}
	return parser_take(p) && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_return(struct parser *p)
{
	struct node *n = parser_node(p, NODE_RETURN);

	if (!n || !parser_take(p))
		return NULL;
	if (!parser_at_end(p)) {
		n->a = parser_assign_expr(p);
		if (!n->a)
			return NULL;
	}
	return parser_finish(p, n) ? n : NULL;
}

/* --------------------------------------------------------------- expect */

static struct node *parse_expect(struct parser *p)
{
	struct node *n = parser_node(p, NODE_EXPECT);
	struct token next;

	if (!n || !parser_take(p))
		return NULL;
	if (parser_expr_at(p, "refused") && parser_peek(p, &next) && next.kind == TOKEN_NAME) {
		n->kind = NODE_REFUSED;
		n->a = parser_take(p) ? parse_body(p, n->start, false) : NULL;
	} else {
		n->a = parser_expr(p);
	}
	return n->a && parser_finish(p, n) ? n : NULL;
}

/* ------------------------------------------------------------- the whole */

/* Of C, and not of the language. */
static struct node *refuse(struct parser *p)
{
	if (parser_expr_at(p, "else"))
		diag_fail(
		    p->diag, p->tok.start, STATUS_SYNTAX,
		    _("there is no if that this belongs to; begin it on the line of the if, or put both in braces"));
	else
		diag_fail(p->diag, p->tok.start, STATUS_SYNTAX,
			  _("C's %.*s is not part of the language; see \"help language\""),
			  (int)(p->tok.end - p->tok.start), p->lx.text + p->tok.start);
	return NULL;
}

bool parser_control(struct parser *p, struct node **n)
{
	static const struct {
		const char *word;
		struct node *(*parse)(struct parser *p);
	} words[] = {
		{ "repeat", parse_repeat },  { "for", parse_for },       { "if", parse_if },
		{ "while", parse_while },    { "do", parse_do },         { "break", parse_leave },
		{ "continue", parse_leave }, { "return", parse_return }, { "expect", parse_expect },
		{ "else", refuse },          { "switch", refuse },       { "case", refuse },
		{ "typedef", refuse },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (parser_expr_at(p, words[i].word)) {
			*n = words[i].parse(p);
			return true;
		}
	}
	if (context_at(p) == PREEMPT_PROCESS)
		return false;
	*n = parse_context(p);
	return true;
}
