/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/invariants.h"
#include "phys/down.h"
#include "phys/kswapd.h"
#include "session/savefile.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#ifndef KMEMLAB_DEBUG
#define KMEMLAB_DEBUG 0
#endif

static void session_see(void *context, const struct event *e)
{
	struct session *s = context;

	if (!s->recording)
		return; /* boot */
	eventlog_add(s->recording, e);
	if (s->watcher && !s->replaying)
		s->watcher->see(s->watcher->context, e);
}

/* ------------------------------------------------------------- the past */

static void command_drop_past(struct command *c)
{
	u64 total = c->events.total;

	eventlog_free(&c->events);
	c->events.total = total;
	vars_free(&c->before);
	c->past_bytes = 0;
}

static void command_free(struct command *c)
{
	command_drop_past(c);
	free(c->text);
	memset(c, 0, sizeof *c);
}

/* Forgets the past of the oldest command that has one. */
static void session_drop_oldest(struct session *s)
{
	struct command *c = &s->commands[s->past++];

	s->past_bytes -= c->past_bytes;
	command_drop_past(c);
	if (s->machine.arena.checkpoints)
		arena_drop_oldest(&s->machine.arena);
}

static void session_keep_budget(struct session *s)
{
	while (s->past < s->done && s->past_bytes + s->machine.arena.saved_bytes > s->past_budget)
		session_drop_oldest(s);
}

/* The host could not save a part of the state: the arena has dropped all checkpoints. */
static void session_lose_past(struct session *s)
{
	while (s->past < s->done)
		session_drop_oldest(s);
}

/* Forgets commands[from ..]. */
static void session_forget(struct session *s, size_t from)
{
	for (size_t i = from; i < s->count; i++)
		command_free(&s->commands[i]);
	s->count = from;
	trend_forget(&s->trend, from);
}

/* ---------------------------------------------------------- opening, closing */

static void session_page_moved(void *context, pfn_t from, pfn_t to)
{
	moves_add(context, from, to);
}

static void session_oom(void *context, const struct oom_report *report)
{
	const struct session *s = context;

	if (s->oom && !s->replaying)
		s->oom(s->oom_context, report);
}

static void session_printk(void *context, const char *line)
{
	const struct session *s = context;

	if (s->printk && !s->replaying)
		s->printk(s->printk_context, line);
}

static void session_warn_alloc(void *context, const char *what, gfp_t gfp)
{
	const struct session *s = context;

	if (s->warn_alloc && !s->replaying)
		s->warn_alloc(s->warn_context, what, gfp);
}

