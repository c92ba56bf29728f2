/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_slabtop.h"

#include "base/text.h"
#include "procfs/slabinfo.h"
#include "procfs/slabtop.h"

#include <string.h>

/* The words behind the command, as the program's getopt_long() would take them. */
struct words {
	const struct call *call;
	size_t next;
};

static const char *next_word(struct words *w)
{
	return w->next < w->call->count ? value_text(&w->call->list[w->next++]) : NULL;
}

/* Sorting by what the word begins with, as the program does it; but a key that it does not know is told. */
static bool sort_by(const char *word, enum slabtop_sort *sort, struct status *st)
{
	struct strbuf keys = STRBUF_INIT;

	if (word && slabtop_find(*word, sort))
		return true;
	for (unsigned n = 0; n < SLABTOP_SORTS; n++)
		strbuf_printf(&keys, " %c", slabtop_key((enum slabtop_sort)n));
	if (word)
		status_fail(st, STATUS_SYNTAX, _("slabtop cannot sort by \"%s\"; its keys are%s"), word,
			    strbuf_str(&keys));
	else
		status_fail(st, STATUS_SYNTAX, _("slabtop -s lacks its key: one of%s"), strbuf_str(&keys));
	strbuf_free(&keys);
	return false;
}

/* What is behind the letters of "-os c": the rest of the word, or the next one. */
static bool read_letters(struct words *w, const char *letters, enum slabtop_sort *sort, struct status *st)
{
	for (; *letters; letters++) {
		if (*letters == 's')
			return sort_by(letters[1] ? letters + 1 : next_word(w), sort, st);
		if (*letters != 'o')
			return status_fail(st, STATUS_SYNTAX, _("slabtop has no option -%c here: -o and -s KEY"),
					   *letters);
	}
	return true;
}

static bool read_word(struct words *w, const char *word, enum slabtop_sort *sort, struct status *st)
{
	if (strcmp(word, "--once") == 0)
		return true;
	if (strcmp(word, "--sort") == 0)
		return sort_by(next_word(w), sort, st);
	if (strncmp(word, "--sort=", 7) == 0)
		return sort_by(word + 7, sort, st);
	if (word[0] == '-' && word[1] && word[1] != '-')
		return read_letters(w, word + 1, sort, st);
	return status_fail(st, STATUS_SYNTAX, _("slabtop does not know \"%s\" here: -o and -s KEY"), word);
}

bool cmd_slabtop_print(struct call *call, struct status *st)
{
	const struct machine *m = &call->context->session->machine;
	enum slabtop_sort sort = SLABTOP_BY_OBJECTS;
	struct words words = { call, 0 };
	const char *word;

	while ((word = next_word(&words)))
		if (!read_word(&words, word, &sort, st))
			return false;
	if (!slabinfo_exists(m))
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("this machine has no allocator of objects: reset i386-2.6.18, say"));
	return slabtop_print(m, sort, call->context->out, st);
}
