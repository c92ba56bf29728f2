/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_ops.h"

#include "base/text.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"

#include <string.h>

/* An operation that is being done. */
struct op {
	struct replay *r;
	struct phys *p;
	const struct recording_block *block;
	struct recording_cursor args; /* behind the operation's name */
	struct status *st;
	size_t results; /* `r` lines that were looked at */
};

typedef enum replay_outcome op_function(struct op *op);

/* The cursor of the next `r` line; false: there is none. */
static bool next_result(struct op *op, struct recording_cursor *c)
{
	size_t seen = 0;

	for (size_t n = 1; n < op->block->count; n++) {
		if (op->block->line[n].kind != LINE_RESULT || seen++ != op->results)
			continue;
		op->results++;
		*c = recording_block_cursor(op->block, n, op->r->path, op->st);
		c->at += strspn(c->at, " ");
		return true;
	}
	return false;
}

/* The `r` line that this operation must have. */
static bool need_result(struct op *op, struct recording_cursor *c)
{
	if (next_result(op, c))
		return true;
	return status_fail(op->st, STATUS_FORMAT, _("%s:%llu: the result of this operation (r) is missing"), op->r->path,
			   (unsigned long long)op->args.line);
}

/* The recording has the result `c`; the model has what the format says. */
static enum replay_outcome differs(struct op *op, const struct recording_cursor *c, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum replay_outcome differs(struct op *op, const struct recording_cursor *c, const char *format, ...)
{
	va_list ap;

	strbuf_puts(&op->r->difference.expected, c->at);
	va_start(ap, format);
	strbuf_vprintf(&op->r->difference.got, format, ap);
	va_end(ap);
	return replay_differs(op->r, c->line);
}

/* What the model has for one key of a result that names a page. */
static bool same_value(struct op *op, struct recording_cursor *value, const char *key, pfn_t pfn, struct strbuf *got)
{
	const struct phys *p = op->p;
	unsigned zone = (unsigned)phys_zone_of(p, pfn);
	size_t length = strcspn(value->at, " ");

	if (strcmp(key, "pfn") == 0)
		strbuf_printf(got, "%u", (unsigned)pfn);
	else if (strcmp(key, "zone") == 0)
		strbuf_puts(got, p->config->zone[zone].name);
	else if (strcmp(key, "blk") == 0)
		strbuf_putc(got, migratetype_letter(pageblock_type(p, zone, pfn)));
	else
		strbuf_printf(got, "%llx", (unsigned long long)page_address(p, pfn));
	return got->length == length && memcmp(strbuf_str(got), value->at, length) == 0;
}

/* Prints what the model returned as a recording would have it. */
static void print_page(struct op *op, pfn_t pfn, struct strbuf *out)
{
	const struct phys *p = op->p;
	unsigned zone;

	if (pfn == PFN_NONE) {
		strbuf_puts(out, "NULL");
		return;
	}
	zone = (unsigned)phys_zone_of(p, pfn);
	strbuf_printf(out, "pfn=%u zone=%s", (unsigned)pfn, p->config->zone[zone].name);
	if (p->config->types > 1)
		strbuf_printf(out, " blk=%c", migratetype_letter(pageblock_type(p, zone, pfn)));
	if (page_address(p, pfn))
		strbuf_printf(out, " va=%llx", (unsigned long long)page_address(p, pfn));
}

/* Compares a result line with the page the model returned: whether there is one, and each of `keys` (NULL ends them). */
static enum replay_outcome compare_page(struct op *op, pfn_t pfn, const char *const *keys)
{
	struct strbuf got = STRBUF_INIT;
	struct recording_cursor c, value;
	bool same;

	if (!need_result(op, &c))
		return REPLAY_BAD;
	same = (strcmp(c.at, "NULL") == 0) == (pfn == PFN_NONE);
	for (; same && pfn != PFN_NONE && *keys; keys++) {
		strbuf_clear(&got);
		same = recording_find(&c, *keys, &value) && same_value(op, &value, *keys, pfn, &got);
		same = same && !got.failed;
	}
	strbuf_free(&got);
	if (same)
		return REPLAY_SAME;
	strbuf_puts(&op->r->difference.expected, c.at);
	print_page(op, pfn, &op->r->difference.got);
	return replay_differs(op->r, c.line);
}

/* gfp=, in hexadecimal behind 0x; its names are for people. */
static bool read_gfp(struct op *op, gfp_t *gfp)
{
	struct recording_cursor value;
	u64 mask;

	if (!recording_find(&op->args, "gfp", &value))
		return recording_expected(&op->args, "gfp=");
	if (!recording_literal(&value, "0x") || !recording_hex(&value, &mask, _("a gfp mask")))
		return false;
	if (mask > UINT32_MAX)
		return recording_expected(&value, _("a gfp mask of 32 bits before this"));
	*gfp = (gfp_t)mask;
	return true;
}

static bool read_number(struct op *op, const char *key, u64 *value)
{
	return recording_key(&op->args, key, UINT32_MAX, value);
}

static enum replay_outcome op_alloc(struct op *op)
{
	static const char *const low[] = { "pfn", "zone", "va", NULL };
	static const char *const high[] = { "pfn", "zone", NULL };
	static const char *const low_typed[] = { "pfn", "zone", "blk", "va", NULL };
	static const char *const high_typed[] = { "pfn", "zone", "blk", NULL };
	bool typed = op->p->config->types > 1;
	u64 h, order;
	gfp_t gfp;
	pfn_t pfn;

	if (!read_number(op, "h", &h) || !read_number(op, "order", &order) || !read_gfp(op, &gfp))
		return REPLAY_BAD;
	pfn = page_alloc(op->p, gfp, (unsigned)order);
	if (pfn == PFN_NONE)
		return compare_page(op, pfn, low);
	if (!replay_handle_set(op->r, h, pfn, (unsigned)order, &op->args))
		return REPLAY_BAD;
	if (page_address(op->p, pfn))
		return compare_page(op, pfn, typed ? low_typed : low);
	return compare_page(op, pfn, typed ? high_typed : high);
}

/* The kernel freed it; the model would not. */
static enum replay_outcome refused(struct op *op, const struct status *why)
{
	strbuf_puts(&op->r->difference.expected, _("the operation is done"));
	strbuf_printf(&op->r->difference.got, _("it is refused: %s"), why->message);
	return replay_differs(op->r, op->args.line);
}

/* The block that this line frees must be what its handle holds. */
static enum replay_outcome take_handle(struct op *op, pfn_t pfn, u64 order)
{
	struct replay_handle *handle;
	u64 h;

	if (!read_number(op, "h", &h))
		return REPLAY_BAD;
	handle = replay_handle(op->r, h);
	if (handle && handle->pfn == pfn && handle->order == order) {
		handle->held = false;
		return REPLAY_SAME;
	}
	strbuf_printf(&op->r->difference.expected, "h=%llu pfn=%u order=%llu", (unsigned long long)h, (unsigned)pfn,
		      (unsigned long long)order);
	if (handle)
		strbuf_printf(&op->r->difference.got, "h=%llu pfn=%u order=%u", (unsigned long long)h,
			      (unsigned)handle->pfn, (unsigned)handle->order);
	else
		strbuf_printf(&op->r->difference.got, _("h=%llu holds nothing"), (unsigned long long)h);
	return replay_differs(op->r, op->args.line);
}

/* Reads pfn= and order=, and lets go of the handle. */
static enum replay_outcome read_held(struct op *op, u64 *pfn, u64 *order)
{
	if (!recording_key(&op->args, "pfn", PHYS_PFN_LIMIT, pfn) || !read_number(op, "order", order))
		return REPLAY_BAD;
	return take_handle(op, (pfn_t)*pfn, *order);
}

static enum replay_outcome op_free(struct op *op)
{
	struct status why = STATUS_INIT;
	u64 pfn, order;
	enum replay_outcome outcome = read_held(op, &pfn, &order);

	if (outcome == REPLAY_SAME && !page_free(op->p, (pfn_t)pfn, (unsigned)order, &why))
		return refused(op, &why);
	return outcome;
}

static enum replay_outcome op_free_cold_page(struct op *op)
{
	struct status why = STATUS_INIT;
	u64 pfn, order;
	enum replay_outcome outcome = read_held(op, &pfn, &order);

	if (outcome == REPLAY_SAME && !page_free_cold(op->p, (pfn_t)pfn, &why))
		return refused(op, &why);
	return outcome;
}

static enum replay_outcome op_split_page(struct op *op)
{
	struct status why = STATUS_INIT;
	u64 pfn, order, into;
	enum replay_outcome outcome = read_held(op, &pfn, &order);

	if (outcome != REPLAY_SAME)
		return outcome;
	if (!read_number(op, "into", &into))
		return REPLAY_BAD;
	if (!page_split(op->p, (pfn_t)pfn, (unsigned)order, &why))
		return refused(op, &why);
	for (u64 n = 0; n < UINT64_C(1) << order; n++)
		if (!replay_handle_set(op->r, into + n, (pfn_t)(pfn + n), 0, &op->args))
			return REPLAY_BAD;
	return REPLAY_SAME;
}

static enum replay_outcome op_drain_local_pages(struct op *op)
{
	page_drain_local(op->p);
	return REPLAY_SAME;
}

/* The page was asked for by address; nonzero_bytes= tells whether it was zeroed. */
static enum replay_outcome compare_address(struct op *op, pfn_t pfn, gfp_t gfp)
{
	static const char *const keys[] = { "addr", "pfn", NULL };
	enum replay_outcome outcome = compare_page(op, pfn, keys);
	struct recording_cursor c;
	u64 nonzero;

	if (outcome != REPLAY_SAME || pfn == PFN_NONE)
		return outcome;
	op->results = 0;
	if (!need_result(op, &c) || !recording_key(&c, "nonzero_bytes", UINT32_MAX, &nonzero))
		return REPLAY_BAD;
	/* What else lies in a page is not modelled, but one that is zeroed has no other bytes. */
	return (gfp & op->p->gfp->zero) && nonzero ? differs(op, &c, "nonzero_bytes=0") : REPLAY_SAME;
}

static enum replay_outcome get_pages(struct op *op, gfp_t gfp, u64 order)
{
	pfn_t pfn;
	u64 h;

	if (!read_number(op, "h", &h))
		return REPLAY_BAD;
	pfn = page_alloc(op->p, gfp, (unsigned)order);
	if (pfn != PFN_NONE && !replay_handle_set(op->r, h, pfn, (unsigned)order, &op->args))
		return REPLAY_BAD;
	return compare_address(op, pfn, gfp);
}

static enum replay_outcome op_get_free_pages(struct op *op)
{
	u64 order;
	gfp_t gfp;

	if (!read_number(op, "order", &order) || !read_gfp(op, &gfp))
		return REPLAY_BAD;
	/* An address is wanted; later kernels take the flag away that could give a page without one. */
	if (op->p->config->gfp != GFP_2_6)
		gfp &= ~op->p->gfp->highmem;
	return get_pages(op, gfp, order);
}

static enum replay_outcome op_get_zeroed_page(struct op *op)
{
	struct recording_cursor c;
	gfp_t gfp;

	if (!read_gfp(op, &gfp))
		return REPLAY_BAD;
	if (op->p->config->gfp != GFP_2_6)
		return get_pages(op, (gfp & ~op->p->gfp->highmem) | op->p->gfp->zero, 0);
	if (!(gfp & op->p->gfp->highmem))
		return get_pages(op, gfp | op->p->gfp->zero, 0);
	if (!need_result(op, &c))
		return REPLAY_BAD;
	/* 2.6 stops with BUG() when the page might have no address. */
	return strncmp(c.at, "BUG at ", 7) == 0 ? REPLAY_SAME : differs(op, &c, "BUG");
}

static enum replay_outcome op_free_pages(struct op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	u64 address, order;
	pfn_t pfn;

	if (!recording_key_hex(&op->args, "addr", &address) || !read_number(op, "order", &order))
		return REPLAY_BAD;
	pfn = page_of_address(op->p, address);
	outcome = take_handle(op, pfn, order);
	if (outcome == REPLAY_SAME && !page_free(op->p, pfn, (unsigned)order, &why))
		return refused(op, &why);
	return outcome;
}

/* The n-th page of an `exhaust` differs. */
static enum replay_outcome exhaust_differs(struct op *op, const struct recording_cursor *c, u64 n, pfn_t expected,
					   pfn_t got)
{
	strbuf_printf(&op->r->difference.expected, _("block %llu is "), (unsigned long long)n);
	if (expected == PFN_NONE)
		strbuf_puts(&op->r->difference.expected, _("the last"));
	else
		strbuf_printf(&op->r->difference.expected, "pfn=%u", (unsigned)expected);
	print_page(op, got, &op->r->difference.got);
	return replay_differs(op->r, c->line);
}

/* alloc_pages() until NULL, or `max` times. Each page is compared as it comes, so that the events are those of one. */
static enum replay_outcome op_exhaust(struct op *op)
{
	struct recording_cursor pages, end;
	struct recording_run run;
	u64 h, max, order, n;
	bool more = true;
	gfp_t gfp;

	if (!read_number(op, "h", &h) || !read_number(op, "max", &max) ||
	    !recording_key(&op->args, "order", PHYS_ORDERS - 1, &order) || !read_gfp(op, &gfp) ||
	    !need_result(op, &pages) || !recording_literal(&pages, "pfns:"))
		return REPLAY_BAD;
	run = recording_run(&pages, (unsigned)order);
	for (n = 0; n < max && more; n++) {
		pfn_t expected = PFN_NONE, got;

		if (!recording_run_next(&run, &expected) && run.failed)
			return REPLAY_BAD;
		eventlog_clear(&op->r->log);
		got = page_alloc(op->p, gfp, (unsigned)order);
		if (got != expected)
			return exhaust_differs(op, &pages, n, expected, got);
		more = got != PFN_NONE;
		if (more && !replay_handle_set(op->r, h + n, got, (unsigned)order, &op->args))
			return REPLAY_BAD;
	}
	n -= !more;
	if (!need_result(op, &end) || !recording_key(&end, "n", UINT32_MAX, &max))
		return REPLAY_BAD;
	if (max != n || (strstr(end.at, "then NULL") != NULL) != !more)
		return differs(op, &end, "n=%llu %s", (unsigned long long)n, more ? "limit" : "then NULL");
	return REPLAY_SAME;
}

/* __free_pages() of the handles h .. h+n-1 that hold something. */
static enum replay_outcome op_freeall(struct op *op)
{
	struct status why = STATUS_INIT;
	struct recording_cursor c;
	u64 h, n, count, freed = 0;

	if (!read_number(op, "h", &h) || !read_number(op, "n", &n) || !need_result(op, &c) ||
	    !recording_key(&c, "n", UINT32_MAX, &count))
		return REPLAY_BAD;
	for (u64 i = h; i < h + n && i < op->r->handles; i++) {
		struct replay_handle *handle = replay_handle(op->r, i);

		if (!handle)
			continue;
		eventlog_clear(&op->r->log);
		if (!page_free(op->p, handle->pfn, handle->order, &why))
			return refused(op, &why);
		handle->held = false;
		freed++;
	}
	return freed == count ? REPLAY_SAME : differs(op, &c, "n=%llu", (unsigned long long)freed);
}

static enum replay_outcome op_cpu(struct op *op)
{
	struct recording_cursor c;
	u64 cpu, now;

	if (!recording_number(&op->args, op->p->config->cpus - 1, &cpu, _("a CPU that the header has")) ||
	    !need_result(op, &c) || !recording_literal(&c, "now on") ||
	    !recording_number(&c, UINT32_MAX, &now, _("the CPU that runs")))
		return REPLAY_BAD;
	op->p->state->cpu = (u32)cpu;
	return now == cpu ? REPLAY_SAME : differs(op, &c, "now on %llu", (unsigned long long)cpu);
}

static const struct {
	const char *name;
	op_function *run;
} operations[] = {
	{ "alloc", op_alloc },
	{ "free", op_free },
	{ "free_cold_page", op_free_cold_page },
	{ "split_page", op_split_page },
	{ "drain_local_pages", op_drain_local_pages },
	{ "__get_free_pages", op_get_free_pages },
	{ "get_zeroed_page", op_get_zeroed_page },
	{ "free_pages", op_free_pages },
	{ "exhaust", op_exhaust },
	{ "freeall", op_freeall },
	{ "cpu", op_cpu },
};

static enum replay_outcome run(struct op *op, op_function *function)
{
	enum replay_outcome outcome;
	struct recording_cursor c;

	eventlog_clear(&op->r->log);
	op->p->state->memalloc = recording_find(&op->args, "task", &c) && strncmp(c.at, "PF_MEMALLOC", 11) == 0;
	outcome = function(op);
	op->p->state->memalloc = 0;
	if (outcome == REPLAY_SAME && next_result(op, &c))
		return differs(op, &c, "%s", _("no such result"));
	return outcome;
}

enum replay_outcome replay_op(struct replay *r, const struct recording_block *block, struct status *st)
{
	struct op op = { .r = r, .p = &r->machine.phys, .block = block, .st = st };
	char name[48];
	u64 number;

	op.args = recording_block_cursor(block, 0, r->path, st);
	if (!recording_number(&op.args, UINT32_MAX, &number, _("the operation's number")) ||
	    !recording_word(&op.args, name, sizeof(name), _("the operation's name")))
		return REPLAY_BAD;
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		if (strcmp(operations[i].name, name) == 0)
			return run(&op, operations[i].run);
	return REPLAY_NOT_MODELLED;
}

bool replay_op_comment(struct replay *r, struct recording_cursor c)
{
	u64 first, last;

	c.at += strspn(c.at, " ");
	if (!recording_skip(&c, "handles ") || !strstr(c.at, " are migratable now"))
		return true;
	if (!recording_number(&c, UINT32_MAX, &first, _("a handle")) || !recording_literal(&c, "..") ||
	    !recording_number(&c, UINT32_MAX, &last, _("a handle")))
		return false;
	for (u64 h = first; h <= last && h < r->handles; h++) {
		const struct replay_handle *handle = replay_handle(r, h);

		for (pfn_t n = 0; handle && n < (pfn_t)1 << handle->order; n++)
			if (!load_movable(&r->machine.phys, handle->pfn + n, c.st))
				return false;
	}
	return true;
}
