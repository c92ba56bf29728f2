/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/procfs.h"

#include "base/nearest.h"
#include "base/text.h"
#include "machine/tunables.h"
#include "phys/compact.h"
#include "phys/shrinker.h"
#include "phys/vmscan.h"
#include "procfs/buddyinfo.h"
#include "procfs/extfrag_files.h"
#include "procfs/iomem.h"
#include "procfs/meminfo.h"
#include "procfs/process_files.h"
#include "procfs/memblock_files.h"
#include "procfs/page_table_files.h"
#include "procfs/showmem.h"
#include "procfs/slab_files.h"
#include "procfs/slabinfo.h"
#include "procfs/swaps.h"
#include "procfs/vmallocinfo.h"
#include "procfs/vmstat.h"
#include "procfs/zoneinfo.h"

#include <stdlib.h>
#include <string.h>

/* Where the files of tunables are. */
#define SYSCTL "/proc/sys/"

static bool always(const struct machine *m)
{
	(void)m;
	return true;
}

/* They came to Linux with anti-fragmentation, as did what shows it. */
static bool has_migratetypes(const struct machine *m)
{
	return m->config.types > 1;
}

/* This kernel does not look at what is written. */
static bool write_compact_memory(struct machine *m, const char *text, struct status *st)
{
	(void)text;
	compact_memory(&m->phys, st);
	return status_ok(st);
}

static bool has_reclaim(const struct machine *m)
{
	return reclaim_exists(&m->phys);
}

/* 1: page cache, 2: objects of shrinkers. Since 3.x it can only be written, and 4 turns the kernel's message off. */
static bool write_drop_caches(struct machine *m, const char *text, struct status *st)
{
	struct reclaim *r = m->phys.reclaim;
	unsigned long value;
	char *end;

	value = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || (!reclaim_by_zone(&m->phys) && (value < 1 || value > 4)))
		return status_fail(st, STATUS_INVALID,
				   _("EINVAL: drop_caches takes 1 (page cache), 2 (objects) or 3 (both)"));
	r->drop_caches = (u32)value;
	if (value & 1)
		vmscan_drop_caches(&m->phys);
	if (value & 2)
		shrinker_drop(&m->phys);
	return true;
}

static void print_drop_caches(const struct machine *m, struct strbuf *out)
{
	strbuf_printf(out, "%u\n", (unsigned)m->phys.reclaim->drop_caches);
}

static bool has_readable_drop_caches(const struct machine *m)
{
	return has_reclaim(m) && reclaim_by_zone(&m->phys);
}

static bool has_write_only_drop_caches(const struct machine *m)
{
	return has_reclaim(m) && !reclaim_by_zone(&m->phys);
}

static const struct {
	const char *path;
	bool (*exists)(const struct machine *m);
	void (*print)(const struct machine *m, struct strbuf *out); /* NULL: it can only be written */
	bool (*write)(struct machine *m, const char *text, struct status *st); /* NULL: it can only be read */
} files[] = {
	{ "/proc/buddyinfo", always, buddyinfo_print, NULL },
	{ "/proc/pagetypeinfo", has_migratetypes, buddyinfo_print_types, NULL },
	{ "/proc/zoneinfo", vmstat_exists, zoneinfo_print, NULL },
	{ "/proc/meminfo", vmstat_exists, meminfo_print, NULL },
	{ "/proc/vmstat", vmstat_exists, vmstat_print, NULL },
	{ "/proc/slabinfo", slabinfo_exists, slabinfo_print, NULL },
	{ "/proc/iomem", iomem_exists, iomem_print, NULL },
	{ "/proc/vmallocinfo", vmallocinfo_exists, vmallocinfo_print, NULL },
	{ "/proc/swaps", has_reclaim, swaps_print, NULL },
	{ "/proc/sys/vm/drop_caches", has_readable_drop_caches, print_drop_caches, write_drop_caches },
	{ "/proc/sys/vm/drop_caches", has_write_only_drop_caches, NULL, write_drop_caches },
	{ "/proc/sys/vm/compact_memory", has_migratetypes, NULL, write_compact_memory },
	{ "/sys/kernel/debug/extfrag/unusable_index", has_migratetypes, extfrag_files_print_unusable, NULL },
	{ "/sys/kernel/debug/extfrag/extfrag_index", has_migratetypes, extfrag_files_print_index, NULL },
	{ "/sys/kernel/debug/page_tables/kernel", page_table_files_exist, page_table_files_print, NULL },
	{ "/sys/kernel/debug/memblock/memory", memblock_files_exist, memblock_files_print_memory, NULL },
	{ "/sys/kernel/debug/memblock/reserved", memblock_files_exist, memblock_files_print_reserved, NULL },
};

