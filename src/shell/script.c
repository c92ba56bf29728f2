/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/script.h"

#include "base/text.h"
#include "base/units.h"
#include "session/journal.h"
#include "shell/parser.h"
#include "shell/scriptfile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct script_frame *script_top(struct scripts *s)
{
	return &s->frame[s->depth - 1];
}

static void frame_free(struct script_frame *frame)
{
	free(frame->name);
	free(frame->path);
	strbuf_free(&frame->text);
	ast_free(&frame->ast);
}

void script_pop(struct scripts *s)
{
	frame_free(script_top(s));
	s->depth--;
}

void script_pop_finished(struct scripts *s)
{
	while (s->depth && script_top(s)->parsed && !script_top(s)->next)
		script_pop(s);
}

void script_pop_to(struct scripts *s, unsigned depth)
{
	while (s->depth > depth)
		script_pop(s);
}

/* Puts a frame on top, which then belongs to `s`; frees it if there is no room. */
static bool push(struct scripts *s, struct script_frame *frame, unsigned line, struct status *st)
{
	struct script_frame *top;

	if (frame->text.failed) {
		frame_free(frame);
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	if (s->depth == SCRIPT_DEPTH) {
		frame_free(frame);
		return status_fail(st, STATUS_INVALID, _("scripts include one another more than %d deep"),
				   SCRIPT_DEPTH);
	}
	s->frame[s->depth++] = *frame;
	top = script_top(s);
	top->source = (struct source){
		.file = top->name,
		.line = line,
		.text = strbuf_str(&top->text),
		.length = top->text.length,
	};
	return true;
}

bool script_push_text(struct scripts *s, const char *text, const char *file, unsigned line, struct status *st)
{
	struct script_frame frame = { .text = STRBUF_INIT };

	if (file && !(frame.name = strdup(file)))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	strbuf_puts(&frame.text, text);
	return push(s, &frame, line, st);
}

/* ---------------------------------------------------------------- files */

/* `name`, or the file of that name in the folder of the script that names it. To be freed; NULL: out of memory. */
static char *beside(struct scripts *s, const char *name)
{
	const char *from = s->depth ? script_top(s)->name : NULL;
	const char *slash = from ? strrchr(from, '/') : NULL;
	struct strbuf path = STRBUF_INIT;

	if (!slash || *name == '/')
		return strdup(name);
	strbuf_printf(&path, "%.*s%s", (int)(slash + 1 - from), from, name);
	if (!path.failed && access(path.text, F_OK) == 0)
		return path.text;
	strbuf_free(&path);
	return strdup(name);
}

static bool check_running(struct scripts *s, const char *path, const char *name, struct status *st)
{
	for (unsigned i = 0; i < s->depth; i++)
		if (s->frame[i].path && strcmp(s->frame[i].path, path) == 0)
			return status_fail(st, STATUS_INVALID, _("%s runs already: a script cannot include itself"),
					   name);
	return true;
}

bool script_push_file(struct scripts *s, const char *name, struct status *st)
{
	struct script_frame frame = { .text = STRBUF_INIT, .script = true };

	frame.name = beside(s, name);
	if (!frame.name)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	frame.path = realpath(frame.name, NULL);
	/* A lesson has no path; its name is as good. */
	if (!frame.path)
		frame.path = strdup(frame.name);
	if (!frame.path || !check_running(s, frame.path, name, st) || !scriptfile_read(frame.name, &frame.text, st)) {
		if (!frame.path)
			status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
		frame_free(&frame);
		return false;
	}
	return push(s, &frame, 1, st);
}

static bool frame_lengthen(struct source *src)
{
	struct script_frame *frame = src->context;

	if (!frame->more(frame->more_context, &frame->text) || frame->text.failed)
		return false;
	src->text = strbuf_str(&frame->text);
	src->length = frame->text.length;
	return true;
}

bool script_parse(struct script_frame *frame, struct diag *diag)
{
	if (frame->parsed)
		return true;
	frame->parsed = true;
	frame->source.more = frame->more ? frame_lengthen : NULL;
	frame->source.context = frame;
	if (parser_parse(&frame->ast, &frame->source, &frame->next, diag))
		return true;
	frame->next = NULL;
	return false;
}

/* --------------------------------------------------------------- header */

/* Reads what stands before the first statement. false: out of memory. */
static bool read_header(const struct script_frame *frame, struct journal_header *header)
{
	char *text = strdup(strbuf_str(&frame->text)), *rest = text, *line;

	while (rest && (line = strsep(&rest, "\n")) && journal_is_remark(line))
		journal_header_line(header, line);
	free(text);
	return text && !header->settings.failed;
}

static bool boot(struct session *session, const struct journal_header *header, struct strbuf *out, struct status *st)
{
	struct machine_desc desc;
	char size[UNITS_MAX];

	if (!header->machine[0] && !header->settings.length)
		return true;
	if (!journal_header_desc(header, NULL, &desc, st) || !session_reset(session, &desc, st))
		return false;
	strbuf_printf(out, _("%s, %s of memory: booted for this script\n"), desc.name, units_format(desc.mem, size));
	return true;
}

bool script_boot(struct scripts *s, struct session *session, struct strbuf *out, struct status *st)
{
	struct journal_header header = { .settings = STRBUF_INIT };
	bool ok;

	ok = read_header(script_top(s), &header) || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	ok = ok && boot(session, &header, out, st);
	if (!ok)
		script_pop(s);
	journal_header_free(&header);
	return ok;
}
