/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_slab_load.h"

#include "base/text.h"
#include "phys/blocklist.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "slab/rules.h"
#include "slab/slab_pages.h"

#include <string.h>

/* struct slab of 2.6, as it lies in memory: where its fields are, in bytes; the array of bufctl follows. */
enum { SLAB_COLOUROFF = 8, SLAB_S_MEM = 12, SLAB_INUSE = 16, SLAB_FREE = 20, SLAB_NODEID = 24, SLAB_BUFCTL = 28 };

#define BUFCTL_END 0xffffffffu

/* What an SL line tells. */
struct slab_line {
	struct replay_cache *name;
	unsigned list; /* enum slab_list */
	unsigned cpu; /* whose partial slab it is, of SLAB_LIST_CPU */
	pfn_t pfn;
	u32 inuse, objects;
	u32 s_mem;
	u32 colour;
	u64 freelist; /* where the list of free objects lies; 0: nowhere */
	struct recording_cursor next; /* at the indexes */
};

static struct slab_system *slab_of_replay(struct replay *r)
{
	return &r->machine.slab;
}

static struct kmem_cache *cache_of(struct replay *r, const struct replay_cache *name)
{
	struct kmem_cache *cache = &slab_of_replay(r)->cache[name->slot - 1];

	arena_touch(&r->machine.arena, cache);
	return cache;
}

static bool is_2_6(const struct replay *r)
{
	return r->machine.config.gfp == GFP_2_6;
}

/* A number below 2^32, in a line that must have it. */
static bool key32(const struct recording_cursor *c, const char *key, u32 *value)
{
	u64 number;

	if (!recording_key(c, key, UINT32_MAX, &number))
		return false;
	*value = (u32)number;
	return true;
}

/* ------------------------------------------------------------- their slabs */

/* full, partial, free, cpu<n>partial */
static bool read_list(struct replay *r, struct recording_cursor *c, struct slab_line *line)
{
	static const struct {
		const char *name;
		unsigned list;
	} lists[] = { { "full", SLAB_LIST_FULL }, { "partial", SLAB_LIST_PARTIAL }, { "free", SLAB_LIST_FREE } };
	u64 cpu;

	c->at += strspn(c->at, " ");
	for (size_t n = 0; n < ARRAY_SIZE(lists); n++) {
		line->list = lists[n].list;
		if (recording_skip(c, lists[n].name))
			return true;
	}
	line->list = SLAB_LIST_CPU;
	if (!r->machine.slab.cpu || !recording_skip(c, "cpu"))
		return recording_expected(c, _("a list of slabs: full, partial or free"));
	if (!recording_number(c, r->machine.config.cpus - 1, &cpu, _("a CPU that the header has")))
		return false;
	line->cpu = (unsigned)cpu;
	return recording_literal(c, "partial");
}

/* An offset in the slab behind a plus sign, an address, or none. */
static bool read_place(const struct slab_system *s, struct recording_cursor *c, const char *key, pfn_t pfn, u64 *at)
{
	struct recording_cursor value;

	*at = 0;
	if (!recording_find(c, key, &value))
		return recording_expected(c, key);
	if (recording_skip(&value, "none"))
		return true;
	if (!recording_skip(&value, "+"))
		return recording_hex(&value, at, _("an address")) &&
		       (page_of_address(s->phys, *at) != PFN_NONE ||
			recording_expected(&value, _("an address of the direct map before this")));
	if (!recording_number(&value, UINT32_MAX, at, _("an offset")))
		return false;
	*at += slab_address(s, pfn);
	return true;
}

static bool read_slab(struct replay *r, struct recording_cursor *c, struct slab_line *line)
{
	const struct slab_system *s = slab_of_replay(r);
	struct recording_cursor value;
	u64 pfn, active, at;

	line->name = replay_cache_at(&r->caches, c);
	if (!line->name || !read_list(r, c, line) || !recording_key(c, "pfn", PHYS_PFN_LIMIT, &pfn))
		return false;
	line->pfn = (pfn_t)pfn;
	line->next = *c;
	line->next.at = strrchr(c->at, ':') ? strrchr(c->at, ':') + 1 : "";
	if (s->cpu)
		return key32(c, "inuse", &line->inuse) && key32(c, "objects", &line->objects);
	if (!recording_find(c, "active", &value))
		return recording_expected(c, "active=");
	line->objects = s->cache[line->name->slot - 1].num;
	if (!recording_number(&value, line->objects, &active, _("objects that are in use")) ||
	    !read_place(s, c, "s_mem", line->pfn, &at) ||
	    !read_place(s, c, is_2_6(r) ? "slabp" : "freelist", line->pfn, &line->freelist))
		return false;
	line->inuse = (u32)active;
	line->s_mem = (u32)(at - slab_address(s, line->pfn));
	return !is_2_6(r) || key32(c, "colour", &line->colour);
}

