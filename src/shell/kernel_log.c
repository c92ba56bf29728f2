/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/kernel_log.h"

#include "base/text.h"
#include "base/units.h"
#include "phys/down.h"
#include "phys/mapping.h"
#include "phys/page_alloc.h"
#include "phys/preempt.h"
#include "procfs/procfs.h"

#include <inttypes.h>
#include <stdarg.h>

/* The name and number that messages give to the task that runs. */
#define TASK_NAME "kmemlab"
#define TASK_PID 1

#define OOM_BURST 10 /* reports of the killer that a statement prints, as many as the kernel in one go */

/* Paper has no log. */
static bool has_log(const struct machine *m)
{
	return m->desc.boot != BOOT_TEXTBOOK;
}

/* ------------------------------------------------- boot */

static u64 whole_mib(const struct phys_config *c, u64 pages)
{
	return (pages << c->page_shift) / MIB;
}

void kernel_log_highmem(struct context *cx)
{
	const struct machine *m = &cx->session->machine;
	const struct phys_config *c = &m->config;
	u64 asked = m->desc.highmem >> c->page_shift, high = c->max_pfn - c->direct_map_end;
	bool old = c->gfp == GFP_2_6;

	if (!asked || asked == high)
		return;
	if (high)
		strbuf_printf(cx->out,
			      "only %" PRIu64 "MB highmem pages available, ignoring highmem size of %" PRIu64 "MB%s\n",
			      whole_mib(c, high), whole_mib(c, asked), old ? "." : "!");
	else if (asked >= c->max_pfn)
		strbuf_printf(cx->out,
			      "highmem size %s(%" PRIu64 "MB) is bigger than pages available (%" PRIu64 "MB)!%s\n",
			      old ? "specified " : "", whole_mib(c, asked), whole_mib(c, c->max_pfn), old ? "." : "");
	else
		strbuf_printf(cx->out, "highmem size (%" PRIu64 "MB) results in %s\n", whole_mib(c, asked),
			      old ? "smaller than 64MB lowmem, ignoring it." : "<64MB lowmem, ignoring it!");
}

/* ------------------------------------------------- sleeping where one must not */

/* `kmaps`: only kmap_atomic() forbids it. */
static const char *advice(enum preempt_context context, bool kmaps)
{
	switch (context) {
	case PREEMPT_ATOMIC:
		if (kmaps)
			return _("Between kmap_atomic() and kunmap_atomic() nothing may sleep: ask with GFP_ATOMIC, or "
				 "before.");
		return _("With a spinlock held nothing may sleep: ask with GFP_ATOMIC, or before the lock is taken.");
	case PREEMPT_SOFTIRQ:
		return _("A softirq must not sleep, it is no task: ask with GFP_ATOMIC.");
	case PREEMPT_IRQ:
		return _("An interrupt handler must not sleep, it is no task: ask with GFP_ATOMIC.");
	default:
		return "";
	}
}

static const char *advice_now(const struct context *cx)
{
	const struct machine *m = &cx->session->machine;
	const struct virt_state *virt = m->virt.state;
	/* With a spinlock as well, that is what one looks at. */
	bool kmaps = virt && virt->atomic_depth && m->phys.state->preempt_count == virt->atomic_depth;

	return advice(preempt_context(&m->phys), kmaps);
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
			     advice_now(cx), cx->out);
}

void kernel_log_within(struct context *cx, gfp_t gfp, const char *hint)
{
	const struct phys *p = &cx->session->machine.phys;

	if ((gfp & p->gfp->wait) && !preempt_may_sleep(p) && !cx->sleeps_told++)
		report_sleep(p, p->config->gfp == GFP_2_6 ? "mm/slab.c" : "include/linux/sched/mm.h", hint, cx->out);
}

void kernel_log_object(struct context *cx, gfp_t gfp)
{
	kernel_log_within(cx, gfp, advice_now(cx));
}

