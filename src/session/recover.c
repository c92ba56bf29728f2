/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/recover.h"

#include "base/text.h"
#include "session/savefile.h"
#include "session/statedir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A journal in the state folder. */
struct found {
	char *path;
	struct timespec changed;
};

struct found_list {
	struct found *items;
	size_t count, capacity;
};

static int by_age(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->changed.tv_sec != y->changed.tv_sec)
		return x->changed.tv_sec < y->changed.tv_sec ? 1 : -1;
	if (x->changed.tv_nsec != y->changed.tv_nsec)
		return x->changed.tv_nsec < y->changed.tv_nsec ? 1 : -1;
	return strcmp(y->path, x->path);
}

static void found_add(struct found_list *list, const char *folder, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	struct stat info;

	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 32;
		struct found *items = realloc(list->items, capacity * sizeof *items);

		if (!items)
			return;
		list->items = items;
		list->capacity = capacity;
	}
	strbuf_printf(&path, "%s/%s", folder, name);
	if (path.failed || stat(path.text, &info) < 0 || !S_ISREG(info.st_mode)) {
		strbuf_free(&path);
		return;
	}
	list->items[list->count++] = (struct found){ path.text, info.st_mtim };
}

static bool is_journal_name(const char *name)
{
	size_t length = strlen(name);

	return length > 13 && strncmp(name, "session-", 8) == 0 && strcmp(name + length - 5, ".kmem") == 0;
}

/* All journals, the newest first. */
static void found_all(struct found_list *list)
{
	struct strbuf folder = STRBUF_INIT;
	struct status ignored = STATUS_INIT;
	struct dirent *entry;
	DIR *dir = NULL;

	memset(list, 0, sizeof *list);
	if (statedir_path(&folder, &ignored))
		dir = opendir(folder.text);
	while (dir && (entry = readdir(dir)))
		if (is_journal_name(entry->d_name))
			found_add(list, folder.text, entry->d_name);
	if (dir)
		closedir(dir);
	strbuf_free(&folder);
	if (list->count)
		qsort(list->items, list->count, sizeof list->items[0], by_age);
}

static void found_free(struct found_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].path);
	free(list->items);
}

/*
 * Locks a journal that no session is writing; -1 with a message.  A journal
 * stays locked while its session lives, so this is how one knows it is dead.
 */
static int lock_dead(const char *path, struct status *st)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);

	if (fd < 0) {
		status_fail(st, STATUS_IO, _("cannot open %s: %s"), path, strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		status_fail(st, STATUS_INVALID, _("%s belongs to a session that is running"), path);
		close(fd);
		return -1;
	}
	return fd;
}

/* The number of the command at which the session stood at the end. */
static size_t commands_at_end(const struct journal_file *f)
{
	size_t at = 0, to;

	for (size_t i = 0; i < f->count; i++)
		at = journal_entry_goto(&f->entries[i], &to) ? to : at + 1;
	return at;
}

/* Looks into a journal that is locked: is there something to be recovered? */
static size_t commands_lost(const char *path)
{
	struct journal_file f;
	struct status ignored = STATUS_INIT;
	size_t lost = 0;

	if (journal_read(&f, path, &ignored) && !f.ended)
		lost = commands_at_end(&f);
	journal_file_free(&f);
	return lost;
}

void recover_find(struct recover_lost *lost)
{
	struct found_list list;
	size_t kept = 0;

	memset(lost, 0, sizeof *lost);
	found_all(&list);
	for (size_t i = 0; i < list.count; i++) {
		struct status ignored = STATUS_INIT;
		const char *path = list.items[i].path;
		int fd = lock_dead(path, &ignored);
		size_t commands;

		if (fd < 0)
			continue;
		commands = commands_lost(path);
		if (++kept > RECOVER_KEEP) {
			unlink(path);
		} else if (commands && !lost->path) {
			lost->path = strdup(path);
			lost->commands = commands;
		} else if (commands) {
			lost->others++;
		}
		close(fd);
	}
	found_free(&list);
}

/* Does one entry of the journal. */
static bool recover_entry(struct session *s, const struct journal_entry *e, struct status *st)
{
	struct status ignored = STATUS_INIT;
	size_t n;

	if (journal_entry_goto(e, &n))
		return session_goto(s, n, st);
	if (!session_begin(s, e->text, st))
		return false;
	if (!s->run(s->run_context, e->text, st)) {
		session_end(s, false, &ignored);
		return false;
	}
	return session_end(s, true, st);
}

static bool recover_entries(struct session *s, const struct journal_file *f, struct status *st)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct journal_entry *e = &f->entries[i];
		struct status why = STATUS_INIT;
		u64 hash;

		if (!recover_entry(s, e, &why))
			return status_fail(st, why.code,
					   _("recovered up to command %zu; the next one, \"%.80s\", failed: %s"),
					   session_number(s), e->text, why.message);
		hash = e->has_hash ? machine_hash(&s->machine) : 0;
		if (hash != e->hash)
			return status_fail(st, STATUS_INVALID,
					   _("after command %zu the state is not what it was (hash %016" PRIx64
					     ", not %016" PRIx64 "): recovered up to there"),
					   session_number(s), hash, e->hash);
	}
	return true;
}

/* Boots the machine of the journal and does what stands in it. */
static bool recover_replay(struct session *s, const struct journal_file *f, struct status *st)
{
	struct machine_desc desc;
	u64 seed = s->seed;
	bool ok;

	if (!journal_header_desc(&f->header, NULL, &desc, st))
		return false;
	if (f->header.has_seed)
		s->seed = f->header.seed;
	if (!session_reset(s, &desc, st)) {
		s->seed = seed;
		return false;
	}
	s->replaying = true;
	ok = recover_entries(s, f, st);
	s->replaying = false;
	return ok;
}

/* Says in the journal that nothing is lost in it any more; the torn end goes. */
static void mark_closed(int fd, const struct journal_file *f)
{
	static const char end[] = "# end\n";

	if (f->torn)
		(void)!ftruncate(fd, (off_t)f->whole);
	(void)!savefile_put(fd, end, sizeof end - 1);
}

static bool recover_locked(struct session *s, const char *path, int fd, struct strbuf *notes, struct status *st)
{
	struct journal_file f;
	bool ok = journal_read(&f, path, st) && recover_replay(s, &f, st);

	if (ok) {
		mark_closed(fd, &f);
		strbuf_printf(notes, _("recovered: the session stands after command %zu\n"), session_number(s));
		if (f.torn)
			strbuf_printf(notes, _("the last line of %s was not written whole and is left out\n"), path);
	}
	journal_file_free(&f);
	return ok;
}

bool recover_session(struct session *s, const char *path, struct strbuf *notes, struct status *st)
{
	struct recover_lost lost = { NULL, 0, 0 };
	bool ok;
	int fd;

	if (session_number(s) || s->count)
		return status_fail(st, STATUS_INVALID,
				   _("this session has commands of its own: reset before you recover another"));
	if (!s->run)
		return status_fail(st, STATUS_UNSUPPORTED, _("there is nothing that can do a command again"));
	if (!path) {
		recover_find(&lost);
		path = lost.path;
	}
	if (!path)
		return status_fail(st, STATUS_INVALID, _("no session was lost: there is nothing to recover"));
	fd = lock_dead(path, st);
	ok = fd >= 0 && recover_locked(s, path, fd, notes, st);
	if (fd >= 0)
		close(fd);
	free(lost.path);
	return ok;
}
