/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of one command, kept to be shown. */
#ifndef KM_SESSION_EVENTLOG_H
#define KM_SESSION_EVENTLOG_H

#include "event/event.h"

/* Beyond this many, events are counted and not kept. */
#define EVENTLOG_LIMIT 4096

struct eventlog {
	struct event *events;
	size_t count, capacity;
	u64 total; /* told; count of them are kept */
};

void eventlog_add(struct eventlog *log, const struct event *e);
void eventlog_clear(struct eventlog *log);
void eventlog_free(struct eventlog *log);

#endif
