/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_trend.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Lines of the table, unless more are asked for. */
#define LINES 20

/* The zone of node 0 that an ordinary request tries first. */
static int usual_zone(const struct phys_config *c)
{
	int zone = 0;

	for (unsigned z = 0; z < c->zones; z++)
		if (c->zone[z].node == 0 && c->zone[z].type <= c->gfp_zone[0])
			zone = (int)z;
	return zone;
}

/* What is asked for. */
struct wish {
	int zone;
	unsigned order;
	u64 count;
};

static bool read_number(const char *text, const char *what, u64 least, u64 most, u64 *number, struct status *st)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 0);

	if (!*text || *end || strchr(text, '-') || n < least || n > most)
		return status_fail(st, STATUS_INVALID, _("%s is a number from %" PRIu64 " to %" PRIu64 ", not \"%s\""),
				   what, least, most, text);
	*number = n;
	return true;
}

/* A word: "order=9", "9", "count=5" or the name of a zone. */
static bool read_word(const struct phys *p, const char *word, struct wish *w, struct status *st)
{
	bool labelled = strncmp(word, "order=", 6) == 0;
	u64 order;

	if (strncmp(word, "count=", 6) == 0)
		return read_number(word + 6, "count", 1, UINT32_MAX, &w->count, st);
	if (!labelled && (*word < '0' || *word > '9')) {
		w->zone = phys_zone_by_name(p, word);
		return w->zone >= 0 || status_fail(st, STATUS_INVALID, _("this machine has no zone \"%s\""), word);
	}
	if (!read_number(labelled ? word + 6 : word, "order", 0, p->config->orders - 1, &order, st))
		return false;
	w->order = (unsigned)order;
	return true;
}

/* A cell of the table, `cols` columns wide. */
static void put_value(const struct session *s, size_t n, unsigned zone, enum trend_series series, unsigned order,
		      int cols, struct strbuf *out)
{
	struct trend_point point = trend_point(&s->trend, &s->machine.phys, session_number(s), n, zone, series, order);
	struct strbuf text = STRBUF_INIT;

	trend_format(series, point.value, &text);
	strbuf_printf(out, " %*s", cols, strbuf_str(&text));
	strbuf_free(&text);
}

bool cmd_trend_table(struct call *call, struct status *st)
{
	const struct session *s = call->context->session;
	const struct phys *p = &s->machine.phys;
	struct wish w = { usual_zone(p->config), trend_usual_order(p->config), LINES };
	size_t points = trend_points(&s->trend, session_number(s));
	struct event_names names = machine_names(&s->machine);
	bool reclaims = trend_series_count(p) > TREND_RECLAIMED;
	struct strbuf *out = call->context->out;

	for (size_t i = 0; i < call->count; i++)
		if (!read_word(p, value_text(&call->list[i]), &w, st))
			return false;
	strbuf_puts(out, _("zone "));
	names.zone(names.context, (u64)w.zone, out);
	strbuf_printf(out, _(", order %u\n"), w.order);
	strbuf_puts(out, _("after command  free pages  requests that fit  unusable  fragmentation"));
	strbuf_puts(out, reclaims ? _("  can be reclaimed  reclaimed\n") : "\n");
	for (size_t n = w.count < points ? points - w.count : 0; n < points; n++) {
		unsigned zone = (unsigned)w.zone;

		strbuf_printf(out, "%13zu",
			      trend_point(&s->trend, p, session_number(s), n, zone, TREND_FREE, w.order).command);
		put_value(s, n, zone, TREND_FREE, w.order, 11, out);
		put_value(s, n, zone, TREND_FITS, w.order, 18, out);
		put_value(s, n, zone, TREND_UNUSABLE, w.order, 9, out);
		put_value(s, n, zone, TREND_EXTFRAG, w.order, 14, out);
		if (reclaims) {
			put_value(s, n, zone, TREND_RECLAIMABLE, w.order, 17, out);
			put_value(s, n, zone, TREND_RECLAIMED, w.order, 10, out);
		}
		strbuf_putc(out, '\n');
	}
	return true;
}
