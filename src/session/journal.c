/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/journal.h"

#include "base/text.h"
#include "session/savefile.h"
#include "session/statedir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define JOURNAL_VERSION 1
#define FILE_MOST ((size_t)256 << 20) /* bytes of a journal: what nobody types in a session */
#define JOURNAL_END "# end\n"

/* What follows `word` in the line; NULL if the line does not begin with it. */
static const char *after(const char *line, const char *word)
{
	size_t length = strlen(word);

	return strncmp(line, word, length) == 0 ? line + length : NULL;
}

static bool read_number(const char *s, int base, u64 *n)
{
	char *end;
	u64 number;

	if (*s < '0' || (*s > '9' && base == 10))
		return false;
	errno = 0;
	number = strtoull(s, &end, base);
	if (errno || end == s || *end)
		return false;
	*n = number;
	return true;
}

bool journal_header_line(struct journal_header *h, const char *line)
{
	const char *rest;
	u64 version;

	if ((rest = after(line, "# kmemlab session ")) && read_number(rest, 10, &version)) {
		h->journal = true;
		h->version = version > UINT32_MAX ? UINT32_MAX : (unsigned)version;
		return true;
	}
	if ((rest = after(line, "# machine ")) && *rest && strlen(rest) < sizeof h->machine) {
		strcpy(h->machine, rest);
		return true;
	}
	if ((rest = after(line, "# set ")) && strchr(rest, '=')) {
		strbuf_printf(&h->settings, "%s\n", rest);
		return true;
	}
	if ((rest = after(line, "# /proc: "))) {
		strbuf_printf(&h->state, "%s\n", rest);
		return true;
	}
	if ((rest = after(line, "# seed ")) && read_number(rest, 0, &h->seed)) {
		h->has_seed = true;
		return true;
	}
	return false;
}

void journal_header_free(struct journal_header *h)
{
	strbuf_free(&h->settings);
	strbuf_free(&h->state);
}

bool journal_header_desc(const struct journal_header *h, const char *machine, struct machine_desc *desc,
			 struct status *st)
{
	char *settings, *line, *rest;
	bool ok = true;

	if (h->machine[0])
		machine = h->machine;
	if (!machine)
		machine = desc_names(&(size_t){ 0 })[0];
	if (h->settings.failed || !(settings = strdup(strbuf_str(&h->settings))))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	ok = desc_load(desc, machine, st);
	for (line = strtok_r(settings, "\n", &rest); ok && line; line = strtok_r(NULL, "\n", &rest))
		ok = desc_set(desc, line, st);
	free(settings);
	if (ok && h->state.failed)
		ok = status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (ok && h->state.length)
		ok = desc_state_read(&desc->state, "# /proc", strbuf_str(&h->state), st) &&
		     desc_state_finish(&desc->state, st);
	return ok;
}

/* ------------------------------------------------------------- reading */

/* The whole file as a string; NULL with a message. */
static char *read_all(const char *path, size_t *length, struct status *st)
{
	struct strbuf text = STRBUF_INIT;
	char piece[16384];
	bool ok = true;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && text.length <= FILE_MOST && !text.failed && (n = read(fd, piece, sizeof piece)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		strbuf_add(&text, piece, (size_t)n);
	}
	if (fd < 0 || n < 0)
		ok = status_fail(st, STATUS_IO, _("cannot read %s: %s"), path, strerror(errno));
	else if (text.length > FILE_MOST)
		ok = status_fail(st, STATUS_FORMAT, _("%s is too large to be a journal"), path);
	else if (text.failed || (!text.text && !(text.text = strdup(""))))
		ok = status_fail(st, STATUS_NO_MEMORY, _("%s is too large for the host's memory"), path);
	if (fd >= 0)
		close(fd);
	if (!ok)
		strbuf_free(&text);
	*length = text.length;
	return text.text;
}

