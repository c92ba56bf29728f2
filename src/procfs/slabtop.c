/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/slabtop.h"

#include "base/text.h"
#include "slab/kmem_cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	char key;
	const char *name;
} sorts[SLABTOP_SORTS] = {
	[SLABTOP_BY_OBJECTS] = { 'o', N_("number of objects") },
	[SLABTOP_BY_ACTIVE] = { 'a', N_("number of active objects") },
	[SLABTOP_BY_PER_SLAB] = { 'b', N_("objects per slab") },
	[SLABTOP_BY_BYTES] = { 'c', N_("cache size") },
	[SLABTOP_BY_SLABS] = { 'l', N_("number of slabs") },
	[SLABTOP_BY_ACTIVE_SLABS] = { 'v', N_("number of active slabs") },
	[SLABTOP_BY_NAME] = { 'n', N_("name") },
	[SLABTOP_BY_PAGES] = { 'p', N_("pages per slab") },
	[SLABTOP_BY_SIZE] = { 's', N_("object size") },
	[SLABTOP_BY_USE] = { 'u', N_("cache utilization") },
};

char slabtop_key(enum slabtop_sort sort)
{
	return sorts[sort].key;
}

const char *slabtop_name(enum slabtop_sort sort)
{
	return sorts[sort].name;
}

bool slabtop_find(int key, enum slabtop_sort *sort)
{
	for (unsigned n = 0; n < SLABTOP_SORTS; n++) {
		if (sorts[n].key != key && sorts[n].key - 'a' + 'A' != key)
			continue;
		*sort = (enum slabtop_sort)n;
		return true;
	}
	return false;
}

struct slabtop_row slabtop_row(const struct machine *m, const struct kmem_cache *cache)
{
	struct slabtop_row row = { .cache = cache };

	m->slab.config->rules->info(&m->slab, cache, &row.info);
	row.bytes = row.info.num_slabs << (cache->order + m->config.page_shift);
	row.use = row.info.num_objs ? (unsigned)(row.info.active_objs * 100 / row.info.num_objs) : 0;
	return row;
}

u64 slabtop_value(const struct slabtop_row *row, enum slabtop_sort sort)
{
	switch (sort) {
	case SLABTOP_BY_OBJECTS:
		return row->info.num_objs;
	case SLABTOP_BY_ACTIVE:
		return row->info.active_objs;
	case SLABTOP_BY_PER_SLAB:
		return row->cache->num;
	case SLABTOP_BY_BYTES:
		return row->bytes;
	case SLABTOP_BY_SLABS:
		return row->info.num_slabs;
	case SLABTOP_BY_ACTIVE_SLABS:
		return row->info.active_slabs;
	case SLABTOP_BY_PAGES:
		return UINT64_C(1) << row->cache->order;
	case SLABTOP_BY_SIZE:
		return row->cache->size;
	case SLABTOP_BY_USE:
		return row->use;
	case SLABTOP_BY_NAME:
	case SLABTOP_SORTS:
		break;
	}
	return 0;
}

/* ------------------------------------------------------------- the text */

/* A row and what decides its place: equal ones stay in the order of /proc/slabinfo. */
struct placed {
	struct slabtop_row row;
	u64 value;
	size_t place;
	bool by_name;
};

static int compare(const void *one, const void *other)
{
	const struct placed *a = one, *b = other;
	int names = a->by_name ? strcmp(a->row.cache->name, b->row.cache->name) : 0;

	if (names)
		return names;
	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* Figures of all caches together. */
struct totals {
	u64 active_objects, objects, active_slabs, slabs, active_caches, caches, active_bytes, bytes;
	u64 least, most; /* bytes of an object */
};

static void count(struct totals *t, const struct slabtop_row *row)
{
	u64 size = row->cache->size;

	t->active_objects += row->info.active_objs;
	t->objects += row->info.num_objs;
	t->active_slabs += row->info.active_slabs;
	t->slabs += row->info.num_slabs;
	t->active_caches += row->info.num_objs > 0;
	t->active_bytes += row->info.active_objs * size;
	t->bytes += row->info.num_objs * size;
	if (!t->caches++ || size < t->least)
		t->least = size;
	if (size > t->most)
		t->most = size;
}

static double kilobytes(u64 bytes)
{
	return (double)bytes / 1024;
}

static double share(u64 part, u64 all)
{
	return all ? 100.0 * (double)part / (double)all : 0;
}

static void print_counts(struct strbuf *out, const char *what, u64 active, u64 all)
{
	strbuf_printf(out, " %-35s: %" PRIu64 " / %" PRIu64 " (%.1f%%)\n", what, active, all, share(active, all));
}

static void print_totals(const struct totals *t, struct strbuf *out)
{
	print_counts(out, "Active / Total Objects (% used)", t->active_objects, t->objects);
	print_counts(out, "Active / Total Slabs (% used)", t->active_slabs, t->slabs);
	print_counts(out, "Active / Total Caches (% used)", t->active_caches, t->caches);
	strbuf_printf(out, " %-35s: %.2fK / %.2fK (%.1f%%)\n", "Active / Total Size (% used)",
		      kilobytes(t->active_bytes), kilobytes(t->bytes), share(t->active_bytes, t->bytes));
	/* The average is a whole number of bytes. */
	strbuf_printf(out, " %-35s: %.2fK / %.2fK / %.2fK\n", "Minimum / Average / Maximum Object", kilobytes(t->least),
		      kilobytes(t->objects ? t->bytes / t->objects : 0), kilobytes(t->most));
}

static void print_row(const struct slabtop_row *row, struct strbuf *out)
{
	strbuf_printf(out, "%6" PRIu64 " %6" PRIu64 " %3u%% %7.2fK %6" PRIu64 " %8" PRIu32 " %9" PRIu64 "K %-23s\n",
		      row->info.num_objs, row->info.active_objs, row->use, kilobytes(row->cache->size),
		      row->info.num_slabs, row->cache->num, row->bytes / 1024, row->cache->name);
}

bool slabtop_print(const struct machine *m, enum slabtop_sort sort, struct strbuf *out, struct status *st)
{
	struct placed *rows = calloc(m->slab.state->caches + 1, sizeof *rows);
	struct totals totals = { 0 };
	size_t n = 0;

	if (!rows)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	for (const struct kmem_cache *c = kmem_cache_first(&m->slab); c; c = kmem_cache_next(&m->slab, c), n++) {
		rows[n] = (struct placed){ slabtop_row(m, c), 0, n, sort == SLABTOP_BY_NAME };
		rows[n].value = slabtop_value(&rows[n].row, sort);
		count(&totals, &rows[n].row);
	}
	qsort(rows, n, sizeof *rows, compare);
	print_totals(&totals, out);
	strbuf_printf(out, "\n%6s %6s %4s %8s %6s %8s %10s %-23s\n", "OBJS", "ACTIVE", "USE", "OBJ SIZE", "SLABS",
		      "OBJ/SLAB", "CACHE SIZE", "NAME");
	for (size_t i = 0; i < n; i++)
		print_row(&rows[i].row, out);
	free(rows);
	return !out->failed || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}
