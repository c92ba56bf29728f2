/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions: keeping and taking back, undo, redo, goto, the budget of the past,
 * limits, saving, and recovery, with a language of three words in the place of
 * the shell:
 *	get NAME ORDER	gets a block and keeps it in NAME
 *	put NAME	frees it
 *	bad		changes the state, and fails
 *	many COUNT	makes v a vector of so many items
 */
#include "phys/page_alloc.h"
#include "session/recover.h"
#include "session/session.h"
#include "tests/temp.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct session s;
static struct status st;
static unsigned twist; /* added to every order: a model that is not deterministic */
static char folder[TEMP_PATH], state_home[TEMP_INSIDE];

static bool run(void *context, const char *text, struct status *why)
{
	struct session *session = context;
	struct phys *p = &session->machine.phys;
	char name[32];
	unsigned order;
	const struct value *v;

	if (sscanf(text, "get %31s %u", name, &order) == 2)
		return vars_set(&session->vars, name, value_page(page_alloc(p, 0, order + twist)));
	if (sscanf(text, "put %31s", name) == 1) {
		v = vars_get(&session->vars, name);
		order = v ? p->frame[v->number].order : 0;
		return v && page_free(p, (pfn_t)v->number, order, why);
	}
	if (sscanf(text, "many %u", &order) == 1) {
		struct value vector = value_vector();

		while (order-- && value_append(&vector, value_int(1))) {
		}
		return vars_set(&session->vars, "v", vector);
	}
	page_alloc(p, 0, 0);
	vars_set(&session->vars, "bad", value_int(1));
	return status_fail(why, STATUS_INVALID, "bad");
}

static void open_session(void)
{
	struct machine_desc desc;

	ck_assert_msg(desc_load(&desc, "textbook-1M", &st), "%s", st.message);
	ck_assert_msg(session_open(&s, &desc, 7, &st), "%s", st.message);
	s.run = run;
	s.run_context = &s;
}

static void setup(void)
{
	memset(&st, 0, sizeof st);
	twist = 0;
	ck_assert_ptr_nonnull(mkdtemp(temp_name(folder, "session")));
	snprintf(state_home, sizeof state_home, "XDG_STATE_HOME=%s", folder);
	putenv(state_home);
	open_session();
}

