/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_compare.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/units.h"
#include "machine/compare.h"
#include "machine/early.h"
#include "phys/down.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST (4 * GIB) /* that is asked for */
#define LARGER (64 * KIB) /* the second size whose cost is told, beside a page */

/* What is asked for: ways by number, and a size. */
struct wish {
	u64 ways; /* a bit each; 0: all */
	u64 bytes; /* 0: no size */
};

static bool read_word(const struct machine *m, const char *word, struct wish *w, struct status *st)
{
	size_t count;
	const struct way *table = ways_table(&count);
	struct nearest near = NEAREST_INIT(word);
	char size[UNITS_MAX];

	if (*word >= '0' && *word <= '9') {
		if (w->bytes)
			return status_fail(st, STATUS_SYNTAX, _("one size at a time"));
		if (!units_parse(word, &w->bytes) || !w->bytes)
			return status_fail(st, STATUS_SYNTAX, _("\"%s\" is no size: 64K, say"), word);
		return w->bytes <= MOST ||
		       status_fail(st, STATUS_INVALID, _("no more than %s, as each way takes it page by page"),
				   units_format(MOST, size));
	}
	for (size_t n = 0; n < count; n++) {
		if (strcmp(table[n].name, word) == 0) {
			w->ways |= UINT64_C(1) << n;
			return table[n].exists(m) ||
			       status_fail(st, STATUS_UNSUPPORTED, _("this machine has no %s"), word);
		}
		nearest_try(&near, table[n].name);
	}
	if (near.best)
		return status_fail(st, STATUS_SYNTAX, _("\"%s\" is no way that is compared; did you mean %s?"), word,
				   near.best);
	return status_fail(st, STATUS_SYNTAX, _("\"%s\" is no way that is compared; compare lists them"), word);
}

/* The n-th way, if this machine has it and it was asked for; NULL: not. */
static const struct way *wanted(const struct machine *m, const struct wish *w, size_t n)
{
	size_t count;
	const struct way *way = &ways_table(&count)[n];

	return way->exists(m) && (!w->ways || w->ways >> n & 1) ? way : NULL;
}

static size_t ways(void)
{
	size_t count;

	ways_table(&count);
	return count;
}

static const char *zone_name(const struct machine *m, int zone)
{
	return zone < 0 ? _("device") : m->config.zone[zone].name;
}

static const char *size_text(u64 bytes, char text[UNITS_MAX])
{
	return bytes ? units_format(bytes, text) : "-";
}

/* ------------------------------------------------------------- what they give */

static const char *frames_text(enum compare_frames frames)
{
	switch (frames) {
	case COMPARE_PAGE:
		return _("one");
	case COMPARE_ADJACENT:
		return _("joined");
	case COMPARE_SINGLE:
		return _("any");
	case COMPARE_DEVICE:
		return _("device");
	default:
		return "-";
	}
}

static const char *sleep_text(enum compare_sleep sleep)
{
	switch (sleep) {
	case COMPARE_NEVER:
		return _("no");
	case COMPARE_BY_MASK:
		return _("by gfp");
	case COMPARE_ALWAYS:
		return _("yes");
	default:
		return "-";
	}
}

static const char *address_text(const struct machine *m, const struct compare_row *row)
{
	if (!row->address)
		return row->now_given ? _("none") : "-";
	if (!m->virt.state)
		return _("direct");
	switch (row->region) {
	case REGION_DIRECT:
		return _("direct");
	case REGION_VMALLOC:
		return _("vmalloc");
	case REGION_PKMAP:
		return _("pkmap");
	case REGION_FIXMAP:
		return _("fixmap");
	default:
		return "-";
	}
}

static bool put_row(struct compare *c, const struct way *way, struct strbuf *out, struct status *st)
{
	const struct machine *m = &c->copy;
	struct compare_row row;
	char now[UNITS_MAX], limit[UNITS_MAX], least[UNITS_MAX], about[UNITS_MAX + 1];

	if (!compare_way(c, way, &row, st))
		return false;
	snprintf(about, sizeof about, "%s%s", row.about ? "~" : "", size_text(row.now, now));
	strbuf_printf(out, "%-18s %-6s %-7s %-7s %8s %8s %6s  %s\n", way->name, frames_text(row.frames),
		      address_text(m, &row), row.now_given ? zone_name(m, row.zone) : "-", about,
		      size_text(row.limit, limit), size_text(row.least, least), sleep_text(row.sleep));
	return true;
}

