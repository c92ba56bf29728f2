/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/desc_state.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS (DESC_STATE_ORDERS + 1) /* one more than a line may have */
#define BLOCKS_MOST (1u << 26) /* free blocks of one order in a zone: each takes up memory of the host */
#define BLOCKS_HEADER "Number of blocks type"

struct reader {
	struct desc_state *s;
	struct status *st;
	unsigned line;
	struct desc_state_zone *zone; /* whose lines of zoneinfo these are; NULL: they are not */
	unsigned column_type[MT_COUNT], columns; /* of the table of page blocks; 0: there is none */
};

static bool fail_here(struct reader *r, const char *why)
{
	return status_fail(r->st, STATUS_FORMAT, "%s:%u: %s", r->s->file, r->line, why);
}

bool desc_state_fail(const struct desc_state_zone *z, struct status *st, const char *why)
{
	return status_fail(st, STATUS_FORMAT, _("%s:%u: zone %s: %s"), z->file, z->line, z->name, why);
}

/* ------------------------------------------------------------- pieces of lines */

/* Skips `word` and the blanks around it. */
static bool skip(const char **at, const char *word)
{
	const char *p = *at + strspn(*at, " \t");

	if (strncmp(p, word, strlen(word)) != 0)
		return false;
	p += strlen(word);
	*at = p + strspn(p, " \t");
	return true;
}

static bool number(const char **at, u32 *n)
{
	unsigned long long value;
	char *end;

	*at += strspn(*at, " \t");
	if (!isdigit((unsigned char)**at))
		return false;
	errno = 0;
	value = strtoull(*at, &end, 10);
	if (errno || value > PHYS_PFN_LIMIT)
		return false;
	*n = (u32)value;
	*at = end;
	return true;
}

/* The numbers up to the end of the line: how many; more than `most`, or something else: -1. */
static int numbers(const char *at, u32 *n, unsigned most)
{
	unsigned count = 0;

	while (count < most && number(&at, &n[count]))
		count++;
	at += strspn(at, " \t\r");
	return *at ? -1 : (int)count;
}

static int type_called(const char *name, size_t length)
{
	for (unsigned t = 0; t < MT_COUNT; t++)
		if (strlen(migratetype_name(t)) == length && strncmp(migratetype_name(t), name, length) == 0)
			return (int)t;
	return -1;
}

/* Messages about the zone will name this line. */
static void set_place(const struct reader *r, struct desc_state_zone *z)
{
	memcpy(z->file, r->s->file, sizeof z->file);
	z->line = r->line;
}

/* The zone of this name and node, made if it is new; NULL with a message. */
static struct desc_state_zone *zone_of(struct reader *r, u32 node, const char *name, size_t length)
{
	struct desc_state *s = r->s;
	struct desc_state_zone *z;

	for (unsigned i = 0; i < s->zones; i++)
		if (s->zone[i].node == node && strlen(s->zone[i].name) == length &&
		    memcmp(s->zone[i].name, name, length) == 0)
			return &s->zone[i];
	if (node >= PHYS_NODES || s->zones == PHYS_ZONES || length == 0 || length >= sizeof z->name) {
		fail_here(r, _("there are too many nodes or zones, or a name is too long"));
		return NULL;
	}
	z = &s->zone[s->zones++];
	memcpy(z->name, name, length);
	z->node = (u8)node;
	set_place(r, z);
	return z;
}

/* ------------------------------------------------------------- kinds of lines */

/* "type  Movable  1 2 3": free blocks of a type. */
static bool read_typed(struct reader *r, struct desc_state_zone *z, const char *at)
{
	size_t length = strcspn(at, " \t");
	int type = type_called(at, length);

	if (type < 0)
		return fail_here(r, _("there is no such migratetype"));
	if (strchr(at, '>'))
		return fail_here(r, _("the kernel did not count this list to its end; leave pagetypeinfo out"));
	if (numbers(at + length, z->type_free[type], DESC_STATE_ORDERS) != DESC_STATE_ORDERS)
		return fail_here(r, _("a line of pagetypeinfo has a number for each of the orders 0 to 10"));
	z->typed = true;
	return true;
}

/* "Node 0, zone  Normal" and what is behind it. */
static bool read_zone(struct reader *r, const char *at)
{
	struct desc_state_zone *z;
	u32 node, n[COLUMNS];
	size_t length;
	int count;

	if (!number(&at, &node) || !skip(&at, ",") || !skip(&at, "zone"))
		return fail_here(r, _("a line that begins with Node goes on like this: Node 0, zone Normal"));
	length = strcspn(at, " \t\r,");
	z = zone_of(r, node, at, length);
	if (!z)
		return false;
	at += length;
	r->zone = NULL;
	if (skip(&at, ",")) {
		if (!skip(&at, "type"))
			return fail_here(r, _("behind the comma a migratetype is expected: type Movable"));
		return read_typed(r, z, at);
	}
	count = numbers(at, n, COLUMNS);
	if (count == 0) {
		r->zone = z;
	} else if (count == DESC_STATE_ORDERS) {
		memcpy(z->nr_free, n, sizeof z->nr_free);
		z->counted = true;
		set_place(r, z);
	} else if (count > 0 && (unsigned)count == r->columns) {
		for (int i = 0; i < count; i++)
			z->blocks[r->column_type[i]] = n[i];
		z->blocked = true;
	} else {
		return fail_here(r, _("a line of buddyinfo has a number for each of the orders 0 to 10"));
	}
	return true;
}

