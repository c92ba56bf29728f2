/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine whose kernel is down: it met a BUG(), followed a pointer to nowhere
 * (an oops) or panicked.  A real one kills the task, which may hold any lock, or
 * stops; this one stops until the user goes back in time or boots again.  Why is
 * part of its state, so that it can be told at any time after.
 *
 * Whoever finds out prints the kernel's lines, then calls one of these.
 */
#ifndef KM_PHYS_DOWN_H
#define KM_PHYS_DOWN_H

#include "base/status.h"
#include "base/strbuf.h"
#include "phys/phys.h"

enum down_kind {
	DOWN_NOT, /* it runs */
	DOWN_BUG, /* BUG() at `where` */
	DOWN_OOPS, /* a pointer to `where`, which is an address */
	DOWN_DIVIDE, /* a division by zero */
	DOWN_PANIC, /* panic() */
	DOWN_BROKEN, /* its own lists are wrong: what it does from here on cannot be known */
	DOWN_KINDS
};

/*
 * BUG() in a file of event/source_file.def; line 0: it is not known which.  Any
 * other file stands for the present command.
 */
void down_bug(struct phys *p, const char *file, unsigned line);
void down_oops(struct phys *p, u64 address);
/* Any of the kinds that need no more. */
void down_by(struct phys *p, enum down_kind kind);

/* It runs again: for recordings, whose recorder went on. */
void down_forget(struct phys *p);

/* Appends why it is down: "kernel BUG at mm/slab.c:594". */
void down_why(const struct phys *p, struct strbuf *out);

/* Is it one of the kinds, and nothing is said of why if it runs? false with a message. */
bool down_check(const struct phys *p, struct status *st);

static inline bool down_is(const struct phys *p)
{
	return p->state->down.kind != DOWN_NOT;
}

#endif