/* The next index of a free object; false: there is no more, or *bad. */
static bool next_index(struct recording_cursor *c, u32 objects, u32 *index, bool *bad)
{
	u64 value;

	c->at += strspn(c->at, " ");
	if (*c->at < '0' || *c->at > '9')
		return false;
	*bad = !recording_number(c, objects - 1, &value, _("the index of an object"));
	*index = *bad ? 0 : (u32)value;
	return !*bad;
}

/* Writes the free list of a SLUB slab into its objects; *first is the address of the first one, or 0. */
static bool write_pointers(struct replay *r, const struct kmem_cache *cache, pfn_t pfn, u32 objects,
			   struct recording_cursor c, u64 *first)
{
	struct slab_system *s = slab_of_replay(r);
	u64 start = slab_address(s, pfn) + cache->slub.red_left_pad, before = 0;
	bool bad = false;
	u32 index;

	*first = 0;
	while (next_index(&c, objects, &index, &bad)) {
		u64 at = start + (u64)index * cache->size;

		if (before)
			page_store(s->phys, slab_physical(s, before) + cache->slub.offset, at, s->config->word);
		else
			*first = at;
		before = at;
	}
	if (before)
		page_store(s->phys, slab_physical(s, before) + cache->slub.offset, 0, s->config->word);
	return !bad;
}

/* Writes struct slab and its chain; entries of objects in use have been forgotten, and become what they are at first.
 */
static bool write_descriptor(struct replay *r, const struct kmem_cache *cache, const struct slab_line *line)
{
	struct slab_system *s = slab_of_replay(r);
	u64 at = slab_physical(s, line->freelist), entry = at + SLAB_FREE;
	u32 own = cache->slab.offslab ? 0 : cache->slab.management;
	struct recording_cursor c = line->next;
	bool bad = false;
	u32 index;

	page_store(s->phys, at + SLAB_COLOUROFF, line->colour * cache->slab.colour_off + own, 4);
	page_store(s->phys, at + SLAB_S_MEM, slab_address(s, line->pfn) + line->s_mem, 4);
	page_store(s->phys, at + SLAB_INUSE, line->inuse, 4);
	for (u32 n = 0; n < cache->num; n++)
		page_store(s->phys, at + SLAB_BUFCTL + n * 4, n + 1 < cache->num ? n + 1 : BUFCTL_END, 4);
	while (next_index(&c, cache->num, &index, &bad)) {
		page_store(s->phys, entry, index, 4);
		entry = at + SLAB_BUFCTL + index * 4;
	}
	page_store(s->phys, entry, BUFCTL_END, 4);
	return !bad;
}

/* Writes 6.1's list of indexes; those of objects in use lie below them, in no known order. */
static bool write_indexes(struct replay *r, const struct kmem_cache *cache, const struct slab_line *line)
{
	struct slab_system *s = slab_of_replay(r);
	unsigned width = cache->num > 256 ? 2 : 1;
	struct recording_cursor c = line->next;
	u32 at = line->inuse, index;
	bool bad = false;

	while (line->freelist && at < cache->num && next_index(&c, cache->num, &index, &bad))
		page_store(s->phys, slab_physical(s, line->freelist) + (u64)at++ * width, index, width);
	return !bad;
}

static bool write_free_list(struct replay *r, const struct kmem_cache *cache, const struct slab_line *line,
			    struct page_slab *slab)
{
	slab->freelist = line->freelist;
	if (is_2_6(r))
		return write_descriptor(r, cache, line);
	if (r->machine.slab.array)
		return write_indexes(r, cache, line);
	return write_pointers(r, cache, line->pfn, line->objects, line->next, &slab->freelist);
}

static struct kmem_cache_node *node_of(struct replay *r, const struct kmem_cache *cache)
{
	struct kmem_cache_node *node = slab_node(slab_of_replay(r), cache, 0);

	arena_touch(&r->machine.arena, node);
	return node;
}

