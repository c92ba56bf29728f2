/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wrap.h"

#include "base/utf8.h"
#include "ui/grid.h"

#include <string.h>

/* Bytes that a column may take, with all that is combined in it: as many of a line are looked at, however long it is.
 */
#define COLUMN_BYTES 32

/* Where to break within `fit` bytes of a line that is longer. */
static size_t break_at(const char *line, size_t length, size_t fit)
{
	size_t at = fit;

	if (line[fit] == ' ')
		return fit;
	while (at > 0 && line[at - 1] != ' ')
		at--;
	/* A line that only consists of indentation so far is broken in its word, as is a script without spaces. */
	if (at == 0 || strspn(line, " ") >= at) {
		size_t first;

		if (fit > 0)
			return fit;
		utf8_decode(line, line + length, &first);
		return first;
	}
	return at;
}

bool wrap_next(const char **text, int cols, const char **line, size_t *bytes)
{
	const char *start = *text;
	size_t length, fit;

	if (!*start)
		return false;
	cols = cols > 0 ? cols : 1;
	length = strnlen(start, ((size_t)cols + 1) * COLUMN_BYTES);
	if (memchr(start, '\n', length))
		length = strcspn(start, "\n");
	fit = grid_fit(start, length, cols);
	*line = start;
	if (fit == length) {
		*bytes = length;
		*text = start + length + (start[length] == '\n');
		return true;
	}
	fit = break_at(start, length, fit);
	*bytes = fit;
	while (*bytes > 0 && start[*bytes - 1] == ' ')
		--*bytes;
	while (start[fit] == ' ')
		fit++;
	*text = start + fit + (start[fit] == '\n');
	return true;
}

int wrap_count(const char *text, int cols)
{
	const char *line;
	size_t bytes;
	int count = 0;

	while (wrap_next(&text, cols, &line, &bytes))
		count++;
	return count;
}
