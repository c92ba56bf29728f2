/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/eventlog.h"

#include <stdlib.h>
#include <string.h>

static bool eventlog_grow(struct eventlog *log)
{
	size_t capacity = log->capacity ? log->capacity * 2 : 16;
	struct event *events;

	if (log->capacity >= EVENTLOG_LIMIT)
		return false;
	if (capacity > EVENTLOG_LIMIT)
		capacity = EVENTLOG_LIMIT;
	events = realloc(log->events, capacity * sizeof *events);
	if (!events)
		return false;
	log->events = events;
	log->capacity = capacity;
	return true;
}

void eventlog_add(struct eventlog *log, const struct event *e)
{
	/* Once one is left out, those behind it are too: the log is the beginning, without holes. */
	if (log->count == log->total && (log->count < log->capacity || eventlog_grow(log)))
		log->events[log->count++] = *e;
	log->total++;
}

void eventlog_shrink(struct eventlog *log)
{
	struct event *events;

	if (!log->count || log->count == log->capacity)
		return;
	events = realloc(log->events, log->count * sizeof *events);
	if (!events)
		return;
	log->events = events;
	log->capacity = log->count;
}

void eventlog_clear(struct eventlog *log)
{
	log->count = 0;
	log->total = 0;
}

void eventlog_free(struct eventlog *log)
{
	free(log->events);
	memset(log, 0, sizeof *log);
}
