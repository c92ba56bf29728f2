/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of one command, kept to be shown. */
#ifndef KM_SESSION_EVENTLOG_H
#define KM_SESSION_EVENTLOG_H

#include "event/event.h"

/* Beyond this many, events are counted and not kept. */
#define EVENTLOG_LIMIT 4096

/* All zero: an empty log. */
struct eventlog {
	struct event *events;
	size_t count, capacity;
	u64 total; /* told; the first `count` of them are kept */
};

/* Keeps a copy of the event; without memory for it, only counts it. */
void eventlog_add(struct eventlog *log, const struct event *e);

/* Gives back the room that was made for events that did not come. */
void eventlog_shrink(struct eventlog *log);

/* Forgets the events, keeps the memory. */
void eventlog_clear(struct eventlog *log);
void eventlog_free(struct eventlog *log);

#endif
