/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_session.h"

#include "base/text.h"
#include "base/units.h"
#include "shell/help.h"
#include "shell/kernel_log.h"
#include "shell/settings.h"

#include <inttypes.h>
#include <string.h>

bool cmd_session_cpu(struct call *call, struct status *st)
{
	struct machine *m = &call->context->session->machine;
	s64 cpu = call->arg[0].number;

	if (cpu != 0 && m->config.cpus == 1)
		return status_fail(st, STATUS_SYNTAX, _("the machine has one CPU, number 0"));
	if (cpu < 0 || cpu >= m->config.cpus)
		return status_fail(st, STATUS_SYNTAX, _("the machine has CPUs 0 to %u"), m->config.cpus - 1);
	m->phys.state->cpu = (u32)cpu;
	return true;
}

/* ---------------------------------------------------------- time travel */

/* A command's first line, and a sign if there are more. */
static void put_command(const struct session *s, size_t n, struct strbuf *out)
{
	const char *text = session_command(s, n)->text;
	size_t line = strcspn(text, "\n");

	strbuf_add(out, text, line);
	strbuf_puts(out, text[line] ? " ..." : "");
}

bool cmd_session_history(struct call *call, struct status *st)
{
	const struct session *s = call->context->session;
	size_t first = 1;

	if (call->arg[0].type == VALUE_INT) {
		s64 count = call->arg[0].number;

		if (count < 0)
			return status_fail(st, STATUS_INVALID, _("how many commands? Not fewer than 0"));
		if ((u64)count < s->count)
			first = s->count - (size_t)count + 1;
	}
	if (!s->count)
		strbuf_puts(call->context->out, _("nothing was done yet\n"));
	for (size_t n = first; n <= s->count; n++) {
		strbuf_printf(call->context->out, "%5zu  ", n);
		put_command(s, n, call->context->out);
		strbuf_puts(call->context->out, n > session_number(s) ? _("   (undone)\n") : "\n");
	}
	return true;
}

/* Says where one is after going somewhere. */
static void tell_place(struct call *call)
{
	const struct session *s = call->context->session;
	size_t n = session_number(s);

	if (n) {
		strbuf_printf(call->context->out, _("after command %zu: "), n);
		put_command(s, n, call->context->out);
	} else {
		strbuf_puts(call->context->out, _("at the beginning"));
	}
	if (n < s->count)
		strbuf_printf(call->context->out, _(" (%zu can be redone)"), s->count - n);
	strbuf_putc(call->context->out, '\n');
}

static bool need_count(const struct call *call, struct status *st)
{
	return call->arg[0].number >= 0 || status_fail(st, STATUS_INVALID, _("a number cannot be negative here"));
}

bool cmd_session_undo(struct call *call, struct status *st)
{
	if (!need_count(call, st) || !session_undo(call->context->session, (size_t)call->arg[0].number, st))
		return false;
	tell_place(call);
	return true;
}

bool cmd_session_redo(struct call *call, struct status *st)
{
	if (!need_count(call, st) || !session_redo(call->context->session, (size_t)call->arg[0].number, st))
		return false;
	tell_place(call);
	return true;
}

bool cmd_session_goto(struct call *call, struct status *st)
{
	if (!need_count(call, st) || !session_goto(call->context->session, (size_t)call->arg[0].number, st))
		return false;
	tell_place(call);
	return true;
}

/* -------------------------------------------------------------- machine */

/* The first word may name a machine; words with a '=' change the description. */
static bool read_description(const struct call *call, struct machine_desc *desc, struct status *st)
{
	size_t first = 0;

	*desc = call->context->session->desc;
	if (call->count && !strchr(value_text(&call->list[0]), '=')) {
		first = 1;
		if (!desc_load(desc, value_text(&call->list[0]), st))
			return false;
	}
	/* Who asks for another machine does not want the state of a server, either. */
	if (call->count)
		desc->state.zones = 0;
	for (size_t i = first; i < call->count; i++)
		if (!desc_set(desc, value_text(&call->list[i]), st))
			return false;
	return true;
}

bool cmd_session_reset(struct call *call, struct status *st)
{
	struct machine_desc desc;
	char size[UNITS_MAX];

	if (!read_description(call, &desc, st) || !session_reset(call->context->session, &desc, st))
		return false;
	strbuf_printf(call->context->out,
		      desc.early ? _("%s, %s of memory: at the beginning of boot\n") : _("%s, %s of memory: booted\n"),
		      desc.name, units_format(call->context->session->machine.desc.mem, size));
	kernel_log_highmem(call->context);
	return true;
}

bool cmd_session_set(struct call *call, struct status *st)
{
	struct context *cx = call->context;
	const char *name = call->count ? value_text(&call->list[0]) : NULL;
	size_t value = 1;

	/* `set theme = dark` is understood, too. */
	if (call->count > 2 && strcmp(value_text(&call->list[1]), "=") == 0)
		value = 2;
	if (call->count <= 1)
		return settings_list(cx->session, name, cx->out, st);
	if (call->count > value + 1)
		return status_fail(st, STATUS_SYNTAX, _("one value is enough: set %s %s"), name,
				   value_text(&call->list[value]));
	return settings_change(cx, name, value_text(&call->list[value]), st);
}

bool cmd_session_help(struct call *call, struct status *st)
{
	struct strbuf topic = STRBUF_INIT;
	bool ok;

	for (size_t n = 0; n < call->count; n++)
		strbuf_printf(&topic, "%s%s", n ? " " : "", value_text(&call->list[n]));
	ok = help_show(&call->context->session->machine, strbuf_str(&topic), call->context->out, st);
	strbuf_free(&topic);
	return ok;
}

bool cmd_session_quit(struct call *call, struct status *st)
{
	(void)st;
	call->context->outcome = SHELL_QUIT;
	return true;
}
