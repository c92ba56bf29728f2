/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/blocks.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"

#include <string.h>

/* Longer vectors are not searched for who holds a block. */
#define VECTOR_SEARCHED 4096

static pfn_t page_of_value(const struct phys *p, const struct value *v)
{
	if (v->type == VALUE_PAGE)
		return (pfn_t)v->number;
	return v->type == VALUE_ADDR ? page_of_address(p, (u64)v->number) : PFN_NONE;
}

/* Is it the block, or a vector with the block in it? */
static bool holds(const struct phys *p, const struct value *v, pfn_t block)
{
	size_t count = value_count(v);

	if (v->type == VALUE_VECTOR && count > VECTOR_SEARCHED)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct value item = value_at(v, i);

		if (page_of_value(p, &item) == block)
			return true;
	}
	return false;
}

/* The variables as they were before command n; NULL: not known any more. */
static const struct vars *vars_before(const struct session *s, size_t n)
{
	if (n == s->done + 1)
		return s->recording ? &s->current.before : &s->vars;
	return n > s->past && n <= s->done ? &s->commands[n - 1].before : NULL;
}

/*
 * How surely a variable that has a block's number is its holder.  A variable
 * keeps its value when the block is freed, and can be copied: best is the one
 * that the command which got the block has set.
 */
static unsigned claim(const struct session *s, const char *name, const struct frame_info *info)
{
	const struct phys *p = &s->machine.phys;
	const struct vars *before = vars_before(s, info->owner);
	const struct vars *after = vars_before(s, (size_t)info->owner + 1);
	const struct value *was = before ? vars_get(before, name) : NULL;
	const struct value *then = after ? vars_get(after, name) : NULL;

	if (was && holds(p, was, info->block))
		return 1;
	return then && holds(p, then, info->block) ? 3 : 2;
}

/* The variable that holds a block; NULL: none. */
static const char *holder(const struct session *s, const struct frame_info *info)
{
	const char *name, *best = NULL;
	unsigned best_claim = 0;

	for (size_t i = 0; (name = vars_name(&s->vars, i)); i++) {
		unsigned this_claim;

		if (!vars_get(&s->vars, name) || !holds(&s->machine.phys, vars_get(&s->vars, name), info->block))
			continue;
		this_claim = claim(s, name, info);
		/* Of equals the one that was made later. */
		if (this_claim >= best_claim) {
			best = name;
			best_claim = this_claim;
		}
	}
	return best;
}

/* Sizes in KiB; a part of one as a fraction, which is exact: sizes are powers of two. */
static void put_block(const char *mark, u64 bytes, struct strbuf *out)
{
	strbuf_printf(out, "%s%s%.10g", out->length ? " " : "", mark, (double)bytes / 1024);
}

static void put_frame(const struct session *s, const struct frame_info *info, u64 bytes, struct strbuf *out)
{
	const char *name;

	switch (info->state) {
	case FRAME_NO_MEMORY:
		break;
	case FRAME_RESERVED:
		put_block("!", bytes, out);
		break;
	case FRAME_FREE:
		put_block("", bytes, out);
		break;
	case FRAME_PCP:
		put_block("~", bytes, out);
		break;
	case FRAME_USED:
		name = holder(s, info);
		put_block(name ? name : "?", bytes, out);
		break;
	}
}

/* How many frames from `pfn` on belong together: a block, or frames in a row that are in none. */
static pfn_t run_length(const struct phys *p, pfn_t pfn, pfn_t to, struct frame_info *info)
{
	pfn_t end = pfn + 1;

	*info = frame_describe(p, pfn);
	if (info->state != FRAME_NO_MEMORY && info->state != FRAME_RESERVED)
		return info->block + ((pfn_t)1 << info->order) - pfn;
	while (end <= to && frame_describe(p, end).state == info->state)
		end++;
	return end - pfn;
}

bool blocks_row(const struct session *s, pfn_t from, pfn_t to, struct strbuf *out, struct status *st)
{
	const struct phys *p = &s->machine.phys;
	unsigned count = 0;

	while (from <= to) {
		struct frame_info info;
		pfn_t length = run_length(p, from, to, &info);

		if (info.state != FRAME_NO_MEMORY && ++count > BLOCKS_MAX)
			return status_fail(
			    st, STATUS_INVALID,
			    _("that are more than %d blocks; give page frames from and to: blocks 0x1000 "
			      "0x1fff"),
			    BLOCKS_MAX);
		put_frame(s, &info, (u64)length << p->config->page_shift, out);
		from += length;
	}
	return true;
}

void blocks_legend(const char *row, struct strbuf *out)
{
	static const struct {
		const char *sign;
		const char *meaning; /* N_() */
	} signs[] = {
		{ "?", N_("? is used, by no variable") },
		{ "!", N_("! is reserved") },
		{ "~", N_("~ is on the list of a CPU") },
	};

	if (!strpbrk(row, "?!~"))
		return;
	strbuf_puts(out, _("(KiB: a number alone is free"));
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (strstr(row, signs[i].sign))
			strbuf_printf(out, ", %s", _(signs[i].meaning));
	strbuf_puts(out, ")\n");
}
