/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where tests put what they need for a moment. */
#ifndef KM_TESTS_TEMP_H
#define KM_TESTS_TEMP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for such a path, and for one with a file of the folder behind it. */
#define TEMP_PATH 256
#define TEMP_INSIDE (TEMP_PATH + 64)

/*
 * A name for mkdtemp() or mkstemp() in $TMPDIR, or in /tmp: "/tmp/kmemlab-WHAT-XXXXXX".
 * Returns `path`; a folder's name that is too long leaves it for them to refuse.
 */
static inline char *temp_name(char path[TEMP_PATH], const char *what)
{
	const char *folder = getenv("TMPDIR");

	snprintf(path, TEMP_PATH, "%s/kmemlab-%s-XXXXXX", folder && *folder ? folder : "/tmp", what);
	return path;
}

#endif
