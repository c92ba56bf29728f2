/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_cache_compare.h"

#include "base/text.h"
#include "session/replay_cache_print.h"

#include <stdio.h>
#include <string.h>

#define BLANKS " \t" /* slabinfo of 2.6 has tabs within its rows */
#define STATISTICS "globalstat " /* from there on such a row tells them */

/* A word of a line. */
struct word {
	const char *at;
	size_t length;
};

static struct word next_word(const char **at)
{
	struct word word = { *at + strspn(*at, BLANKS), 0 };

	word.length = strcspn(word.at, BLANKS);
	*at = word.at + word.length;
	return word;
}

static bool same_word(struct word a, struct word b)
{
	return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

/* What a cache has only when its arrays and lists are there, and the cache for its descriptors; not by its geometry. */
static bool is_of_memory(struct word word)
{
	static const char *const keys[] = {
		"slabp_cache=", "free_limit=", "array", "desc=", "list3=", "shared_array="
	};

	for (size_t n = 0; n < ARRAY_SIZE(keys); n++)
		if (strncmp(word.at, keys[n], strlen(keys[n])) == 0)
			return true;
	return false;
}

/*
 * Are both lines the same, word by word?  `partly`: words that is_of_memory()
 * names may be missing in what was computed.  If not, the words that differ first.
 */
static bool same_line(const char *expected, const char *got, bool partly, struct word *e, struct word *g)
{
	for (;;) {
		*e = next_word(&expected);
		*g = next_word(&got);
		while (partly && e->length && !same_word(*e, *g) && is_of_memory(*e))
			*e = next_word(&expected);
		if (!same_word(*e, *g))
			return false;
		if (e->length == 0)
			return true;
	}
}

static void put_word(struct strbuf *out, const char *line, struct word word)
{
	strbuf_add(out, line, strcspn(line, " "));
	strbuf_putc(out, ' ');
	if (word.length)
		strbuf_add(out, word.at, word.length);
	else
		strbuf_puts(out, _("(nothing more)"));
}

/* Compares a line with what the model prints, which is freed. */
static enum replay_outcome compare_text(struct replay *r, const struct recording_cursor *c, bool partly,
					struct strbuf *got)
{
	const char *expected = c->at + strspn(c->at, " ");
	enum replay_outcome outcome = REPLAY_SAME;
	struct word e, g;

	if (!same_line(expected, strbuf_str(got), partly, &e, &g)) {
		put_word(&r->difference.expected, expected, e);
		put_word(&r->difference.got, strbuf_str(got), g);
		outcome = replay_differs(r, c->line);
	}
	strbuf_free(got);
	return outcome;
}

bool replay_cache_compare_takes(enum line_kind kind)
{
	switch (kind) {
	case LINE_CACHE:
	case LINE_CACHE_COUNTS:
	case LINE_CACHE_ARRAY:
	case LINE_CACHE_SHARED:
	case LINE_CACHE_CPU:
	case LINE_CACHE_NODE:
	case LINE_SLAB:
		return true;
	default:
		return false;
	}
}

static const struct kmem_cache *cache_of(const struct replay *r, const struct replay_cache *entry)
{
	return &r->machine.slab.cache[entry->slot - 1];
}

enum replay_outcome replay_cache_compare_statistics(struct replay *r, struct recording_cursor c)
{
	const char *row = c.at, *at = c.at, *statistics = strstr(c.at, STATISTICS);
	const struct word first = next_word(&at);
	const struct replay_cache *entry = NULL;
	enum replay_outcome outcome = REPLAY_SAME;
	struct strbuf got = STRBUF_INIT;
	char name[SLAB_NAME] = "";
	struct word e, g;

	if (first.length < sizeof(name)) {
		memcpy(name, first.at, first.length);
		entry = replay_cache_find(&r->caches, name);
	}
	if (!statistics || !entry || !entry->made)
		return REPLAY_SAME;
	replay_cache_print_statistics(cache_of(r, entry), &got);
	if (!same_line(statistics, strbuf_str(&got), false, &e, &g)) {
		put_word(&r->difference.expected, row, e);
		put_word(&r->difference.got, row, g);
		outcome = replay_differs(r, c.line);
	}
	strbuf_free(&got);
	return outcome;
}

/* Has something else changed it? */
static bool drifted(const struct replay *r, const struct replay_cache *entry)
{
	char name[SLAB_NAME + 8];

	if (!r->drift.count)
		return false;
	snprintf(name, sizeof(name), "cache %s ", entry->name);
	return replay_drifted(r, name);
}

void replay_cache_compare_begin(struct replay *r)
{
	for (size_t n = 0; n < r->caches.count; n++) {
		struct replay_cache *entry = &r->caches.cache[n];

		entry->slabs = 0;
		entry->detailed = entry->counted = false;
	}
}

bool replay_cache_same_geometry(const struct replay *r, const struct kmem_cache *cache, const char *line)
{
	struct strbuf got = STRBUF_INIT;
	char name[SLAB_NAME] = "";
	struct word e, g;
	bool same;

	e = next_word(&line);
	if (e.length < sizeof(name))
		memcpy(name, e.at, e.length);
	replay_cache_print(&r->machine.slab, cache, name, false, &got);
	same = same_line(e.at, strbuf_str(&got), true, &e, &g);
	strbuf_free(&got);
	return same;
}

enum replay_outcome replay_cache_compare_geometry(struct replay *r, const struct kmem_cache *cache,
						  const struct recording_cursor *c)
{
	struct recording_cursor at = *c;
	struct strbuf got = STRBUF_INIT;
	char name[SLAB_NAME];

	if (!recording_word(&at, name, sizeof(name), _("the name of a cache")))
		return REPLAY_BAD;
	replay_cache_print(&r->machine.slab, cache, name, false, &got);
	return compare_text(r, c, true, &got);
}

/* The CPU that an AC or CPU line is about. */
static bool read_cpu(const struct replay *r, struct recording_cursor c, unsigned *cpu)
{
	u64 number;

	if (!recording_number(&c, r->machine.config.cpus - 1, &number, _("a CPU that the header has")))
		return false;
	*cpu = (unsigned)number;
	return true;
}

enum replay_outcome replay_cache_compare_line(struct replay *r, enum line_kind kind, struct recording_cursor c)
{
	const struct slab_system *s = &r->machine.slab;
	struct recording_cursor start = c;
	struct strbuf got = STRBUF_INIT;
	struct replay_cache *entry;
	unsigned cpu = 0;

	if (!s->state)
		return REPLAY_SAME;
	if (kind == LINE_CACHE_COUNTS) {
		start.at += strspn(start.at, " ");
		if (!recording_literal(&start, "cache "))
			return REPLAY_BAD;
		c = start;
	}
	entry = replay_cache_at(&r->caches, &c);
	if (!entry)
		return REPLAY_BAD;
	if ((kind == LINE_CACHE_ARRAY || kind == LINE_CACHE_CPU) && !read_cpu(r, c, &cpu))
		return REPLAY_BAD;
	if (entry->slot == REPLAY_CACHE_UNTOLD || drifted(r, entry))
		return REPLAY_SAME;
	if (((kind == LINE_CACHE_ARRAY || kind == LINE_CACHE_SHARED) && !s->array) ||
	    (kind == LINE_CACHE_CPU && !s->cpu)) {
		recording_expected(&start, _("a line of this kernel's allocator before this"));
		return REPLAY_BAD;
	}
	switch (kind) {
	case LINE_CACHE:
		replay_cache_print(s, cache_of(r, entry), entry->name, true, &got);
		break;
	case LINE_CACHE_COUNTS:
		replay_cache_print_counts(s, cache_of(r, entry), entry->name, &got);
		break;
	case LINE_CACHE_ARRAY:
	case LINE_CACHE_CPU:
		replay_cache_print_cpu(s, cache_of(r, entry), entry->name, cpu, &got);
		break;
	case LINE_CACHE_SHARED:
		replay_cache_print_shared(s, cache_of(r, entry), entry->name, &got);
		break;
	case LINE_CACHE_NODE:
		entry->detailed = true;
		replay_cache_print_node(s, cache_of(r, entry), entry->name, &got);
		break;
	default:
		if (!replay_cache_print_slab(s, cache_of(r, entry), entry->name, entry->slabs++, &got))
			strbuf_printf(&got, _("%s no such slab"), entry->name);
	}
	return compare_text(r, &start, false, &got);
}

enum replay_outcome replay_cache_compare_change(struct replay *r, struct recording_cursor c)
{
	struct recording_cursor start = c;
	struct strbuf got = STRBUF_INIT;
	struct replay_cache *entry;

	if (!r->machine.slab.state)
		return REPLAY_SAME;
	entry = replay_cache_at(&r->caches, &c);
	if (!entry)
		return REPLAY_BAD;
	if (entry->slot == REPLAY_CACHE_UNTOLD)
		return REPLAY_SAME;
	replay_cache_print_counts(&r->machine.slab, cache_of(r, entry), entry->name, &got);
	strbuf_clear(&entry->told);
	strbuf_puts(&entry->told, strbuf_str(&got));
	return compare_text(r, &start, false, &got);
}

static enum replay_outcome untold(struct replay *r, const struct replay_cache *entry, u64 line)
{
	struct strbuf got = STRBUF_INIT;
	enum replay_outcome outcome = REPLAY_SAME;
	struct word e, g;

	replay_cache_print_counts(&r->machine.slab, cache_of(r, entry), entry->name, &got);
	if (!same_line(strbuf_str(&entry->told), strbuf_str(&got), false, &e, &g)) {
		strbuf_printf(&r->difference.expected, _("no change of cache %s, %.*s"), entry->name, (int)e.length,
			      e.at);
		strbuf_add(&r->difference.got, g.at, g.length);
		outcome = replay_differs(r, line);
	}
	strbuf_free(&got);
	return outcome;
}

static enum replay_outcome slabs_left_out(struct replay *r, const struct replay_cache *entry, u64 line)
{
	struct strbuf got = STRBUF_INIT;

	if (!replay_cache_print_slab(&r->machine.slab, cache_of(r, entry), entry->name, entry->slabs, &got))
		return REPLAY_SAME;
	strbuf_printf(&r->difference.expected, _("%u slabs of cache %s"), entry->slabs, entry->name);
	strbuf_printf(&r->difference.got, _("one more: %s"), strbuf_str(&got));
	strbuf_free(&got);
	return replay_differs(r, line);
}

enum replay_outcome replay_cache_compare_end(struct replay *r, u64 line, bool snapshot)
{
	enum replay_outcome outcome = REPLAY_SAME;

	for (size_t n = 0; n < r->caches.count && outcome == REPLAY_SAME; n++) {
		const struct replay_cache *entry = &r->caches.cache[n];

		if (entry->slot == SLAB_NONE || entry->slot == REPLAY_CACHE_UNTOLD || drifted(r, entry))
			continue;
		if (!snapshot && replay_cache_first(&r->caches, entry) == entry)
			outcome = untold(r, entry, line);
		if (outcome == REPLAY_SAME && entry->detailed)
			outcome = slabs_left_out(r, entry, line);
	}
	return outcome;
}

void replay_cache_compare_tell(struct replay *r, struct replay_cache *entry)
{
	strbuf_clear(&entry->told);
	replay_cache_print_counts(&r->machine.slab, cache_of(r, entry), entry->name, &entry->told);
}

void replay_cache_compare_told(struct replay *r)
{
	for (size_t n = 0; n < r->caches.count; n++)
		if (r->caches.cache[n].slot != SLAB_NONE && r->caches.cache[n].slot != REPLAY_CACHE_UNTOLD)
			replay_cache_compare_tell(r, &r->caches.cache[n]);
}
