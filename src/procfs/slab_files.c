/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/slab_files.h"

#include "base/nearest.h"
#include "base/text.h"
#include "slab/kmem_cache.h"
#include "slab/slub_consistency.h"
#include "slab/slub_info.h"
#include "slab/slub_percpu.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/sys/kernel/slab/"

/* A number that each node has a part of. */
typedef u64 node_number(const struct slab_system *s, const struct kmem_cache *cache, unsigned node);

/* ------------------------------------------------------------- numbers of nodes */

static u64 slabs_on(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	return slab_node(s, cache, node)->nr_slabs;
}

static u64 total_on(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	return slab_node(s, cache, node)->total_objects;
}

/* What CPUs have at hand counts as in use. */
static u64 objects_on(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	return total_on(s, cache, node) - slub_info_partial_free(s, cache, node);
}

static u64 partial_on(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	return slab_node(s, cache, node)->nr_partial;
}

static u64 partial_objects_on(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	const struct block_list *list = &slab_node(s, cache, node)->list[SLAB_LIST_PARTIAL];
	u64 inuse = 0;

	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
		inuse += slub_slab_of(s, pfn)->inuse;
	return inuse;
}

/* Slabs of CPUs, their own and those that they keep; the latter count where the first of them lies. */
static u64 cpu_slabs_on(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	u64 slabs = 0;

	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		const struct kmem_cache_cpu *c = slab_cpu(s, cache, cpu);

		if (c->slab != PFN_NONE && slub_slab_node(s, c->slab) == node)
			slabs++;
		if (c->partial.head != PFN_NONE && slub_slab_node(s, c->partial.head) == node)
			slabs += c->partial.count;
	}
	return slabs;
}

/* The sum, and with several nodes the part of each that has one. */
static void print_nodes(const struct slab_system *s, const struct kmem_cache *cache, node_number *number,
			struct strbuf *out)
{
	unsigned nodes = s->phys->config->nodes;
	u64 sum = 0;

	for (unsigned n = 0; n < nodes; n++)
		sum += number(s, cache, n);
	strbuf_printf(out, "%" PRIu64, sum);
	for (unsigned n = 0; nodes > 1 && n < nodes; n++)
		if (number(s, cache, n))
			strbuf_printf(out, " N%u=%" PRIu64, n, number(s, cache, n));
	strbuf_putc(out, '\n');
}

/* ------------------------------------------------------------- files */

static void print_aliases(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	(void)s;
	strbuf_printf(out, "%" PRIu32 "\n", (int32_t)cache->refcount < 1 ? 0 : cache->refcount - 1);
}

static void print_ctor(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	static const char *const names[CTOR_KINDS] = {
		[CTOR_ZERO] = "zero\n", [CTOR_COUNT_UP] = "count_up\n", [CTOR_PATTERN] = "pattern\n"
	};

	(void)s;
	if (cache->ctor < CTOR_KINDS && names[cache->ctor])
		strbuf_puts(out, names[cache->ctor]);
}

/* "30(2) C0=30(2)": objects, reckoned as half of what the slabs hold, and slabs. */
static void print_cpu_partial(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	unsigned cpus = s->phys->config->cpus;
	u32 slabs = 0;

	for (unsigned cpu = 0; cpu < cpus; cpu++)
		slabs += slab_cpu(s, cache, cpu)->partial.count;
	strbuf_printf(out, "%" PRIu32 "(%" PRIu32 ")", slabs * cache->num / 2, slabs);
	for (unsigned cpu = 0; s->config->cpu_ids > 1 && cpu < cpus; cpu++) {
		slabs = slab_cpu(s, cache, cpu)->partial.count;
		if (slabs)
			strbuf_printf(out, " C%u=%" PRIu32 "(%" PRIu32 ")", cpu, slabs * cache->num / 2, slabs);
	}
	strbuf_putc(out, '\n');
}

static void print_nothing(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	(void)s;
	(void)cache;
	(void)out;
}

static bool has_nodes(const struct slab_system *s)
{
	return s->phys->config->nodes > 1;
}

/* The kernel takes decimal, 0x and 0 in front. */
static bool take_number(const char *text, u32 *value)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 0);

	if (*text < '0' || *text > '9' || *end || n > INT32_MAX)
		return false;
	*value = (u32)n;
	return true;
}

static bool write_shrink(struct slab_system *s, struct kmem_cache *cache, const char *text)
{
	if (text[0] != '1')
		return false;
	kmem_cache_shrink(s, cache);
	return true;
}

static bool write_validate(struct slab_system *s, struct kmem_cache *cache, const char *text)
{
	if (text[0] != '1' || !(cache->flags & SLUB_DEBUG_FLAGS))
		return false;
	slub_consistency_validate(s, cache);
	return true;
}

static bool write_min_partial(struct slab_system *s, struct kmem_cache *cache, const char *text)
{
	u32 value;

	if (!take_number(text, &value))
		return false;
	arena_touch(s->phys->arena, cache);
	cache->slub.min_partial = value;
	return true;
}

