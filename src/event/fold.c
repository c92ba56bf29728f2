/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event/fold.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of more lines than this are not looked for: nobody would see that they are alike. */
#define ROUND_LINES 48

/*
 * So many rounds there must be, and so many lines saved, or the steps are told:
 * of whole operations, and of steps inside of one, as the walk down the zones.
 */
#define ROUNDS_LEAST 3
#define ROUNDS_LEAST_INSIDE 6
#define SAVED_LEAST 4

static bool reserve(struct fold_list *list, size_t count)
{
	struct fold *folds;

	list->count = 0;
	if (count <= list->capacity)
		return true;
	folds = realloc(list->folds, count * sizeof *folds);
	if (!folds)
		return false;
	list->folds = folds;
	list->capacity = count;
	return true;
}

void fold_free(struct fold_list *list)
{
	free(list->folds);
	memset(list, 0, sizeof *list);
}

/* ------------------------------------------------------------- finding */

/* Does `b` go on where `a` stopped, so that both are told in one line? */
static bool goes_on(const struct event *a, const struct event *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case EV_LIST_EMPTY: /* zone, free list: the next order of the same type */
		return a->arg[0] == b->arg[0] && b->arg[1] == a->arg[1] + (1 << 8);
	case EV_SPLIT:
	case EV_SPLIT_SORTED: /* block, order, upper half, free list */
		return a->arg[0] == b->arg[0] && b->arg[1] + 1 == a->arg[1];
	case EV_MERGE: /* buddy, order, what both are together, its order */
		return b->arg[1] == a->arg[3];
	default:
		return false;
	}
}

static enum fold_kind run_kind(enum event_kind kind)
{
	return kind == EV_LIST_EMPTY ? FOLD_EMPTY : kind == EV_MERGE ? FOLD_MERGE : FOLD_SPLIT;
}

/* Lines of runs and of single events. There is room. */
static void find_runs(struct fold_list *list, const struct event *events, size_t count)
{
	for (size_t i = 0; i < count;) {
		struct fold f = { .kind = FOLD_ONE, .first = i, .count = 1 };

		while (i + f.count < count && goes_on(&events[i + f.count - 1], &events[i + f.count]))
			f.count++;
		if (f.count > 1)
			f.kind = run_kind(events[i].kind);
		list->folds[list->count++] = f;
		i += f.count;
	}
}

/* Steps of boot, and marks of zones: each tells of something else, however like the others it looks. */
static bool stands_alone(enum event_kind kind)
{
	return (kind >= EV_BOOT_RAM && kind <= EV_BOOT_FREE_CMA) || kind == EV_WMARKS_SET;
}

/* Do both lines tell of the same kind of step? */
static bool alike(const struct fold *a, const struct fold *b, const struct event *events)
{
	return events[a->first].kind == events[b->first].kind && !stands_alone(events[a->first].kind);
}

/* How many rounds of `lines` lines there are from line `at` on. */
static size_t count_rounds(const struct fold_list *list, const struct event *events, size_t at, size_t lines)
{
	size_t same = 0;

	while (at + lines + same < list->count &&
	       alike(&list->folds[at + same], &list->folds[at + lines + same], events))
		same++;
	return same / lines + 1;
}

/* Does an operation begin with it? Rounds that do are understood best. */
static bool begins(enum event_kind kind)
{
	switch (kind) {
	case EV_REQUEST:
	case EV_REQUEST_BULK:
	case EV_CMA_REQUEST:
	case EV_FREE:
	case EV_KMALLOC_CLASS:
	case EV_KMALLOC_EXACT:
	case EV_SLAB_ARRAY_EMPTY:
	case EV_SLUB_NO_PARTIAL:
		return true;
	default:
		return false;
	}
}

/* Do operations begin in a round, and where? false: they do not. */
static bool find_beginning(const struct fold_list *list, const struct event *events, size_t at, size_t lines,
			   size_t *where)
{
	for (*where = 0; *where < lines; ++*where)
		if (begins(events[list->folds[at + *where].first].kind))
			return true;
	return false;
}

/* The shortest round that begins at a line and is worth being told once; 0: there is none. */
static size_t find_round(const struct fold_list *list, const struct event *events, size_t at, size_t *rounds)
{
	for (size_t lines = 1; lines <= ROUND_LINES && at + lines < list->count; lines++) {
		size_t where;
		bool whole = find_beginning(list, events, at, lines, &where);

		*rounds = count_rounds(list, events, at, lines);
		if (*rounds < (whole ? ROUNDS_LEAST : ROUNDS_LEAST_INSIDE) || (*rounds - 1) * lines < SAVED_LEAST)
			continue;
		/* A line behind, the round begins where an operation does. */
		return whole && where > 0 ? 0 : lines;
	}
	return 0;
}

