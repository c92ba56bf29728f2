/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/parser_pipe.h"

#include "base/text.h"
#include "shell/filters.h"
#include "shell/parser_words.h"

/* Does a filter's name stand behind the '|' that ends at `at`? */
static bool names_filter(const struct parser *p, size_t at)
{
	struct lexer lx = p->lx;
	struct token name;

	lx.at = at;
	lx.source = NULL;
	return !lx.nesting && lexer_look(&lx, &name) && name.kind == TOKEN_NAME &&
	       filters_is(lx.text + name.start, name.end - name.start);
}

bool parser_pipe_at(const struct parser *p)
{
	return p->tok.kind == '|' && names_filter(p, p->tok.end);
}

bool parser_pipe_behind(const struct parser *p, const struct token *t)
{
	return t->kind == '|' && names_filter(p, t->end);
}

static bool check_filter(struct parser *p, const struct node *n)
{
	struct status st = STATUS_INIT;

	return filters_is(n->name, n->length) || filters_unknown(n->name, &st) || diag_status(p->diag, n->start, &st);
}

/* A filter's name and its arguments, up to the next '|' or the end. The lexer stands in front of it. */
static struct node *parse_filter(struct parser *p)
{
	struct node *n = NULL, **tail = NULL;
	struct token t;

	for (;;) {
		struct node *word;

		if (!lexer_word(&p->lx, &t))
			return NULL;
		if (t.kind != TOKEN_WORD && t.kind != TOKEN_STRING)
			break;
		word = parser_words_text(p, &t, true);
		if (!word)
			return NULL;
		if (n) {
			*tail = word;
			tail = &word->next;
		} else {
			n = word;
			n->kind = NODE_FILTER;
			tail = &n->first;
			if (!check_filter(p, n))
				return NULL;
		}
	}
	p->tok = t;
	if (!n)
		parser_expected(p, _("a filter, as head or grep,"));
	return n && parser_finish(p, n) ? n : NULL;
}

struct node *parser_pipe(struct parser *p, struct node *of)
{
	struct node *n = parser_node(p, NODE_PIPE), **tail;

	if (!n)
		return NULL;
	n->start = of->start;
	n->a = of;
	tail = &n->first;
	/* The lexer stands behind the '|'. */
	while (p->tok.kind == '|') {
		p->taken = p->tok.end;
		*tail = parse_filter(p);
		if (!*tail)
			return NULL;
		tail = &(*tail)->next;
	}
	return parser_finish(p, n) ? n : NULL;
}