/* Number of the file at `path` in `files`; ARRAY_SIZE(files): none that this machine has. */
static size_t find(const struct machine *m, const char *path)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(files) && !(strcmp(files[i].path, path) == 0 && files[i].exists(m)))
		i++;
	return i;
}

/* The tunable at `path`; NULL: none that this machine has. */
static const char *find_tunable(const struct machine *m, const char *path)
{
	const char *name;

	if (strncmp(path, SYSCTL, strlen(SYSCTL)) != 0)
		return NULL;
	for (size_t n = 0; (name = tunables_name(m, n)); n++)
		if (strcmp(name, path + strlen(SYSCTL)) == 0)
			return name;
	return NULL;
}

bool procfs_path(const struct machine *m, size_t n, struct strbuf *path)
{
	const char *name;
	size_t tunable = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (files[i].exists(m) && n-- == 0) {
			strbuf_puts(path, files[i].path);
			return true;
		}
	}
	for (; (name = tunables_name(m, tunable)) != NULL; tunable++) {
		if (n-- == 0) {
			strbuf_printf(path, "%s%s", SYSCTL, name);
			return true;
		}
	}
	return process_files_path(m, n, path);
}

/* Does a file of this path exist on other machines? */
static bool is_elsewhere(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(files[i].path, path) == 0)
			return true;
	return false;
}

/* Says that there is no such file, which one may be meant, and where all are listed: they are too many for a message.
 */
static bool no_such_file(const struct machine *m, const char *path, struct status *st)
{
	struct strbuf all = STRBUF_INIT;
	struct nearest near = NEAREST_INIT(path);

	/* `near` keeps where a name stands: first all of them, each with its NUL. */
	for (size_t n = 0; procfs_path(m, n, &all); n++)
		strbuf_putc(&all, '\0');
	for (size_t at = 0; at < all.length; at += strlen(all.text + at) + 1)
		nearest_try(&near, all.text + at);
	if (all.failed)
		status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	else if (is_elsewhere(path))
		status_fail(st, STATUS_UNSUPPORTED,
			    _("%s: this machine has no such file; \"help proc\" lists those it has"), path);
	else if (near.best)
		status_fail(st, STATUS_UNSUPPORTED, _("%s: no such file on this machine; did you mean %s?"), path,
			    near.best);
	else
		status_fail(st, STATUS_UNSUPPORTED,
			    _("%s: no such file on this machine; \"help proc\" lists those there are"), path);
	strbuf_free(&all);
	return false;
}

bool procfs_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st)
{
	size_t i = find(m, path);
	const char *tunable = find_tunable(m, path);

	if (process_files_has(m, path))
		return process_files_read(m, path, out, st);
	if (slab_files_has(m, path))
		return slab_files_read(m, path, out, st);
	if (i == ARRAY_SIZE(files) && !tunable)
		return no_such_file(m, path, st);
	if (tunable && !tunables_get(m, tunable, out, st))
		return false;
	if (!tunable && !files[i].print)
		return status_fail(st, STATUS_INVALID, _("EACCES: %s can only be written"), path);
	if (!tunable)
		files[i].print(m, out);
	return !out->failed || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool procfs_write(struct machine *m, const char *path, const char *text, struct status *st)
{
	size_t i = find(m, path);
	const char *tunable = find_tunable(m, path);

	if (process_files_has(m, path))
		return process_files_write(m, path, text, st);
	if (slab_files_has(m, path))
		return slab_files_write(m, path, text, st);
	if (tunable)
		return tunables_set(m, tunable, text, st);
	if (i == ARRAY_SIZE(files))
		return no_such_file(m, path, st);
	if (!files[i].write)
		return status_fail(st, STATUS_INVALID, _("EACCES: %s can only be read"), path);
	return files[i].write(m, text, st);
}

void procfs_show_mem(const struct machine *m, struct strbuf *out)
{
	showmem_print_sysrq(m, out);
	showmem_print(m, out);
}

void procfs_mem_info(const struct machine *m, struct strbuf *out)
{
	showmem_print(m, out);
}
