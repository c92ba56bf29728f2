/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/recording_parse.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct recording_cursor recording_cursor(const struct recording *r, struct status *st)
{
	const char *line = strbuf_str(&r->line);

	return (struct recording_cursor){ line + strcspn(line, " "), r->path, r->number, st };
}

struct recording_cursor recording_block_cursor(const struct recording_block *block, size_t n, const char *path,
					       struct status *st)
{
	const char *line = recording_block_text(block, n);

	return (struct recording_cursor){ line + strcspn(line, " "), path, block->line[n].number, st };
}

bool recording_expected(const struct recording_cursor *c, const char *expected)
{
	const char *at = c->at + strspn(c->at, " ");
	size_t length = strcspn(at, " ");

	if (length == 0)
		return status_fail(c->st, STATUS_FORMAT, _("%s:%llu: expected %s, but the line ends"), c->path,
				   (unsigned long long)c->line, expected);
	return status_fail(c->st, STATUS_FORMAT, _("%s:%llu: expected %s, not \"%.*s\""), c->path,
			   (unsigned long long)c->line, expected, length < 40 ? (int)length : 40, at);
}

bool recording_failed(const struct recording_cursor *c)
{
	char reason[sizeof(c->st->message)];

	snprintf(reason, sizeof(reason), "%s", c->st->message);
	return status_fail(c->st, STATUS_FORMAT, "%s:%llu: %s", c->path, (unsigned long long)c->line, reason);
}

static void skip_spaces(struct recording_cursor *c)
{
	c->at += strspn(c->at, " ");
}

bool recording_word(struct recording_cursor *c, char *word, size_t size, const char *expected)
{
	size_t length;

	skip_spaces(c);
	length = strcspn(c->at, " ");
	if (length == 0 || length >= size)
		return recording_expected(c, expected);
	memcpy(word, c->at, length);
	word[length] = '\0';
	c->at += length;
	return true;
}

