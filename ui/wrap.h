/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaking text into lines. */
#ifndef KM_UI_WRAP_H
#define KM_UI_WRAP_H

#include "base/types.h"

/*
 * Takes the next line of at most `cols` columns (at least 1) off *text: up to
 * a newline, else to the last space that fits, else, in a word or a script
 * without spaces, as much as fits.  false: nothing is left.  The line is
 * *bytes long at *line, in the text itself.
 */
bool wrap_next(const char **text, int cols, const char **line, size_t *bytes);

/* Lines that the text takes. */
int wrap_count(const char *text, int cols);

#endif
