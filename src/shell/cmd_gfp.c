/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a GFP mask means.  Everything that depends on the machine is asked of
 * what decides there: the request as page_alloc() would make it, attempt by
 * attempt, and the level that a watermark check compares.
 */
#include "shell/cmd_gfp.h"

#include "base/text.h"
#include "phys/request.h"
#include "phys/watermark.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What single flags are for, in any kernel that has them. */
static const struct {
	const char *name;
	const char *meaning;
} flags[] = {
	{ "__GFP_DMA", N_("from the zone that old devices reach") },
	{ "__GFP_HIGHMEM", N_("high memory is welcome") },
	{ "__GFP_DMA32", N_("from below 4 GiB, where there is such a zone") },
	{ "__GFP_MOVABLE", N_("the page can be moved, or taken back") },
	{ "__GFP_RECLAIMABLE", N_("slab memory that a shrinker can free") },
	{ "__GFP_WAIT", N_("may sleep, and so may reclaim memory") },
	{ "__GFP_DIRECT_RECLAIM", N_("may sleep, and reclaim memory itself") },
	{ "__GFP_KSWAPD_RECLAIM", N_("wakes kswapd where memory is low") },
	{ "__GFP_HIGH", N_("important: may use a part of the reserve") },
	{ "__GFP_ATOMIC", N_("cannot wait, and is urgent") },
	{ "__GFP_IO", N_("reclaim may start disk I/O") },
	{ "__GFP_FS", N_("reclaim may call into file systems") },
	{ "__GFP_COLD", N_("a page that is not in the CPU's cache will do") },
	{ "__GFP_NOWARN", N_("no report in the log if it fails") },
	{ "__GFP_REPEAT", N_("try again and again, but it may fail") },
	{ "__GFP_RETRY_MAYFAIL", N_("try hard, but fail rather than kill a process") },
	{ "__GFP_NOFAIL", N_("never fail: try for ever") },
	{ "__GFP_NORETRY", N_("fail rather than try again") },
	{ "__GFP_NO_GROW", N_("slab: make no new slab") },
	{ "__GFP_COMP", N_("the block is one compound page") },
	{ "__GFP_ZERO", N_("filled with zeroes") },
	{ "__GFP_MEMALLOC", N_("may use all memory: it will free more soon") },
	{ "__GFP_NOMEMALLOC", N_("never all memory, whoever asks") },
	{ "__GFP_HARDWALL", N_("only from the nodes of the task's cpuset") },
	{ "__GFP_THISNODE", N_("from no other node") },
	{ "__GFP_ACCOUNT", N_("charged to the task's control group") },
	{ "__GFP_WRITE", N_("will be dirtied soon") },
	{ "__GFP_ZEROTAGS", N_("memory tags are zeroed with the page") },
};

static const char *meaning_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (strcmp(flags[i].name, name) == 0)
			return _(flags[i].meaning);
	return "";
}

/* The name of a single flag; NULL: this kernel has no such flag. */
static const char *flag_name(const struct phys *p, gfp_t flag)
{
	size_t count;
	const struct gfp_name *names = gfp_names(p->config->gfp, &count);

	for (size_t i = 0; i < count; i++)
		if (names[i].value == flag && names[i].name[0] == '_')
			return names[i].name;
	return NULL;
}

static void put_flags(const struct phys *p, gfp_t gfp, struct strbuf *out)
{
	for (gfp_t flag = 1; flag; flag <<= 1) {
		const char *name = gfp & flag ? flag_name(p, flag) : NULL;

		if (name)
			strbuf_printf(out, "  0x%-8" PRIx32 " %-21s %s\n", flag, name, meaning_of(name));
		else if (gfp & flag)
			strbuf_printf(out, _("  0x%-8" PRIx32 " no flag of this kernel\n"), flag);
	}
}

/* A line "title: text", the texts below one another. */
static void put_line(const char *title, const char *text, struct strbuf *out)
{
	strbuf_printf(out, "%-15s %s\n", title, text);
}

/* "Normal", or "Normal.1" where there is more than one node. */
static void put_zone_name(const struct phys *p, unsigned zone, struct strbuf *out)
{
	const struct zone_config *zc = &p->config->zone[zone];

	strbuf_puts(out, zc->name);
	if (p->config->nodes > 1)
		strbuf_printf(out, ".%u", zc->node);
}

static void put_zones(const struct phys *p, const struct request *rq, struct strbuf *out)
{
	strbuf_printf(out, "%-15s", _("zones, in order"));
	for (const u8 *zone = request_zonelist(p, rq->highest_zone); *zone != ZONELIST_END; zone++) {
		strbuf_putc(out, ' ');
		put_zone_name(p, *zone, out);
	}
	strbuf_putc(out, '\n');
}

static const char *sleep_text(const struct phys *p, gfp_t gfp)
{
	if (gfp & p->gfp->wait)
		return _("yes: only where sleeping is allowed");
	return _("no: also for interrupts, and under a spinlock");
}