static bool entry_add(struct journal_file *f, size_t *capacity, const char *text)
{
	if (f->count == *capacity) {
		size_t more = *capacity ? *capacity * 2 : 64;
		struct journal_entry *entries = realloc(f->entries, more * sizeof *entries);

		if (!entries)
			return false;
		f->entries = entries;
		*capacity = more;
	}
	f->entries[f->count].text = strdup(text);
	f->entries[f->count].has_hash = false;
	f->entries[f->count].hash = 0;
	return f->entries[f->count++].text != NULL;
}

/* Adds a line to the last command. */
static bool entry_continue(struct journal_entry *e, const char *line)
{
	size_t length = strlen(e->text);
	char *text = realloc(e->text, length + strlen(line) + 2);

	if (!text)
		return false;
	text[length] = '\n';
	strcpy(text + length + 1, line);
	e->text = text;
	return true;
}

bool journal_is_remark(const char *line)
{
	line += strspn(line, " \r\t");
	return !*line || *line == '#' || strncmp(line, "//", 2) == 0;
}

/* Takes a line in. false: out of memory. */
static bool read_line(struct journal_file *f, size_t *capacity, const char *line)
{
	struct journal_entry *last = f->count ? &f->entries[f->count - 1] : NULL;
	const char *rest;

	f->ended = strcmp(line, "# end") == 0;
	if (line[0] == '\t' && last)
		return entry_continue(last, line + 1);
	if ((rest = after(line, "#= ")) && last) {
		last->has_hash = read_number(rest, 16, &last->hash);
		return true;
	}
	if ((!f->count && journal_header_line(&f->header, line)) || journal_is_remark(line))
		return true;
	return entry_add(f, capacity, line);
}

bool journal_read(struct journal_file *f, const char *path, struct status *st)
{
	size_t length, capacity = 0;
	char *text, *line, *newline;
	bool ok = true;

	memset(f, 0, sizeof *f);
	text = read_all(path, &length, st);
	if (!text)
		return false;
	for (line = text; ok && (newline = strchr(line, '\n')); line = newline + 1) {
		*newline = '\0';
		ok = read_line(f, &capacity, line);
	}
	/* A NUL (a file cut off by a power failure may be full of them) ends the text like a torn line. */
	f->whole = (u64)(line - text);
	f->torn = f->whole < length;
	free(text);
	if (!ok)
		return status_fail(st, STATUS_NO_MEMORY, _("%s is too large for the host's memory"), path);
	if (!f->header.journal)
		return status_fail(st, STATUS_FORMAT, _("%s is not a session: it does not begin with \"%s\""), path,
				   "# kmemlab session 1");
	if (f->header.version != JOURNAL_VERSION)
		return status_fail(st, STATUS_FORMAT, _("%s has form %u of sessions; this program knows form %u"), path,
				   f->header.version, JOURNAL_VERSION);
	return true;
}

void journal_file_free(struct journal_file *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->entries[i].text);
	free(f->entries);
	journal_header_free(&f->header);
	memset(f, 0, sizeof *f);
}

bool journal_entry_goto(const struct journal_entry *e, size_t *n)
{
	const char *rest = after(e->text, "goto ");
	u64 number;

	if (!rest || !read_number(rest, 10, &number) || number > SIZE_MAX)
		return false;
	*n = (size_t)number;
	return true;
}

/* ------------------------------------------------------------- writing */

/* The lines that the machine was loaded from, each behind its sign. */
static void put_state(struct strbuf *out, const struct desc_state *state)
{
	struct strbuf text = STRBUF_INIT;
	const char *line;

	desc_state_put(state, &text);
	out->failed |= text.failed;
	for (line = strbuf_str(&text); *line; line += strcspn(line, "\n") + 1)
		strbuf_printf(out, "# /proc: %.*s\n", (int)strcspn(line, "\n"), line);
	strbuf_free(&text);
}

void journal_put_header(struct strbuf *out, const struct machine_desc *desc, u64 seed)
{
	const char *line = desc->settings;

	strbuf_printf(out, "# kmemlab session %d\n# machine %s\n", JOURNAL_VERSION, desc->source);
	while (*line) {
		size_t length = strcspn(line, "\n");

		strbuf_puts(out, "# set ");
		strbuf_add(out, line, length);
		strbuf_putc(out, '\n');
		line += length + (line[length] == '\n');
	}
	strbuf_printf(out, "# seed %" PRIu64 "\n", seed);
	if (desc->state.zones)
		put_state(out, &desc->state);
}

