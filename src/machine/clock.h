/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time that passes: it ends writes and lets kswapd run (phys/kswapd.h), and
 * brings SLAB's reaper round, every two seconds on each CPU.
 */
#ifndef KM_MACHINE_CLOCK_H
#define KM_MACHINE_CLOCK_H

#include "machine/machine.h"

/* Lets so many milliseconds pass, rounded down to ticks for objects. */
void clock_let_pass(struct machine *m, u64 ms);

/* Lets so many ticks pass, of which a second has as many as the machine's HZ. */
void clock_tick(struct machine *m, u64 ticks);

#endif
