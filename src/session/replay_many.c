/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_many.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"

#include <stdlib.h>
#include <string.h>

/* The n-th of many blocks differs; PFN_NONE: there is none. */
static enum replay_outcome block_differs(struct replay_op *op, const struct recording_cursor *c, u64 n, pfn_t expected,
					 pfn_t got)
{
	strbuf_printf(&op->r->difference.expected, _("block %llu of them: "), (unsigned long long)n + 1);
	replay_op_print_page(op, expected, &op->r->difference.expected);
	replay_op_print_page(op, got, &op->r->difference.got);
	return replay_differs(op->r, c->line);
}

/* The blocks that a result line lists, taken one by one. */
struct listed {
	struct recording_cursor line;
	struct recording_run run;
};

/* Compares the n-th block that the model has (PFN_NONE: no more) with the next one of the list. */
static enum replay_outcome compare_block(struct replay_op *op, struct listed *list, u64 n, pfn_t got)
{
	pfn_t expected = PFN_NONE;

	if (!recording_run_next(&list->run, &expected) && list->run.failed)
		return REPLAY_BAD;
	return got == expected ? REPLAY_SAME : block_differs(op, &list->line, n, expected, got);
}

/*
 * alloc_pages() again and again, until NULL or `max` times; *n blocks it was.
 * Each is compared as it comes, so that the events are those of the one that
 * differs.
 */
static enum replay_outcome exhaust(struct replay_op *op, gfp_t gfp, unsigned order, u64 h, u64 max, struct listed *list,
				   u64 *n)
{
	enum replay_outcome outcome = REPLAY_SAME;

	for (*n = 0; *n < max; ++*n) {
		struct replay_handle handle = { .order = (u8)order };

		eventlog_clear(&op->r->log);
		handle.pfn = page_alloc(op->p, gfp, order);
		outcome = compare_block(op, list, *n, handle.pfn);
		if (outcome != REPLAY_SAME || handle.pfn == PFN_NONE)
			return outcome;
		if (!replay_handle_set(op->r, h + *n, handle, &op->args))
			return REPLAY_BAD;
	}
	return compare_block(op, list, *n, PFN_NONE);
}

enum replay_outcome replay_many_exhaust(struct replay_op *op)
{
	struct strbuf end = STRBUF_INIT;
	enum replay_outcome outcome;
	struct listed list;
	u64 h, max, order, n;
	gfp_t gfp;

	if (!replay_op_number(op, "h", &h) || !replay_op_number(op, "max", &max) ||
	    !recording_key(&op->args, "order", PHYS_ORDERS - 1, &order) || !replay_op_gfp(op, &gfp) ||
	    !replay_op_need_result(op, &list.line) || !recording_literal(&list.line, "pfns:"))
		return REPLAY_BAD;
	list.run = recording_run(&list.line, (unsigned)order);
	outcome = exhaust(op, gfp, (unsigned)order, h, max, &list, &n);
	if (outcome != REPLAY_SAME)
		return outcome;
	strbuf_printf(&end, "n=%llu %s", (unsigned long long)n, n == max ? "limit" : "then NULL");
	outcome = replay_op_compare(op, strbuf_str(&end), NULL);
	strbuf_free(&end);
	return outcome;
}

static enum replay_outcome compare_count(struct replay_op *op, u64 n, struct recording_cursor *rest)
{
	struct strbuf text = STRBUF_INIT;
	enum replay_outcome outcome;

	strbuf_printf(&text, "n=%llu", (unsigned long long)n);
	outcome = replay_op_compare(op, strbuf_str(&text), rest);
	strbuf_free(&text);
	return outcome;
}

/* __free_pages() of the handles h .. h+n-1 that hold pages. */
enum replay_outcome replay_many_freeall(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	u64 h, n, freed = 0;

	if (!replay_op_number(op, "h", &h) || !replay_op_number(op, "n", &n))
		return REPLAY_BAD;
	for (u64 i = h; i < h + n && i < op->r->handles; i++) {
		struct replay_handle *handle = replay_handle(op->r, i);

		if (!handle || handle->pfn == PFN_NONE)
			continue;
		eventlog_clear(&op->r->log);
		if (!page_free(op->p, handle->pfn, handle->order, &why))
			return replay_op_refused(op, &why);
		handle->held = false;
		freed++;
	}
	return compare_count(op, freed, NULL);
}

/* Room for `n` page frames, for the caller to free; NULL with a message. */
static pfn_t *page_array(struct replay_op *op, u64 n)
{
	pfn_t *pages = calloc(n + 1, sizeof(*pages));

	if (!pages)
		status_fail(op->st, STATUS_NO_MEMORY, _("%s: there is no memory for its pages"), op->r->path);
	return pages;
}

static enum replay_outcome compare_bulk(struct replay_op *op, const pfn_t *pages, u32 count, u64 h)
{
	enum replay_outcome outcome;
	struct listed list;

	outcome = compare_count(op, count, &list.line);
	if (outcome != REPLAY_SAME)
		return outcome;
	if (!recording_literal(&list.line, " pfns:"))
		return REPLAY_BAD;
	list.run = recording_run(&list.line, 0);
	for (u32 n = 0; n < count && outcome == REPLAY_SAME; n++) {
		if (!replay_handle_set(op->r, h + n, (struct replay_handle){ .pfn = pages[n] }, &op->args))
			return REPLAY_BAD;
		outcome = compare_block(op, &list, n, pages[n]);
	}
	return outcome == REPLAY_SAME ? compare_block(op, &list, count, PFN_NONE) : outcome;
}

/* alloc_pages_bulk_array() */
enum replay_outcome replay_many_bulk(struct replay_op *op)
{
	enum replay_outcome outcome;
	pfn_t *pages;
	u64 h, n;
	u32 count;
	gfp_t gfp;

	if (!replay_op_number(op, "h", &h) || !recording_key(&op->args, "n", op->p->config->max_pfn, &n) ||
	    !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	pages = page_array(op, n);
	if (!pages)
		return REPLAY_BAD;
	count = page_alloc_bulk(op->p, gfp, (u32)n, pages);
	outcome = compare_bulk(op, pages, count, h);
	free(pages);
	return outcome;
}

/* free_unref_page_list() of the handles h .. h+n-1 that hold something. */
enum replay_outcome replay_many_freelist(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	u32 count = 0;
	pfn_t *pages;
	u64 h, n;

	if (!replay_op_number(op, "h", &h) || !recording_key(&op->args, "n", op->p->config->max_pfn, &n))
		return REPLAY_BAD;
	pages = page_array(op, n);
	if (!pages)
		return REPLAY_BAD;
	for (u64 i = h; i < h + n; i++) {
		struct replay_handle *handle = replay_handle(op->r, i);

		if (!handle)
			continue;
		pages[count++] = handle->pfn;
		handle->held = false;
	}
	if (page_free_list(op->p, pages, count, &why))
		outcome = compare_count(op, count, NULL);
	else
		outcome = replay_op_refused(op, &why);
	free(pages);
	return outcome;
}
