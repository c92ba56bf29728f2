/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser_words.h"

#include "shell/commands.h"
#include "shell/parser_expr.h"
#include "shell/parser_pipe.h"
#include "shell/queries.h"

#include <stdio.h>
#include <string.h>

/* Takes the quotes out of a word; as in a shell, a backslash in them is one. Returns the length. */
static size_t strip_quotes(char *word, size_t length)
{
	size_t kept = 0, part;

	for (size_t at = 0; at < length; at += part) {
		bool quotes;

		part = lexer_quoted(word + at, length - at);
		quotes = part > 1;
		memmove(word + kept, word + at + quotes, part - 2 * quotes);
		kept += part - 2 * quotes;
	}
	word[kept] = '\0';
	return kept;
}

struct node *parser_words_text(struct parser *p, const struct token *t, bool word)
{
	struct node *n = ast_node(p->ast, NODE_STRING, t->start);
	size_t length = t->end - t->start;
	char *bytes = n ? ast_copy(p->ast, p->lx.text + t->start, length) : NULL;

	if (!bytes) {
		diag_no_memory(p->diag, t->start);
		return NULL;
	}
	n->length = length;
	if (t->kind == TOKEN_STRING && *bytes == '"') {
		n->length = lexer_unquote(&p->lx, t, bytes);
		bytes[n->length] = '\0';
	} else if (word) {
		n->length = strip_quotes(bytes, length);
	}
	n->name = bytes;
	n->end = p->taken = t->end;
	return n;
}

/* `cat /proc/buddyinfo`: what follows the name is read as it stands. */
static struct node *parse_text_command(struct parser *p, const struct command_info *command)
{
	struct node *n = parser_node(p, NODE_CALL), **tail;
	bool whole_line = command->param[0].type == PARAM_TEXT;
	struct token t;

	if (!n)
		return NULL;
	n->command = command;
	n->words = true;
	p->taken = p->tok.end;
	tail = &n->first;
	do {
		if (!(whole_line ? lexer_text(&p->lx, &t) : lexer_word(&p->lx, &t)))
			return NULL;
		if (t.kind != TOKEN_WORD && t.kind != TOKEN_STRING)
			break;
		*tail = parser_words_text(p, &t, !whole_line);
		if (!*tail)
			return NULL;
		tail = &(*tail)->next;
	} while (!whole_line);
	if (!whole_line || t.kind == TOKEN_NEWLINE || t.kind == TOKEN_END)
		p->tok = t;
	if (whole_line && n->first && !lexer_next(&p->lx, &p->tok))
		return NULL;
	return parser_finish(p, n) ? n : NULL;
}

/*
 * The end of the name of a cache that begins at the present token and is more
 * than a name of the language: "size-32(DMA)", or that of a command; 0: it is
 * not.  Nobody takes a number from a cache.
 */
static size_t end_of_cache(const struct parser *p)
{
	const char *text = p->lx.text, *close;
	size_t end = p->tok.end;
	const char *blank;

	if (p->tok.kind != TOKEN_NAME)
		return 0;
	while (end + 1 < p->lx.length && text[end] == '-' && lexer_name_part(text[end + 1]))
		for (end++; end < p->lx.length && lexer_name_part(text[end]); end++)
			;
	if (end == p->tok.end)
		return end < p->lx.length && strchr("(.[=", text[end]) ? 0 : end;
	close = end < p->lx.length && text[end] == '(' ? memchr(text + end, ')', p->lx.length - end) : NULL;
	blank = close ? memchr(text + end, ' ', (size_t)(close - text) - end) : NULL;
	return close && !blank ? (size_t)(close + 1 - text) : end;
}

/* The first argument of a command in words, where that is a cache: its name may stand as it is. */
static struct node *parse_cache(struct parser *p)
{
	struct token t = p->tok;
	const char *name = parser_name(p);
	struct node *n;

