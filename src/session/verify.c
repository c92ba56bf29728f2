/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/verify.h"

#include "base/text.h"
#include "session/recording.h"
#include "session/replay.h"
#include "session/replay_bytes.h"
#include "session/replay_cache_compare.h"
#include "session/replay_cache_load.h"
#include "session/replay_cache_ops.h"
#include "session/replay_cma.h"
#include "session/replay_change.h"
#include "session/replay_compare.h"
#include "session/replay_load.h"
#include "session/replay_ops.h"
#include "session/replay_taken.h"
#include "session/replay_tunables.h"
#include "session/replay_virt.h"

#include <string.h>

/* Operations between two reports of progress, and events that are told of an operation that differs. */
#define PROGRESS_STEP 256
#define EVENTS_MAX 200

struct verify {
	struct recording in;
	struct replay_header header;
	struct replay replay;
	struct recording_block block; /* the operation or snapshot that is being read */
	struct recording_block before; /* the operations before the first snapshot */
	bool loaded; /* there was a snapshot */
	bool inside; /* a snapshot or operation has begun and not ended */
	bool waited; /* the operation waited, so that other tasks ran meanwhile */
	struct verify_result *result;
	const struct verify_progress *progress;
	struct status *st;
};

static bool stopped(const struct verify *v)
{
	return v->result->outcome != VERIFY_EXACT;
}

static void tell_events(struct verify *v)
{
	const struct eventlog *log = &v->replay.log;
	struct event_names names = machine_names(&v->replay.machine);
	struct strbuf *out = &v->result->events;

	for (size_t n = 0; n < log->count && n < EVENTS_MAX; n++) {
		event_sentence(&log->events[n], &names, out);
		strbuf_putc(out, '\n');
	}
	if (log->total > EVENTS_MAX)
		strbuf_printf(out, _("and %llu more\n"), (unsigned long long)(log->total - EVENTS_MAX));
}

/* Puts the text behind the first word of the block's first line into the result, and the word behind the number too. */
static void tell_where(struct verify *v)
{
	const char *text = recording_block_text(&v->block, 0);
	const char *name;

	text += strcspn(text, " ");
	text += strspn(text, " ");
	strbuf_puts(&v->result->text, text);
	if (v->block.line[0].kind != LINE_OPERATION)
		return;
	name = text + strcspn(text, " ");
	name += strspn(name, " ");
	strbuf_add(&v->result->name, name, strcspn(name, " "));
}

/* The recording and the model part here. */
static void stop(struct verify *v, enum verify_outcome outcome)
{
	struct verify_result *result = v->result;
	struct replay_difference *difference = &v->replay.difference;

	result->outcome = outcome;
	result->operation = v->in.operations;
	result->line = outcome == VERIFY_NOT_MODELLED ? v->block.line[0].number : difference->line;
	tell_where(v);
	for (size_t n = 0; n < v->block.count; n++)
		if (v->block.line[n].number == result->line)
			strbuf_puts(&result->line_text, recording_block_text(&v->block, n));
	strbuf_puts(&result->expected, strbuf_str(&difference->expected));
	strbuf_puts(&result->got, strbuf_str(&difference->got));
	if (v->block.line[0].kind == LINE_OPERATION && outcome == VERIFY_DIFFERS)
		tell_events(v);
}

/* Only the fields of the lines are looked at. */
static bool check_operation(struct verify *v)
{
	for (size_t n = 0; n < v->block.count; n++) {
		struct recording_cursor c = recording_block_cursor(&v->block, n, v->in.path, v->st);
		u64 hash;

		if (v->block.line[n].kind == LINE_CHANGE && v->loaded && !replay_change_check(&v->header.config, c))
			return false;
		if (v->block.line[n].kind == LINE_AFTER && !recording_hex(&c, &hash, _("the hash of the state")))
			return false;
	}
	return true;
}

/* Notes a change that the operation did not make; the next snapshot tells what came of it. */
static bool changed_by_other(struct verify *v, const struct recording_block_line *line, const char *text)
{
	struct strbuf drift = STRBUF_INIT;
	bool good;

	v->result->drifts++;
	strbuf_printf(&v->result->drift, "%llu: %s\n", (unsigned long long)line->number, text);
	/* c free ... becomes drift free ... */
	strbuf_printf(&drift, "drift %s", text + strlen("c "));
	good = recording_block_put(&v->replay.drift, strbuf_str(&drift), *line, v->in.path, v->st);
	strbuf_free(&drift);
	return good;
}

/* Compares the n-th line of the block, a `c` line. */
static enum replay_outcome compare_change(struct verify *v, size_t n)
{
	struct recording_cursor c = recording_block_cursor(&v->block, n, v->in.path, v->st);
	enum replay_outcome outcome;
	bool other;

