/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_moves.h"

#include "base/text.h"
#include "phys/compact.h"

#include <stdlib.h>

/*
 * The handle that holds the single page `pfn`; replay.handles: none.  Pages
 * side by side were mostly handed out one after the other, so the search
 * begins where the last one ended.
 */
static size_t handle_of(const struct replay *r, pfn_t pfn)
{
	for (size_t n = 0; n < r->handles; n++) {
		size_t h = (r->moves.last_handle + r->handles - n) % r->handles;
		const struct replay_handle *handle = &r->handle[h];

		if (handle->held && handle->pfn == pfn && !handle->bytes && !handle->order)
			return h;
	}
	return r->handles;
}

static void moved(void *context, pfn_t from, pfn_t to)
{
	struct replay *r = context;
	struct replay_moves *moves = &r->moves;
	size_t h = handle_of(r, from);

	if (h < r->handles) {
		r->handle[h].pfn = to;
		moves->last_handle = h;
	}
	if (moves->count == moves->capacity) {
		size_t capacity = moves->capacity ? moves->capacity * 2 : 1024;
		void *table = realloc(moves->move, capacity * sizeof(*moves->move));

		if (!table) {
			moves->lost = true;
			return;
		}
		moves->move = table;
		moves->capacity = capacity;
	}
	moves->move[moves->count++] = (struct replay_move){ h, from, to };
}

void replay_moves_watch(struct replay *r)
{
	r->machine.phys.moved = moved;
	r->machine.phys.moved_context = r;
}

static void print_move(const struct replay *r, const struct replay_move *move, struct strbuf *out)
{
	if (move->handle < r->handles)
		strbuf_printf(out, "h=%llu ", (unsigned long long)move->handle);
	strbuf_printf(out, "%u>%u", (unsigned)move->from, (unsigned)move->to);
}

/* h=<handle> <pfn>><pfn> */
static bool read_move(struct recording_cursor *c, struct replay_move *move)
{
	u64 handle, from, to;

	c->at += *c->at == ' ';
	if (!recording_literal(c, "h=") || !recording_number(c, SIZE_MAX, &handle, _("a handle")) ||
	    !recording_number(c, PHYS_PFN_LIMIT, &from, _("the page frame that was left")) ||
	    !recording_literal(c, ">") ||
	    !recording_number(c, PHYS_PFN_LIMIT, &to, _("the page frame that the page moved to")))
		return false;
	*move = (struct replay_move){ (size_t)handle, (pfn_t)from, (pfn_t)to };
	return recording_done(c);
}

static enum replay_outcome move_differs(struct replay *r, u64 line, const struct replay_move *expected,
					const struct replay_move *got)
{
	if (expected)
		print_move(r, expected, &r->difference.expected);
	else
		strbuf_puts(&r->difference.expected, _("no further page moves"));
	if (got)
		print_move(r, got, &r->difference.got);
	else
		strbuf_puts(&r->difference.got, _("no further page moves"));
	return replay_differs(r, line);
}

enum replay_outcome replay_moves_compare(struct replay_op *op)
{
	struct replay_moves *moves = &op->r->moves;
	size_t seen = 0;

	if (moves->lost) {
		status_fail(op->st, STATUS_NO_MEMORY, _("%s: there is no memory for its moves"), op->r->path);
		return REPLAY_BAD;
	}
	for (size_t n = 1; n < op->block->count; n++) {
		struct recording_cursor c = recording_block_cursor(op->block, n, op->r->path, op->st);
		struct replay_move expected;
		const struct replay_move *got = seen < moves->count ? &moves->move[seen] : NULL;

		if (op->block->line[n].kind != LINE_MOVED)
			continue;
		if (!read_move(&c, &expected))
			return REPLAY_BAD;
		if (!got || got->handle != expected.handle || got->from != expected.from || got->to != expected.to)
			return move_differs(op->r, c.line, &expected, got);
		seen++;
	}
	if (seen < moves->count)
		return move_differs(op->r, op->args.line, NULL, &moves->move[seen]);
	return REPLAY_SAME;
}

enum replay_outcome replay_moves_compact_memory(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;

	compact_memory(op->p, &why);
	if (!status_ok(&why)) {
		*op->st = why;
		return REPLAY_BAD;
	}
	outcome = replay_moves_compare(op);
	if (outcome != REPLAY_SAME)
		return outcome;
	/* The recorder wrote "1\n". */
	strbuf_printf(&got, "wrote=2 migrations=%llu", (unsigned long long)op->r->moves.count);
	outcome = replay_op_compare(op, strbuf_str(&got), NULL);
	strbuf_free(&got);
	return outcome;
}
