/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that one must know to follow what the kernel does, each explained in a few lines. */
#ifndef KM_SHELL_CONCEPTS_H
#define KM_SHELL_CONCEPTS_H

#include "base/types.h"

struct concept {
	const char *name;
	const char *text; /* N_(): paragraphs, separated by '\n' */
	const char *see; /* names separated by ", " */
};

/* All of them; *count of them. */
const struct concept *concepts_table(size_t *count);

/* The concept of this name; NULL: there is none. */
const struct concept *concepts_find(const char *name);

#endif
