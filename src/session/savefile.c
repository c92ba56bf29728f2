/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/savefile.h"

#include "base/strbuf.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool savefile_put(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

/* The name itself must last too; a file system that cannot sync a folder has done what it can. */
static void sync_folder_of(char *path)
{
	char *slash = strrchr(path, '/');
	int fd;

	if (slash)
		slash[slash == path] = '\0';
	fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* The permissions that the new file is to have. */
static mode_t wanted_mode(const char *path)
{
	struct stat info;
	mode_t mask;

	if (stat(path, &info) == 0)
		return info.st_mode & 07777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static bool replace(const char *path, const char *bytes, size_t length, char *temporary)
{
	int fd = mkostemp(temporary, O_CLOEXEC);
	bool ok;
	int reason;

	if (fd < 0)
		return false;
	ok = savefile_put(fd, bytes, length) && fsync(fd) == 0 && fchmod(fd, wanted_mode(path)) == 0;
	reason = errno;
	if (close(fd) < 0 && ok) {
		ok = false;
		reason = errno;
	}
	if (ok && rename(temporary, path) < 0) {
		ok = false;
		reason = errno;
	}
	if (!ok)
		unlink(temporary);
	errno = reason;
	return ok;
}

bool savefile_write(const char *path, const char *bytes, size_t length, struct status *st)
{
	struct strbuf temporary = STRBUF_INIT;
	char *target = realpath(path, NULL);
	struct stat info;
	bool ok = true;

	if (!target)
		target = strdup(path);
	if (target)
		strbuf_printf(&temporary, "%s.XXXXXX", target);
	if (!target || temporary.failed)
		ok = status_fail(st, STATUS_NO_MEMORY, _("out of memory: nothing is written"));
	else if (stat(target, &info) == 0 && !S_ISREG(info.st_mode))
		ok = status_fail(st, STATUS_IO, _("cannot write %s: it is not a file"), path);
	else if (!replace(target, bytes, length, temporary.text))
		ok = status_fail(st, STATUS_IO, _("cannot write %s: %s; nothing is changed"), path, strerror(errno));
	else
		sync_folder_of(target);
	strbuf_free(&temporary);
	free(target);
	return ok;
}
