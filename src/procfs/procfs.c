/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/procfs.h"

#include "base/nearest.h"
#include "base/text.h"
#include "procfs/buddyinfo.h"
#include "procfs/showmem.h"

#include <string.h>

static bool always(const struct machine *m)
{
	(void)m;
	return true;
}

static bool has_migratetypes(const struct machine *m)
{
	return m->config.types > 1;
}

static const struct {
	const char *path;
	bool (*exists)(const struct machine *m);
	void (*print)(const struct machine *m, struct strbuf *out);
} files[] = {
	{ "/proc/buddyinfo", always, buddyinfo_print },
	{ "/proc/pagetypeinfo", has_migratetypes, buddyinfo_print_types },
};

/* Says that there is no such file, and what there is. */
static bool no_such_file(const struct machine *m, const char *path, struct status *st)
{
	struct nearest near = NEAREST_INIT(path);
	struct strbuf known = STRBUF_INIT;
	bool elsewhere = false;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!files[i].exists(m)) {
			elsewhere |= strcmp(files[i].path, path) == 0;
			continue;
		}
		nearest_try(&near, files[i].path);
		strbuf_printf(&known, "%s%s", known.length ? ", " : "", files[i].path);
	}
	if (elsewhere)
		status_fail(st, STATUS_INVALID, _("%s: this machine's kernel has no such file; there is %s"), path,
			    strbuf_str(&known));
	else if (near.best)
		status_fail(st, STATUS_INVALID, _("%s: no such file on this machine; did you mean %s?"), path,
			    near.best);
	else
		status_fail(st, STATUS_INVALID, _("%s: no such file on this machine; there is %s"), path,
			    strbuf_str(&known));
	strbuf_free(&known);
	return false;
}

bool procfs_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].path, path) == 0 && files[i].exists(m)) {
			files[i].print(m, out);
			if (out->failed)
				return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
			return true;
		}
	}
	return no_such_file(m, path, st);
}

const char *procfs_path(size_t n)
{
	return n < ARRAY_SIZE(files) ? files[n].path : NULL;
}

void procfs_show_mem(const struct machine *m, struct strbuf *out)
{
	showmem_print(m, out);
}
