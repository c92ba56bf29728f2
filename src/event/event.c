/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event/event.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *name;
	const char *fields;
	const char *sentence;
} kinds[EV_COUNT] = {
#define EVENT(name, fields, sentence) { #name, fields, sentence },
#include "event/event.def"
#undef EVENT
};

static const char *const boot_uses[BOOT_USES] = {
#define USE(name, phrase) phrase,
#include "event/boot_use.def"
#undef USE
};

static const struct {
	char letter;
	const char *name;
} migratetypes[] = {
	{ 'U', "Unmovable" },  { 'M', "Movable" }, { 'R', "Reclaimable" },
	{ 'H', "HighAtomic" }, { 'C', "CMA" },     { 'I', "Isolate" },
};

char migratetype_letter(unsigned type)
{
	return type < ARRAY_SIZE(migratetypes) ? migratetypes[type].letter : '-';
}

const char *migratetype_name(unsigned type)
{
	return type < ARRAY_SIZE(migratetypes) ? migratetypes[type].name : "-";
}

const char *event_name(enum event_kind kind)
{
	return kinds[kind].name;
}

const char *event_fields(enum event_kind kind)
{
	return kinds[kind].fields;
}

/* Numbers count from 1. */
static const char *const sources[] = {
#define SOURCE(path) path,
#include "event/source_file.def"
#undef SOURCE
};

u64 event_source(const char *file, unsigned line, u32 command)
{
	for (size_t n = 0; n < ARRAY_SIZE(sources); n++)
		if (strcmp(sources[n], file) == 0)
			return (u64)(n + 1) << 32 | line;
	return command;
}

void event_put_source(u64 source, struct strbuf *out)
{
	u64 file = source >> 32;
	u32 line = (u32)source;

	if (!file || file > ARRAY_SIZE(sources))
		strbuf_printf(out, "command_%" PRIu32, line);
	else if (line)
		strbuf_printf(out, "%s:%" PRIu32, sources[file - 1], line);
	else
		strbuf_puts(out, sources[file - 1]);
}

const char *event_boot_use(enum boot_use use)
{
	return _(boot_uses[use]);
}

/* The whole number of the largest unit that divides it: sizes at boot are exact. */
static void put_size(u64 bytes, struct strbuf *out)
{
	static const char units[] = "KMGT";
	unsigned unit = 0;

	if (!bytes || bytes % 1024) {
		strbuf_printf(out, text_of_n("%" PRIu64 " byte", "%" PRIu64 " bytes", bytes), bytes);
		return;
	}
	for (bytes /= 1024; bytes % 1024 == 0 && units[unit + 1]; unit++)
		bytes /= 1024;
	strbuf_printf(out, "%" PRIu64 "%c", bytes, units[unit]);
}

static const char *watermark_name(u64 mark)
{
	static const char *const names[] = { "min", "low", "high" };

	return mark < ARRAY_SIZE(names) ? names[mark] : "?";
}

static const char *slab_list_name(u64 list)
{
	static const char *const lists[] = { N_("full"), N_("partial"), N_("free") };

	return list < ARRAY_SIZE(lists) ? _(lists[list]) : "?";
}

static void event_argument(char type, u64 value, const struct event_names *names, struct strbuf *out)
{
	switch (type) {
	case 'z':
		names->zone(names->context, value, out);
		break;
	case 'g':
		names->gfp(names->context, value, out);
		break;
	case 'l':
		names->pcp_list(names->context, value, out);
		break;
	case 'f':
		names->free_list(names->context, value >> 8, value & 0xff, out);
		break;
	case 't':
		strbuf_puts(out, migratetype_name((unsigned)value));
		break;
	case 'k':
		names->cache(names->cache_context, value, out);
		break;
	case 'x':
	case 'v':
	case 'i':
		names->reclaim(names->context, type, value, out);
		break;
	case 'a':
	case 'p':
		strbuf_printf(out, "0x%" PRIx64, value);
		break;
	case 'b':
		strbuf_printf(out, text_of_n("%" PRIu64 " page", "%" PRIu64 " pages", value), value);
		break;
	case 'd':
		strbuf_printf(out, "%" PRId64, (s64)value);
		break;
	case 'm':
		if (value)
			strbuf_printf(out, " - %" PRIu64, value);
		break;
	case 'u':
		if (value)
			strbuf_printf(out, _(" - %" PRIu64 " kept"), value);
		break;
	case 'r':
		if (value)
			strbuf_printf(out, _(" + %" PRIu64 " reserved"), value);
		break;
	case 'q':
		strbuf_puts(out, slab_list_name(value));
		break;
	case 'w':
		strbuf_puts(out, watermark_name(value));
		break;
	case 'e':
		strbuf_puts(out, value ? _("tail") : _("head"));
		break;
	case 'h':
		strbuf_printf(out, "0x%08" PRIx64, value);
		break;
	case 's':
		put_size(value, out);
		break;
	case 'j':
		event_put_source(value, out);
		break;
	case 'y':
		strbuf_puts(out, event_boot_use((enum boot_use)value));
		break;
	default: /* o n c: plain numbers */
		strbuf_printf(out, "%" PRIu64, value);
	}
}

void event_sentence(const struct event *e, const struct event_names *names, struct strbuf *out)
{
	const char *fields = kinds[e->kind].fields;
	const char *s = _(kinds[e->kind].sentence);
	size_t count = strlen(fields);

	while (*s) {
		size_t plain = strcspn(s, "{");

		strbuf_add(out, s, plain);
		s += plain;
		if (!*s)
			break;
		if (s[1] >= '0' && s[1] <= '9' && (size_t)(s[1] - '0') < count && s[2] == '}') {
			event_argument(fields[s[1] - '0'], e->arg[s[1] - '0'], names, out);
			s += 3;
		} else {
			strbuf_putc(out, *s++);
		}
	}
}
