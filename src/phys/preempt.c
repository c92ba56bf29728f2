/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/preempt.h"

#include "base/text.h"

#include <inttypes.h>

/* One of each in the counter, the same in 2.6.18 and 6.1. */
#define ONE_ATOMIC 0x1u
#define ONE_SOFTIRQ 0x100u
#define ONE_IRQ 0x10000u

static u32 softirqs(const struct phys *p)
{
	return p->state->preempt_count / ONE_SOFTIRQ % 0x100;
}

static u32 irqs(const struct phys *p)
{
	return p->state->preempt_count / ONE_IRQ;
}

enum preempt_context preempt_context(const struct phys *p)
{
	if (irqs(p))
		return PREEMPT_IRQ;
	if (softirqs(p))
		return PREEMPT_SOFTIRQ;
	return p->state->preempt_count ? PREEMPT_ATOMIC : PREEMPT_PROCESS;
}

const char *preempt_name(enum preempt_context context)
{
	static const char *const names[] = {
		[PREEMPT_PROCESS] = "process",
		[PREEMPT_ATOMIC] = "atomic",
		[PREEMPT_SOFTIRQ] = "softirq",
		[PREEMPT_IRQ] = "irq",
	};

	return names[context];
}

bool preempt_in_interrupt(const struct phys *p)
{
	return p->state->preempt_count >= ONE_SOFTIRQ;
}

bool preempt_irqs_disabled(const struct phys *p)
{
	return irqs(p) > 0 && !p->config->handlers_interruptible;
}

static bool enter_softirq(struct phys *p, struct status *st)
{
	if (irqs(p))
		return status_fail(st, STATUS_INVALID,
				   _("no softirq runs inside a hardware interrupt: it runs when that has ended"));
	if (softirqs(p))
		return status_fail(st, STATUS_INVALID,
				   _("a softirq is not interrupted by another one on the same CPU"));
	p->state->preempt_count += ONE_SOFTIRQ;
	EMIT(p->observer, ENTER_SOFTIRQ, 0);
	return true;
}

static bool enter_irq(struct phys *p, struct status *st)
{
	if (preempt_irqs_disabled(p))
		return status_fail(
		    st, STATUS_INVALID,
		    _("no interrupt comes inside of an interrupt: this kernel keeps them off meanwhile"));
	p->state->preempt_count += ONE_IRQ;
	EMIT(p->observer, ENTER_IRQ, 0);
	return true;
}

bool preempt_enter(struct phys *p, enum preempt_context context, u32 *before, struct status *st)
{
	*before = p->state->preempt_count;
	if (context == PREEMPT_SOFTIRQ)
		return enter_softirq(p, st);
	if (context == PREEMPT_IRQ)
		return enter_irq(p, st);
	if (p->state->preempt_count % ONE_SOFTIRQ == ONE_SOFTIRQ - 1)
		return status_fail(st, STATUS_INVALID, _("more spinlocks than the kernel can count"));
	p->state->preempt_count += ONE_ATOMIC;
	EMIT(p->observer, ENTER_ATOMIC, 0);
	return true;
}

void preempt_leave(struct phys *p, u32 before)
{
	u32 low = p->state->preempt_count % ONE_SOFTIRQ, high = before - before % ONE_SOFTIRQ;

	/* What was disabled inside, and not enabled again, stays so. */
	if (p->state->preempt_count - low == high && low)
		low -= ONE_ATOMIC;
	p->state->preempt_count = high + low;
	if (p->state->preempt_count)
		EMIT(p->observer, LEAVE_TO_OUTER, 0);
	else
		EMIT(p->observer, LEAVE_TO_PROCESS, 0);
}

void preempt_disable(struct phys *p)
{
	p->state->preempt_count += ONE_ATOMIC;
	EMIT(p->observer, PREEMPT_OFF, p->state->preempt_count % ONE_SOFTIRQ);
}

void preempt_enable(struct phys *p)
{
	if (p->state->preempt_count % ONE_SOFTIRQ)
		p->state->preempt_count -= ONE_ATOMIC;
	EMIT(p->observer, PREEMPT_ON, p->state->preempt_count % ONE_SOFTIRQ);
}

bool preempt_check(const struct phys *p, struct status *st)
{
	if (softirqs(p) > 1)
		return status_fail(st, STATUS_INVALID, _("%" PRIu32 " softirqs run, but one CPU can run one"),
				   softirqs(p));
	if (irqs(p) > 1 && !p->config->handlers_interruptible)
		return status_fail(
		    st, STATUS_INVALID,
		    _("%" PRIu32 " interrupts are inside one another, but this kernel has them off meanwhile"),
		    irqs(p));
	return true;
}
