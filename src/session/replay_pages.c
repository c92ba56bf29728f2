/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_pages.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"

#include <stdio.h>
#include <string.h>

/* Room for "addr=... pfn=...". */
#define ADDRESS_MAX 64

enum replay_outcome replay_pages_alloc(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;
	enum replay_outcome outcome;
	struct replay_handle handle = { 0 };
	u64 h, order;
	gfp_t gfp;

	if (!replay_op_number(op, "h", &h) || !replay_op_number(op, "order", &order) || !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	handle.pfn = page_alloc(op->p, gfp, (unsigned)order);
	handle.order = (u8)order;
	if (handle.pfn != PFN_NONE && !replay_handle_set(op->r, h, handle, &op->args))
		return REPLAY_BAD;
	replay_op_print_page(op, handle.pfn, &got);
	outcome = replay_op_compare(op, strbuf_str(&got), NULL);
	strbuf_free(&got);
	return outcome;
}

/* Reads pfn= and order=, and lets go of the handle. */
static enum replay_outcome read_held(struct replay_op *op, pfn_t *pfn, unsigned *order)
{
	u64 frame, number;

	if (!recording_key(&op->args, "pfn", PHYS_PFN_LIMIT, &frame) || !replay_op_number(op, "order", &number))
		return REPLAY_BAD;
	*pfn = (pfn_t)frame;
	*order = (unsigned)number;
	return replay_op_take_handle(op, *pfn, *order, 0);
}

enum replay_outcome replay_pages_free(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	unsigned order;
	pfn_t pfn;

	outcome = read_held(op, &pfn, &order);
	if (outcome == REPLAY_SAME && !page_free(op->p, pfn, order, &why))
		return replay_op_refused(op, &why);
	return outcome;
}

enum replay_outcome replay_pages_free_cold_page(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	unsigned order;
	pfn_t pfn;

	outcome = read_held(op, &pfn, &order);
	if (outcome == REPLAY_SAME && !page_free_cold(op->p, pfn, &why))
		return replay_op_refused(op, &why);
	return outcome;
}

/* The pages of the block get handles of their own. */
enum replay_outcome replay_pages_split_page(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	unsigned order;
	pfn_t pfn;
	u64 into;

	outcome = read_held(op, &pfn, &order);
	if (outcome != REPLAY_SAME)
		return outcome;
	if (!replay_op_number(op, "into", &into))
		return REPLAY_BAD;
	if (!page_split(op->p, pfn, order, &why))
		return replay_op_refused(op, &why);
	for (u32 n = 0; n < UINT32_C(1) << order; n++)
		if (!replay_handle_set(op->r, into + n, (struct replay_handle){ .pfn = pfn + n }, &op->args))
			return REPLAY_BAD;
	return REPLAY_SAME;
}

/* Compares a result that tells a page by its address; `rest` as replay_op_compare() has it. */
static enum replay_outcome compare_address(struct replay_op *op, pfn_t pfn, struct recording_cursor *rest)
{
	char got[ADDRESS_MAX];

	if (pfn == PFN_NONE)
		return replay_op_compare(op, "NULL", NULL);
	snprintf(got, sizeof(got), "addr=%llx pfn=%u", (unsigned long long)page_address(op->p, pfn), (unsigned)pfn);
	return replay_op_compare(op, got, rest);
}

static enum replay_outcome get_pages(struct replay_op *op, gfp_t gfp, unsigned order)
{
	struct replay_handle handle = { .order = (u8)order };
	enum replay_outcome outcome;
	struct recording_cursor rest;
	u64 h, nonzero;

	if (!replay_op_number(op, "h", &h))
		return REPLAY_BAD;
	handle.pfn = page_alloc(op->p, gfp, order);
	if (handle.pfn != PFN_NONE && !replay_handle_set(op->r, h, handle, &op->args))
		return REPLAY_BAD;
	outcome = compare_address(op, handle.pfn, &rest);
	if (outcome != REPLAY_SAME || handle.pfn == PFN_NONE)
		return outcome;
	if (!recording_key(&rest, "nonzero_bytes", UINT32_MAX, &nonzero))
		return REPLAY_BAD;
	/* What else lies in a page is not modelled, but one that is zeroed has no other bytes. */
	return (gfp & op->p->gfp->zero) && nonzero ? replay_op_differs(op, &rest, "nonzero_bytes=0") : REPLAY_SAME;
}

enum replay_outcome replay_pages_get_free_pages(struct replay_op *op)
{
	u64 order;
	gfp_t gfp;

	if (!replay_op_number(op, "order", &order) || !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	/* An address is wanted; later kernels take the flag away that could give a page without one. */
	if (op->p->config->gfp != GFP_2_6)
		gfp &= ~op->p->gfp->highmem;
	return get_pages(op, gfp, (unsigned)order);
}

enum replay_outcome replay_pages_get_zeroed_page(struct replay_op *op)
{
	struct recording_cursor c;
	gfp_t gfp;

	if (!replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	if (op->p->config->gfp != GFP_2_6)
		gfp &= ~op->p->gfp->highmem;
	if (!(gfp & op->p->gfp->highmem))
		return get_pages(op, gfp | op->p->gfp->zero, 0);
	if (!replay_op_need_result(op, &c))
		return REPLAY_BAD;
	/* 2.6 stops with BUG() when the page might have no address. */
	return strncmp(c.at, "BUG at ", 7) == 0 ? REPLAY_SAME : replay_op_differs(op, &c, "BUG");
}

/* addr=, the address of a page in the direct map; PFN_NONE if it is none. */
static bool read_address(struct replay_op *op, pfn_t *pfn)
{
	u64 address;

	if (!recording_key_hex(&op->args, "addr", &address))
		return false;
	*pfn = page_of_address(op->p, address);
	if (page_address(op->p, *pfn) != address)
		*pfn = PFN_NONE;
	return true;
}

enum replay_outcome replay_pages_free_pages(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	u64 order;
	pfn_t pfn;

	if (!read_address(op, &pfn) || !replay_op_number(op, "order", &order))
		return REPLAY_BAD;
	outcome = replay_op_take_handle(op, pfn, (unsigned)order, 0);
	if (outcome == REPLAY_SAME && !page_free(op->p, pfn, (unsigned)order, &why))
		return replay_op_refused(op, &why);
	return outcome;
}

/* size=, at least a byte. */
static bool read_size(struct replay_op *op, u32 *size)
{
	u64 bytes;

	if (!replay_op_number(op, "size", &bytes))
		return false;
	*size = (u32)bytes;
	return bytes || recording_expected(&op->args, _("a size= above 0"));
}

enum replay_outcome replay_pages_alloc_pages_exact(struct replay_op *op)
{
	struct replay_handle handle = { 0 };
	gfp_t gfp;
	u64 h;

	if (!replay_op_number(op, "h", &h) || !read_size(op, &handle.bytes) || !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	handle.pfn = page_alloc_exact(op->p, gfp, handle.bytes);
	if (handle.pfn != PFN_NONE && !replay_handle_set(op->r, h, handle, &op->args))
		return REPLAY_BAD;
	return compare_address(op, handle.pfn, NULL);
}

enum replay_outcome replay_pages_free_pages_exact(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	pfn_t pfn;
	u32 size;

	if (!read_address(op, &pfn) || !read_size(op, &size))
		return REPLAY_BAD;
	outcome = replay_op_take_handle(op, pfn, 0, size);
	if (outcome == REPLAY_SAME && !page_free_exact(op->p, pfn, size, &why))
		return replay_op_refused(op, &why);
	return outcome;
}
