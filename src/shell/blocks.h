/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory as a row of blocks from low to high, as exercises write it: A128 128 256 512. */
#ifndef KM_SHELL_BLOCKS_H
#define KM_SHELL_BLOCKS_H

#include "base/strbuf.h"
#include "session/session.h"

/* Blocks that a row can have. */
#define BLOCKS_MAX 1024

/*
 * Appends the blocks of [from, to], which are page frames, without a newline.
 * false with a message: there are more than BLOCKS_MAX.
 */
bool blocks_row(const struct session *s, pfn_t from, pfn_t to, struct strbuf *out, struct status *st);

/* Appends a line on the signs in a row, if there are some that do not speak for themselves. */
void blocks_legend(const char *row, struct strbuf *out);

#endif
