/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/recording.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CHUNK 65536

/* Where in a file a line may stand. */
enum {
	IN_START = 1, /* before the first line */
	IN_HEADER = 2, /* before the first text, operation or snapshot */
	IN_BODY = 4, /* between operations */
	IN_SNAPSHOT = 8,
	IN_OPERATION = 16, /* between `op` and `s` */
	IN_REST = 32, /* behind END */
	IN_TEXT = 64, /* between TEXT and ENDTEXT */
};

#define IN_MAIN (IN_HEADER | IN_BODY)
#define IN_ANY (IN_MAIN | IN_SNAPSHOT | IN_OPERATION)

static const struct word {
	const char *word;
	enum line_kind kind;
	unsigned places;
} words[] = {
	{ "mmrec", LINE_FORMAT, IN_START },
	{ "#", LINE_COMMENT, IN_ANY },
	{ "#@", LINE_COMMENT, IN_ANY },
	{ "K", LINE_CONSTANTS, IN_HEADER },
	{ "Z", LINE_ZONE_CONSTANTS, IN_MAIN },
	{ "ZL", LINE_ZONE_LIST, IN_HEADER },
	{ "SNAP", LINE_SNAPSHOT, IN_MAIN },
	{ "T", LINE_TUNABLES, IN_SNAPSHOT },
	{ "ZONE", LINE_ZONE, IN_SNAPSHOT },
	{ "B", LINE_BLOCKS, IN_SNAPSHOT },
	{ "L", LINE_MOVABLE, IN_SNAPSHOT },
	{ "F", LINE_FREE_LIST, IN_SNAPSHOT },
	{ "PC", LINE_PCP, IN_SNAPSHOT },
	{ "P", LINE_PCP_LIST, IN_SNAPSHOT },
	{ "S", LINE_STATE, IN_SNAPSHOT },
	{ "ENDSNAP", LINE_SNAPSHOT_END, IN_SNAPSHOT },
	{ "CHECK", LINE_CHECK, IN_MAIN },
	{ "op", LINE_OPERATION, IN_MAIN },
	{ "r", LINE_RESULT, IN_OPERATION },
	{ "c", LINE_CHANGE, IN_OPERATION },
	{ "m", LINE_MOVED, IN_OPERATION },
	{ "n", LINE_NOTE, IN_OPERATION },
	{ "x", LINE_DUMP, IN_MAIN | IN_OPERATION },
	{ "drift", LINE_DRIFT, IN_MAIN | IN_OPERATION },
	{ "s", LINE_AFTER, IN_OPERATION },
	{ "AC", LINE_CACHE_ARRAY, IN_ANY },
	{ "C", LINE_CACHE_COUNTS, IN_ANY },
	{ "CACHE", LINE_CACHE, IN_ANY },
	{ "CMA", LINE_CMA, IN_SNAPSHOT },
	{ "CPU", LINE_CACHE_CPU, IN_ANY },
	{ "NODE", LINE_CACHE_NODE, IN_ANY },
	{ "PK", LINE_AREA, IN_ANY },
	{ "PKN", LINE_AREA, IN_ANY },
	{ "SH", LINE_CACHE_SHARED, IN_ANY },
	{ "SL", LINE_SLAB, IN_ANY },
	{ "VA", LINE_AREA, IN_ANY },
	{ "TEXT", LINE_TEXT, IN_MAIN },
	{ "END", LINE_END, IN_MAIN },
};

bool recording_open(struct recording *r, const char *path, struct status *st)
{
	memset(r, 0, sizeof(*r));
	r->path = path;
	r->place = IN_START;
	r->chunk = malloc(CHUNK);
	if (!r->chunk)
		return status_fail(st, STATUS_NO_MEMORY, _("%s: there is no memory to read it"), path);
	errno = 0;
	r->file = gzopen(path, "rb");
	if (!r->file) {
		status_fail(st, errno ? STATUS_IO : STATUS_NO_MEMORY, "%s: %s", path,
			    errno ? strerror(errno) : _("there is no memory to read it"));
		recording_close(r);
		return false;
	}
	return true;
}