	if (v->replay.leeway == REPLAY_EXACT)
		return replay_change(&v->replay, c);
	outcome = replay_change_loosely(&v->replay, c, &other);
	if (outcome != REPLAY_SAME || !other)
		return outcome;
	return changed_by_other(v, &v->block.line[n], recording_block_text(&v->block, n)) ? REPLAY_SAME : REPLAY_BAD;
}

/* What the kernel took on the side is told like drift. */
static void tell_taken(struct verify *v)
{
	struct replay *r = &v->replay;

	if (!r->taken_pages && !r->taken_objects)
		return;
	v->result->drifts++;
	strbuf_printf(&v->result->drift,
		      _("%llu: small objects of caches that are not watched: pages %u, objects of watched caches %u\n"),
		      (unsigned long long)v->block.line[0].number, r->taken_pages, r->taken_objects);
}

/* Does the operation in the block, and compares its results and changes. */
static enum replay_outcome do_operation(struct verify *v)
{
	enum replay_outcome outcome = replay_ops_run(&v->replay, &v->block, v->st);

	tell_taken(v);
	/* What other tasks did in between cannot be told from what it did. */
	if (v->waited && outcome == REPLAY_SAME && v->replay.leeway == REPLAY_EXACT &&
	    !replay_taken_all(&v->replay, &v->block, v->st)) {
		v->replay.leeway = REPLAY_BACKGROUND;
		replay_told_all(&v->replay);
	}
	for (size_t n = 1; n < v->block.count && outcome == REPLAY_SAME; n++) {
		struct recording_cursor c = recording_block_cursor(&v->block, n, v->in.path, v->st);
		u64 hash;

		if (v->block.line[n].kind == LINE_CHANGE)
			outcome = compare_change(v, n);
		if (replay_cache_compare_takes(v->block.line[n].kind) && v->replay.leeway != REPLAY_BACKGROUND)
			outcome = replay_cache_compare_line(&v->replay, v->block.line[n].kind, c);
		if (v->block.line[n].kind == LINE_DUMP)
			outcome = replay_bytes_line(&v->replay, c);
		if (v->block.line[n].kind != LINE_AFTER)
			continue;
		if (!recording_hex(&c, &hash, _("the hash of the state")))
			return REPLAY_BAD;
		outcome = replay_change_end(&v->replay, c.line, hash);
	}
	return outcome;
}

/* The state was changed by something else, and no snapshot has told how. */
static enum replay_outcome lost_by_drift(struct verify *v)
{
	strbuf_printf(&v->replay.difference.expected, _("the state that something else changed (drift at line %llu)"),
		      (unsigned long long)v->replay.drift.line[0].number);
	strbuf_puts(&v->replay.difference.got, _("drift tells no entries: it cannot be reproduced from here"));
	return replay_differs(&v->replay, v->block.line[0].number);
}

/* Copies the lines from .. to-1 of a block to the end of another. */
static bool copy_lines(struct verify *v, const struct recording_block *block, size_t from, size_t to,
		       struct recording_block *copy)
{
	for (size_t n = from; n < to; n++)
		if (!recording_block_put(copy, recording_block_text(block, n), block->line[n], v->in.path, v->st))
			return false;
	return true;
}

/* An operation before the first snapshot: looked at when the snapshot has told what there is. */
static bool keep_operation(struct verify *v)
{
	return copy_lines(v, &v->block, 0, v->block.count, &v->before);
}

static bool operation(struct verify *v)
{
	struct recording_cursor c = recording_block_cursor(&v->block, 0, v->in.path, v->st);
	enum replay_outcome outcome;
	u64 number;

	if (!recording_number(&c, UINT32_MAX, &number, _("the operation's number")))
		return false;
	if (number != v->in.operations)
		return status_fail(v->st, STATUS_FORMAT, _("%s:%llu: expected operation %llu, not %llu"), v->in.path,
				   (unsigned long long)c.line, (unsigned long long)v->in.operations,
				   (unsigned long long)number);
	if (!v->loaded) {
		v->result->before++;
		return check_operation(v) && keep_operation(v);
	}
	if (stopped(v))
		return check_operation(v);
	outcome = v->replay.drift.count ? lost_by_drift(v) : do_operation(v);
	if (outcome == REPLAY_BAD)
		return false;
	if (outcome != REPLAY_SAME) {
		stop(v, outcome == REPLAY_DIFFERS ? VERIFY_DIFFERS : VERIFY_NOT_MODELLED);
		return check_operation(v);
	}
	v->result->exact++;
	if (v->progress && v->result->exact % PROGRESS_STEP == 0)
		v->progress->tell(v->progress->context, v->result->exact);
	return true;
}

