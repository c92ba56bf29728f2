/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/eventlog.h"

#include <stdlib.h>
#include <string.h>

static bool eventlog_grow(struct eventlog *log)
{
	size_t capacity = log->capacity ? log->capacity * 2 : 16;
	struct event *events;

	if (log->capacity >= EVENTLOG_HEAD)
		return false;
	if (capacity > EVENTLOG_HEAD)
		capacity = EVENTLOG_HEAD;
	events = realloc(log->events, capacity * sizeof *events);
	if (!events)
		return false;
	log->events = events;
	log->capacity = capacity;
	return true;
}

/* The first ones are full: the last ones go round. */
static void add_to_tail(struct eventlog *log, const struct event *e)
{
	if (!log->tail)
		log->tail = malloc(EVENTLOG_TAIL * sizeof *log->tail);
	if (log->tail)
		log->tail[log->tailed++ % EVENTLOG_TAIL] = *e;
}

void eventlog_add(struct eventlog *log, const struct event *e)
{
	/* Once one is left out, those behind it are too: what is kept has one hole at most. */
	if (log->count == log->total && log->count < EVENTLOG_HEAD &&
	    (log->count < log->capacity || eventlog_grow(log)))
		log->events[log->count++] = *e;
	else
		add_to_tail(log, e);
	log->total++;
}

static void resize(struct eventlog *log, size_t capacity)
{
	struct event *events = realloc(log->events, capacity * sizeof *events);

	if (!events)
		return;
	log->events = events;
	log->capacity = capacity;
}

/* Moves the ring behind the first ones. Without memory for that only those are kept. */
static void append_tail(struct eventlog *log)
{
	size_t kept = log->tailed < EVENTLOG_TAIL ? (size_t)log->tailed : EVENTLOG_TAIL;
	u64 lost = log->total - log->count - kept;

	resize(log, log->count + kept + 1);
	if (log->capacity < log->count + kept + 1)
		return;
	if (lost) {
		log->gap = log->count;
		log->events[log->count++] = (struct event){ EV_LEFT_OUT, { lost } };
	}
	for (u64 n = log->tailed - kept; n < log->tailed; n++)
		log->events[log->count++] = log->tail[n % EVENTLOG_TAIL];
}

void eventlog_finish(struct eventlog *log)
{
	if (log->tail)
		append_tail(log);
	free(log->tail);
	log->tail = NULL;
	log->tailed = 0;
	if (log->count && log->count < log->capacity)
		resize(log, log->count);
}

u64 eventlog_lost(const struct eventlog *log)
{
	return log->gap ? log->events[log->gap].arg[0] : log->total - log->count;
}

u64 eventlog_number(const struct eventlog *log, size_t n)
{
	return log->gap && n > log->gap ? log->total - (log->count - n) + 1 : (u64)n + 1;
}

void eventlog_clear(struct eventlog *log)
{
	free(log->tail);
	log->tail = NULL;
	log->tailed = 0;
	log->count = log->gap = 0;
	log->total = 0;
}

void eventlog_free(struct eventlog *log)
{
	free(log->events);
	free(log->tail);
	memset(log, 0, sizeof *log);
}