void journal_put_command(struct strbuf *out, const char *text)
{
	/* Remarks above the command would be read as such, and what continues them as a part of another command. */
	for (;;) {
		const char *newline = strchr(text, '\n');

		text += strspn(text, " \t\r\n");
		if (!newline || !journal_is_remark(text))
			break;
		text = newline + 1;
	}
	for (; *text; text++) {
		strbuf_putc(out, *text);
		if (*text == '\n')
			strbuf_putc(out, '\t');
	}
	strbuf_putc(out, '\n');
}

void journal_put_hash(struct strbuf *out, u64 hash)
{
	strbuf_printf(out, "#= %016" PRIx64 "\n", hash);
}

void journal_put_end(struct strbuf *out)
{
	strbuf_puts(out, JOURNAL_END);
}

/* Locks the file; false if somebody removed it before it was locked. */
static bool lock_new(int fd)
{
	struct stat info;

	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR)
			break; /* a file system without locks: better a journal without a lock than none */
	return fstat(fd, &info) == 0 && info.st_nlink > 0;
}

bool journal_open(struct journal *j, struct status *st)
{
	struct strbuf path = STRBUF_INIT;
	size_t folder;
	int fd = -1;

	memset(j, 0, sizeof *j);
	j->fd = -1;
	if (!statedir_make(&path, st)) {
		strbuf_free(&path);
		return false;
	}
	folder = path.length;
	for (int attempt = 0; attempt < 100 && fd < 0; attempt++) {
		path.length = folder;
		strbuf_printf(&path, "/session-%ld-%lld", (long)getpid(), (long long)time(NULL));
		if (attempt)
			strbuf_printf(&path, "-%d", attempt);
		strbuf_puts(&path, ".kmem");
		fd = open(strbuf_str(&path), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
		if (fd >= 0 && !lock_new(fd)) {
			close(fd);
			fd = -1;
		}
	}
	if (fd < 0 || path.failed) {
		status_fail(st, STATUS_IO, _("cannot make the journal %s: %s"), strbuf_str(&path), strerror(errno));
		strbuf_free(&path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	j->path = path.text;
	j->fd = fd;
	j->empty = true;
	return true;
}

static bool is_writing(const struct journal *j)
{
	return j->path && status_ok(&j->trouble);
}

static void journal_fail(struct journal *j)
{
	status_fail(&j->trouble, STATUS_IO, _("cannot write the journal %s: %s; the session goes on without it"),
		    j->path, strerror(errno));
}

static void journal_write(struct journal *j, const struct strbuf *lines)
{
	if (!is_writing(j))
		return;
	if (lines->failed) {
		status_fail(&j->trouble, STATUS_NO_MEMORY, _("out of memory: the session is no longer journalled"));
		return;
	}
	if (savefile_put(j->fd, strbuf_str(lines), lines->length)) {
		j->length += lines->length;
		return;
	}
	journal_fail(j);
	/* If even this fails, the reader leaves the torn line out. */
	(void)!ftruncate(j->fd, (off_t)j->length);
}

void journal_append(struct journal *j, const struct strbuf *lines)
{
	journal_write(j, lines);
	j->empty = false;
}

void journal_restart(struct journal *j, const struct strbuf *lines)
{
	if (!is_writing(j))
		return;
	if (ftruncate(j->fd, 0) < 0) {
		journal_fail(j);
		return;
	}
	j->length = 0;
	j->empty = true;
	journal_write(j, lines);
}

void journal_close(struct journal *j, const struct strbuf *lines)
{
	if (!j->path)
		return;
	journal_write(j, lines);
	journal_leave(j);
}

void journal_leave(struct journal *j)
{
	if (!j->path)
		return;
	if (j->empty)
		unlink(j->path);
	close(j->fd);
	free(j->path);
	memset(j, 0, sizeof *j);
	j->fd = -1;
}