/* The difference is in an operation before the first snapshot, at lines from .. to-1 of those. */
static bool stop_before(struct verify *v, size_t from, size_t to)
{
	u64 operations = v->in.operations;
	bool good;

	recording_block_clear(&v->block);
	good = copy_lines(v, &v->before, from, to, &v->block);
	v->in.operations = 0;
	for (size_t n = 0; n < to; n++)
		v->in.operations += v->before.line[n].kind == LINE_OPERATION;
	if (good)
		stop(v, VERIFY_DIFFERS);
	v->in.operations = operations;
	return good;
}

/* What the operations before the first snapshot, which is loaded, have computed. */
static bool check_before(struct verify *v)
{
	size_t to;

	for (size_t from = 0; from < v->before.count; from = to) {
		enum replay_outcome outcome;

		for (to = from + 1; to < v->before.count && v->before.line[to].kind != LINE_OPERATION;)
			to++;
		outcome = replay_cache_ops_before(&v->replay, &v->before, from, to, v->st);
		if (outcome == REPLAY_DIFFERS)
			return stop_before(v, from, to);
		if (outcome != REPLAY_SAME)
			return false;
	}
	return true;
}

static bool load(struct verify *v)
{
	enum replay_outcome outcome = replay_load(&v->replay, &v->header, &v->block, v->st);

	if (outcome == REPLAY_DIFFERS)
		stop(v, VERIFY_DIFFERS);
	return outcome == REPLAY_SAME || outcome == REPLAY_DIFFERS;
}

static bool first_snapshot(struct verify *v)
{
	struct recording_cursor c = recording_block_cursor(&v->block, 0, v->in.path, v->st);

	v->loaded = true;
	if (!replay_header_finish(&v->header, &c) ||
	    !replay_cma_areas(&v->header.config, &v->block, v->in.path, v->st) || !load(v))
		return false;
	if (stopped(v) || !v->before.count)
		return true;
	return check_before(v) && (stopped(v) || load(v));
}

static bool snapshot(struct verify *v)
{
	enum replay_outcome outcome;

	if (!v->loaded)
		return first_snapshot(v);
	if (stopped(v))
		return true;
	outcome = replay_compare(&v->replay, &v->block, v->st);
	if (outcome == REPLAY_DIFFERS)
		stop(v, VERIFY_DIFFERS);
	if (outcome != REPLAY_SAME)
		return outcome == REPLAY_DIFFERS;
	/* What drift has changed is now known. */
	return !v->replay.drift.count || load(v);
}

/* drift possible: ...; drift while reading ...; or a change in the form of a `c` line. */
static bool drift(struct verify *v)
{
	const char *text = strbuf_str(&v->in.line);

	v->result->drifts++;
	v->waited |= v->inside && strncmp(text, "drift possible", 14) == 0;
	if (strncmp(text, "drift possible", 14) == 0 || strncmp(text, "drift while", 11) == 0)
		return true;
	strbuf_printf(&v->result->drift, "%llu: %s\n", (unsigned long long)v->in.number, text);
	if (!v->loaded)
		return true;
	return replay_change_check(&v->header.config, recording_cursor(&v->in, v->st)) &&
	       (stopped(v) || recording_block_add(&v->replay.drift, &v->in, v->st));
}

/* A line behind a snapshot or an operation that tells of it again, from `c` on. */
static bool afterthought_at(struct verify *v, struct recording_cursor c,
			    enum replay_outcome (*compare)(struct replay *r, struct recording_cursor c))
{
	enum replay_outcome outcome;

	if (!v->loaded || stopped(v))
		return true;
	outcome = compare(&v->replay, c);
	if (outcome != REPLAY_DIFFERS)
		return outcome == REPLAY_SAME;
	/* The operation did not agree in everything, after all. */
	v->result->exact -= v->block.line[0].kind == LINE_OPERATION;
	if (!recording_block_add(&v->block, &v->in, v->st))
		return false;
	stop(v, VERIFY_DIFFERS);
	return true;
}

static bool afterthought(struct verify *v, enum replay_outcome (*compare)(struct replay *r, struct recording_cursor c))
{
	return afterthought_at(v, recording_cursor(&v->in, v->st), compare);
}

static bool begin_block(struct verify *v)
{
	v->inside = true;
	v->waited = false;
	recording_block_clear(&v->block);
	return recording_block_add(&v->block, &v->in, v->st);
}