static bool write_cpu_partial(struct slab_system *s, struct kmem_cache *cache, const char *text)
{
	u32 value;

	if (!take_number(text, &value) || (value && !slub_geometry_has_cpu_partial(s->config, cache->flags)))
		return false;
	arena_touch(s->phys->arena, cache);
	slub_geometry_set_cpu_partial(cache, value);
	slub_percpu_flush(s, cache);
	return true;
}

/* How a file is made: a field of the cache, a flag, a number of nodes, or by a function. */
static const struct file {
	const char *name;
	bool (*exists)(const struct slab_system *s); /* NULL: always */
	size_t field; /* offset in struct kmem_cache, of an u32; 0: none */
	u32 flag;
	u32 divided; /* the field by this; 0: not */
	node_number *nodes;
	void (*print)(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out);
	bool (*write)(struct slab_system *s, struct kmem_cache *cache, const char *text); /* false: EINVAL */
} files[] = {
	{ .name = "aliases", .print = print_aliases },
	{ .name = "align", .field = offsetof(struct kmem_cache, align) },
	{ .name = "cache_dma", .flag = SLUB_CACHE_DMA },
	{ .name = "cpu_partial", .field = offsetof(struct kmem_cache, slub.cpu_partial), .write = write_cpu_partial },
	{ .name = "cpu_slabs", .nodes = cpu_slabs_on },
	{ .name = "ctor", .print = print_ctor },
	{ .name = "destroy_by_rcu", .flag = SLUB_TYPESAFE_BY_RCU },
	{ .name = "hwcache_align", .flag = SLUB_HWCACHE_ALIGN },
	{ .name = "min_partial", .field = offsetof(struct kmem_cache, slub.min_partial), .write = write_min_partial },
	{ .name = "object_size", .field = offsetof(struct kmem_cache, object_size) },
	{ .name = "objects", .nodes = objects_on },
	{ .name = "objects_partial", .nodes = partial_objects_on },
	{ .name = "objs_per_slab", .field = offsetof(struct kmem_cache, num) },
	{ .name = "order", .field = offsetof(struct kmem_cache, order) },
	{ .name = "partial", .nodes = partial_on },
	{ .name = "poison", .flag = SLUB_POISON },
	{ .name = "reclaim_account", .flag = SLUB_RECLAIM_ACCOUNT },
	{ .name = "red_zone", .flag = SLUB_RED_ZONE },
	{ .name = "remote_node_defrag_ratio",
	  .exists = has_nodes,
	  .field = offsetof(struct kmem_cache, slub.defrag_ratio),
	  .divided = 10 },
	{ .name = "sanity_checks", .flag = SLUB_CONSISTENCY_CHECKS },
	{ .name = "shrink", .print = print_nothing, .write = write_shrink },
	{ .name = "slab_size", .field = offsetof(struct kmem_cache, size) },
	{ .name = "slabs", .nodes = slabs_on },
	{ .name = "slabs_cpu_partial", .print = print_cpu_partial },
	{ .name = "store_user", .flag = SLUB_STORE_USER },
	{ .name = "total_objects", .nodes = total_on },
	{ .name = "trace", .flag = SLUB_TRACE },
	{ .name = "usersize", .field = offsetof(struct kmem_cache, usersize) },
	{ .name = "validate", .print = print_nothing, .write = write_validate },
};

static bool exists(const struct slab_system *s, const struct file *file)
{
	return !file->exists || file->exists(s);
}

static void print(const struct slab_system *s, const struct kmem_cache *cache, const struct file *file,
		  struct strbuf *out)
{
	u32 value;

	if (file->print) {
		file->print(s, cache, out);
	} else if (file->nodes) {
		print_nodes(s, cache, file->nodes, out);
	} else if (file->flag) {
		strbuf_puts(out, cache->flags & file->flag ? "1\n" : "0\n");
	} else {
		memcpy(&value, (const char *)cache + file->field, sizeof value);
		strbuf_printf(out, "%" PRIu32 "\n", file->divided ? value / file->divided : value);
	}
}

/* ------------------------------------------------------------- folders */

/* The name that the kernel makes for a cache that may be merged: ":a-0000192". */
static void unique_name(const struct kmem_cache *cache, char name[32])
{
	static const struct {
		u32 flag;
		char letter;
	} letters[] = {
		{ SLUB_CACHE_DMA, 'd' },          { SLUB_CACHE_DMA32, 'D' }, { SLUB_RECLAIM_ACCOUNT, 'a' },
		{ SLUB_CONSISTENCY_CHECKS, 'F' }, { SLUB_ACCOUNT, 'A' },
	};
	size_t at = 0;

	name[at++] = ':';
	for (size_t n = 0; n < ARRAY_SIZE(letters); n++)
		if (cache->flags & letters[n].flag)
			name[at++] = letters[n].letter;
	if (at > 1)
		name[at++] = '-';
	snprintf(name + at, 32 - at, "%07" PRIu32, cache->size);
}

