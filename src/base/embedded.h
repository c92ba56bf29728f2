/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of data/ that are compiled in, so that the program runs without being
 * installed.  embedded.c is generated from them by tools/embed.
 */
#ifndef KM_BASE_EMBEDDED_H
#define KM_BASE_EMBEDDED_H

#include "base/types.h"

struct embedded_file {
	const char *name; /* under data/: "machines/i386-2.6.18.ini", "sessions/tour.kmem" */
	const unsigned char *bytes; /* a NUL follows them, so that text can be used as a string */
	size_t size; /* without that NUL */
};

/* The file called `name`; NULL: there is none. */
const struct embedded_file *embedded_find(const char *name);

/* All of them, sorted by name; *count of them. */
const struct embedded_file *embedded_list(size_t *count);

#endif
