/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lessons that are built in, in an order to learn them. */
#ifndef KM_SHELL_LESSONS_H
#define KM_SHELL_LESSONS_H

#include "base/strbuf.h"

/* Appends a line for each, with its title, below the headings of their groups; none has more than 80 columns. */
void lessons_list(struct strbuf *out);

#endif