void kernel_log_sleep(struct context *cx, const char *where, const char *hint)
{
	const struct machine *m = &cx->session->machine;

	if (has_log(m) && !preempt_may_sleep(&m->phys) && !cx->sleeps_told++)
		report_sleep(&m->phys, where, hint, cx->out);
}

void kernel_log_line(void *context, const char *line)
{
	struct context *cx = context;

	strbuf_printf(cx->out, "%s\n", line);
}

void kernel_log_mutex(struct context *cx, const char *hint)
{
	const struct machine *m = &cx->session->machine;

	if (has_log(m) && !preempt_may_sleep(&m->phys) && !cx->sleeps_told++)
		report_sleep(&m->phys, m->config.gfp == GFP_2_6 ? "kernel/mutex.c" : "kernel/locking/mutex.c", hint,
			     cx->out);
}

/* -------------------------------------------------------------- failures */

/* How many reports are printed in one go: 10 in 5 seconds, later 1 in 10. */
static unsigned burst(const struct phys *p)
{
	return p->config->gfp == GFP_2_6 ? 10 : 1;
}

/* The first line of warn_alloc() of 6.1. */
__attribute__((format(printf, 3, 4))) static void put_warning(struct context *cx, gfp_t gfp, const char *format, ...)
{
	va_list args;

	strbuf_printf(cx->out, "%s: ", TASK_NAME);
	va_start(args, format);
	strbuf_vprintf(cx->out, format, args);
	va_end(args);
	strbuf_printf(cx->out, ", mode:0x%" PRIx32 "(", gfp);
	if (gfp)
		gfp_format(cx->session->machine.config.gfp, gfp, cx->out);
	strbuf_puts(cx->out, "), nodemask=(null)\n");
}

void kernel_log_failure(struct context *cx, gfp_t gfp, unsigned order)
{
	const struct machine *m = &cx->session->machine;
	const struct phys *p = &m->phys;

	if (p->reclaim && p->reclaim->hung) {
		if (!cx->hangs_told++)
			strbuf_puts(cx->out, _("The request waits for ever: nothing can be freed, and its mask lets it "
					       "neither fail nor kill. This machine answers NULL.\n"));
		return;
	}
	/* After a panic nothing more is printed. */
	if (down_is(p) || (gfp & p->gfp->nowarn) || !order_is_known(p, order) || !has_log(m) ||
	    cx->failures_told >= burst(p))
		return;
	cx->failures_told++;
	if (p->config->gfp == GFP_2_6)
		strbuf_printf(cx->out, "%s: page allocation failure. order:%u, mode:0x%" PRIx32 "\n", TASK_NAME, order,
			      gfp);
	else
		put_warning(cx, gfp, "page allocation failure: order:%u", order);
	procfs_mem_info(m, cx->out);
}

void kernel_log_warn_alloc(void *context, const char *what, gfp_t gfp)
{
	struct context *cx = context;
	const struct machine *m = &cx->session->machine;

	if (cx->failures_told >= burst(&m->phys))
		return;
	cx->failures_told++;
	put_warning(cx, gfp, "%s", what);
	procfs_mem_info(m, cx->out);
}

/* ------------------------------------------------------------- out of memory */

static u64 kib(const struct phys *p, u64 pages)
{
	return (pages << p->config->page_shift) / KIB;
}

/* Who asked for memory. */
static const char *asker(const struct phys *p)
{
	const struct reclaim *r = p->reclaim;

	return r->current ? r->owner[r->current - 1].name : TASK_NAME;
}

static void put_victim_2_6(const struct owner *o, s64 points, struct strbuf *out)
{
	strbuf_printf(out,
		      "Out of Memory: Kill process %" PRIu32 " (%s) score %" PRId64
		      " and children.\nOut of memory: Killed process %" PRIu32 " (%s).\n",
		      o->pid, o->name, points, o->pid, o->name);
}

