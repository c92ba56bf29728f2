/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding and reading scripts: files, lessons that are built in, standard input. */
#ifndef KM_SHELL_SCRIPTFILE_H
#define KM_SHELL_SCRIPTFILE_H

#include "base/status.h"
#include "base/strbuf.h"

/*
 * Appends the text of the script called `name`: "-" is standard input; else
 * the file of that path; else the lesson of that name that is built in, with
 * or without its ".kmem".  A byte order mark and carriage returns at the ends
 * of lines are left out.  false with a message that names the nearest lesson:
 * there is none, it cannot be read, or it is no text.
 */
bool scriptfile_read(const char *name, struct strbuf *text, struct status *st);

/* The n-th lesson's name without ".kmem", for completion and lists; false behind the last. */
bool scriptfile_lesson(size_t n, struct strbuf *name);

#endif
