/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/launch.h"

#include "base/text.h"
#include "session/recover.h"
#include "shell/scriptfile.h"
#include "shell/shell.h"

#include <stdlib.h>
#include <string.h>

bool launch_header(const char *script, struct journal_header *header, struct status *st)
{
	struct strbuf text = STRBUF_INIT;
	char *rest, *line;
	bool ok = scriptfile_read(script, &text, st);

	rest = ok ? text.text : NULL;
	while (rest && (line = strsep(&rest, "\n")) && journal_is_remark(line))
		journal_header_line(header, line);
	strbuf_free(&text);
	return ok;
}

bool launch_session(struct session *s, const struct options *o, const struct journal_header *header, struct status *st)
{
	struct machine_desc desc;

	if (o->machine ? !desc_load(&desc, o->machine, st) : !journal_header_desc(header, NULL, &desc, st))
		return false;
	for (size_t i = 0; i < o->setting_count; i++)
		if (!desc_set(&desc, o->settings[i], st))
			return false;
	if (!session_open(s, &desc, o->has_seed ? o->seed : header->seed, st))
		return false;
	s->keep_going = o->keep_going;
	return true;
}

/* The commands of the journal are run by a shell that nobody sees. */
static bool recover_now(struct session *s, struct strbuf *notice, struct status *st)
{
	struct shell *sh = shell_new(s, NULL);
	bool ok;

	if (!sh)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	ok = recover_session(s, NULL, notice, st);
	shell_free(sh);
	return ok;
}

static void tell_of_lost(struct strbuf *notice)
{
	struct recover_lost lost;

	recover_find(&lost);
	if (lost.path)
		strbuf_printf(notice,
			      text_of_n("A session of %zu command was not closed: type recover to restore it.\n",
					"A session of %zu commands was not closed: type recover to restore it.\n",
					lost.commands),
			      lost.commands);
	free(lost.path);
}

bool launch_interactive(struct session *s, const struct options *o, struct strbuf *notice, struct status *st)
{
	struct status journal = STATUS_INIT;

	/* The journal first, so that what is recovered stands in it. */
	if (!o->no_journal && !session_keep_journal(s, &journal))
		strbuf_printf(notice, _("This session is not journalled: %s.\n"), journal.message);
	if (o->recover)
		return recover_now(s, notice, st);
	tell_of_lost(notice);
	return true;
}
