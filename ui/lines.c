/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lines.h"

#include "session/statedir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

#define HISTORY_LINES 2000

void lines_read_history(const char *path)
{
	using_history();
	stifle_history(HISTORY_LINES);
	if (path != NULL)
		read_history(path);
}

static void make_folder(void)
{
	struct strbuf folder = STRBUF_INIT;
	struct status ignored = STATUS_INIT;

	statedir_make(&folder, &ignored);
	strbuf_free(&folder);
}

void lines_remember(const char *path, const char *line)
{
	HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;

	if (line[strspn(line, " \t\n")] == '\0' || (last != NULL && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	/* readline may have begun the next line already: it stands at what was the end. */
	using_history();
	if (path == NULL || append_history(1, path) == 0)
		return;
	/* No such file yet: append_history() makes none. */
	make_folder();
	write_history(path);
}

void lines_close_history(const char *path)
{
	if (path != NULL)
		history_truncate_file(path, HISTORY_LINES);
	clear_history();
}

/*
 * The shell says where the word begins that it completes, readline where its
 * own does.  Makes of a completion of the shell's word one of readline's.
 */
static char *fit(const char *match, const char *line, size_t word, size_t wanted)
{
	char *made;

	if (word <= wanted) {
		if (strlen(match) < wanted - word)
			return NULL;
		return strdup(match + (wanted - word));
	}
	made = malloc(word - wanted + strlen(match) + 1);
	if (made != NULL) {
		memcpy(made, line + wanted, word - wanted);
		strcpy(made + (word - wanted), match);
	}
	return made;
}

/* What all have in common at their beginning, which readline wants first. */
static char *common_start(char **matches, size_t count)
{
	size_t n = strlen(matches[0]);

	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < n; k++)
			if (matches[i][k] != matches[0][k])
				n = k;
	return strndup(matches[0], n);
}

char **lines_matches(lines_complete *complete, void *context, size_t from, size_t to)
{
	size_t start = 0, count = 0, kept = 0;
	char **found = complete(context, rl_line_buffer, to, &start), **all;

	if (found == NULL)
		return NULL;
	while (found[count] != NULL)
		count++;
	all = calloc(count + 2, sizeof *all);
	for (size_t i = 0; i < count; i++) {
		char *fitted = all != NULL ? fit(found[i], rl_line_buffer, start, from) : NULL;

		if (fitted != NULL)
			all[1 + kept++] = fitted;
		free(found[i]);
	}
	free(found);
	if (all == NULL || kept == 0) {
		free(all);
		return NULL;
	}
	all[0] = common_start(all + 1, kept);
	if (kept == 1) {
		free(all[1]);
		all[1] = NULL;
	}
	return all;
}