static bool put_gives(struct compare *c, const struct wish *w, struct strbuf *out, struct status *st)
{
	/* Two lines, as the titles of the sizes belong together. */
	strbuf_printf(out, "%-18s %-6s %-7s %-7s %17s %6s  %s\n", "", "", "", "", _("most in one piece"), "",
		      _("may it"));
	strbuf_printf(out, "%-18s %-6s %-7s %-7s %8s %8s %6s  %s\n", _("what it gives"), _("frames"), _("address"),
		      _("zone"), _("now"), _("ever"), _("least"), _("sleep?"));
	for (size_t n = 0; n < ways(); n++) {
		const struct way *way = wanted(&c->copy, w, n);

		if (way && !put_row(c, way, out, st))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------- what they cost */

static bool put_cost(struct compare *c, const struct way *way, u64 bytes, struct strbuf *out, struct status *st)
{
	struct compare_cost cost;

	if (!compare_ask(c, way, bytes, &cost, st))
		return false;
	if (cost.got)
		strbuf_printf(out, " %8" PRIu64 " %6" PRIu64 " %6" PRIu64, cost.pages, cost.tables, cost.steps);
	else
		strbuf_printf(out, " %8s %6s %6s", "-", "-", "-");
	return true;
}

static bool put_costs(struct compare *c, const struct wish *w, struct strbuf *out, struct status *st)
{
	u64 page = UINT64_C(1) << c->copy.config.page_shift;
	char small[UNITS_MAX], large[UNITS_MAX];

	strbuf_printf(out, "\n%-18s %s%-22s  %s%s\n", "", _("for "), units_format(page, small), _("for "),
		      units_format(LARGER, large));
	strbuf_printf(out, "%-18s", _("what it takes"));
	for (int n = 0; n < 2; n++)
		strbuf_printf(out, " %8s %6s %6s", _("pages"), _("tables"), _("steps"));
	strbuf_putc(out, '\n');
	for (size_t n = 0; n < ways(); n++) {
		const struct way *way = wanted(&c->copy, w, n);

		if (!way || !way->ask)
			continue;
		strbuf_printf(out, "%-18s", way->name);
		if (!put_cost(c, way, page, out, st) || !put_cost(c, way, LARGER, out, st))
			return false;
		strbuf_putc(out, '\n');
	}
	return true;
}

/* ------------------------------------------------------------- one size */

static bool put_refusal(struct compare *c, const struct way *way, struct strbuf *out, struct status *st)
{
	struct compare_row row;
	char size[UNITS_MAX];

	if (!compare_way(c, way, &row, st))
		return false;
	if (!way->ask)
		strbuf_puts(out, _("only while the kernel boots\n"));
	else if (!row.now)
		strbuf_puts(out, _("refused: now it gives nothing\n"));
	else if (row.now == row.limit)
		strbuf_printf(out, _("refused: it never gives more than %s\n"), units_format(row.limit, size));
	else
		strbuf_printf(out, _("refused: now it gives %s at most\n"), units_format(row.now, size));
	return true;
}

static bool put_sized(struct compare *c, const struct way *way, u64 bytes, struct strbuf *out, struct status *st)
{
	struct compare_cost cost;

	if (!compare_ask(c, way, bytes, &cost, st))
		return false;
	strbuf_printf(out, "%-18s ", way->name);
	if (!cost.got)
		return put_refusal(c, way, out, st);
	if (cost.piece.address)
		strbuf_printf(out, "0x%-16" PRIx64, cost.piece.address);
	else
		strbuf_printf(out, "%-18s", _("none"));
	strbuf_printf(out, " %-7s %7" PRIu64 " %6" PRIu64 " %6" PRIu64 " %8" PRIu64 " %5" PRIu64 "\n",
		      zone_name(&c->copy, cost.zone), cost.runs, cost.pages, cost.tables, cost.piece.bytes - bytes,
		      cost.steps);
	return true;
}

static bool put_size(struct compare *c, const struct wish *w, struct strbuf *out, struct status *st)
{
	char size[UNITS_MAX];

	strbuf_printf(out, "%-18s %-18s %-7s %7s %6s %6s %8s %5s\n", units_format(w->bytes, size), _("address"),
		      _("zone"), _("pieces"), _("pages"), _("tables"), _("unused"), _("steps"));
	for (size_t n = 0; n < ways(); n++) {
		const struct way *way = wanted(&c->copy, w, n);

		if (way && !put_sized(c, way, w->bytes, out, st))
			return false;
	}
	return true;
}

bool cmd_compare_ways(struct call *call, struct status *st)
{
	const struct machine *m = &call->context->session->machine;
	struct strbuf *out = call->context->out;
	struct compare *c;
	struct wish w = { 0, 0 };
	bool good;

	if (early_is(m))
		return status_fail(st, STATUS_INVALID, _("there is no page allocator yet: mem_init() first"));
	if (down_is(&m->phys))
		return status_fail(st, STATUS_INVALID,
				   _("the kernel is down, nothing can be asked: undo goes back to before"));
	for (size_t n = 0; n < call->count; n++)
		if (!read_word(m, value_text(&call->list[n]), &w, st))
			return false;
	c = malloc(sizeof *c);
	if (!c)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	good = compare_open(c, m, st);
	if (good && w.bytes)
		good = put_size(c, &w, out, st);
	else if (good)
		good = put_gives(c, &w, out, st) && put_costs(c, &w, out, st);
	compare_close(c);
	free(c);
	return good;
}
