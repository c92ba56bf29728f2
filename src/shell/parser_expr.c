/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser_expr.h"

#include "base/text.h"
#include "shell/absent.h"
#include "shell/commands.h"
#include "shell/constants.h"
#include "shell/ctypes.h"
#include "shell/parser_assign.h"
#include "shell/parser_pipe.h"
#include "shell/queries.h"

#include <string.h>

bool parser_expr_at(const struct parser *p, const char *word)
{
	size_t length = strlen(word);

	return p->tok.kind == TOKEN_NAME && p->tok.end - p->tok.start == length &&
	       memcmp(p->lx.text + p->tok.start, word, length) == 0;
}

/* In words, a blank in front and none behind begins the next argument: `goto -1`, `f (a)`. */
static bool begins_argument(const struct parser *p)
{
	if (!p->words || !p->tok.space_before || p->tok.space_behind)
		return false;
	return p->tok.kind == '-' || p->tok.kind == '+' || p->tok.kind == '*' || p->tok.kind == '&' ||
	       p->tok.kind == '(' || p->tok.kind == '[' || p->tok.kind == TOKEN_INCREMENT ||
	       p->tok.kind == TOKEN_DECREMENT;
}

/* ------------------------------------------------------------ arguments */

/* `name = value` as an argument. */
static bool at_label(struct parser *p)
{
	struct token next;

	return p->tok.kind == TOKEN_NAME && parser_peek(p, &next) && next.kind == '=';
}

struct node *parser_expr_argument(struct parser *p)
{
	const char *label = NULL;
	size_t start = p->tok.start;
	struct node *n;

	if (at_label(p)) {
		label = parser_name(p);
		if (!label || !parser_take(p) || !parser_take(p))
			return NULL;
	}
	n = parser_expr(p);
	if (n && label) {
		n->label = label;
		n->label_start = start;
	}
	return n;
}

/* Arguments or items up to `close`, separated by commas, appended to `list`. Takes the bracket, too. */
static bool parse_list(struct parser *p, struct node *list, int close, const char *close_name)
{
	struct node **tail = &list->first;
	bool words = p->words, ok = false;

	p->words = false;
	while (p->tok.kind != close) {
		*tail = parser_expr_argument(p);
		if (!*tail)
			goto out;
		tail = &(*tail)->next;
		if (p->tok.kind != ',')
			break;
		if (!parser_take(p))
			goto out;
	}
	ok = parser_close_with(p, close, close_name);
out:
	p->words = words;
	return ok;
}

/* Takes an opening bracket: newlines are blanks until it is closed. */
static bool take_open(struct parser *p)
{
	return parser_open(p, p->tok.kind, p->tok.start) && parser_take(p);
}

bool parser_expr_may_nest(struct parser *p, const struct command_info *command)
{
	if (command->class != COMMAND_SYNTAX && command->class != COMMAND_TRAVELS)
		return true;
	diag_fail(p->diag, p->tok.start, STATUS_SYNTAX, _("%s is a statement and cannot stand inside another"),
		  command->name);
	return parser_tell_open(p);
}

struct node *parser_expr_call(struct parser *p, const struct command_info *command)
{
	struct node *n = parser_node(p, NODE_CALL);

	if (!n || !parser_take(p))
		return NULL;
	n->command = command;
	if (p->tok.kind == '(' && !begins_argument(p)) {
		if (!take_open(p) || !parse_list(p, n, ')', _("a closing parenthesis")))
			return NULL;
	} else {
		n->words = true;
	}
	return parser_finish(p, n) ? n : NULL;
}

bool parser_expr_unknown(struct parser *p, const char *name, size_t start)
{
	struct nearest near = NEAREST_INIT(name);
	size_t count;
	const struct command_info *table = commands_table(&count);
	const char *reason = absent_reason(name);

	if (reason)
		return diag_fail(p->diag, start, STATUS_SYNTAX, _("kmemlab has no %s: %s"), name, reason);
	for (size_t i = 0; i < count; i++)
		nearest_try(&near, table[i].name);
	diag_fail(p->diag, start, STATUS_SYNTAX, _("there is no command \"%s\""), name);
	return diag_suggest(p->diag, &near);
}

/* ------------------------------------------------------------- operands */

static struct node *parse_string(struct parser *p)
{
	struct node *n = parser_node(p, NODE_STRING);
	char *bytes;