/* A block of pages that is in use by a cache. */
static struct page_slab *take_block(struct replay *r, struct kmem_cache *cache, pfn_t pfn, u32 objects,
				    struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	unsigned order = s->cpu && objects != cache->num ? cache->slub.min_order : cache->order;
	struct page_slab *slab;

	if (pfn >= s->phys->config->direct_map_end) {
		recording_expected(c, _("a slab below the end of the direct map before this"));
		return NULL;
	}
	if (!load_used_block(s->phys, pfn, order, 0, c->st) || !page_own(s->phys, pfn, order, PAGE_SLAB)) {
		recording_failed(c);
		return NULL;
	}
	slab_pages_taken(s, cache, pfn, order);
	slab = &page_touch(s->phys, page_find(s->phys, pfn))->slab;
	slab->cache = slab_slot(s, cache);
	slab->objects = (u16)objects;
	node_of(r, cache)->nr_slabs++;
	node_of(r, cache)->total_objects += objects;
	return slab;
}

static bool load_slab(struct replay *r, struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	struct slab_line line = { 0 };
	struct block_list *list;
	struct kmem_cache *cache;
	struct page_slab *slab;

	if (!read_slab(r, c, &line))
		return false;
	cache = cache_of(r, line.name);
	slab = take_block(r, cache, line.pfn, line.objects, c);
	if (!slab)
		return false;
	slab->inuse = (u16)line.inuse;
	slab->s_mem = line.s_mem;
	slab->list = (u8)line.list;
	slab->frozen = line.list == SLAB_LIST_CPU;
	slab->colour = s->cpu ? 0 : (u16)(line.colour * cache->slab.colour_off);
	list = &node_of(r, cache)->list[line.list];
	if (line.list == SLAB_LIST_CPU) {
		arena_touch(&r->machine.arena, slab_cpu(s, cache, line.cpu));
		list = &slab_cpu(s, cache, line.cpu)->partial;
	}
	if (!s->cpu || line.list != SLAB_LIST_FULL || (cache->flags & s->config->rules->flag->store_user))
		blocklist_add(s->phys, list, 0, line.pfn, (u16)(TAG_OWNED | line.list), AT_TAIL);
	return write_free_list(r, cache, &line, slab);
}

/* ------------------------------------------------------------- what CPUs hold */

/* <pfn>.<index> of an object. */
static bool read_object(struct replay *r, const struct kmem_cache *cache, struct recording_cursor *c, u64 *address)
{
	const struct slab_system *s = slab_of_replay(r);
	struct recording_cursor before = *c;
	u64 pfn, index;

	if (!recording_number(c, PHYS_PFN_LIMIT, &pfn, _("an object, <page frame>.<index>")) ||
	    !recording_literal(c, ".") || !recording_number(c, cache->num - 1, &index, _("the index of an object")))
		return false;
	*address = slab_address(s, (pfn_t)pfn);
	if (slab_of(s, *address) != pfn)
		return recording_expected(&before, _("an object of a slab that the snapshot has"));
	*address += page_find(s->phys, (pfn_t)pfn)->slab.s_mem + index * cache->size;
	return true;
}

static bool load_entries(struct replay *r, const struct kmem_cache *cache, struct array_cache *array,
			 struct recording_cursor *c)
{
	const char *list = strstr(c->at, "bottom..top:");
	u32 avail;

	arena_touch(&r->machine.arena, array);
	if (!list)
		return recording_expected(c, "bottom..top:");
	if (!key32(c, "avail", &avail) || !key32(c, "limit", &array->limit))
		return false;
	if (avail > SLAB_ARRAY || array->limit > SLAB_ARRAY)
		return recording_expected(c, _("fewer objects in an array before this"));
	c->at = list + strlen("bottom..top:");
	for (array->avail = 0; array->avail < avail; array->avail++)
		if (!read_object(r, cache, c, &array->entry[array->avail]))
			return false;
	return recording_done(c);
}

static bool load_array(struct replay *r, struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	struct replay_cache *name = replay_cache_at(&r->caches, c);
	struct array_cache *array;
	u64 cpu;

	if (!name || !s->array ||
	    !recording_number(c, r->machine.config.cpus - 1, &cpu, _("a CPU that the header has")))
		return name && s->array ? false : recording_expected(c, _("a SLAB cache"));
	array = slab_cpu_array(s, cache_of(r, name), (unsigned)cpu);
	arena_touch(&r->machine.arena, array);
	return key32(c, "batchcount", &array->batchcount) && key32(c, "touched", &array->touched) &&
	       load_entries(r, cache_of(r, name), array, c);
}