/* Of the texts of /proc, slabinfo tells the order of the caches, and with debugging their statistics. */
static bool text_line(struct verify *v)
{
	struct recording_cursor row = recording_cursor(&v->in, v->st);

	if (!replay_cache_text(&v->replay.caches, v->in.kind, strbuf_str(&v->in.line)))
		return status_fail(v->st, STATUS_NO_MEMORY, _("%s:%llu: there is no memory to keep this line"),
				   v->in.path, (unsigned long long)v->in.number);
	row.at = strbuf_str(&v->in.line);
	return v->in.kind != LINE_TEXT_LINE || afterthought_at(v, row, replay_cache_compare_statistics);
}

static bool take_line(struct verify *v)
{
	struct recording_cursor c = recording_cursor(&v->in, v->st);

	switch (v->in.kind) {
	case LINE_CONSTANTS:
	case LINE_ZONE_LIST:
		return replay_header_line(&v->header, v->in.kind, c);
	case LINE_ZONE_CONSTANTS:
		return v->loaded ? afterthought(v, replay_tunables_zone)
				 : replay_header_line(&v->header, v->in.kind, c);
	case LINE_CHECK:
		return afterthought(v, replay_compare_check);
	case LINE_COMMENT:
		return !v->loaded || stopped(v) || replay_ops_comment(&v->replay, c);
	case LINE_SNAPSHOT:
	case LINE_OPERATION:
		return begin_block(v);
	case LINE_SNAPSHOT_END:
		v->inside = false;
		return snapshot(v);
	case LINE_RESULT:
	case LINE_CHANGE:
	case LINE_MOVED:
		return recording_block_add(&v->block, &v->in, v->st);
	case LINE_AFTER:
		v->inside = false;
		return recording_block_add(&v->block, &v->in, v->st) && operation(v);
	case LINE_DRIFT:
		return drift(v);
	case LINE_TEXT:
	case LINE_TEXT_LINE:
	case LINE_TEXT_END:
		return text_line(v);
	case LINE_DUMP:
		return v->inside ? recording_block_add(&v->block, &v->in, v->st) : afterthought(v, replay_bytes_line);
	case LINE_AREA:
		return v->inside ? recording_block_add(&v->block, &v->in, v->st) : afterthought(v, replay_virt_line);
	case LINE_CACHE:
		return v->inside ? recording_block_add(&v->block, &v->in, v->st)
				 : afterthought(v, replay_cache_load_listed);
	default:
		return !v->inside || !replay_load_wants(v->in.kind) || recording_block_add(&v->block, &v->in, v->st);
	}
}

static bool read_all(struct verify *v)
{
	enum recording_next next;

	while ((next = recording_next(&v->in, v->st)) == RECORDING_LINE)
		if (!take_line(v))
			return false;
	if (next == RECORDING_ERROR)
		return false;
	v->result->operations = v->in.operations - v->result->before;
	return v->loaded || status_fail(v->st, STATUS_FORMAT, _("%s: there is no snapshot in it"), v->in.path);
}

static bool pass(const char *path, bool observed, const struct verify_progress *progress, struct verify_result *result,
		 struct status *st)
{
	struct verify v = { .result = result, .progress = progress, .st = st };
	bool good;

	memset(result, 0, sizeof(*result));
	replay_header_init(&v.header);
	replay_init(&v.replay, path, observed);
	good = recording_open(&v.in, path, st) && read_all(&v);
	recording_close(&v.in);
	recording_block_free(&v.block);
	recording_block_free(&v.before);
	replay_free(&v.replay);
	return good;
}

bool verify_file_observed(const char *path, const struct verify_progress *progress, struct verify_result *result,
			  struct status *st)
{
	return pass(path, true, progress, result, st);
}

bool verify_file(const char *path, const struct verify_progress *progress, struct verify_result *result,
		 struct status *st)
{
	struct verify_result watched;
	bool good = pass(path, false, progress, result, st);

	if (!good || result->outcome != VERIFY_DIFFERS)
		return good;
	good = pass(path, true, NULL, &watched, st);
	if (good && watched.outcome == VERIFY_DIFFERS && watched.line == result->line) {
		verify_result_free(result);
		*result = watched;
		return true;
	}
	if (good)
		strbuf_puts(&result->events, _("done again and watched, it does not differ here\n"));
	verify_result_free(&watched);
	return good;
}

void verify_result_free(struct verify_result *result)
{
	strbuf_free(&result->drift);
	strbuf_free(&result->text);
	strbuf_free(&result->name);
	strbuf_free(&result->line_text);
	strbuf_free(&result->expected);
	strbuf_free(&result->got);
	strbuf_free(&result->events);
	memset(result, 0, sizeof(*result));
}
