/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/context.h"

#include "base/text.h"

/* The host is asked once in so many times: it may look at a clock or a terminal. */
#define TICKS_BETWEEN_QUESTIONS 256

bool context_goes_on(struct context *cx, size_t offset)
{
	struct status st = STATUS_INIT;

	if (++cx->ticks % TICKS_BETWEEN_QUESTIONS)
		return true;
	if (cx->host.goes_on && !cx->host.goes_on(cx->host.context))
		return diag_fail(cx->diag, offset, STATUS_INVALID, _("stopped; nothing is changed"));
	if (cx->out->length > CONTEXT_OUTPUT_MAX)
		return diag_fail(cx->diag, offset, STATUS_NO_MEMORY, _("this prints too much; it is stopped"));
	if (!session_has_room(cx->session, &st))
		return diag_status(cx->diag, offset, &st);
	return true;
}
