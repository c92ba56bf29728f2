/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/trend.h"

#include "base/text.h"
#include "phys/extfrag.h"
#include "phys/reclaim.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is kept of a zone, in front of its free blocks. */
enum { WORD_FREE, WORD_RECLAIMABLE, WORD_RECLAIMED, WORD_BLOCKS };

static size_t zone_words(const struct trend *t)
{
	return WORD_BLOCKS + t->orders;
}

static size_t figure_words(const struct trend *t)
{
	return t->zones * zone_words(t);
}

void trend_free(struct trend *t)
{
	free(t->words);
	memset(t, 0, sizeof *t);
}

/* Begins anew, for this machine. */
static void begin(struct trend *t, const struct phys *p)
{
	trend_free(t);
	t->zones = p->config->zones;
	t->orders = p->config->orders;
	t->step = 1;
}

/* Keeps every second figure. */
static void thin_out(struct trend *t)
{
	size_t words = figure_words(t);

	for (size_t i = 0; 2 * i < t->count; i++)
		memmove(t->words + i * words, t->words + 2 * i * words, words * sizeof *t->words);
	t->count = (t->count + 1) / 2;
	t->step *= 2;
}

static bool grow(struct trend *t)
{
	size_t bytes = figure_words(t) * sizeof *t->words, limit = TREND_BYTES / bytes;
	size_t capacity = t->capacity ? t->capacity * 2 : 64;
	u32 *words;

	if (capacity > limit)
		capacity = limit;
	if (capacity <= t->capacity)
		return false;
	words = realloc(t->words, capacity * bytes);
	if (!words)
		return false;
	t->words = words;
	t->capacity = capacity;
	return true;
}

/* What is no block: WORD_BLOCKS words. */
static void fill_counts(const struct phys *p, unsigned zone, u32 *words)
{
	u64 reclaimed;

	words[WORD_FREE] = p->zone[zone].free;
	words[WORD_RECLAIMABLE] = words[WORD_RECLAIMED] = 0;
	if (!reclaim_exists(p))
		return;
	for (unsigned list = 0; list < LRU_LISTS; list++)
		words[WORD_RECLAIMABLE] += p->zone_pages[zone].lru[list];
	reclaimed = p->zone_pages[zone].event[VM_PGSTEAL_KSWAPD] + p->zone_pages[zone].event[VM_PGSTEAL_DIRECT];
	words[WORD_RECLAIMED] = reclaimed < UINT32_MAX ? (u32)reclaimed : UINT32_MAX;
}

static void fill(const struct trend *t, const struct phys *p, u32 *words)
{
	for (unsigned z = 0; z < t->zones; z++, words += zone_words(t)) {
		fill_counts(p, z, words);
		memcpy(words + WORD_BLOCKS, p->zone[z].nr_free, t->orders * sizeof *words);
	}
}

void trend_note(struct trend *t, const struct phys *p, size_t number)
{
	size_t index;

	/* Commands that can be redone had this machine, too. */
	if (number == 0 && t->count <= 1)
		begin(t, p);
	if (!t->step || number % t->step)
		return;
	if (number / t->step == t->capacity && !grow(t)) {
		if (!t->capacity)
			return;
		thin_out(t);
	}
	index = number / t->step;
	if (number % t->step || index > t->count || index >= t->capacity)
		return;
	fill(t, p, t->words + index * figure_words(t));
	if (index == t->count)
		t->count++;
}

void trend_forget(struct trend *t, size_t number)
{
	if (t->step && t->count > number / t->step + 1)
		t->count = number / t->step + 1;
}

/* Figures from before the present. */
static size_t past_points(const struct trend *t, size_t done)
{
	size_t points = t->step ? (done + t->step - 1) / t->step : 0;

	return points < t->count ? points : t->count;
}

size_t trend_points(const struct trend *t, size_t done)
{
	return past_points(t, done) + 1;
}

static s64 series_value(enum trend_series series, const u32 *counts, const u32 *nr_free, unsigned orders,
			unsigned order)
{
	switch (series) {
	case TREND_FITS:
		return (s64)extfrag_suitable(nr_free, orders, order);
	case TREND_UNUSABLE:
		return extfrag_unusable(nr_free, orders, order);
	case TREND_EXTFRAG:
		return extfrag_index(nr_free, orders, order);
	case TREND_RECLAIMABLE:
		return counts[WORD_RECLAIMABLE];
	case TREND_RECLAIMED:
		return counts[WORD_RECLAIMED];
	default:
		return counts[WORD_FREE];
	}
}

struct trend_point trend_point(const struct trend *t, const struct phys *p, size_t done, size_t n, unsigned zone,
			       enum trend_series series, unsigned order)
{
	u32 counts[WORD_BLOCKS];
	const u32 *words;

	if (n >= past_points(t, done)) {
		fill_counts(p, zone, counts);
		return (struct trend_point){ done, series_value(series, counts, p->zone[zone].nr_free,
								p->config->orders, order) };
	}
	words = t->words + n * figure_words(t) + zone * zone_words(t);
	return (struct trend_point){ n * t->step, series_value(series, words, words + WORD_BLOCKS, t->orders, order) };
}

unsigned trend_series_count(const struct phys *p)
{
	return reclaim_exists(p) ? TREND_SERIES : TREND_RECLAIMABLE;
}

unsigned trend_usual_order(const struct phys_config *config)
{
	if (config->types > 1 && config->pageblock_order < config->orders)
		return config->pageblock_order;
	return config->orders - 1;
}

const char *trend_name(enum trend_series series)
{
	static const char *const names[TREND_SERIES] = {
		[TREND_FREE] = N_("free pages"),
		[TREND_FITS] = N_("requests that fit"),
		[TREND_UNUSABLE] = N_("unusable space"),
		[TREND_EXTFRAG] = N_("fragmentation"),
		[TREND_RECLAIMABLE] = N_("can be reclaimed"),
		[TREND_RECLAIMED] = N_("reclaimed"),
	};

	return _(names[series]);
}

void trend_format(enum trend_series series, s64 value, struct strbuf *out)
{
	if (!trend_is_index(series))
		strbuf_printf(out, "%" PRId64, value);
	else if (value < 0)
		strbuf_puts(out, "-");
	else
		strbuf_printf(out, "%" PRId64 ".%03" PRId64, value / 1000, value % 1000);
}