/* The cache whose folder goes by these `length` bytes; NULL: none. */
static struct kmem_cache *find_cache(const struct slab_system *s, const char *folder, size_t length)
{
	char name[32];

	for (struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c)) {
		if (strlen(c->name) == length && memcmp(c->name, folder, length) == 0)
			return c;
		if (folder[0] != ':' || s->config->no_merge || kmem_cache_is_alone(s, c))
			continue;
		unique_name(c, name);
		if (strlen(name) == length && memcmp(name, folder, length) == 0)
			return c;
	}
	return NULL;
}

static bool no_such_cache(const struct slab_system *s, const char *folder, size_t length, struct status *st)
{
	char name[SLAB_NAME] = "";
	struct nearest near = NEAREST_INIT(name);

	snprintf(name, sizeof name, "%.*s", (int)(length < SLAB_NAME ? length : SLAB_NAME - 1), folder);
	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		nearest_try(&near, c->name);
	if (near.best)
		return status_fail(st, STATUS_UNSUPPORTED, _("there is no cache %s; did you mean %s?"), name,
				   near.best);
	return status_fail(st, STATUS_UNSUPPORTED, _("there is no cache %s"), name);
}

static bool no_such_file(const struct slab_system *s, const char *name, struct status *st)
{
	struct nearest near = NEAREST_INIT(name);

	for (size_t n = 0; n < ARRAY_SIZE(files); n++)
		if (exists(s, &files[n]))
			nearest_try(&near, files[n].name);
	if (near.best)
		return status_fail(st, STATUS_UNSUPPORTED, _("a cache has no file %s; did you mean %s?"), name,
				   near.best);
	return status_fail(st, STATUS_UNSUPPORTED, _("a cache has no file %s; \"help proc\" lists those it has"), name);
}

/* Which cache and which file a path means. */
static bool find(const struct machine *m, const char *path, struct kmem_cache **cache, const struct file **file,
		 struct status *st)
{
	const char *folder = path + strlen(FOLDER), *name;
	size_t length;

	if (strlen(path) <= strlen(FOLDER))
		return status_fail(st, STATUS_INVALID, _("EISDIR: %s has a folder for each cache; slabtop lists them"),
				   path);
	length = strcspn(folder, "/");
	*cache = find_cache(&m->slab, folder, length);
	if (!*cache)
		return no_such_cache(&m->slab, folder, length, st);
	name = folder[length] ? folder + length + 1 : "";
	if (!*name)
		return status_fail(st, STATUS_INVALID, _("EISDIR: %s is a folder; \"help proc\" lists its files"),
				   path);
	for (size_t n = 0; n < ARRAY_SIZE(files); n++) {
		*file = &files[n];
		if (exists(&m->slab, *file) && strcmp((*file)->name, name) == 0)
			return true;
	}
	return no_such_file(&m->slab, name, st);
}

bool slab_files_has(const struct machine *m, const char *path)
{
	size_t length = strlen(FOLDER) - 1;

	return m->slab_config.allocator == SLAB_SLUB && strncmp(path, FOLDER, length) == 0 &&
	       (!path[length] || path[length] == '/');
}

bool slab_files_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st)
{
	struct kmem_cache *cache;
	const struct file *file;

	if (!find(m, path, &cache, &file, st))
		return false;
	print(&m->slab, cache, file, out);
	return !out->failed || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool slab_files_write(struct machine *m, const char *path, const char *text, struct status *st)
{
	struct kmem_cache *cache;
	const struct file *file;

	if (!find(m, path, &cache, &file, st))
		return false;
	if (!file->write)
		return status_fail(st, STATUS_INVALID, _("EACCES: %s can only be read"), path);
	return file->write(&m->slab, cache, text) ||
	       status_fail(st, STATUS_INVALID, _("EINVAL: %s does not take %s"), path, text);
}

bool slab_files_name(const struct machine *m, size_t n, struct strbuf *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (exists(&m->slab, &files[i]) && n-- == 0) {
			strbuf_puts(name, files[i].name);
			return true;
		}
	}
	return false;
}

bool slab_files_step(const struct machine *m, const char *typed, size_t n, struct strbuf *path)
{
	size_t length = strlen(FOLDER), before;
	const struct kmem_cache *c;

	if (m->slab_config.allocator != SLAB_SLUB || !m->slab.state)
		return false;
	strbuf_puts(path, FOLDER);
	if (strncmp(typed, FOLDER, length) != 0)
		return n == 0 && strncmp(typed, FOLDER, strlen(typed)) == 0;
	before = strcspn(typed + length, "/");
	if (!typed[length + before]) {
		for (c = kmem_cache_first(&m->slab); c && n--;)
			c = kmem_cache_next(&m->slab, c);
		if (c)
			strbuf_printf(path, "%s/", c->name);
		return c;
	}
	strbuf_printf(path, "%.*s/", (int)before, typed + length);
	return find_cache(&m->slab, typed + length, before) && slab_files_name(m, n, path);
}