static void remove_all(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[512];

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		if (unlink(name) < 0)
			remove_all(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static void teardown(void)
{
	session_close(&s);
	remove_all(folder);
}

static bool command(const char *text)
{
	struct status ignored = STATUS_INIT;

	memset(&st, 0, sizeof st);
	if (!session_begin(&s, text, &st))
		return false;
	if (run(&s, text, &st))
		return session_end(&s, true, &st);
	ck_assert(session_end(&s, false, &ignored));
	return false;
}

#define ASSERT_DONE(call) ck_assert_msg(call, "%s", st.message)

START_TEST(command_that_fails_changes_nothing)
{
	u64 start = machine_hash(&s.machine), one;

	ck_assert(!command("bad"));
	ck_assert_uint_eq(machine_hash(&s.machine), start);
	ck_assert_ptr_null(vars_get(&s.vars, "bad"));
	ck_assert_uint_eq(session_number(&s), 0);
	ASSERT_DONE(command("get a 2"));
	one = machine_hash(&s.machine);
	ck_assert_uint_ne(one, start);
	ck_assert(!command("bad"));
	ck_assert_uint_eq(machine_hash(&s.machine), one);
	ck_assert_uint_eq(session_number(&s), 1);
	ck_assert_str_eq(session_command(&s, 1)->text, "get a 2");
	ck_assert_ptr_null(session_command(&s, 0));
	ck_assert_ptr_null(session_command(&s, 2));
}
END_TEST

START_TEST(events_of_a_command_are_kept)
{
	ASSERT_DONE(command("get a 2"));
	ck_assert_uint_gt(session_command(&s, 1)->events.count, 1);
	ck_assert_int_eq(session_command(&s, 1)->events.events[0].kind, EV_REQUEST);
}
END_TEST

static size_t seen;

static void see(void *context, const struct event *e)
{
	(void)context;
	(void)e;
	seen++;
}

START_TEST(watcher_sees_commands_but_not_the_past_being_rebuilt)
{
	struct observer watcher = { see, NULL };

	s.watcher = &watcher;
	seen = 0;
	ASSERT_DONE(command("get a 2"));
	ck_assert_uint_eq(seen, session_command(&s, 1)->events.total);
	ASSERT_DONE(command("get b 2"));
	s.past_budget = 0;
	ASSERT_DONE(command("get c 2"));
	seen = 0;
	ASSERT_DONE(session_undo(&s, 1, &st));
	ck_assert_uint_eq(seen, 0);
	ASSERT_DONE(session_redo(&s, 1, &st));
	ck_assert_uint_gt(seen, 0);
}
END_TEST

/* Does n commands and notes the hash after each. */
static void do_many(size_t n, u64 hash[])
{
	char text[32];

	hash[0] = machine_hash(&s.machine);
	for (size_t i = 1; i <= n; i++) {
		snprintf(text, sizeof text, i % 3 ? "get v%zu %zu" : "put v%zu", i % 3 ? i : i - 1, i % 4);
		ASSERT_DONE(command(text));
		hash[i] = machine_hash(&s.machine);
	}
}

START_TEST(going_anywhere_gives_the_state_that_was_there)
{
	static const size_t places[] = { 40, 0, 13, 12, 39, 1, 0, 40, 20 };
	u64 hash[41];

	if (_i == 1)
		s.past_budget = 0; /* always from the start */
	if (_i == 2)
		s.past_budget = 40000; /* of some commands only */
	do_many(40, hash);
	if (_i == 0)
		ck_assert_uint_eq(s.past, 0);
	if (_i == 1)
		ck_assert_uint_eq(s.past, 40);
	if (_i == 2) {
		ck_assert_uint_gt(s.past, 0);
		ck_assert_uint_lt(s.past, 40);
	}
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		ASSERT_DONE(session_goto(&s, places[i], &st));
		ck_assert_uint_eq(session_number(&s), places[i]);
		ck_assert_uint_eq(machine_hash(&s.machine), hash[places[i]]);
		ck_assert_int_eq(vars_get(&s.vars, "v38") != NULL, places[i] >= 38);
		ck_assert_uint_le(s.past_bytes + s.machine.arena.saved_bytes, s.past_budget);
	}
}
END_TEST

START_TEST(new_command_after_undo_forgets_what_could_be_redone)
{
	u64 hash[6];

	do_many(5, hash);
	ASSERT_DONE(session_undo(&s, 3, &st));
	ck_assert_uint_eq(s.count, 5);
	ck_assert(!command("bad"));
	ck_assert_uint_eq(s.count, 5);
	ASSERT_DONE(command("get x 0"));
	ck_assert_uint_eq(s.count, 3);
	ck_assert(!session_redo(&s, 1, &st));
	ck_assert_str_eq(st.message, "there is nothing to redo");
	ck_assert(!session_undo(&s, 4, &st));
	ck_assert_str_eq(st.message, "only 3 commands can be undone");
	ck_assert(!session_goto(&s, 4, &st));
	ASSERT_DONE(session_undo(&s, 3, &st));
	ck_assert_uint_eq(machine_hash(&s.machine), hash[0]);
	ck_assert(!session_undo(&s, 1, &st));
	ck_assert_str_eq(st.message, "there is nothing to undo");
}
END_TEST

START_TEST(redo_that_gives_another_state_is_told)
{
	u64 hash[5];

	do_many(4, hash);
	ASSERT_DONE(session_undo(&s, 1, &st));
	twist = 1;
	ck_assert(!session_redo(&s, 1, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "command 4, done again, gave another state"));
	ck_assert_uint_eq(session_number(&s), 3);
	ck_assert_uint_eq(machine_hash(&s.machine), hash[3]);
	twist = 0;
	ASSERT_DONE(session_redo(&s, 1, &st));
	ck_assert_uint_eq(machine_hash(&s.machine), hash[4]);
}
END_TEST

/* The host lost the checkpoints, and the past, done again, stops early: the journal must say where. */
START_TEST(a_place_that_was_not_chosen_is_journalled)
{
	struct journal_file f;
	char *path;

	ck_assert(session_keep_journal(&s, &st));
	path = strdup(s.journal.path);
	ck_assert(command("get a 2") && command("get b 1") && command("get c 0"));
	ck_assert(session_begin(&s, "bad", &st));
	ck_assert(!run(&s, "bad", &st));
	s.machine.arena.lost = true;
	s.commands[1].hash = 1; /* not what it gives */
	ck_assert(!session_end(&s, false, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "command 2, done again, gave another state"));
	ck_assert_uint_eq(session_number(&s), 1);
	ck_assert(journal_read(&f, path, &st));
	ck_assert_uint_eq(f.count, 4);
	ck_assert_str_eq(f.entries[3].text, "goto 1");
	journal_file_free(&f);
	free(path);
}
END_TEST

/* What a command leaves behind counts, also if the commands before it held the same. */
START_TEST(variables_that_were_shared_are_charged)
{
	u64 before;

	ck_assert(command("many 100000") && command("get a 0") && command("get b 0"));
	before = s.past_bytes;
	ck_assert_uint_lt(before, 100000);
	ck_assert(command("many 1"));
	ck_assert_uint_ge(s.past_bytes, before + 100000 * sizeof(struct value));
	ck_assert(session_undo(&s, 1, &st));
	ck_assert_uint_eq(s.past_bytes, before);
}
END_TEST

START_TEST(nothing_begins_inside_a_command)
{
	ASSERT_DONE(session_begin(&s, "get a 0", &st));
	ck_assert(!session_begin(&s, "get b 0", &st));
	ck_assert(!session_goto(&s, 0, &st));
	ck_assert(!session_reset(&s, NULL, &st));
	ck_assert(run(&s, "get a 0", &st));
	ck_assert(session_end(&s, true, &st));
	ck_assert_uint_eq(session_number(&s), 1);
}
END_TEST

START_TEST(memory_limit_refuses_and_takes_back)
{
	u64 start = machine_hash(&s.machine);

	s.memory_limit = arena_resident(&s.machine.arena);
	ck_assert(!command("get a 0"));
	ck_assert_int_eq(st.code, STATUS_NO_MEMORY);
	ck_assert_ptr_nonnull(strstr(st.message, "memory_limit"));
	ck_assert_uint_eq(machine_hash(&s.machine), start);
	ck_assert_ptr_null(vars_get(&s.vars, "a"));
	s.memory_limit = 1;
	ck_assert(!session_begin(&s, "get a 0", &st));
	s.memory_limit = 0;
	ASSERT_DONE(command("get a 0"));
}
END_TEST

/* As compaction says it, when it can get no room for what it collects. */
START_TEST(host_without_memory_is_told_and_taken_back)
{
	u64 before = machine_hash(&s.machine);

	ck_assert(session_begin(&s, "p = alloc_page", &st));
	ck_assert_uint_ne(page_alloc(&s.machine.phys, 0, 0), PFN_NONE);
	s.machine.phys.host_short = true;
	ck_assert(!session_has_room(&s, &st));
	ck_assert(!session_end(&s, true, &st));
	ck_assert_int_eq(st.code, STATUS_NO_MEMORY);
	ck_assert_uint_eq(machine_hash(&s.machine), before);
	ck_assert(session_begin(&s, "p = alloc_page", &st));
	ck_assert(session_end(&s, true, &st));
}
END_TEST

START_TEST(broken_invariant_is_told_and_taken_back)
{
	struct status why = STATUS_INIT;
	u64 start = machine_hash(&s.machine);

	s.check = true;
	ASSERT_DONE(session_begin(&s, "break", &st));
	s.machine.phys.zone[0].free++;
	ck_assert(!session_end(&s, true, &why));
	ck_assert_str_ne(why.message, "");
	ck_assert_uint_eq(machine_hash(&s.machine), start);
	ASSERT_DONE(command("get a 0"));
}
END_TEST

START_TEST(reset_forgets_and_a_machine_that_cannot_be_changes_nothing)
{
	struct machine_desc desc = s.desc;
	u64 start = machine_hash(&s.machine), hash[4];

	do_many(3, hash);
	desc.mem = 0;
	ck_assert(!session_reset(&s, &desc, &st));
	ck_assert_uint_eq(machine_hash(&s.machine), hash[3]);
	ck_assert_uint_eq(session_number(&s), 3);
	ASSERT_DONE(session_reset(&s, NULL, &st));
	ck_assert_uint_eq(machine_hash(&s.machine), start);
	ck_assert_uint_eq(session_number(&s), 0);
	ck_assert_uint_eq(s.count, 0);
	ck_assert_uint_eq(vars_count(&s.vars), 0);
}
END_TEST

START_TEST(saved_session_is_the_session)
{
	struct journal_file f;
	char path[TEMP_INSIDE];
	u64 hash[21], saved;

	do_many(20, hash);
	ASSERT_DONE(session_undo(&s, 2, &st));
	snprintf(path, sizeof path, "%s/saved.kmem", folder);
	ASSERT_DONE(session_save(&s, path, &st));
	saved = machine_hash(&s.machine);
	ASSERT_DONE(journal_read(&f, path, &st));
	ck_assert_str_eq(f.header.machine, "textbook-1M");
	ck_assert_uint_eq(f.header.seed, 7);
	ck_assert(f.ended);
	ck_assert_uint_eq(f.count, 18);
	ck_assert_uint_eq(f.entries[15].hash, hash[16]);
	ck_assert_uint_eq(f.entries[17].hash, saved);
	journal_file_free(&f);
	session_close(&s);
	open_session();
	ck_assert(!session_save(&s, folder, &st));
	ck_assert(!session_save(&s, "/nowhere/at/all", &st));
}
END_TEST

/* A session in another process, which is killed after n commands. Sets the hash it had. */
static void killed_session(size_t n, u64 *hash, const char *torn)
{
	int ends[2];
	u64 all[64];
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		if (!session_keep_journal(&s, &st))
			_exit(1);
		do_many(n, all);
		session_undo(&s, 1, &st);
		command("get y\n1");
		session_undo(&s, 1, &st);
		session_redo(&s, 1, &st);
		all[0] = machine_hash(&s.machine);
		if (torn)
			dprintf(s.journal.fd, "%s", torn);
		if (write(ends[1], all, sizeof all[0]) < 0)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(read(ends[0], hash, sizeof *hash), sizeof *hash);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	close(ends[0]);
	close(ends[1]);
}

START_TEST(killed_session_is_recovered_whole)
{
	struct recover_lost lost;
	struct strbuf notes = STRBUF_INIT;
	u64 hash;

	killed_session(20, &hash, _i ? "get torn" : NULL);
	recover_find(&lost);
	ck_assert_ptr_nonnull(lost.path);
	ck_assert_uint_eq(lost.commands, 20);
	ck_assert_uint_eq(lost.others, 0);
	free(lost.path);
	ASSERT_DONE(session_keep_journal(&s, &st));
	ck_assert_msg(recover_session(&s, NULL, &notes, &st), "%s", st.message);
	ck_assert_uint_eq(machine_hash(&s.machine), hash);
	ck_assert_uint_eq(session_number(&s), 20);
	ck_assert_str_eq(session_command(&s, 20)->text, "get y\n1");
	ck_assert_int_eq(strstr(strbuf_str(&notes), "not written whole") != NULL, _i);
	strbuf_free(&notes);
	recover_find(&lost);
	ck_assert_ptr_null(lost.path);
	/* And the session that recovered it can be lost and recovered as well. */
	session_close(&s);
	open_session();
	ck_assert(!recover_session(&s, NULL, &notes, &st));
	ck_assert_str_eq(st.message, "no session was lost: there is nothing to recover");
}
END_TEST

START_TEST(recovery_stops_where_the_state_is_another)
{
	struct strbuf notes = STRBUF_INIT;
	struct recover_lost lost;
	u64 hash;

	killed_session(20, &hash, NULL);
	twist = 1;
	ck_assert(!recover_session(&s, NULL, &notes, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "after command 16 the state is not what it was"));
	ck_assert_uint_eq(session_number(&s), 16);
	twist = 0;
	recover_find(&lost);
	ck_assert_ptr_nonnull(lost.path);
	free(lost.path);
	ck_assert(!recover_session(&s, NULL, &notes, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "commands of its own"));
	ASSERT_DONE(session_reset(&s, NULL, &st));
	ck_assert_msg(recover_session(&s, NULL, &notes, &st), "%s", st.message);
	ck_assert_uint_eq(machine_hash(&s.machine), hash);
	strbuf_free(&notes);
}
END_TEST

START_TEST(running_and_closed_sessions_are_not_lost)
{
	struct recover_lost lost;
	u64 hash[4];
	char journal[256];

	ASSERT_DONE(session_keep_journal(&s, &st));
	do_many(3, hash);
	snprintf(journal, sizeof journal, "%s", s.journal.path);
	recover_find(&lost);
	ck_assert_ptr_null(lost.path);
	ck_assert(!recover_session(&s, NULL, &(struct strbuf)STRBUF_INIT, &st));
	session_close(&s);
	recover_find(&lost);
	ck_assert_ptr_null(lost.path);
	ck_assert_int_eq(access(journal, F_OK), 0);
	open_session();
	ASSERT_DONE(session_keep_journal(&s, &st));
	snprintf(journal, sizeof journal, "%s", s.journal.path);
	session_close(&s);
	ck_assert_int_ne(access(journal, F_OK), 0); /* nothing was done in it */
	open_session();
}
END_TEST

START_TEST(journals_of_earlier_sessions_do_not_pile_up)
{
	struct recover_lost lost;
	u64 hash[2];
	char path[TEMP_INSIDE];
	int count = 0;
	DIR *dir;

	for (int i = 0; i < RECOVER_KEEP + 5; i++) {
		ASSERT_DONE(session_keep_journal(&s, &st));
		do_many(1, hash);
		session_close(&s);
		open_session();
	}
	recover_find(&lost);
	snprintf(path, sizeof path, "%s/kmemlab", folder);
	dir = opendir(path);
	for (struct dirent *e; (e = readdir(dir));)
		count += strncmp(e->d_name, "session-", 8) == 0;
	closedir(dir);
	ck_assert_int_eq(count, RECOVER_KEEP);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session");
	TCase *tc = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, command_that_fails_changes_nothing);
	tcase_add_test(tc, events_of_a_command_are_kept);
	tcase_add_test(tc, watcher_sees_commands_but_not_the_past_being_rebuilt);
	tcase_add_loop_test(tc, going_anywhere_gives_the_state_that_was_there, 0, 3);
	tcase_add_test(tc, new_command_after_undo_forgets_what_could_be_redone);
	tcase_add_test(tc, redo_that_gives_another_state_is_told);
	tcase_add_test(tc, a_place_that_was_not_chosen_is_journalled);
	tcase_add_test(tc, variables_that_were_shared_are_charged);
	tcase_add_test(tc, nothing_begins_inside_a_command);
	tcase_add_test(tc, memory_limit_refuses_and_takes_back);
	tcase_add_test(tc, host_without_memory_is_told_and_taken_back);
	tcase_add_test(tc, broken_invariant_is_told_and_taken_back);
	tcase_add_test(tc, reset_forgets_and_a_machine_that_cannot_be_changes_nothing);
	tcase_add_test(tc, saved_session_is_the_session);
	tcase_add_loop_test(tc, killed_session_is_recovered_whole, 0, 2);
	tcase_add_test(tc, recovery_stops_where_the_state_is_another);
	tcase_add_test(tc, running_and_closed_sessions_are_not_lost);
	tcase_add_test(tc, journals_of_earlier_sessions_do_not_pile_up);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
