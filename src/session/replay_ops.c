/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_ops.h"

#include "base/text.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "session/replay_many.h"
#include "session/replay_pages.h"

#include <string.h>

static enum replay_outcome drain_local_pages(struct replay_op *op)
{
	page_drain_local(op->p);
	return REPLAY_SAME;
}

static enum replay_outcome go_to_cpu(struct replay_op *op)
{
	struct strbuf now = STRBUF_INIT;
	enum replay_outcome outcome;
	u64 cpu;

	if (!recording_number(&op->args, op->p->config->cpus - 1, &cpu, _("a CPU that the header has")))
		return REPLAY_BAD;
	op->p->state->cpu = (u32)cpu;
	strbuf_printf(&now, "now on %u", (unsigned)cpu);
	outcome = replay_op_compare(op, strbuf_str(&now), NULL);
	strbuf_free(&now);
	return outcome;
}

/* Every operation that is modelled, by its name in recordings. */
static const struct {
	const char *name;
	replay_op_function *run;
} operations[] = {
	{ "alloc", replay_pages_alloc },
	{ "free", replay_pages_free },
	{ "free_cold_page", replay_pages_free_cold_page },
	{ "split_page", replay_pages_split_page },
	{ "__get_free_pages", replay_pages_get_free_pages },
	{ "get_zeroed_page", replay_pages_get_zeroed_page },
	{ "free_pages", replay_pages_free_pages },
	{ "alloc_pages_exact", replay_pages_alloc_pages_exact },
	{ "free_pages_exact", replay_pages_free_pages_exact },
	{ "exhaust", replay_many_exhaust },
	{ "freeall", replay_many_freeall },
	{ "bulk", replay_many_bulk },
	{ "freelist", replay_many_freelist },
	{ "drain_local_pages", drain_local_pages },
	{ "cpu", go_to_cpu },
};

static enum replay_outcome run(struct replay_op *op, replay_op_function *function)
{
	enum replay_outcome outcome;
	struct recording_cursor c;

	eventlog_clear(&op->r->log);
	op->p->state->memalloc = recording_find(&op->args, "task", &c) && strcmp(c.at, "PF_MEMALLOC") == 0;
	outcome = function(op);
	op->p->state->memalloc = 0;
	if (outcome == REPLAY_SAME && replay_op_result(op, &c))
		return replay_op_differs(op, &c, "%s", _("no such result"));
	return outcome;
}

enum replay_outcome replay_ops_run(struct replay *r, const struct recording_block *block, struct status *st)
{
	struct replay_op op = { .r = r, .p = &r->machine.phys, .block = block, .st = st };
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

bool replay_ops_comment(struct replay *r, struct recording_cursor c)
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