/* "Number of blocks type  Unmovable  Movable ...": what the columns below are. */
static bool read_blocks_header(struct reader *r, const char *at)
{
	for (r->columns = 0; *(at += strspn(at, " \t\r")); at += strcspn(at, " \t\r")) {
		int type = type_called(at, strcspn(at, " \t\r"));

		if (type < 0 || r->columns == MT_COUNT)
			return fail_here(r, _("there is no such migratetype"));
		r->column_type[r->columns++] = (unsigned)type;
	}
	return true;
}

static void read_protection(struct desc_state_zone *z, const char *at)
{
	unsigned i = 0;

	while (i < PHYS_ZONE_TYPES && number(&at, &z->reserve[i])) {
		i++;
		skip(&at, ",");
	}
	z->protects = true;
}

/* A line of zoneinfo below the zone's name. Most are not wanted. */
static void read_detail(struct reader *r, const char *at)
{
	struct desc_state_zone *z = r->zone;
	u32 cpu;

	if (skip(&at, "boost "))
		number(&at, &z->boost);
	else if (skip(&at, "min "))
		z->marked = number(&at, &z->wmark[WMARK_MIN]);
	else if (skip(&at, "low "))
		number(&at, &z->wmark[WMARK_LOW]);
	else if (skip(&at, "high "))
		number(&at, &z->wmark[WMARK_HIGH]);
	else if (skip(&at, "spanned "))
		number(&at, &z->spanned);
	else if (skip(&at, "present "))
		z->sized = number(&at, &z->present);
	else if (skip(&at, "managed "))
		number(&at, &z->managed);
	else if (skip(&at, "start_pfn:"))
		number(&at, &z->start_pfn);
	else if (skip(&at, "protection: ("))
		read_protection(z, at);
	else if (skip(&at, "cpu:") && number(&at, &cpu) && cpu < PHYS_CPUS && cpu >= r->s->cpus)
		r->s->cpus = cpu + 1;
}

static bool read_line(struct reader *r, const char *line)
{
	const char *at = line;

	if (skip(&at, "Node "))
		return read_zone(r, at);
	if (skip(&at, BLOCKS_HEADER))
		return read_blocks_header(r, at);
	if (!*at || *at == '#' || *at == '$' || *at == '\r' || skip(&at, "Page block order:") ||
	    skip(&at, "Pages per block:") || skip(&at, "Free pages count per migrate type at order"))
		return true;
	if (!r->zone || (*line != ' ' && *line != '\t'))
		return fail_here(r, _("this is no line of buddyinfo, pagetypeinfo or zoneinfo"));
	read_detail(r, at);
	return true;
}

bool desc_state_read(struct desc_state *s, const char *file, const char *text, struct status *st)
{
	struct reader r = { .s = s, .st = st };
	const char *base = strrchr(file, '/');

	snprintf(s->file, sizeof s->file, "%s", base ? base + 1 : file);
	while (*text) {
		size_t length = strcspn(text, "\n");
		char line[512];

		r.line++;
		if (length >= sizeof line)
			return fail_here(&r, _("the line is too long"));
		memcpy(line, text, length);
		line[length] = '\0';
		if (!read_line(&r, line))
			return false;
		text += length + (text[length] == '\n');
	}
	return true;
}

/* ------------------------------------------------------------- the whole */

/* Free blocks by type must add up to those by order. */
static bool add_up_types(struct desc_state_zone *z, struct status *st)
{
	char why[160];

	for (unsigned o = 0; o < DESC_STATE_ORDERS; o++) {
		u64 sum = 0;

		for (unsigned t = 0; t < MT_COUNT; t++)
			sum += z->type_free[t][o];
		if (!z->counted)
			z->nr_free[o] = (u32)sum;
		snprintf(why, sizeof why,
			 _("pagetypeinfo has %" PRIu64 " free blocks of order %u, buddyinfo %" PRIu32
			   ": read both at once, or leave pagetypeinfo out"),
			 sum, o, z->nr_free[o]);
		if (sum != z->nr_free[o])
			return desc_state_fail(z, st, why);
	}
	z->counted = true;
	return true;
}

