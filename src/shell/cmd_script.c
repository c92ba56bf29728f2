/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_script.h"

#include "shell/script.h"

bool cmd_script_say(struct call *call, struct status *st)
{
	struct context *cx = call->context;
	const char *text = value_text(&call->arg[0]);

	(void)st;
	if (cx->again)
		return true;
	if (cx->host.say)
		cx->host.say(cx->host.context, text);
	else
		strbuf_printf(cx->out, "%s\n", text);
	return true;
}

bool cmd_script_pause(struct call *call, struct status *st)
{
	(void)st;
	call->context->outcome = SHELL_PAUSE;
	return true;
}

bool cmd_script_include(struct call *call, struct status *st)
{
	return script_push_file(call->context->scripts, value_text(&call->arg[0]), st);
}

bool cmd_script_source(struct call *call, struct status *st)
{
	struct context *cx = call->context;

	return script_push_file(cx->scripts, value_text(&call->arg[0]), st) &&
	       script_boot(cx->scripts, cx->session, cx->out, st);
}