bool session_follow(struct session *s, struct status *st)
{
	return moves_apply(&s->moves, &s->vars) || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

static bool session_boot(struct session *s, struct status *st)
{
	s->boots++;
	s->done = s->past = 0;
	s->past_bytes = 0;
	vars_free(&s->vars);
	for (size_t i = 0; i < s->count; i++)
		command_drop_past(&s->commands[i]);
	machine_free(&s->machine);
	memset(&s->machine, 0, sizeof s->machine);
	if (!machine_boot(&s->machine, &s->desc, &s->observer, st))
		return false;
	s->machine.phys.moved = session_page_moved;
	s->machine.phys.moved_context = &s->moves;
	s->machine.phys.oom = session_oom;
	s->machine.phys.oom_context = s;
	s->machine.slab.printk = session_printk;
	s->machine.slab.printk_context = s;
	s->machine.virt.warn_alloc = session_warn_alloc;
	s->machine.virt.warn_context = s;
	trend_note(&s->trend, &s->machine.phys, 0);
	return true;
}

bool session_open(struct session *s, const struct machine_desc *desc, u64 seed, struct status *st)
{
	memset(s, 0, sizeof *s);
	s->desc = *desc;
	s->seed = seed;
	s->past_budget = SESSION_PAST_BUDGET;
	s->check = KMEMLAB_DEBUG;
	s->observer = (struct observer){ session_see, s };
	s->journal.fd = -1;
	return session_boot(s, st);
}

static void session_put_header(const struct session *s, struct strbuf *out)
{
	journal_put_header(out, &s->desc, s->seed);
}

bool session_keep_journal(struct session *s, struct status *st)
{
	struct strbuf lines = STRBUF_INIT;

	if (!journal_open(&s->journal, st))
		return false;
	session_put_header(s, &lines);
	journal_restart(&s->journal, &lines);
	strbuf_free(&lines);
	return true;
}

void session_close(struct session *s)
{
	struct strbuf lines = STRBUF_INIT;

	if (s->journal.path) {
		if (s->machine.alive)
			journal_put_hash(&lines, machine_hash(&s->machine));
		journal_put_end(&lines);
		journal_close(&s->journal, &lines);
		strbuf_free(&lines);
	}
	command_free(&s->current);
	session_forget(s, 0);
	free(s->commands);
	moves_free(&s->moves);
	trend_free(&s->trend);
	vars_free(&s->vars);
	machine_free(&s->machine);
	memset(s, 0, sizeof *s);
	s->journal.fd = -1;
}

bool session_reset(struct session *s, const struct machine_desc *desc, struct status *st)
{
	struct machine trial = { 0 };
	struct strbuf lines = STRBUF_INIT;

	if (s->recording)
		return status_fail(st, STATUS_INVALID, _("a command is running"));
	/* First a trial: a machine that cannot be must not cost the one there is. */
	if (!machine_boot(&trial, desc ? desc : &s->desc, NULL, st))
		return false;
	machine_free(&trial);
	if (desc)
		s->desc = *desc;
	session_forget(s, 0);
	if (!session_boot(s, st))
		return false;
	session_put_header(s, &lines);
	journal_restart(&s->journal, &lines);
	strbuf_free(&lines);
	return true;
}

/* ------------------------------------------------------------- one command */

/* Can a command begin, or the session go elsewhere? */
static bool session_is_idle(const struct session *s, struct status *st)
{
	if (s->recording)
		return status_fail(st, STATUS_INVALID, _("a command is running"));
	if (!s->machine.alive)
		return status_fail(st, STATUS_INVALID, _("the machine could not be booted again: use reset"));
	return true;
}

bool session_has_room(const struct session *s, struct status *st)
{
	char used[UNITS_MAX], limit[UNITS_MAX];
	u64 bytes = arena_resident(&s->machine.arena);

	if (s->machine.phys.host_short)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (!s->memory_limit || bytes <= s->memory_limit)
		return true;
	return status_fail(st, STATUS_NO_MEMORY, _("the machine's state takes up %s of memory, above memory_limit, %s"),
			   units_format(bytes, used), units_format(s->memory_limit, limit));
}

/* Room for one more command, so that keeping it cannot fail. */
static bool session_reserve(struct session *s)
{
	size_t capacity = s->capacity ? s->capacity * 2 : 64;
	struct command *commands;

	if (s->count < s->capacity)
		return true;
	commands = realloc(s->commands, capacity * sizeof *commands);
	if (!commands)
		return false;
	s->commands = commands;
	s->capacity = capacity;
	return true;
}

bool session_begin(struct session *s, const char *text, struct status *st)
{
	struct command *c = &s->current;

	s->machine.phys.host_short = false;
	if (!session_is_idle(s, st) || !session_has_room(s, st))
		return false;
	memset(c, 0, sizeof *c);
	c->text = strdup(text);
	if (!c->text || !session_reserve(s)) {
		command_free(c);
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	if (!arena_checkpoint(&s->machine.arena)) {
		command_free(c);
		session_lose_past(s);
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory: the state could not be saved"));
	}
	vars_copy(&c->before, &s->vars);
	s->machine.phys.state->owner = (u32)(s->done + 1);
	s->recording = &c->events;
	return true;
}

static bool session_run_again(struct session *s, size_t n, struct status *st);
static void session_journal_place(struct session *s);

/* Boots again and does the first n commands again. */
static bool session_rebuild(struct session *s, size_t n, struct status *st)
{
	bool replaying = s->replaying, ok;

	if (!session_boot(s, st))
		return false;
	if (s->rebuilding) /* a command of the rebuilding could not be saved: stay at the start */
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory: the session is at its start"));
	s->replaying = s->rebuilding = true;
	ok = session_run_again(s, n, st);
	s->replaying = replaying;
	s->rebuilding = false;
	return ok;
}

/*
 * Takes the changes of the current command back.  false with a message: the
 * state before it could not be had back whole; the session stands where it
 * came to, and the journal says so.
 */
static bool session_take_back(struct session *s, struct status *st)
{
	struct command *c = &s->current;
	bool saved = !s->machine.arena.lost && s->machine.arena.checkpoints;
	size_t done = s->done;
	bool ok;

	s->recording = NULL;
	/* What moved is where it was. */
	moves_forget(&s->moves);
	if (saved) {
		arena_rollback(&s->machine.arena);
		vars_free(&s->vars);
		s->vars = c->before;
		c->before = (struct vars){ NULL };
	}
	command_free(c);
	ok = saved || session_rebuild(s, done, st);
	if (s->done != done)
		session_journal_place(s);
	return ok;
}

static void session_append_current(struct session *s, struct command *to)
{
	struct command *c = &s->current;

	s->recording = NULL;
	eventlog_finish(&c->events);
	c->past_bytes = c->events.capacity * sizeof *c->events.events + vars_bytes_kept(&c->before, &s->vars);
	*to = *c;
	memset(c, 0, sizeof *c);
	s->done++;
	s->past_bytes += to->past_bytes;
	trend_note(&s->trend, &s->machine.phys, s->done);
	if (s->machine.arena.lost)
		session_lose_past(s);
	session_keep_budget(s);
}

static void session_journal_command(struct session *s, struct command *c)
{
	struct strbuf lines = STRBUF_INIT;

	if (s->done % JOURNAL_HASH_EVERY == 0)
		c->hash = machine_hash(&s->machine);
	if (!s->journal.path)
		return;
	journal_put_command(&lines, c->text);
	if (c->hash)
		journal_put_hash(&lines, c->hash);
	journal_append(&s->journal, &lines);
	strbuf_free(&lines);
}

/* The command lets go of the CPU: others run, which it has woken. */
static void session_let_others_run(struct session *s)
{
	if (down_is(&s->machine.phys))
		return;
	kswapd_command_ended(&s->machine.phys);
	vmalloc_command_ended(&s->machine.virt);
}

bool session_end(struct session *s, bool keep, struct status *st)
{
	struct status lost = STATUS_INIT;
	struct command *c;

	if (!keep)
		return session_take_back(s, st);
	session_let_others_run(s);
	if (!session_has_room(s, st) || (s->check && !invariants_hold(&s->machine, st))) {
		if (!session_take_back(s, &lost))
			*st = lost;
		return false;
	}
	session_forget(s, s->done);
	c = &s->commands[s->done];
	session_append_current(s, c);
	s->count = s->done;
	session_journal_command(s, c);
	return true;
}

/* ------------------------------------------------------------- time travel */

size_t session_number(const struct session *s)
{
	return s->done;
}

const struct command *session_command(const struct session *s, size_t n)
{
	return n >= 1 && n <= s->count ? &s->commands[n - 1] : NULL;
}

/* Does the next of the known commands again. */
static bool session_run_next(struct session *s, struct status *st)
{
	size_t n = s->done;
	u64 expected = s->commands[n].hash, hash;
	struct status why = STATUS_INIT;

	if (!session_begin(s, s->commands[n].text, st))
		return false;
	if (!s->run(s->run_context, s->current.text, &why)) {
		if (!session_take_back(s, st))
			return false;
		return status_fail(st, why.code, _("command %zu cannot be done again: %s"), n + 1, why.message);
	}
	session_let_others_run(s);
	hash = expected ? machine_hash(&s->machine) : 0;
	if (hash != expected) {
		if (!session_take_back(s, st))
			return false;
		return status_fail(st, STATUS_INVALID,
				   _("command %zu, done again, gave another state (hash %016" PRIx64 ", not %016" PRIx64
				     "); it is taken back"),
				   n + 1, hash, expected);
	}
	if (s->check && !invariants_hold(&s->machine, &why)) {
		if (session_take_back(s, st))
			*st = why;
		return false;
	}
	s->current.hash = hash;
	command_free(&s->commands[n]);
	session_append_current(s, &s->commands[n]);
	return true;
}

/* Does the known commands again until n are done. */
static bool session_run_again(struct session *s, size_t n, struct status *st)
{
	if (s->done < n && !s->run)
		return status_fail(st, STATUS_UNSUPPORTED, _("there is nothing that can do a command again"));
	while (s->done < n)
		if (!session_run_next(s, st))
			return false;
	return true;
}

/* Back by one command, whose checkpoint is there. */
static void session_step_back(struct session *s)
{
	struct command *c = &s->commands[s->done - 1];

	arena_rollback(&s->machine.arena);
	vars_free(&s->vars);
	vars_copy(&s->vars, &c->before);
	s->past_bytes -= c->past_bytes;
	command_drop_past(c);
	s->done--;
}

static bool session_back(struct session *s, size_t n, struct status *st)
{
	struct command *leaving = &s->commands[s->done - 1];

	/* What redo will have to arrive at. */
	if (!leaving->hash)
		leaving->hash = machine_hash(&s->machine);
	while (s->done > n && s->past < s->done)
		session_step_back(s);
	return s->done == n || session_rebuild(s, n, st);
}

static void session_journal_place(struct session *s)
{
	struct strbuf line = STRBUF_INIT;

	if (!s->journal.path)
		return;
	strbuf_printf(&line, "goto %zu\n", s->done);
	journal_append(&s->journal, &line);
	strbuf_free(&line);
}

bool session_goto(struct session *s, size_t n, struct status *st)
{
	size_t from = s->done;
	bool ok;

	if (!session_is_idle(s, st))
		return false;
	if (n > s->count)
		return status_fail(st, STATUS_INVALID, _("there is no command %zu: the last is %zu"), n, s->count);
	if (n == from)
		return true;
	ok = n < from ? session_back(s, n, st) : session_run_again(s, n, st);
	if (s->done != from)
		session_journal_place(s);
	return ok;
}

bool session_undo(struct session *s, size_t count, struct status *st)
{
	if (count > s->done) {
		if (!s->done)
			return status_fail(st, STATUS_INVALID, _("there is nothing to undo"));
		return status_fail(
		    st, STATUS_INVALID,
		    text_of_n("only %zu command can be undone", "only %zu commands can be undone", s->done), s->done);
	}
	return session_goto(s, s->done - count, st);
}

bool session_redo(struct session *s, size_t count, struct status *st)
{
	if (count > s->count - s->done) {
		if (s->count == s->done)
			return status_fail(st, STATUS_INVALID, _("there is nothing to redo"));
		return status_fail(
		    st, STATUS_INVALID,
		    text_of_n("only %zu command can be redone", "only %zu commands can be redone", s->count - s->done),
		    s->count - s->done);
	}
	return session_goto(s, s->done + count, st);
}

/* ------------------------------------------------------------- saving */

bool session_save(const struct session *s, const char *path, struct status *st)
{
	struct strbuf text = STRBUF_INIT;
	bool ok;

	session_put_header(s, &text);
	for (size_t i = 0; i < s->done; i++) {
		journal_put_command(&text, s->commands[i].text);
		if (s->commands[i].hash && i + 1 < s->done)
			journal_put_hash(&text, s->commands[i].hash);
	}
	journal_put_hash(&text, machine_hash(&s->machine));
	journal_put_end(&text);
	if (text.failed)
		ok = status_fail(st, STATUS_NO_MEMORY, _("out of memory: nothing is written"));
	else
		ok = savefile_write(path, text.text, text.length, st);
	strbuf_free(&text);
	return ok;
}

const char *session_warning(struct session *s)
{
	struct journal *j = &s->journal;

	if (status_ok(&j->trouble) || j->told)
		return NULL;
	j->told = true;
	return j->trouble.message;
}