static void put_oom_2_6(const struct machine *m, const struct oom_report *report, struct strbuf *out)
{
	strbuf_printf(out, "oom-killer: gfp_mask=0x%" PRIx32 ", order=%u\n", report->gfp, report->order);
	procfs_mem_info(m, out);
	switch (report->result) {
	case OOM_KILLED:
		put_victim_2_6(&m->phys.reclaim->owner[report->victim], report->points, out);
		break;
	case OOM_NO_VICTIM:
		strbuf_puts(out, "Kernel panic - not syncing: Out of memory and no killable processes...\n\n");
		break;
	case OOM_PANIC:
		strbuf_puts(out, "Kernel panic - not syncing: out of memory. panic_on_oom is selected\n\n");
		break;
	}
}

/* One line a process. */
static void put_tasks(const struct phys *p, struct strbuf *out)
{
	strbuf_puts(out, "Tasks state (memory values in pages):\n"
			 "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n");
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		const struct owner *o = &p->reclaim->owner[n];

		if (o->kind == OWNER_PROCESS)
			strbuf_printf(out,
				      "[%7" PRIu32 "] %5" PRIu32 " %5" PRIu32 " %8" PRIu32 " %8" PRIu32 " %8d %8" PRIu32
				      "         %5" PRId32 " %s\n",
				      o->pid, o->uid, o->pid, o->size, o->present, 0, o->swapped, o->oom_adj, o->name);
	}
}

static void put_victim(const struct phys *p, const struct oom_report *report, struct strbuf *out)
{
	const struct owner *o = &p->reclaim->owner[report->victim];

	strbuf_printf(out,
		      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
		      "task_memcg=/,task=%s,pid=%" PRIu32 ",uid=%" PRIu32 "\n",
		      o->name, o->pid, o->uid);
	strbuf_printf(out,
		      "%s: Killed process %" PRIu32 " (%s) total-vm:%" PRIu64 "kB, anon-rss:%" PRIu64
		      "kB, file-rss:0kB, shmem-rss:0kB, UID:%" PRIu32 " pgtables:0kB oom_score_adj:%" PRId32 "\n",
		      report->asker ? "Out of memory (oom_kill_allocating_task)" : "Out of memory", o->pid, o->name,
		      kib(p, o->size), kib(p, o->present), o->uid, o->oom_adj);
	strbuf_printf(out,
		      "oom_reaper: reaped process %" PRIu32 " (%s), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB\n",
		      o->pid, o->name);
}

static void put_oom_6_1(const struct machine *m, const struct oom_report *report, struct strbuf *out)
{
	const struct phys *p = &m->phys;
	const struct reclaim *r = p->reclaim;

	strbuf_printf(out, "%s invoked oom-killer: gfp_mask=0x%" PRIx32 "(", asker(p), report->gfp);
	gfp_format(p->config->gfp, report->gfp, out);
	strbuf_printf(out, "), order=%u, oom_score_adj=%" PRId32 "\n", report->order,
		      r->current ? r->owner[r->current - 1].oom_adj : 0);
	procfs_mem_info(m, out);
	put_tasks(p, out);
	switch (report->result) {
	case OOM_KILLED:
		put_victim(p, report, out);
		break;
	case OOM_NO_VICTIM:
		strbuf_puts(out, "Out of memory and no killable processes...\n"
				 "Kernel panic - not syncing: System is deadlocked on memory\n");
		break;
	case OOM_PANIC:
		strbuf_printf(out, "Kernel panic - not syncing: Out of memory: %s panic_on_oom is enabled\n",
			      r->panic_on_oom == 2 ? "compulsory" : "system-wide");
		break;
	}
}

void kernel_log_oom(void *context, const struct oom_report *report)
{
	struct context *cx = context;
	const struct machine *m = &cx->session->machine;

	/* A panic is told in any case: it is the last that is. */
	if (report->result == OOM_KILLED && cx->ooms_told++ >= OOM_BURST)
		return;
	if (reclaim_by_zone(&m->phys))
		put_oom_2_6(m, report, cx->out);
	else
		put_oom_6_1(m, report, cx->out);
}