static bool load_shared(struct replay *r, struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	struct replay_cache *name = replay_cache_at(&r->caches, c);

	if (!name || !s->array)
		return name ? recording_expected(c, _("a SLAB cache")) : false;
	return load_entries(r, cache_of(r, name), slab_shared_array(s, cache_of(r, name), 0), c);
}

/*
 * SLUB's totals, of which the slabs that are loaded are a part: full ones are
 * on no list, and no line names them.
 */
static bool load_totals(struct kmem_cache_node *node, struct recording_cursor *c)
{
	u32 slabs = node->nr_slabs, objects = node->total_objects;

	if (!key32(c, "nr_slabs", &node->nr_slabs) || !key32(c, "total_objects", &node->total_objects) ||
	    !key32(c, "nr_partial", &node->nr_partial))
		return false;
	if (node->nr_slabs < slabs || node->total_objects < objects)
		return recording_expected(c, _("as many slabs and objects as there are lines of them before this"));
	node->untold_slabs = node->nr_slabs - slabs;
	node->untold_objects = node->total_objects - objects;
	return true;
}

static bool load_node(struct replay *r, struct recording_cursor *c)
{
	struct replay_cache *name = replay_cache_at(&r->caches, c);
	struct kmem_cache_node *node;
	u64 reap = 0;

	if (!name)
		return false;
	node = node_of(r, cache_of(r, name));
	if (r->machine.slab.cpu)
		return load_totals(node, c);
	if (!key32(c, "free_objects", &node->free_objects) || !key32(c, "free_limit", &node->free_limit) ||
	    !key32(c, "colour_next", &node->colour_next))
		return false;
	if (!is_2_6(r))
		return true;
	if (!key32(c, "free_touched", &node->free_touched) || !recording_key_if(c, "next_reap", UINT32_MAX, &reap))
		return false;
	node->next_reap = r->machine.slab.state->ticks + reap;
	return true;
}

/* CPU <name> <cpu> slab=none, or what it has. */
static bool load_cpu(struct replay *r, struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	struct replay_cache *name = replay_cache_at(&r->caches, c);
	struct recording_cursor value;
	struct kmem_cache_cpu *cpu;
	struct kmem_cache *cache;
	struct page_slab *slab;
	u64 number, pfn;
	u32 objects, inuse;

	if (!name || !s->cpu ||
	    !recording_number(c, r->machine.config.cpus - 1, &number, _("a CPU that the header has")))
		return name && s->cpu ? false : recording_expected(c, _("a SLUB cache"));
	cache = cache_of(r, name);
	cpu = slab_cpu(s, cache, (unsigned)number);
	if (recording_find(c, "slab", &value) && strncmp(value.at, "none", 4) == 0)
		return true;
	if (!recording_key(c, "slab", PHYS_PFN_LIMIT, &pfn) || !key32(c, "objects", &objects) ||
	    !key32(c, "inuse", &inuse))
		return false;
	slab = take_block(r, cache, (pfn_t)pfn, objects, c);
	if (!slab)
		return false;
	slab->inuse = (u16)inuse;
	slab->frozen = 1;
	slab->list = SLAB_LIST_CPU;
	arena_touch(&r->machine.arena, cpu);
	cpu->slab = (pfn_t)pfn;
	value = *c;
	value.at = strstr(c->at, " slabfreelist:");
	if (!value.at)
		return recording_expected(c, "slabfreelist:");
	value.at += strlen(" slabfreelist:");
	if (!write_pointers(r, cache, (pfn_t)pfn, objects, value, &slab->freelist))
		return false;
	value.at = strstr(c->at, " freelist:");
	if (!value.at)
		return recording_expected(c, "freelist:");
	value.at += strlen(" freelist:");
	return write_pointers(r, cache, (pfn_t)pfn, objects, value, &cpu->freelist);
}

bool replay_slab_load(struct replay *r, enum line_kind kind, struct recording_cursor c)
{
	return kind != LINE_SLAB || load_slab(r, &c);
}

bool replay_slab_load_held(struct replay *r, enum line_kind kind, struct recording_cursor c)
{
	switch (kind) {
	case LINE_CACHE_ARRAY:
		return load_array(r, &c);
	case LINE_CACHE_SHARED:
		return load_shared(r, &c);
	case LINE_CACHE_CPU:
		return load_cpu(r, &c);
	default:
		return true;
	}
}

bool replay_slab_load_node(struct replay *r, enum line_kind kind, struct recording_cursor c)
{
	return kind != LINE_CACHE_NODE || load_node(r, &c);
}
