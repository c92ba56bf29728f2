/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kswapd, the kernel's thread that frees pages before they are needed: woken
 * when a zone falls below its low watermark, it works until all are above high
 * (2.6.18), or one of those that the request may use (6.1), and then sleeps.
 *
 * Here it is no thread.  A command does not let go of the CPU, so kswapd runs
 * when the command has ended, and while a request waits; if it is set so, only
 * when time is let pass, or never.  A machine without anything to reclaim leaves
 * it asleep: it would only lower boosted watermarks, and does so when time passes.
 */
#ifndef KM_PHYS_KSWAPD_H
#define KM_PHYS_KSWAPD_H

#include "phys/request.h"

/* A request found all zones low: wakes the threads of its nodes, where they can help. */
void kswapd_wake(struct phys *p, const struct request *rq);

/* Watermarks of a zone were boosted: wakes the thread of its node. */
void kswapd_wake_boosted(struct phys *p, unsigned zone);

/* 6.1: has the node's thread given up, until somebody else frees pages? */
bool kswapd_is_hopeless(const struct phys *p, unsigned node);

/* All that are awake run until they sleep. Returns how many pages were freed. */
u64 kswapd_run(struct phys *p);

/* The command has ended. */
void kswapd_command_ended(struct phys *p);

/* Time passes: writes end, dirty pages grow old, kswapd runs. */
void kswapd_let_time_pass(struct phys *p, u64 ms);

#endif
