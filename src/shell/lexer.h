/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From text to tokens, one at a time: how a text divides depends on the
 * command that stands in front (`cat /proc/buddyinfo` is no division), so the
 * parser asks for the kind of piece it can use next.
 */
#ifndef KM_SHELL_LEXER_H
#define KM_SHELL_LEXER_H

#include "shell/diag.h"

/* Kinds of tokens: a character stands for itself. */
enum token_kind {
	TOKEN_END = 256,
	TOKEN_NEWLINE,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_WORD, /* of lexer_word() and lexer_text(): no quotes, no escapes */
	TOKEN_SHIFT_LEFT,
	TOKEN_SHIFT_RIGHT,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER_EQUAL,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_ARROW,
	TOKEN_INCREMENT,
	TOKEN_DECREMENT,
	TOKEN_COMPOUND, /* "+=" and the like; number: the operator */
};

struct token {
	int kind; /* enum token_kind, or a character */
	size_t start, end; /* bytes in the text, with the quotes of a string */
	u64 number; /* of a number: its value; sizes are in bytes, rounded up */
	bool space_before, space_behind;
};

struct lexer {
	const char *text;
	size_t length, at;
	struct source *source; /* asked for more where the text ends within something; NULL: this is all */
	unsigned nesting; /* open ( and [, where newlines are blanks; the parser counts */
	unsigned open; /* open { and statements that lack their second half; the parser counts them, too */
	struct diag *diag;
};

/* Each of these reads the next token. false: what stands there is none; the diag says why. */
bool lexer_next(struct lexer *lx, struct token *t);

/* The same without moving on, and without a word on what is wrong. */
bool lexer_look(struct lexer *lx, struct token *t);

/* As a shell's word: up to a blank, ';', '|' or the end of the line; `>` is a word of its own. Or a quoted string. */
bool lexer_word(struct lexer *lx, struct token *t);

/* Characters of a word's part that begins here: what stands in quotes, with them; else, and if they are open, 1. */
size_t lexer_quoted(const char *text, size_t length);

/* The rest of the line without blanks at its ends; or, if a string is all that the statement has, that string. */
bool lexer_text(struct lexer *lx, struct token *t);

/* Writes what a TOKEN_STRING means to `out`, which holds t->end - t->start bytes; returns the length. */
size_t lexer_unquote(const struct lexer *lx, const struct token *t, char *out);

/* Can a name begin with, or contain, this character? */
bool lexer_name_start(char c);
bool lexer_name_part(char c);

#endif