static const char *reclaim_text(const struct phys *p, gfp_t gfp)
{
	if (!(gfp & p->gfp->wait))
		return _("nothing");
	if (!(gfp & p->gfp->io))
		return _("what needs no I/O: no writing, no swapping");
	if (!(gfp & p->gfp->fs))
		return _("with I/O, but not through file systems");
	return _("anything, with I/O and through file systems");
}

static const char *failure_text(const struct phys *p, gfp_t gfp)
{
	return gfp & p->gfp->nowarn ? _("NULL, without a report") : _("NULL, and a report in the log");
}

static void put_answers(const struct phys *p, const struct request *rq, struct strbuf *out)
{
	gfp_t gfp = rq->gfp;

	put_zones(p, rq, out);
	if (p->config->types > 1)
		put_line(_("migratetype"), migratetype_name(rq->type), out);
	put_line(_("may sleep"), sleep_text(p, gfp), out);
	put_line(_("may reclaim"), reclaim_text(p, gfp), out);
	put_line(_("wakes kswapd"), rq->wakes_kswapd ? _("yes, when no zone stays above low") : _("no"), out);
	if (p->config->pcp_rule == PCP_HOT_COLD && rq->order == 0)
		put_line(_("per-CPU list"), rq->cold ? _("cold") : _("hot"), out);
	put_line(_("content"), gfp & p->gfp->zero ? _("zeroes") : _("whatever is there"), out);
	if (rq->order > 0)
		put_line(_("compound"), gfp & p->gfp->comp ? _("yes") : _("no"), out);
	put_line(_("if it fails"), failure_text(p, gfp), out);
}

/* ------------------------------------------------------------- reserves */

/* The part of a watermark that must stay: "1/2"; every concession takes eighths. */
static const char *fraction(const struct request *rq, char text[24])
{
	unsigned parts = (unsigned)watermark_lowered(8, rq), whole = 8;

	while (parts % 2 == 0 && whole % 2 == 0) {
		parts /= 2;
		whole /= 2;
	}
	if (whole == 1)
		return "";
	snprintf(text, 24, "%u/%u ", parts, whole);
	return text;
}

static void put_last_attempt(const struct request *rq, struct strbuf *out)
{
	char part[24];

	if (rq->no_watermarks)
		strbuf_puts(out, _("first above low, then above min, at last without any watermark\n"));
	else
		strbuf_printf(out, _("first above low, at last above %smin%s\n"), fraction(rq, part),
			      rq->use_highatomic ? _(", and from the high-atomic reserve")
			      : rq->cannot_block ? _("; at worst from the high-atomic reserve")
						 : "");
}

/* Pages that must stay, beside the reserve for lower zones. */
static s64 kept(const struct phys *p, unsigned zone, const struct request *rq, struct watermark_level *l)
{
	watermark_level(p, zone, rq, l);
	return rq->no_watermarks ? 0 : l->mark + l->reserve;
}

static void put_reserves(const struct phys *p, const struct request *first, const struct request *last,
			 struct strbuf *out)
{
	put_last_attempt(last, out);
	strbuf_printf(out, "  %-10s %10s %10s %10s %10s %10s\n", _("zone"), _("free"), _("min"), _("reserve"),
		      _("first"), _("last"));
	for (const u8 *zone = request_zonelist(p, first->highest_zone); *zone != ZONELIST_END; zone++) {
		struct watermark_level level;
		struct strbuf name = STRBUF_INIT;
		s64 keep_first = kept(p, *zone, first, &level), keep_last = kept(p, *zone, last, &level);

		put_zone_name(p, *zone, &name);
		strbuf_printf(out, "  %-10s %10" PRIu32 " %10" PRIu32 " %10" PRId64 " %10" PRId64 " %10" PRId64 "\n",
			      strbuf_str(&name), p->zone[*zone].free, p->zone[*zone].wmark[WMARK_MIN], level.reserve,
			      keep_first, keep_last);
		strbuf_free(&name);
	}
	strbuf_puts(out, _("A zone serves while more pages than \"first\", at last than \"last\", stay free.\n"));
}

bool cmd_gfp_explain(struct call *call, struct status *st)
{
	const struct phys *p = &call->context->session->machine.phys;
	struct strbuf *out = call->context->out;
	gfp_t gfp = (gfp_t)call->arg[0].number;
	unsigned order = (unsigned)call->arg[1].number;
	struct request first, last;

	if (order >= p->config->orders)
		return status_fail(st, STATUS_INVALID, _("the largest order is %u"), p->config->orders - 1);
	request_first(p, gfp, order, &first);
	last = first;
	request_dig(p, &last);
	if (request_may_drain(p, &last))
		request_drain(&last);
	strbuf_printf(out, "0x%" PRIx32 " = ", gfp);
	gfp_format(p->config->gfp, gfp, out);
	strbuf_putc(out, '\n');
	put_flags(p, gfp, out);
	put_answers(p, &first, out);
	if (p->config->watermark_rule == WATERMARK_NONE)
		strbuf_puts(out, _("This machine has no watermarks: everything is open to everybody.\n"));
	else
		put_reserves(p, &first, &last, out);
	return true;
}
