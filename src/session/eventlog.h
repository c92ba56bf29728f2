/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The events of one command, kept to be shown: all of them, or of a long story
 * the beginning and the end.  What is between is one event that says how many
 * are left out.
 */
#ifndef KM_SESSION_EVENTLOG_H
#define KM_SESSION_EVENTLOG_H

#include "event/event.h"

/* So many of the first events are kept, and so many of the last. */
#define EVENTLOG_HEAD 3072
#define EVENTLOG_TAIL 1024

/* All zero: an empty log. */
struct eventlog {
	struct event *events; /* while events come, the first of them only */
	size_t count, capacity;
	size_t gap; /* events[gap] is EV_LEFT_OUT; 0: none is */
	u64 total; /* told */
	struct event *tail; /* the last ones, while they come, in a ring; NULL: they are all in `events` */
	u64 tailed; /* how many have come to the ring */
};

/* Keeps a copy of the event; without memory for it, only counts it. */
void eventlog_add(struct eventlog *log, const struct event *e);

/* No more events come: puts the last ones behind the first, and gives back room that is not needed. */
void eventlog_finish(struct eventlog *log);

/* How many events were told that are not kept. */
u64 eventlog_lost(const struct eventlog *log);

/* Which one, from 1 on, of all that were told, events[n] is; of the gap, the first that is left out. */
u64 eventlog_number(const struct eventlog *log, size_t n);

/* Forgets the events, keeps the memory. */
void eventlog_clear(struct eventlog *log);
void eventlog_free(struct eventlog *log);

#endif
