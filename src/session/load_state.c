/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/load_state.h"

#include "base/embedded.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than the files of the largest server have. */
#define FILE_MOST (4u << 20)

/* A file that a lesson brings along, if there is none of that name to be read. */
static bool read_embedded(struct strbuf *text, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	const struct embedded_file *file;

	strbuf_printf(&path, "sessions/%s", name);
	file = embedded_find(strbuf_str(&path));
	strbuf_free(&path);
	if (file)
		strbuf_add(text, (const char *)file->bytes, file->size);
	return file != NULL;
}

static bool read_file(struct strbuf *text, const char *path, struct status *st)
{
	FILE *file = fopen(path, "re");
	char piece[4096];
	size_t n;

	if (!file && errno == ENOENT && read_embedded(text, path))
		return !text->failed || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (!file)
		return status_fail(st, STATUS_IO, _("cannot read %s: %s"), path, strerror(errno));
	errno = 0;
	while (text->length <= FILE_MOST && (n = fread(piece, 1, sizeof piece, file)) > 0)
		strbuf_add(text, piece, n);
	if (ferror(file))
		status_fail(st, STATUS_IO, _("cannot read %s: %s"), path, strerror(errno));
	else if (text->failed)
		status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	else if (text->length > FILE_MOST)
		status_fail(st, STATUS_FORMAT, _("%s is too large to be text of /proc"), path);
	else if (text->length && memchr(text->text, '\0', text->length))
		status_fail(st, STATUS_FORMAT, _("%s is no text"), path);
	fclose(file);
	return status_ok(st);
}

bool load_state_desc(struct machine_desc *desc, const char *const *paths, size_t count, struct status *st)
{
	struct desc_state *state = calloc(1, sizeof *state);
	bool ok = state || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));

	for (size_t i = 0; ok && i < count; i++) {
		struct strbuf text = STRBUF_INIT;

		ok = read_file(&text, paths[i], st) && desc_state_read(state, paths[i], strbuf_str(&text), st);
		strbuf_free(&text);
	}
	ok = ok && desc_state_finish(state, st) && desc_load(desc, desc_state_machine(state), st);
	if (ok)
		desc->state = *state;
	free(state);
	return ok;
}