static bool finish_zone(struct desc_state_zone *z, struct status *st)
{
	if (z->typed != z->blocked)
		return desc_state_fail(z, st, _("of pagetypeinfo, the free pages and the page blocks are needed"));
	if (z->typed && !add_up_types(z, st))
		return false;
	if (!z->counted)
		return desc_state_fail(z, st, _("its line of buddyinfo is missing"));
	for (unsigned o = 0; o < DESC_STATE_ORDERS; o++)
		if (z->nr_free[o] > BLOCKS_MOST)
			return desc_state_fail(z, st, _("more than 67108864 free blocks of an order are too many"));
	if (z->sized && (!z->spanned || z->present > z->spanned || z->managed > z->present))
		return desc_state_fail(z, st, _("managed, present and spanned pages must not be less, in this order"));
	if (z->marked && (z->wmark[WMARK_LOW] < z->wmark[WMARK_MIN] || z->wmark[WMARK_HIGH] < z->wmark[WMARK_LOW]))
		return desc_state_fail(z, st, _("the watermarks min, low and high must rise in this order"));
	for (unsigned w = 0; w < WMARK_COUNT && z->marked; w++) {
		if (z->wmark[w] < z->boost)
			return desc_state_fail(z, st, _("a watermark is below the boost that it contains"));
		z->wmark[w] -= z->boost;
	}
	return true;
}

bool desc_state_finish(struct desc_state *s, struct status *st)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->zones; i++) {
		struct desc_state_zone *z = &s->zone[i];

		/* Zoneinfo shows empty zones, too; so does pagetypeinfo. */
		if (!z->counted && (!z->typed || z->sized) && !z->present)
			continue;
		if (!finish_zone(z, st))
			return false;
		s->zone[kept++] = *z;
	}
	s->zones = kept;
	if (!kept)
		return status_fail(st, STATUS_FORMAT, _("%s: there is no line of buddyinfo in it"), s->file);
	return true;
}

const char *desc_state_machine(const struct desc_state *s)
{
	bool is_new = false;

	for (unsigned i = 0; i < s->zones; i++) {
		if (strcmp(s->zone[i].name, "DMA32") == 0)
			return "x86_64-6.1-slub";
		is_new |= s->zone[i].typed || s->zone[i].managed;
	}
	return is_new ? "i386-6.1-slab" : "i386-2.6.18";
}

static void put_numbers(const u32 *n, unsigned count, struct strbuf *out)
{
	for (unsigned i = 0; i < count; i++)
		strbuf_printf(out, " %" PRIu32, n[i]);
	strbuf_putc(out, '\n');
}

static void put_details(const struct desc_state_zone *z, struct strbuf *out)
{
	strbuf_printf(out, "Node %u, zone %s\n", z->node, z->name);
	if (z->sized)
		strbuf_printf(
		    out, " spanned %" PRIu32 "\n present %" PRIu32 "\n managed %" PRIu32 "\n start_pfn: %" PRIu32 "\n",
		    z->spanned, z->present, z->managed, z->start_pfn);
	/* As the kernel shows them: with the boost. */
	if (z->marked)
		strbuf_printf(out, " boost %" PRIu32 "\n min %" PRIu32 "\n low %" PRIu32 "\n high %" PRIu32 "\n",
			      z->boost, z->wmark[WMARK_MIN] + z->boost, z->wmark[WMARK_LOW] + z->boost,
			      z->wmark[WMARK_HIGH] + z->boost);
	if (z->protects)
		strbuf_printf(out, " protection: (%" PRIu32 ", %" PRIu32 ", %" PRIu32 ", %" PRIu32 ")\n", z->reserve[0],
			      z->reserve[1], z->reserve[2], z->reserve[3]);
}

void desc_state_put(const struct desc_state *s, struct strbuf *out)
{
	strbuf_puts(out, BLOCKS_HEADER);
	for (unsigned t = 0; t < MT_COUNT; t++)
		strbuf_printf(out, " %s", migratetype_name(t));
	strbuf_putc(out, '\n');
	for (unsigned i = 0; i < s->zones; i++) {
		const struct desc_state_zone *z = &s->zone[i];

		strbuf_printf(out, "Node %u, zone %s", z->node, z->name);
		put_numbers(z->nr_free, DESC_STATE_ORDERS, out);
		for (unsigned t = 0; z->typed && t < MT_COUNT; t++) {
			strbuf_printf(out, "Node %u, zone %s, type %s", z->node, z->name, migratetype_name(t));
			put_numbers(z->type_free[t], DESC_STATE_ORDERS, out);
		}
		if (z->blocked) {
			strbuf_printf(out, "Node %u, zone %s", z->node, z->name);
			put_numbers(z->blocks, MT_COUNT, out);
		}
		put_details(z, out);
		if (s->cpus)
			strbuf_printf(out, " cpu: %u\n", s->cpus - 1);
	}
}
