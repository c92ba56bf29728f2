/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/process_files.h"

#include "base/text.h"
#include "phys/mapping.h"
#include "phys/oom.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PROC "/proc/"

static const char *adj_name(const struct machine *m)
{
	return reclaim_by_zone(&m->phys) ? "oom_adj" : "oom_score_adj";
}

/* The process of a path, and the name of the file; OWNER_NOBODY: it is no such path, or there is no such process. */
static unsigned parse(const struct machine *m, const char *path, const char **file)
{
	unsigned long pid;
	char *end;

	if (!reclaim_exists(&m->phys) || strncmp(path, PROC, strlen(PROC)) != 0)
		return OWNER_NOBODY;
	path += strlen(PROC);
	if (*path < '0' || *path > '9')
		return OWNER_NOBODY;
	pid = strtoul(path, &end, 10);
	*file = end + 1;
	if (*end != '/' || pid > UINT32_MAX || (strcmp(*file, "oom_score") != 0 && strcmp(*file, adj_name(m)) != 0))
		return OWNER_NOBODY;
	return mapping_of_pid(&m->phys, (u32)pid);
}

bool process_files_has(const struct machine *m, const char *path)
{
	const char *file;

	return parse(m, path, &file) != OWNER_NOBODY;
}

bool process_files_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st)
{
	const char *file;
	unsigned process = parse(m, path, &file);

	if (strcmp(file, "oom_score") == 0)
		strbuf_printf(out, "%" PRId64 "\n", oom_score(&m->phys, process));
	else
		strbuf_printf(out, "%" PRId32 "\n", m->phys.reclaim->owner[process].oom_adj);
	return !out->failed || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool process_files_write(struct machine *m, const char *path, const char *text, struct status *st)
{
	s32 least = oom_adj_least(&m->phys), most = oom_adj_most(&m->phys);
	const char *file;
	unsigned process = parse(m, path, &file);
	char *end;
	long value;

	if (strcmp(file, "oom_score") == 0)
		return status_fail(st, STATUS_INVALID, _("EACCES: %s can only be read"), path);
	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end || errno || value < least || value > most)
		return status_fail(st, STATUS_INVALID, _("EINVAL: %s takes numbers from %" PRId32 " to %" PRId32), path,
				   least, most);
	m->phys.reclaim->owner[process].oom_adj = (s32)value;
	return true;
}

bool process_files_path(const struct machine *m, size_t n, struct strbuf *path)
{
	if (!reclaim_exists(&m->phys))
		return false;
	for (unsigned i = 0; i < RECLAIM_OWNERS; i++) {
		const struct owner *o = &m->phys.reclaim->owner[i];

		if (o->kind != OWNER_PROCESS)
			continue;
		if (n < 2) {
			strbuf_printf(path, PROC "%" PRIu32 "/%s", o->pid, n ? adj_name(m) : "oom_score");
			return true;
		}
		n -= 2;
	}
	return false;
}
