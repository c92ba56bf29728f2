/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_tunables.h"

#include "base/text.h"
#include "machine/tunables.h"

#include <string.h>

/* What a T line has, in the state. */
static const struct field {
	const char *name;
	size_t offset; /* in struct phys_state */
	unsigned most; /* numbers, with commas between them */
} fields[] = {
	{ "min_free_kbytes", offsetof(struct phys_state, min_free_kbytes), 1 },
	{ "watermark_boost_factor", offsetof(struct phys_state, watermark_boost_factor), 1 },
	{ "watermark_scale_factor", offsetof(struct phys_state, watermark_scale_factor), 1 },
	{ "lowmem_reserve_ratio", offsetof(struct phys_state, lowmem_reserve_ratio), PHYS_ZONE_TYPES },
	{ "percpu_pagelist_fraction", offsetof(struct phys_state, percpu_pagelist_fraction), 1 },
	{ "percpu_pagelist_high_fraction", offsetof(struct phys_state, percpu_pagelist_fraction), 1 },
};

static u32 *place(struct phys_state *s, const struct field *field)
{
	return (u32 *)((char *)s + field->offset);
}

/* Reads the numbers of a field; *count is 0 if the line does not have it. */
static bool read_field(const struct recording_cursor *c, const struct field *field, u32 *values, unsigned *count)
{
	struct recording_cursor at;

	*count = 0;
	if (!recording_find(c, field->name, &at))
		return true;
	do {
		u64 value;

		if (*count == field->most)
			return recording_expected(&at, _("fewer numbers"));
		if (!recording_number(&at, UINT32_MAX, &value, _("a number")))
			return false;
		values[(*count)++] = (u32)value;
	} while (recording_skip(&at, ","));
	return *at.at == ' ' || *at.at == '\0' || recording_expected(&at, _("a space"));
}

bool replay_tunables_load(struct phys *p, const struct recording_cursor *c)
{
	struct recording_cursor at;

	if (!recording_find(c, "min_free_kbytes", &at))
		return recording_expected(c, "min_free_kbytes=");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		u32 values[PHYS_ZONE_TYPES];
		unsigned count;

		if (!read_field(c, &fields[i], values, &count))
			return false;
		memcpy(place(p->state, &fields[i]), values, count * sizeof(*values));
	}
	return true;
}

static void print_values(struct strbuf *out, const struct field *field, const u32 *values, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		strbuf_printf(out, "%s%s%u", n ? "" : field->name, n ? "," : "=", (unsigned)values[n]);
}

enum replay_outcome replay_tunables_compare(struct replay *r, const struct recording_cursor *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const u32 *got = place(r->machine.phys.state, &fields[i]);
		u32 values[PHYS_ZONE_TYPES];
		unsigned count;

		if (!read_field(c, &fields[i], values, &count))
			return REPLAY_BAD;
		if (memcmp(got, values, count * sizeof(*values)) == 0)
			continue;
		print_values(&r->difference.expected, &fields[i], values, count);
		print_values(&r->difference.got, &fields[i], got, count);
		return replay_differs(r, c->line);
	}
	return REPLAY_SAME;
}

/* Compares numbers of a Z line, which stand behind a word and `=`. */
static enum replay_outcome compare_numbers(struct replay *r, const struct recording_cursor *c, const char *name,
					   const u32 *got, unsigned count)
{
	const struct field field = { .name = name };
	struct recording_cursor at;
	u32 values[PHYS_ZONE_TYPES];

	if (!recording_find(c, name, &at)) {
		recording_expected(c, name);
		return REPLAY_BAD;
	}
	if (!recording_numbers(&at, ',', values, count, _("a number")))
		return REPLAY_BAD;
	if (memcmp(got, values, count * sizeof(*values)) == 0)
		return REPLAY_SAME;
	print_values(&r->difference.expected, &field, values, count);
	print_values(&r->difference.got, &field, got, count);
	return replay_differs(r, c->line);
}

enum replay_outcome replay_tunables_zone(struct replay *r, struct recording_cursor c)
{
	static const char *const marks[WMARK_COUNT] = { "min", "low", "high" };
	const struct phys *p = &r->machine.phys;
	enum replay_outcome outcome = REPLAY_SAME;
	char name[sizeof(p->config->zone[0].name)];
	int zone;

	if (!recording_word(&c, name, sizeof(name), _("the name of a zone")))
		return REPLAY_BAD;
	zone = phys_zone_by_name(p, name);
	if (zone < 0)
		return REPLAY_SAME;
	for (unsigned w = 0; w < WMARK_COUNT && outcome == REPLAY_SAME; w++)
		outcome = compare_numbers(r, &c, marks[w], &p->zone[zone].wmark[w], 1);
	if (outcome == REPLAY_SAME)
		outcome = compare_numbers(r, &c, "lowmem_reserve", p->zone[zone].lowmem_reserve, PHYS_ZONE_TYPES);
	return outcome;
}

/* sysctl <file>=<value>, where the value goes on to the end of the line; the result is how many bytes were written. */
enum replay_outcome replay_tunables_sysctl(struct replay_op *op)
{
	struct strbuf written = STRBUF_INIT;
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	const char *value;
	char name[64];
	size_t length;

	op->args.at += strspn(op->args.at, " ");
	value = strchr(op->args.at, '=');
	length = value ? (size_t)(value - op->args.at) : 0;
	if (length == 0 || length >= sizeof(name)) {
		recording_expected(&op->args, _("the path of a file below /proc/sys, and its value behind ="));
		return REPLAY_BAD;
	}
	memcpy(name, op->args.at, length);
	name[length] = '\0';
	value++;
	if (!tunables_set(&op->r->machine, name, value, &why))
		return replay_op_refused(op, &why);
	strbuf_printf(&written, "%zu", strlen(value));
	outcome = replay_op_compare(op, strbuf_str(&written), NULL);
	strbuf_free(&written);
	return outcome;
}
