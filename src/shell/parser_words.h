/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the parser for commands in words: `alloc_pages 3`, `show cache size-32`, `cat /proc/buddyinfo`. */
#ifndef KM_SHELL_PARSER_WORDS_H
#define KM_SHELL_PARSER_WORDS_H

#include "shell/parser.h"

/* An expression, or a command in words: what may stand behind `=` and as a statement. NULL: the diag says why. */
struct node *parser_words(struct parser *p);

/*
 * What lexer_word() or lexer_text() has read, as a string; of one in quotes,
 * what stands in them.  Of a word, quotes in its middle are taken out, too.
 */
struct node *parser_words_text(struct parser *p, const struct token *t, bool word);

#endif
