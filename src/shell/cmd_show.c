/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_show.h"

#include "base/text.h"
#include "event/fold.h"
#include "phys/frame.h"
#include "shell/blocks.h"
#include "shell/describe.h"
#include "shell/operators.h"

#include <inttypes.h>

bool cmd_show_show(struct call *call, struct status *st)
{
	(void)st;
	for (size_t i = 0; i < call->count; i++) {
		describe_value(call->context->session, &call->list[i], call->context->out);
		strbuf_putc(call->context->out, '\n');
	}
	return true;
}

bool cmd_show_print(struct call *call, struct status *st)
{
	struct strbuf *out = call->context->out;

	(void)st;
	for (size_t i = 0; i < call->count; i++) {
		strbuf_puts(out, i ? " " : "");
		describe_plain(&call->list[i], out);
	}
	strbuf_putc(out, '\n');
	return true;
}

bool cmd_show_vars(struct call *call, struct status *st)
{
	const struct vars *vars = &call->context->session->vars;
	struct strbuf *out = call->context->out;
	const char *name;

	(void)st;
	if (!vars_count(vars))
		strbuf_puts(out, _("there are no variables yet; \"p = alloc_page\" makes one\n"));
	for (size_t i = 0; (name = vars_name(vars, i)); i++) {
		if (vars_get(vars, name)) {
			strbuf_printf(out, "%s = ", name);
			value_format(vars_get(vars, name), out);
		} else {
			strbuf_printf(out, _("%s: %s, without a value"), name, vars_type(vars, name));
		}
		strbuf_putc(out, '\n');
	}
	return true;
}

bool cmd_show_len(struct call *call, struct status *st)
{
	const struct value *v = &call->arg[0];

	if (v->type == VALUE_STRING)
		call->result = value_int((s64)value_length(v));
	else if (v->type == VALUE_VECTOR)
		call->result = value_int((s64)value_count(v));
	else
		return status_fail(st, STATUS_INVALID, _("%s has no length"), operators_type(v));
	return true;
}

bool cmd_show_blocks(struct call *call, struct status *st)
{
	const struct session *s = call->context->session;
	s64 last = (s64)s->machine.config.max_pfn - 1;
	s64 from = call->arg[0].type == VALUE_NONE ? 0 : call->arg[0].number;
	s64 to = call->arg[1].type == VALUE_NONE ? last : call->arg[1].number;
	struct strbuf row = STRBUF_INIT;
	bool ok;

	if (from < 0 || to > last || from > to)
		return status_fail(st, STATUS_INVALID, _("page frames must be 0 to 0x%" PRIx64 ", the lower one first"),
				   (u64)last);
	ok = blocks_row(s, (pfn_t)from, (pfn_t)to, &row, st);
	if (ok && call->shown) {
		strbuf_printf(call->context->out, "%s\n", strbuf_str(&row));
		blocks_legend(strbuf_str(&row), call->context->out);
		strbuf_free(&row);
		return true;
	}
	if (ok)
		call->result = value_string(strbuf_str(&row), row.length);
	strbuf_free(&row);
	if (ok && call->result.type == VALUE_NONE)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return ok;
}

/* ------------------------------------------------------------------ why */

/* The command that is meant: the last one, by number, or the one that got a page. */
static bool which_command(const struct session *s, const struct value *what, size_t *number, struct status *st)
{
	pfn_t pfn;
	u32 owner;

	*number = session_number(s);
	if (what->type == VALUE_NONE)
		return *number || status_fail(st, STATUS_INVALID, _("nothing was done yet"));
	if (what->type == VALUE_INT) {
		*number = (size_t)what->number;
		if (what->number >= 1 && (size_t)what->number <= session_number(s))
			return true;
		return status_fail(st, STATUS_INVALID, _("there is no command %" PRId64 "; \"history\" lists them"),
				   what->number);
	}
	pfn = describe_page(s, what);
	if (pfn == PFN_NONE)
		return status_fail(st, STATUS_INVALID,
				   _("why takes the number of a command, a page or an address, not %s"),
				   operators_type(what));
	owner = frame_describe(&s->machine.phys, pfn).owner;
	*number = owner;
	return (owner && owner <= session_number(s)) ||
	       status_fail(st, STATUS_INVALID, _("no command holds page frame 0x%" PRIx32), pfn);
}

bool cmd_show_why(struct call *call, struct status *st)
{
	const struct session *s = call->context->session;
	struct event_names names = machine_names(&s->machine);
	struct strbuf *out = call->context->out;
	const struct shell_host *host = &call->context->host;
	struct fold_list lines = { 0 };
	const struct command *c;
	bool fold = call->arg[1].number != 0;
	size_t number;

	if (!which_command(s, &call->arg[0], &number, st))
		return false;
	if (host->explain && fold && host->explain(host->context, number))
		return true;
	c = session_command(s, number);
	strbuf_printf(out, "%zu: %s\n", number, c->text);
	if (!(fold ? fold_events(&lines, c->events.events, c->events.count) : fold_none(&lines, c->events.count)))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	for (size_t i = 0; i < lines.count; i++) {
		strbuf_printf(out, "%4" PRIu64 " ", eventlog_number(&c->events, lines.folds[i].first));
		fold_sentence(&lines.folds[i], c->events.events, &names, out);
		strbuf_putc(out, '\n');
	}
	fold_free(&lines);
	if (!c->events.gap && eventlog_lost(&c->events))
		strbuf_printf(out,
			      text_of_n("     and %" PRIu64 " more step that is not kept\n",
					"     and %" PRIu64 " more steps that are not kept\n",
					eventlog_lost(&c->events)),
			      eventlog_lost(&c->events));
	else if (!c->events.total)
		strbuf_puts(out, _("     it did nothing to the memory\n"));
	return true;
}
