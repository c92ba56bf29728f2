/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In which context the running code is.  As in the kernel a counter says it:
 * its low byte counts what forbids preemption (a spinlock), the next one
 * softirqs, the bits above hardware interrupts.  0 is process context, the only
 * one in which a task may sleep.
 */
#ifndef KM_PHYS_PREEMPT_H
#define KM_PHYS_PREEMPT_H

#include "phys/phys.h"

enum preempt_context { PREEMPT_PROCESS, PREEMPT_ATOMIC, PREEMPT_SOFTIRQ, PREEMPT_IRQ };

/* The narrowest context that is entered. */
enum preempt_context preempt_context(const struct phys *p);

/* "process", "atomic", "softirq", "irq". */
const char *preempt_name(enum preempt_context context);

static inline bool preempt_may_sleep(const struct phys *p)
{
	return p->state->preempt_count == 0;
}

/* In an interrupt, soft or hard, the task that was running is a mere bystander: its rights do not count. */
bool preempt_in_interrupt(const struct phys *p);

/* Are interrupts off? In later kernels they are while a handler runs; in 2.6.18 a handler must ask for it. */
bool preempt_irqs_disabled(const struct phys *p);

/*
 * Enters a context other than PREEMPT_PROCESS; *before is for preempt_leave().
 * false with a message: where the code runs now, that cannot happen.
 */
bool preempt_enter(struct phys *p, enum preempt_context context, u32 *before, struct status *st);
void preempt_leave(struct phys *p, u32 before);

/*
 * preempt_disable(), and preempt_enable() of what it did: kmap_atomic() forbids
 * sleep so.  What is not enabled again outlasts the context it was done in.
 */
void preempt_disable(struct phys *p);
void preempt_enable(struct phys *p);

/* Can the counter be what it is? false with a message. */
bool preempt_check(const struct phys *p, struct status *st);

#endif
