/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The out-of-memory killer: when nothing can be reclaimed, it ends the process
 * that is the most to blame, and its memory is free.
 *
 * 2.6.18 gives points by size, for the square root of the time computed and the
 * fourth root of the time run fewer, twice as many to a nice process, a quarter
 * to the superuser's; oom_adj doubles or halves them
 * (Documentation/filesystems/proc.txt of that kernel, and M. Gorman,
 * Understanding the Linux Virtual Memory Manager, ch. 13).  6.1 counts pages in
 * memory and in swap, and a share of all memory for oom_score_adj
 * (Documentation/filesystems/proc, "/proc/<pid>/oom_score_adj").  Page tables,
 * which it counts too, belong to no process here.
 */
#ifndef KM_PHYS_OOM_H
#define KM_PHYS_OOM_H

#include "phys/reclaim.h"

enum oom_result {
	OOM_KILLED, /* memory was freed: the request may try again */
	OOM_NO_VICTIM, /* there is nobody to kill: the kernel panics, and is down */
	OOM_PANIC, /* panic_on_oom forbids to kill: the kernel panics, and is down */
};

/* What is told before a process is killed, while it is still there. */
struct oom_report {
	gfp_t gfp;
	unsigned order;
	enum oom_result result;
	unsigned victim; /* its number; OWNER_NOBODY: none */
	s64 points;
	bool asker; /* it is killed because it asked (oom_kill_allocating_task) */
};

/* A request got nothing. Kills, or says why not. */
enum oom_result oom_kill(struct phys *p, gfp_t gfp, unsigned order);

/* A process's points; INT64_MIN: it must not be killed. */
s64 oom_points(const struct phys *p, unsigned process);

/* /proc/PID/oom_score. */
s64 oom_score(const struct phys *p, unsigned process);

/* Least and most that the machine's kernel takes for oom_adj or oom_score_adj. */
s32 oom_adj_least(const struct phys *p);
s32 oom_adj_most(const struct phys *p);

#endif
