/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the parser for commands in words: `alloc_pages 3`, `show cache size-32`, `cat /proc/buddyinfo`. */
#ifndef KM_SHELL_PARSER_WORDS_H
#define KM_SHELL_PARSER_WORDS_H

#include "shell/parser.h"

/* An expression, or a command in words: what may stand behind `=` and as a statement. NULL: the diag says why. */
struct node *parser_words(struct parser *p);

#endif