bool recording_number(struct recording_cursor *c, u64 most, u64 *value, const char *expected)
{
	struct recording_cursor before = *c;
	u64 n = 0;

	skip_spaces(c);
	if (*c->at < '0' || *c->at > '9')
		return recording_expected(c, expected);
	for (; *c->at >= '0' && *c->at <= '9'; c->at++) {
		unsigned digit = (unsigned)(*c->at - '0');

		if (n > (most - digit) / 10 || digit > most)
			return recording_expected(&before, expected);
		n = n * 10 + digit;
	}
	*value = n;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool recording_hex(struct recording_cursor *c, u64 *value, const char *expected)
{
	struct recording_cursor before = *c;
	u64 n = 0;

	skip_spaces(c);
	if (hex_digit(*c->at) < 0)
		return recording_expected(c, expected);
	for (; hex_digit(*c->at) >= 0; c->at++) {
		if (n >> 60)
			return recording_expected(&before, expected);
		n = n << 4 | (unsigned)hex_digit(*c->at);
	}
	*value = n;
	return true;
}

bool recording_skip(struct recording_cursor *c, const char *literal)
{
	size_t length = strlen(literal);

	if (strncmp(c->at, literal, length) != 0)
		return false;
	c->at += length;
	return true;
}

bool recording_literal(struct recording_cursor *c, const char *literal)
{
	char expected[48];

	if (recording_skip(c, literal))
		return true;
	snprintf(expected, sizeof(expected), "\"%s\"", literal);
	return recording_expected(c, expected);
}

bool recording_done(struct recording_cursor *c)
{
	skip_spaces(c);
	return *c->at == '\0' || recording_expected(c, _("the end of the line"));
}

bool recording_find(const struct recording_cursor *c, const char *key, struct recording_cursor *value)
{
	size_t length = strlen(key);
	const char *at = c->at;

	while (*at) {
		at += strspn(at, " ");
		if (strncmp(at, key, length) == 0 && at[length] == '=') {
			*value = *c;
			value->at = at + length + 1;
			return true;
		}
		at += strcspn(at, " ");
	}
	return false;
}

static bool find_key(const struct recording_cursor *c, const char *key, struct recording_cursor *value)
{
	if (recording_find(c, key, value))
		return true;
	return status_fail(c->st, STATUS_FORMAT, _("%s:%llu: %s= is missing in this line"), c->path,
			   (unsigned long long)c->line, key);
}

/* A number ends with its word. */
static bool word_ends(const struct recording_cursor *c, const char *expected)
{
	return *c->at == ' ' || *c->at == '\0' || recording_expected(c, expected);
}

static bool key_number(struct recording_cursor *value, const char *key, u64 most, u64 *number)
{
	char expected[96];

	snprintf(expected, sizeof(expected), _("a number of at most %llu behind %s="), (unsigned long long)most, key);
	return recording_number(value, most, number, expected) && word_ends(value, expected);
}

bool recording_key(const struct recording_cursor *c, const char *key, u64 most, u64 *value)
{
	struct recording_cursor at;

	return find_key(c, key, &at) && key_number(&at, key, most, value);
}

bool recording_key_if(const struct recording_cursor *c, const char *key, u64 most, u64 *value)
{
	struct recording_cursor at;

	return !recording_find(c, key, &at) || key_number(&at, key, most, value);
}

bool recording_key_hex(const struct recording_cursor *c, const char *key, u64 *value)
{
	struct recording_cursor at;

	return find_key(c, key, &at) && recording_hex(&at, value, _("a hexadecimal number"));
}

bool recording_numbers(struct recording_cursor *c, char separator, u32 *values, size_t count, const char *expected)
{
	for (size_t i = 0; i < count; i++) {
		u64 value;

		if (i && *c->at != separator)
			return recording_expected(c, expected);
		c->at += i ? 1 : 0;
		if (!recording_number(c, UINT32_MAX, &value, expected))
			return false;
		values[i] = (u32)value;
	}
	return true;
}

bool recording_type(struct recording_cursor *c, unsigned *type)
{
	skip_spaces(c);
	for (*type = 0; *type < MT_COUNT; ++*type) {
		if (*c->at == migratetype_letter(*type)) {
			c->at++;
			return true;
		}
	}
	return recording_expected(c, _("a migratetype (U M R H C I)"));
}

bool recording_zone(struct recording_cursor *c, const struct phys_config *config, unsigned *zone)
{
	struct recording_cursor before = *c;
	char name[sizeof(config->zone[0].name)];

	if (!recording_word(c, name, sizeof(name), _("a zone")))
		return false;
	name[strcspn(name, ":")] = '\0';
	for (*zone = 0; *zone < config->zones; ++*zone)
		if (strcmp(config->zone[*zone].name, name) == 0)
			return true;
	return recording_expected(&before, _("a zone that the header has, with memory"));
}

bool recording_order(struct recording_cursor *c, const struct phys_config *config, unsigned *order)
{
	char expected[64];
	u64 value;

	snprintf(expected, sizeof(expected), _("an order from 0 to %u"), config->orders - 1);
	if (!recording_number(c, config->orders - 1, &value, expected))
		return false;
	*order = (unsigned)value;
	return true;
}

struct recording_run recording_run(const struct recording_cursor *c, unsigned order)
{
	return (struct recording_run){ .cursor = *c, .step = UINT32_C(1) << order, .type = MT_NONE };
}

/* Reads the next run: P, P*N or P~N, and a type behind a slash. false at the end of the line, or failed. */
static bool next_run(struct recording_run *run)
{
	struct recording_cursor *c = &run->cursor;
	struct recording_cursor before;
	u64 pfn, entries = 1;
	s64 last;

	skip_spaces(c);
	if (*c->at == '\0')
		return false;
	before = *c;
	run->failed = true;
	run->type = MT_NONE;
	run->stride = run->step;
	if (!recording_number(c, PHYS_PFN_LIMIT - 1, &pfn, _("a page frame")))
		return false;
	if (*c->at == '*' || *c->at == '~') {
		if (*c->at++ == '~')
			run->stride = -run->stride;
		if (!recording_number(c, PHYS_PFN_LIMIT, &entries, _("how many page frames follow each other")))
			return false;
	}
	last = (s64)pfn + run->stride * ((s64)entries - 1);
	if (entries == 0 || last < 0 || last >= (s64)PHYS_PFN_LIMIT)
		return recording_expected(&before, _("page frames that exist"));
	if (recording_skip(c, "/") && !recording_type(c, &run->type))
		return false;
	if (!word_ends(c, _("a space between page frames")))
		return false;
	run->failed = false;
	run->pfn = (s64)pfn;
	run->left = entries;
	return true;
}

bool recording_run_next(struct recording_run *run, pfn_t *pfn)
{
	if (run->left == 0 && !next_run(run))
		return false;
	*pfn = (pfn_t)run->pfn;
	run->pfn += run->stride;
	run->left--;
	return true;
}

bool recording_free_place(struct recording_cursor *c, const struct phys_config *config, struct recording_place *place)
{
	*place = (struct recording_place){ 0 };
	return recording_zone(c, config, &place->zone) && recording_order(c, config, &place->order) &&
	       recording_type(c, &place->type) &&
	       (place->type < config->types || recording_expected(c, _("type U, the only one of this kernel")));
}

static bool zone_and_cpu(struct recording_cursor *c, const struct phys_config *config, struct recording_place *place)
{
	u64 cpu;

	if (!recording_zone(c, config, &place->zone) ||
	    !recording_number(c, config->cpus - 1, &cpu, _("a CPU that the header has")))
		return false;
	place->cpu = (unsigned)cpu;
	return true;
}

static bool hot_or_cold(struct recording_cursor *c, struct recording_place *place)
{
	skip_spaces(c);
	place->set = recording_skip(c, "cold");
	return place->set || recording_skip(c, "hot") || recording_expected(c, _("hot or cold"));
}

bool recording_pcp_list_place(struct recording_cursor *c, const struct phys_config *config,
			      struct recording_place *place)
{
	*place = (struct recording_place){ 0 };
	if (!zone_and_cpu(c, config, place) || !recording_order(c, config, &place->order))
		return false;
	if (place->order >= config->pcp_orders)
		return recording_expected(c, _("an order that has per-CPU lists"));
	if (config->pcp_rule == PCP_HOT_COLD)
		return hot_or_cold(c, place);
	if (!recording_type(c, &place->type))
		return false;
	if (place->type >= MT_PCPTYPES)
		return recording_expected(c, _("a type that has per-CPU lists (U M R)"));
	place->list = place->order * MT_PCPTYPES + place->type;
	return true;
}

bool recording_pcp_place(struct recording_cursor *c, const struct phys_config *config, struct recording_place *place)
{
	*place = (struct recording_place){ 0 };
	return zone_and_cpu(c, config, place) && (config->pcp_rule != PCP_HOT_COLD || hot_or_cold(c, place));
}

bool recording_block_zone(struct recording_cursor *c, const struct phys_config *config, unsigned *zone)
{
	char expected[96];
	pfn_t first;
	u64 pfn;

	if (!recording_zone(c, config, zone))
		return false;
	first = config->zone[*zone].start_pfn >> config->pageblock_order << config->pageblock_order;
	snprintf(expected, sizeof(expected), _("%u:, where the zone's page blocks begin"), (unsigned)first);
	if (!recording_number(c, PHYS_PFN_LIMIT, &pfn, expected))
		return false;
	if (pfn != first)
		return recording_expected(c, expected);
	return recording_literal(c, ":") && recording_literal(c, " ");
}

bool recording_block_type(struct recording_cursor *c, unsigned *type)
{
	if (*c->at != '-')
		return recording_type(c, type);
	c->at++;
	*type = MT_NONE;
	return true;
}

static const char *const counter_names[COUNTERS] = {
	"free", "cma", "ha", "boost", "iso", "flags", "min", "low", "high",
};

const char *recording_counter_name(unsigned counter)
{
	return counter_names[counter];
}

bool recording_zone_counters(const struct recording_cursor *c, struct recording_counters *counters)
{
	struct recording_cursor at;

	*counters = (struct recording_counters){ 0 };
	for (unsigned n = 0; n <= COUNTER_FLAGS; n++) {
		u64 value;
		bool good;

		if (!recording_find(c, counter_names[n], &at))
			continue;
		if (n == COUNTER_FLAGS)
			good = recording_hex(&at, &value, _("flags in hexadecimal")) && word_ends(&at, _("a space"));
		else
			good = key_number(&at, counter_names[n], UINT32_MAX, &value);
		if (!good)
			return false;
		counters->value[n] = (u32)value;
		counters->present |= 1u << n;
	}
	if (recording_find(c, "wm", &at)) {
		const char *expected = _("three watermarks, min/low/high");

		if (!recording_numbers(&at, '/', &counters->value[COUNTER_MIN], WMARK_COUNT, expected) ||
		    !word_ends(&at, expected))
			return false;
		counters->present |= 1u << COUNTER_MIN | 1u << COUNTER_LOW | 1u << COUNTER_HIGH;
	}
	return true;
}