	if (!n)
		return NULL;
	bytes = ast_copy(p->ast, p->lx.text + p->tok.start, p->tok.end - p->tok.start);
	if (!bytes) {
		diag_no_memory(p->diag, p->tok.start);
		return NULL;
	}
	n->length = lexer_unquote(&p->lx, &p->tok, bytes);
	bytes[n->length] = '\0';
	n->name = bytes;
	return parser_take(p) && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_number(struct parser *p)
{
	struct node *n = parser_node(p, NODE_NUMBER);

	if (!n)
		return NULL;
	n->number = p->tok.number;
	return parser_take(p) && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_name(struct parser *p)
{
	const char *name = parser_name(p);
	const struct command_info *command = name ? commands_find(name) : NULL;
	struct token next;
	struct node *n;

	if (!name)
		return NULL;
	if (command && !queries_is_root(name))
		return parser_expr_may_nest(p, command) ? parser_expr_call(p, command) : NULL;
	if (parser_peek(p, &next) && next.kind == '(' && !(p->words && next.space_before)) {
		parser_expr_unknown(p, name, p->tok.start);
		return NULL;
	}
	n = parser_node(p, NODE_NAME);
	if (!n)
		return NULL;
	n->name = name;
	n->length = p->tok.end - p->tok.start;
	return parser_take(p) && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_vector(struct parser *p)
{
	struct node *n = parser_node(p, NODE_VECTOR);

	if (!n || !take_open(p) || !parse_list(p, n, ']', _("a closing bracket")))
		return NULL;
	return parser_finish(p, n) ? n : NULL;
}

static struct node *parse_parentheses(struct parser *p)
{
	size_t start = p->tok.start;
	bool words = p->words;
	struct node *n = NULL;

	if (!take_open(p))
		return NULL;
	if (p->tok.kind == TOKEN_NAME && ctypes_is_word(p->lx.text + p->tok.start, p->tok.end - p->tok.start))
		return ctypes_cast(p);
	p->words = false;
	n = parser_assign_expr(p);
	p->words = words;
	if (!n)
		return NULL;
	if (!parser_close_with(p, ')', _("a closing parenthesis")))
		return NULL;
	n->brackets = true;
	n->start = start;
	n->end = p->taken;
	return n;
}

static struct node *parse_single(struct parser *p)
{
	switch (p->tok.kind) {
	case TOKEN_NUMBER:
		return parse_number(p);
	case TOKEN_STRING:
		return parse_string(p);
	case TOKEN_NAME:
		return parser_expr_at(p, "sizeof") ? ctypes_sizeof(p) : parse_name(p);
	case '(':
		return parse_parentheses(p);
	case '[':
		return parse_vector(p);
	default:
		parser_expected(p, _("a value"));
		return NULL;
	}
}

/* As in C, strings side by side are one: `printk(KERN_INFO "a" "b")`. Outside of parentheses they are two words. */
static struct node *parse_operand(struct parser *p)
{
	struct node *n = parse_single(p), *joined;

	while (n && p->tok.kind == TOKEN_STRING && p->lx.nesting && !p->words &&
	       (n->kind == NODE_STRING || n->kind == NODE_BINARY ||
		(n->kind == NODE_NAME && constants_reserved(n->name)))) {
		joined = parser_node(p, NODE_BINARY);
		if (!joined)
			return NULL;
		joined->op = '+';
		joined->a = n;
		joined->start = n->start;
		joined->label_start = p->tok.start;
		joined->b = parse_string(p);
		n = joined->b && parser_finish(p, joined) ? joined : NULL;
	}
	return n;
}

/* The bounds of a slice: `[::2]`, `[1:4]`. The present token is behind '[' or the first bound. */
static bool parse_slice(struct parser *p, struct node *n)
{
	struct node **bound[] = { &n->c, &n->d };

	n->kind = NODE_SLICE;
	for (size_t i = 0; i < ARRAY_SIZE(bound) && p->tok.kind == ':'; i++) {
		if (!parser_take(p))
			return false;
		if (p->tok.kind == ':' || p->tok.kind == ']')
			continue;
		*bound[i] = parser_expr(p);
		if (!*bound[i])
			return false;
	}
	return true;
}

static struct node *parse_index(struct parser *p, struct node *of)
{
	struct node *n = parser_node(p, NODE_INDEX);
	bool words = p->words, ok;

	if (!n || !take_open(p))
		return NULL;
	n->a = of;
	p->words = false;
	ok = true;
	if (p->tok.kind != ':') {
		n->b = parser_expr(p);
		ok = n->b != NULL;
	}
	if (ok && p->tok.kind == ':')
		ok = parse_slice(p, n);
	p->words = words;
	if (!ok)
		return NULL;
	if (!parser_close_with(p, ']', _("a closing bracket")))
		return NULL;
	n->start = of->start;
	return parser_finish(p, n) ? n : NULL;
}

static struct node *parse_member(struct parser *p, struct node *of)
{
	struct node *n;

	if (!parser_take(p))
		return NULL;
	if (p->tok.kind != TOKEN_NAME) {
		parser_expected(p, _("a name"));
		return NULL;
	}
	n = parser_node(p, NODE_MEMBER);
	if (!n)
		return NULL;
	n->a = of;
	n->start = of->start;
	n->name = parser_name(p);
	n->length = p->tok.end - p->tok.start;
	n->label_start = p->tok.start;
	if (!n->name || !parser_take(p))
		return NULL;
	return parser_finish(p, n) ? n : NULL;
}

static struct node *parse_postfix(struct parser *p)
{
	struct node *n = parse_operand(p);

	while (n && !begins_argument(p)) {
		if (p->tok.kind == '[')
			n = parse_index(p, n);
		else if (p->tok.kind == '.' || p->tok.kind == TOKEN_ARROW)
			n = parse_member(p, n);
		else if (p->tok.kind == TOKEN_INCREMENT || p->tok.kind == TOKEN_DECREMENT)
			n = parser_assign_step(p, n);
		else
			break;
	}
	return n;
}

/* ------------------------------------------------------------ operators */

static bool is_unary(int kind)
{
	return kind == '-' || kind == '+' || kind == '~' || kind == '!' || kind == '*' || kind == '&';
}

struct node *parser_expr_unary(struct parser *p)
{
	struct node *n = NULL;

	if (!parser_deeper(p))
		return NULL;
	if (p->tok.kind == TOKEN_INCREMENT || p->tok.kind == TOKEN_DECREMENT) {
		n = parser_assign_step(p, NULL);
	} else if (!is_unary(p->tok.kind)) {
		n = parse_postfix(p);
	} else {
		n = parser_node(p, p->tok.kind == '&' ? NODE_ADDRESS : NODE_UNARY);
		if (n) {
			n->op = p->tok.kind;
			n->a = parser_take(p) ? parser_expr_unary(p) : NULL;
			if (!n->a || !parser_finish(p, n))
				n = NULL;
		}
	}
	p->depth--;
	return n;
}

unsigned parser_expr_precedence(int op)
{
	switch (op) {
	case TOKEN_OR:
		return 1;
	case TOKEN_AND:
		return 2;
	case '|':
		return 3;
	case '^':
		return 4;
	case '&':
		return 5;
	case TOKEN_EQUAL:
	case TOKEN_NOT_EQUAL:
		return 6;
	case '<':
	case '>':
	case TOKEN_LESS_EQUAL:
	case TOKEN_GREATER_EQUAL:
		return 7;
	case TOKEN_SHIFT_LEFT:
	case TOKEN_SHIFT_RIGHT:
		return 8;
	case '+':
	case '-':
		return 9;
	case '*':
	case '/':
	case '%':
		return 10;
	default:
		return 0;
	}
}

static struct node *parse_binary(struct parser *p, unsigned least)
{
	struct node *left = parser_expr_unary(p);

	while (left && !begins_argument(p)) {
		unsigned level = parser_expr_precedence(p->tok.kind);
		struct node *n;

		if (!level || level < least || parser_pipe_at(p))
			break;
		n = parser_node(p, NODE_BINARY);
		if (!n)
			return NULL;
		n->op = p->tok.kind;
		n->a = left;
		n->label_start = p->tok.start;
		n->b = parser_take(p) ? parse_binary(p, level + 1) : NULL;
		n->start = left->start;
		left = n->b && parser_finish(p, n) ? n : NULL;
	}
	return left;
}

struct node *parser_expr(struct parser *p)
{
	struct node *n, *condition;

	if (!parser_deeper(p))
		return NULL;
	n = parse_binary(p, 1);
	if (n && p->tok.kind == '?') {
		condition = n;
		n = parser_node(p, NODE_CHOICE);
		if (!n || !parser_take(p))
			return NULL;
		n->start = condition->start;
		n->a = condition;
		n->b = parser_expr(p);
		if (!n->b || !parser_need(p, ':', _("a colon and the other value")))
			return NULL;
		n->c = parser_expr(p);
		if (!n->c || !parser_finish(p, n))
			return NULL;
	}
	p->depth--;
	return n;
}
