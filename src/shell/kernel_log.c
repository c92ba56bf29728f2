/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/kernel_log.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/preempt.h"
#include "procfs/procfs.h"

#include <inttypes.h>

/* The name and number that messages give to the task that runs. */
#define TASK_NAME "kmemlab"
#define TASK_PID 1

/* Paper has no log. */
static bool has_log(const struct machine *m)
{
	return m->desc.boot != BOOT_TEXTBOOK;
}

/* ------------------------------------------------- sleeping where one must not */

static const char *advice(enum preempt_context context)
{
	switch (context) {
	case PREEMPT_ATOMIC:
		return _("With a spinlock held nothing may sleep: ask with GFP_ATOMIC, or before the lock is taken.");
	case PREEMPT_SOFTIRQ:
		return _("A softirq must not sleep, it is no task: ask with GFP_ATOMIC.");
	case PREEMPT_IRQ:
		return _("An interrupt handler must not sleep, it is no task: ask with GFP_ATOMIC.");
	default:
		return "";
	}
}

/* Of kernels that look for it: CONFIG_DEBUG_SPINLOCK_SLEEP and CONFIG_PREEMPT, later CONFIG_DEBUG_ATOMIC_SLEEP. */
static void report_sleep(const struct phys *p, const char *where, const char *hint, struct strbuf *out)
{
	bool old = p->config->gfp == GFP_2_6;
	int irqs_disabled = preempt_irqs_disabled(p);

	strbuf_printf(out, "BUG: sleeping function called from invalid context at %s\n", where);
	if (old)
		strbuf_printf(out, "in_atomic():%d, irqs_disabled():%d\n", 1, irqs_disabled);
	else
		strbuf_printf(out,
			      "in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s\n"
			      "preempt_count: %" PRIx32 ", expected: 0\nRCU nest depth: 0, expected: 0\n",
			      1, irqs_disabled, TASK_PID, TASK_NAME, p->state->preempt_count);
	strbuf_printf(out, "%s\n", hint);
}

/* In later kernels an order that cannot be is refused before anything is looked at. */
static bool order_is_known(const struct phys *p, unsigned order)
{
	return order < p->config->orders || !p->config->warns_of_orders;
}

void kernel_log_before(struct context *cx, gfp_t gfp, unsigned order)
{
	const struct machine *m = &cx->session->machine;
	const struct phys *p = &m->phys;

	if (!has_log(m))
		return;
	if (page_alloc_warns(p, gfp, order))
		strbuf_printf(cx->out,
			      "------------[ cut here ]------------\n"
			      "WARNING: CPU: %" PRIu32 " PID: %d at mm/page_alloc.c __alloc_pages\n"
			      "---[ end trace 0000000000000000 ]---\n",
			      p->state->cpu, TASK_PID);
	if (order_is_known(p, order) && (gfp & p->gfp->wait) && !preempt_may_sleep(p) && !cx->sleeps_told++)
		report_sleep(p, p->config->gfp == GFP_2_6 ? "mm/page_alloc.c" : "include/linux/sched/mm.h",
			     advice(preempt_context(p)), cx->out);
}

void kernel_log_mutex(struct context *cx)
{
	const struct machine *m = &cx->session->machine;

	if (has_log(m) && !preempt_may_sleep(&m->phys) && !cx->sleeps_told++)
		report_sleep(&m->phys, "kernel/locking/mutex.c",
			     _("It takes a mutex and may wait for pages to move: call it in process context only."),
			     cx->out);
}

/* -------------------------------------------------------------- failures */

/* How many reports are printed in one go: 10 in 5 seconds, later 1 in 10. */
static unsigned burst(const struct phys *p)
{
	return p->config->gfp == GFP_2_6 ? 10 : 1;
}

void kernel_log_failure(struct context *cx, gfp_t gfp, unsigned order)
{
	const struct machine *m = &cx->session->machine;
	const struct phys *p = &m->phys;

	if ((gfp & p->gfp->nowarn) || !order_is_known(p, order) || !has_log(m) || cx->failures_told >= burst(p))
		return;
	cx->failures_told++;
	if (p->config->gfp == GFP_2_6) {
		strbuf_printf(cx->out, "%s: page allocation failure. order:%u, mode:0x%" PRIx32 "\n", TASK_NAME, order,
			      gfp);
	} else {
		strbuf_printf(cx->out, "%s: page allocation failure: order:%u, mode:0x%" PRIx32 "(", TASK_NAME, order,
			      gfp);
		if (gfp)
			gfp_format(p->config->gfp, gfp, cx->out);
		strbuf_puts(cx->out, "), nodemask=(null)\n");
	}
	procfs_mem_info(m, cx->out);
}