/* Puts rounds into one line each, behind the first of them. */
static void fold_rounds(struct fold_list *list, const struct event *events)
{
	struct fold_list old = *list;
	size_t n = 0;

	for (size_t i = 0; i < old.count;) {
		size_t rounds = 0, lines = find_round(&old, events, i, &rounds), behind;
		struct fold again;

		if (!lines) {
			list->folds[n++] = old.folds[i++];
			continue;
		}
		behind = i + lines * rounds;
		again = (struct fold){ FOLD_ROUNDS, old.folds[i + lines].first, 0, lines, rounds - 1 };
		again.count = old.folds[behind - 1].first + old.folds[behind - 1].count - again.first;
		/* n never passes i: what is written was read. */
		memmove(&list->folds[n], &old.folds[i], lines * sizeof *list->folds);
		n += lines;
		list->folds[n++] = again;
		i = behind;
	}
	list->count = n;
}

bool fold_events(struct fold_list *list, const struct event *events, size_t count)
{
	if (!reserve(list, count))
		return false;
	find_runs(list, events, count);
	fold_rounds(list, events);
	return true;
}

bool fold_none(struct fold_list *list, size_t count)
{
	if (!reserve(list, count))
		return false;
	for (; list->count < count; list->count++)
		list->folds[list->count] = (struct fold){ FOLD_ONE, list->count, 1, 0, 0 };
	return true;
}

/* ------------------------------------------------------------- telling */

/* "Normal: order 3 is empty, so are 4 to 6". */
static void tell_empty(const struct fold *f, const struct event *e, const struct event_names *names, struct strbuf *out)
{
	u64 first = (e->arg[1] >> 8) + 1, last = (e->arg[1] >> 8) + f->count - 1;

	event_sentence(e, names, out);
	if (first == last)
		strbuf_printf(out, _(", so is %" PRIu64), first);
	else
		strbuf_printf(out, _(", so are %" PRIu64 " to %" PRIu64), first, last);
}

/* Appends argument `arg` of events: page frames, the separator between them. */
static void put_frames(const struct event *e, size_t count, unsigned arg, struct strbuf *out)
{
	for (size_t i = 0; i < count; i++)
		strbuf_printf(out, i ? ", 0x%" PRIx64 : "0x%" PRIx64, e[i].arg[arg]);
}

/* "split 0x1800 of order 8, and its lower halves, down to order 5: 0x1880, 0x1840, 0x1820 go to the heads of ..." */
static void tell_split(const struct fold *f, const struct event *e, struct strbuf *out)
{
	const struct event *last = &e[f->count - 1];

	strbuf_printf(out, _("split 0x%" PRIx64 " of order %" PRIu64 " down to order %" PRIu64 ": the upper halves "),
		      e->arg[0], e->arg[1], last->arg[1] - 1);
	put_frames(e, f->count, 2, out);
	if (e->kind == EV_SPLIT)
		strbuf_printf(out, _(" go to the heads of orders %" PRIu64 " to %" PRIu64), e->arg[1] - 1,
			      last->arg[1] - 1);
	else
		strbuf_printf(out, _(" go to their places in orders %" PRIu64 " to %" PRIu64), e->arg[1] - 1,
			      last->arg[1] - 1);
}

static void tell_merge(const struct fold *f, const struct event *e, struct strbuf *out)
{
	const struct event *last = &e[f->count - 1];

	strbuf_puts(out, _("the buddies "));
	put_frames(e, f->count, 0, out);
	strbuf_printf(
	    out, _(" of orders %" PRIu64 " to %" PRIu64 " are free: together they are 0x%" PRIx64 " of order %" PRIu64),
	    e->arg[1], last->arg[1], last->arg[2], last->arg[3]);
}

static void tell_rounds(const struct fold *f, const struct event *e, const struct event_names *names,
			struct strbuf *out)
{
	if (f->lines == 1)
		strbuf_printf(
		    out,
		    text_of_n("the same %zu time more; the last: ", "the same %zu times more; the last: ", f->rounds),
		    f->rounds);
	else
		strbuf_printf(out,
			      text_of_n("these %zu steps %zu time more; the last: ",
					"these %zu steps %zu times more; the last: ", f->rounds),
			      f->lines, f->rounds);
	event_sentence(&e[f->count - 1], names, out);
}

void fold_sentence(const struct fold *f, const struct event *events, const struct event_names *names,
		   struct strbuf *out)
{
	const struct event *e = &events[f->first];

	switch (f->kind) {
	case FOLD_EMPTY:
		tell_empty(f, e, names, out);
		break;
	case FOLD_SPLIT:
		tell_split(f, e, out);
		break;
	case FOLD_MERGE:
		tell_merge(f, e, out);
		break;
	case FOLD_ROUNDS:
		tell_rounds(f, e, names, out);
		break;
	case FOLD_ONE:
		event_sentence(e, names, out);
		break;
	}
}
