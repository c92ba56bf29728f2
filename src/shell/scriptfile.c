/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/scriptfile.h"

#include "base/embedded.h"
#include "base/nearest.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "sessions/"
#define ENDING ".kmem"

/* Bytes of a script: what is larger is none, and a device may never end. */
#define SCRIPT_MAX ((size_t)64 << 20)

/* The name of a lesson within the name of its file; *length bytes; NULL: it is none. */
static const char *lesson_name(const struct embedded_file *file, size_t *length)
{
	const char *name = file->name + strlen(FOLDER);

	if (strncmp(file->name, FOLDER, strlen(FOLDER)) != 0)
		return NULL;
	*length = strlen(name);
	if (*length < strlen(ENDING) || strcmp(name + *length - strlen(ENDING), ENDING) != 0)
		return NULL;
	*length -= strlen(ENDING);
	return name;
}

bool scriptfile_lesson(size_t n, struct strbuf *name)
{
	size_t count, length;
	const struct embedded_file *files = embedded_list(&count);

	for (size_t i = 0; i < count; i++) {
		const char *lesson = lesson_name(&files[i], &length);

		if (!lesson || n--)
			continue;
		strbuf_add(name, lesson, length);
		return true;
	}
	return false;
}

static const struct embedded_file *find_lesson(const char *name)
{
	struct strbuf path = STRBUF_INIT;
	const struct embedded_file *file = NULL;
	size_t length = strlen(name), ending = strlen(ENDING);

	strbuf_printf(&path, FOLDER "%s", name);
	if (length < ending || strcmp(name + length - ending, ENDING) != 0)
		strbuf_puts(&path, ENDING);
	if (!path.failed)
		file = embedded_find(path.text);
	strbuf_free(&path);
	return file;
}

static bool no_such_script(const char *name, struct status *st)
{
	struct nearest near = NEAREST_INIT(name);
	struct strbuf names[64];
	size_t count = 0;

	while (count < ARRAY_SIZE(names)) {
		names[count] = (struct strbuf)STRBUF_INIT;
		if (!scriptfile_lesson(count, &names[count]))
			break;
		nearest_try(&near, strbuf_str(&names[count]));
		count++;
	}
	if (near.best)
		status_fail(st, STATUS_IO, _("there is no file \"%s\"; did you mean the lesson %s?"), name, near.best);
	else
		status_fail(st, STATUS_IO, _("there is no file \"%s\""), name);
	while (count)
		strbuf_free(&names[--count]);
	return false;
}

/* Reads to the end. false with errno. */
static bool read_all(int fd, struct strbuf *text)
{
	char piece[16384];
	ssize_t n;

	while ((n = read(fd, piece, sizeof piece)) != 0) {
		if (n > 0)
			strbuf_add(text, piece, (size_t)n);
		else if (errno != EINTR)
			return false;
		if (text->length > SCRIPT_MAX) {
			errno = EFBIG;
			return false;
		}
	}
	errno = ENOMEM;
	return !text->failed;
}

/* Takes away what other systems' editors put into text; false: a NUL, so it is no text. */
static bool clean(struct strbuf *text, size_t start)
{
	char *to = text->text + start;
	const char *end = text->text + text->length, *from = to;

	if (end - from >= 3 && memcmp(from, "\xef\xbb\xbf", 3) == 0)
		from += 3;
	for (; from < end; from++) {
		if (!*from)
			return false;
		if (*from != '\r' || from[1] != '\n')
			*to++ = *from;
	}
	*to = '\0';
	text->length = (size_t)(to - text->text);
	return true;
}

bool scriptfile_read(const char *name, struct strbuf *text, struct status *st)
{
	const struct embedded_file *lesson;
	size_t start = text->length;
	bool input = strcmp(name, "-") == 0, ok;
	int fd = input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		lesson = find_lesson(name);
		if (!lesson)
			return no_such_script(name, st);
		strbuf_add(text, (const char *)lesson->bytes, lesson->size);
		return !text->failed || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	ok = fd >= 0 && read_all(fd, text);
	if (!ok)
		status_fail(st, STATUS_IO, _("cannot read %s: %s"), name, strerror(errno));
	if (fd >= 0 && !input)
		close(fd);
	if (ok && text->length > start && !clean(text, start))
		return status_fail(st, STATUS_FORMAT, _("%s is not a script: it has bytes that are not text"), name);
	return ok;
}
