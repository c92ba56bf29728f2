/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From text to trees. Needs no machine: what a name means is found out when it is used. */
#ifndef KM_SHELL_PARSER_H
#define KM_SHELL_PARSER_H

#include "shell/ast.h"
#include "shell/lexer.h"

/* Braces and brackets that may stand inside one another. */
#define PARSER_DEPTH 200

/* Something that was begun: '(', '[' or '{'; TOKEN_NAME: a repeat or the like that lacks its statement. */
struct opening {
	int kind;
	size_t at;
};

struct parser {
	struct lexer lx;
	struct token tok; /* the next one, not taken yet; lx stands behind it */
	size_t taken; /* end of the last token that was taken */
	struct ast *ast;
	struct diag *diag;
	unsigned depth;
	struct opening open[2 * PARSER_DEPTH]; /* the innermost last */
	unsigned opened;
	unsigned blocks; /* statements around this one */
	unsigned loops; /* of them, those that `break` leaves */
	bool words; /* inside arguments in words, where blanks divide */
};

/*
 * Parses a whole text: *first becomes the first of its statements (joined by
 * `next`), NULL if there are none.  false: the text is not in the language, as
 * the diag tells; diag.more is set if it only lacks its end, and the place is
 * then where that began which has none.  A source that has more is read on for
 * as long as something is open.
 */
bool parser_parse(struct ast *ast, struct source *src, struct node **first, struct diag *diag);

/* For the other parts of the parser: takes the present token and reads the next. */
bool parser_take(struct parser *p);

/* Takes a token of this kind, or says that `what` (translated) is expected. */
bool parser_need(struct parser *p, int kind, const char *what);

/* Says that `what` (translated) is expected here, and what is open, if that is why. Returns false. */
bool parser_expected(struct parser *p, const char *what);

/* Adds to an error where that began which is still open, if in an earlier line. Returns false. */
bool parser_tell_open(struct parser *p);

/* Notes that something is open from `at` on. false: too many, as the diag says. */
bool parser_open(struct parser *p, int kind, size_t at);
void parser_close(struct parser *p);

/* Closes it with this token, which it takes, or says that `what` is expected. */
bool parser_close_with(struct parser *p, int kind, const char *what);

/* The token behind the present one; false if there is none that is right. */
bool parser_peek(struct parser *p, struct token *t);

/* Does a token of this kind end a statement? Does the present one? */
bool parser_ends(int kind);
bool parser_at_end(const struct parser *p);

/* Counts one more thing inside another. false: too many, as the diag says. */
bool parser_deeper(struct parser *p);

/* A statement; a block in braces. NULL: the diag says why. */
struct node *parser_statement(struct parser *p);
struct node *parser_block(struct parser *p);

/* Takes the newlines that stand here. */
bool parser_skip_newlines(struct parser *p);

/* A node that begins at the present token. NULL: out of memory, as the diag says. */
struct node *parser_node(struct parser *p, enum node_kind kind);

/* Ends a node whose parts are all there: its place, height and effect follow from them. false: too high. */
bool parser_finish(struct parser *p, struct node *n);

/* The name that is the present token, in the pool; NULL: out of memory. */
const char *parser_name(struct parser *p);

#endif
