/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_files.h"

#include "base/text.h"
#include "base/units.h"
#include "procfs/procfs.h"
#include "session/load_state.h"
#include "session/recover.h"
#include "shell/describe.h"

#include <string.h>

#define LOAD_FILES 8

#define SYSRQ "/proc/sysrq-trigger"

bool cmd_files_cat(struct call *call, struct status *st)
{
	const struct machine *m = &call->context->session->machine;
	size_t before = call->context->out->length;

	for (size_t i = 0; i < call->count; i++) {
		if (!procfs_read(m, value_text(&call->list[i]), call->context->out, st)) {
			strbuf_cut(call->context->out, before);
			return false;
		}
	}
	return true;
}

static bool write_sysrq(struct call *call, const struct strbuf *text, struct status *st)
{
	if (strcmp(strbuf_str(text), "m") != 0)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("of the keys of sysrq only m is modelled: it prints the memory"));
	procfs_show_mem(&call->context->session->machine, call->context->out);
	return true;
}

bool cmd_files_echo(struct call *call, struct status *st)
{
	struct strbuf text = STRBUF_INIT;
	const char *path = NULL;
	size_t words = call->count;
	bool ok = true;

	if (words >= 2 && strcmp(value_text(&call->list[words - 2]), ">") == 0) {
		path = value_text(&call->list[words - 1]);
		words -= 2;
	} else if (words >= 1 && value_text(&call->list[words - 1])[0] == '>') {
		path = value_text(&call->list[words - 1]) + 1;
		words--;
	}
	for (size_t i = 0; i < words; i++) {
		strbuf_puts(&text, i ? " " : "");
		describe_plain(&call->list[i], &text);
	}
	if (!path)
		strbuf_printf(call->context->out, "%s\n", strbuf_str(&text));
	else if (strcmp(path, SYSRQ) == 0)
		ok = write_sysrq(call, &text, st);
	else
		ok = procfs_write(&call->context->session->machine, path, strbuf_str(&text), st);
	strbuf_free(&text);
	return ok;
}

bool cmd_files_load(struct call *call, struct status *st)
{
	struct session *s = call->context->session;
	const char *paths[LOAD_FILES];
	struct machine_desc desc;
	char size[UNITS_MAX];

	if (call->count > LOAD_FILES)
		return status_fail(st, STATUS_INVALID, _("at most %d files can be loaded together"), LOAD_FILES);
	for (size_t i = 0; i < call->count; i++)
		paths[i] = value_text(&call->list[i]);
	if (!load_state_desc(&desc, paths, call->count, st) || !session_reset(s, &desc, st))
		return false;
	strbuf_printf(call->context->out, _("%s, %s of memory: booted into the state of %s\n"), desc.name,
		      units_format(s->machine.desc.mem, size), paths[0]);
	return true;
}

bool cmd_files_save(struct call *call, struct status *st)
{
	const char *path = value_text(&call->arg[0]);

	if (!session_save(call->context->session, path, st))
		return false;
	strbuf_printf(call->context->out, _("saved to %s\n"), path);
	return true;
}

bool cmd_files_recover(struct call *call, struct status *st)
{
	const char *path = call->arg[0].type == VALUE_STRING ? value_text(&call->arg[0]) : NULL;

	return recover_session(call->context->session, path, call->context->out, st);
}