void recording_close(struct recording *r)
{
	if (r->file)
		gzclose_r(r->file);
	free(r->chunk);
	strbuf_free(&r->line);
	memset(r, 0, sizeof(*r));
}

/* Reads on; false at an error. At the end of the file nothing is filled. */
static bool fill(struct recording *r, struct status *st)
{
	int got, code = Z_OK;
	const char *message;

	errno = 0;
	got = gzread(r->file, r->chunk, CHUNK);
	message = gzerror(r->file, &code);
	if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
		if (code == Z_ERRNO)
			message = errno ? strerror(errno) : _("it cannot be read");
		else if (code == Z_BUF_ERROR)
			message = _("the compressed file is cut short");
		return status_fail(st, STATUS_IO, "%s:%llu: %s", r->path, (unsigned long long)r->number + 1, message);
	}
	r->next = 0;
	r->filled = (size_t)got;
	r->at_end = got == 0;
	return true;
}

/* Reads one line, of whatever kind. *any is false at the end of the file. */
static bool read_line(struct recording *r, bool *any, struct status *st)
{
	strbuf_clear(&r->line);
	*any = false;
	for (;;) {
		const char *from, *newline;
		size_t length;

		if (r->next == r->filled && !r->at_end && !fill(r, st))
			return false;
		if (r->at_end)
			break;
		*any = true;
		from = r->chunk + r->next;
		length = r->filled - r->next;
		newline = memchr(from, '\n', length);
		if (newline)
			length = (size_t)(newline - from);
		if (r->line.length + length > RECORDING_LINE_MAX)
			return status_fail(st, STATUS_FORMAT,
					   _("%s:%llu: this line is longer than any line of a recording"), r->path,
					   (unsigned long long)r->number + 1);
		strbuf_add(&r->line, from, length);
		r->next += length + (newline ? 1 : 0);
		if (newline)
			break;
	}
	if (r->line.failed)
		return status_fail(st, STATUS_NO_MEMORY, _("%s:%llu: there is no memory to read this line"), r->path,
				   (unsigned long long)r->number + 1);
	if (*any)
		r->number++;
	return true;
}

/* Control characters and NULs never stand in a recording: a file with them is something else. */
static bool is_text(const struct strbuf *line)
{
	const unsigned char *bytes = (const unsigned char *)strbuf_str(line);

	for (size_t i = 0; i < line->length; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7f)
			return false;
	return true;
}

static const struct word *find_word(const char *line)
{
	size_t length = strcspn(line, " ");

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i].word) == length && memcmp(words[i].word, line, length) == 0)
			return &words[i];
	return NULL;
}

/* What the reader is in the middle of, for the user. */
static const char *place_name(unsigned place)
{
	switch (place) {
	case IN_START:
		return _("at the start of the file, where `mmrec 1' is expected");
	case IN_HEADER:
		return _("in the header");
	case IN_SNAPSHOT:
		return _("in a snapshot, before its ENDSNAP");
	case IN_OPERATION:
		return _("in an operation, before its `s' line");
	default:
		return _("between operations");
	}
}

/* Looks at the present line: which kind it is, and whether it may stand here. */
static bool classify(struct recording *r, struct status *st)
{
	const char *line = strbuf_str(&r->line);
	const struct word *word = is_text(&r->line) ? find_word(line) : NULL;

	if (!word)
		return status_fail(st, STATUS_FORMAT, _("%s:%llu: this is not a line of a recording (%s)"), r->path,
				   (unsigned long long)r->number, place_name(r->place));
	if (!(word->places & r->place))
		return status_fail(st, STATUS_FORMAT, _("%s:%llu: a line `%s' cannot stand here, %s"), r->path,
				   (unsigned long long)r->number, word->word, place_name(r->place));
	if (word->kind == LINE_FORMAT && strcmp(line, "mmrec 1") != 0)
		return status_fail(st, STATUS_FORMAT, _("%s:%llu: only the format `mmrec 1' can be read"), r->path,
				   (unsigned long long)r->number);
	r->kind = word->kind;
	return true;
}