	t.end = end_of_cache(p);
	if (!name)
		return NULL;
	if (!t.end || (t.end == p->tok.end && !commands_find(name)))
		return parser_expr_argument(p);
	n = parser_words_text(p, &t, false);
	p->lx.at = t.end;
	return n && lexer_next(&p->lx, &p->tok) && parser_finish(p, n) ? n : NULL;
}

static struct node *parse_word_command(struct parser *p, const struct command_info *command)
{
	struct node *n = parser_node(p, NODE_CALL), **tail;
	bool words = p->words;

	if (!n || !parser_take(p))
		return NULL;
	n->command = command;
	n->words = true;
	tail = &n->first;
	p->words = true;
	while (!parser_at_end(p) && p->tok.kind != '|') {
		*tail = !n->first && command->param[0].type == PARAM_CACHE ? parse_cache(p) : parser_expr_argument(p);
		if (!*tail)
			return NULL;
		tail = &(*tail)->next;
		if (p->tok.kind == ',' && !parser_take(p))
			return NULL;
	}
	p->words = words;
	return parser_finish(p, n) ? n : NULL;
}

/* Could the token behind a command's name be its first argument, or the end? An operator means an expression. */
static bool continues_words(struct parser *p, const struct command_info *command)
{
	struct token t;

	if (!parser_peek(p, &t))
		return true;
	switch (t.kind) {
	case '(':
		return false;
	case '-':
	case '+':
	case '*':
	case '&':
	case '[':
		return t.space_before && !t.space_behind;
	case '.':
	case '?':
	case TOKEN_ARROW:
	case TOKEN_COMPOUND:
		return false;
	case '|':
		/* What has no value is not meant as a part of an expression. */
		return !*command->result || parser_pipe_behind(p, &t);
	default:
		return !parser_expr_precedence(t.kind);
	}
}

/* `show cache walk`: the command whose name is the present token and the next; it becomes that one. NULL: none. */
static const struct command_info *take_second_word(struct parser *p, const char *name)
{
	struct lexer lx = p->lx;
	struct token tok = p->tok, next;
	size_t taken = p->taken;
	const struct command_info *command = NULL;
	char both[64];

	if (!parser_peek(p, &next) || next.kind != TOKEN_NAME)
		return NULL;
	snprintf(both, sizeof both, "%s %.*s", name, (int)(next.end - next.start), p->lx.text + next.start);
	command = commands_find(both);
	if (!command)
		return NULL;
	if (parser_take(p) && continues_words(p, command))
		return command;
	p->lx = lx;
	p->tok = tok;
	p->taken = taken;
	return NULL;
}

struct node *parser_words(struct parser *p)
{
	const struct command_info *command, *longer;
	size_t start = p->tok.start;
	const char *name;
	struct token next;
	struct node *n;

	if (p->tok.kind != TOKEN_NAME)
		return parser_expr(p);
	name = parser_name(p);
	if (!name)
		return NULL;
	command = commands_find(name);
	if (!command || command->class == COMMAND_SYNTAX)
		return parser_expr(p);
	if (command->class == COMMAND_TRAVELS && p->blocks) {
		parser_expr_may_nest(p, command);
		return NULL;
	}
	if (commands_takes_text(command) && p->lx.at < p->lx.length && p->lx.text[p->lx.at] == '(')
		return parser_expr_call(p, command);
	if (commands_takes_text(command))
		return parse_text_command(p, command);
	/* `undo(3)` is C form, of what may not stand in an expression. */
	if (parser_peek(p, &next) && next.kind == '(' && command->class == COMMAND_TRAVELS)
		return parser_expr_call(p, command);
	/* `cpu` alone asks. */
	if (queries_is_root(name) && parser_peek(p, &next) && parser_ends(next.kind))
		return parser_expr(p);
	longer = take_second_word(p, name);
	if (!longer)
		return continues_words(p, command) ? parse_word_command(p, command) : parser_expr(p);
	n = parse_word_command(p, longer);
	if (n)
		n->start = start;
	return n;
}
