/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_op.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"

#include <string.h>

bool replay_op_result(struct replay_op *op, struct recording_cursor *c)
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

bool replay_op_need_result(struct replay_op *op, struct recording_cursor *c)
{
	if (replay_op_result(op, c))
		return true;
	return status_fail(op->st, STATUS_FORMAT, _("%s:%llu: the result of this operation (r) is missing"),
			   op->r->path, (unsigned long long)op->args.line);
}

enum replay_outcome replay_op_differs(struct replay_op *op, const struct recording_cursor *c, const char *format, ...)
{
	va_list ap;

	strbuf_puts(&op->r->difference.expected, c->at);
	va_start(ap, format);
	strbuf_vprintf(&op->r->difference.got, format, ap);
	va_end(ap);
	return replay_differs(op->r, c->line);
}

void replay_op_print_page(const struct replay_op *op, pfn_t pfn, struct strbuf *out)
{
	const struct phys *p = op->p;
	int zone = phys_zone_of(p, pfn);

	if (pfn == PFN_NONE) {
		strbuf_puts(out, "NULL");
		return;
	}
	strbuf_printf(out, "pfn=%u", (unsigned)pfn);
	if (zone < 0)
		return;
	strbuf_printf(out, " zone=%s", p->config->zone[zone].name);
	if (p->config->types > 1)
		strbuf_printf(out, " blk=%c", migratetype_letter(pageblock_type(p, (unsigned)zone, pfn)));
	if (page_address(p, pfn))
		strbuf_printf(out, " va=%llx", (unsigned long long)page_address(p, pfn));
}

enum replay_outcome replay_op_compare(struct replay_op *op, const char *got, struct recording_cursor *rest)
{
	struct recording_cursor c;
	size_t length = strlen(got);

	if (!replay_op_need_result(op, &c))
		return REPLAY_BAD;
	if (strncmp(c.at, got, length) != 0 || (c.at[length] != '\0' && (!rest || c.at[length] != ' ')))
		return replay_op_differs(op, &c, "%s", got);
	c.at += length;
	if (rest)
		*rest = c;
	return REPLAY_SAME;
}

bool replay_op_gfp(const struct replay_op *op, gfp_t *gfp)
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

bool replay_op_number(const struct replay_op *op, const char *key, u64 *value)
{
	return recording_key(&op->args, key, UINT32_MAX, value);
}

enum replay_outcome replay_op_refused(struct replay_op *op, const struct status *why)
{
	strbuf_puts(&op->r->difference.expected, _("the operation is done"));
	strbuf_printf(&op->r->difference.got, _("it is refused: %s"), why->message);
	return replay_differs(op->r, op->args.line);
}

static void print_handle(struct strbuf *out, u64 h, pfn_t pfn, unsigned order, u32 bytes)
{
	strbuf_printf(out, "h=%llu pfn=%u ", (unsigned long long)h, (unsigned)pfn);
	if (bytes)
		strbuf_printf(out, "size=%u", (unsigned)bytes);
	else
		strbuf_printf(out, "order=%u", order);
}

enum replay_outcome replay_op_take_handle(struct replay_op *op, pfn_t pfn, unsigned order, u32 bytes)
{
	struct replay_handle *handle;
	u64 h;

	if (!replay_op_number(op, "h", &h))
		return REPLAY_BAD;
	handle = replay_handle(op->r, h);
	if (handle && handle->pfn == pfn && handle->order == order && handle->bytes == bytes) {
		handle->held = false;
		return REPLAY_SAME;
	}
	print_handle(&op->r->difference.expected, h, pfn, order, bytes);
	if (handle)
		print_handle(&op->r->difference.got, h, handle->pfn, handle->order, handle->bytes);
	else
		strbuf_printf(&op->r->difference.got, _("h=%llu holds nothing"), (unsigned long long)h);
	return replay_differs(op->r, op->args.line);
}