/* Where the line behind the present one stands. */
static unsigned place_after(const struct recording *r)
{
	switch (r->kind) {
	case LINE_FORMAT:
		return IN_HEADER;
	case LINE_SNAPSHOT:
		return IN_SNAPSHOT;
	case LINE_OPERATION:
		return IN_OPERATION;
	case LINE_SNAPSHOT_END:
	case LINE_AFTER:
		return IN_BODY;
	case LINE_TEXT:
		return IN_TEXT;
	case LINE_END:
		return IN_REST;
	default:
		return r->place;
	}
}

/* The file has ended: at the right place? */
static enum recording_next file_ended(const struct recording *r, struct status *st)
{
	if (r->place == IN_REST)
		return RECORDING_END;
	if (r->place == IN_TEXT)
		status_fail(st, STATUS_FORMAT, _("%s:%llu: the text that begins here has no ENDTEXT"), r->path,
			    (unsigned long long)r->text_number);
	else
		status_fail(st, STATUS_FORMAT, _("%s:%llu: the file ends %s; a recording ends with END"), r->path,
			    (unsigned long long)r->number, place_name(r->place));
	return RECORDING_ERROR;
}

/* The present line stands in a text of /proc, where any line may. */
static enum recording_next text_line(struct recording *r)
{
	r->kind = strcmp(strbuf_str(&r->line), "ENDTEXT") == 0 ? LINE_TEXT_END : LINE_TEXT_LINE;
	if (r->kind == LINE_TEXT_END)
		r->place = r->text_place;
	return RECORDING_LINE;
}

enum recording_next recording_next(struct recording *r, struct status *st)
{
	bool any;

	if (!read_line(r, &any, st))
		return RECORDING_ERROR;
	if (!any)
		return file_ended(r, st);
	if (r->place == IN_TEXT)
		return text_line(r);
	if (r->place == IN_REST) {
		status_fail(st, STATUS_FORMAT, _("%s:%llu: something follows behind END"), r->path,
			    (unsigned long long)r->number);
		return RECORDING_ERROR;
	}
	if (!classify(r, st))
		return RECORDING_ERROR;
	if (r->kind == LINE_TEXT) {
		r->text_place = r->place;
		r->text_number = r->number;
	}
	r->place = place_after(r);
	r->operations += r->kind == LINE_OPERATION;
	return RECORDING_LINE;
}

bool recording_block_put(struct recording_block *block, const char *text, struct recording_block_line line,
			 const char *path, struct status *st)
{
	size_t length = strlen(text);

	if (block->count == block->capacity) {
		size_t capacity = block->capacity ? block->capacity * 2 : 64;
		void *lines = realloc(block->line, capacity * sizeof(*block->line));

		if (!lines)
			goto no_memory;
		block->line = lines;
		block->capacity = capacity;
	}
	if (block->text.length + length > RECORDING_BLOCK_MAX)
		return status_fail(st, STATUS_FORMAT,
				   _("%s:%llu: an operation or snapshot is larger than any of a recording"), path,
				   (unsigned long long)line.number);
	line.offset = block->text.length;
	strbuf_add(&block->text, text, length + 1);
	if (block->text.failed)
		goto no_memory;
	block->line[block->count++] = line;
	return true;

no_memory:
	return status_fail(st, STATUS_NO_MEMORY, _("%s:%llu: there is no memory to keep this line"), path,
			   (unsigned long long)line.number);
}

bool recording_block_add(struct recording_block *block, const struct recording *r, struct status *st)
{
	struct recording_block_line line = { .number = r->number, .kind = r->kind };

	return recording_block_put(block, strbuf_str(&r->line), line, r->path, st);
}

void recording_block_clear(struct recording_block *block)
{
	strbuf_clear(&block->text);
	block->count = 0;
}

void recording_block_free(struct recording_block *block)
{
	strbuf_free(&block->text);
	free(block->line);
	memset(block, 0, sizeof(*block));
}
