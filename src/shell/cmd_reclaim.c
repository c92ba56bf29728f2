/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_reclaim.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/units.h"
#include "machine/clock.h"
#include "phys/kswapd.h"
#include "phys/mapping.h"
#include "phys/oom.h"
#include "phys/swap.h"
#include "phys/writeback.h"

#include <inttypes.h>
#include <string.h>

/* What a process or a pause may last: a year. */
#define LONGEST_MS (INT64_C(366) * 24 * 3600 * 1000)

static struct phys *phys_of(const struct call *call)
{
	return &call->context->session->machine.phys;
}

static bool need_reclaim(const struct call *call, struct status *st)
{
	if (reclaim_exists(phys_of(call)))
		return true;
	return status_fail(st, STATUS_INVALID,
			   _("this machine has no kernel that knows of files and processes: reset i386-2.6.18, say"));
}

/* ------------------------------------------------------------- finding */

/* The file or process of the first argument. false: there is none; says which there are. */
static bool find(const struct call *call, enum owner_kind kind, unsigned *owner, struct status *st)
{
	const struct phys *p = phys_of(call);
	const char *name = value_text(&call->arg[0]);
	struct nearest near = NEAREST_INIT(name);

	if (!need_reclaim(call, st))
		return false;
	*owner = mapping_find(p, kind, name);
	if (*owner != OWNER_NOBODY)
		return true;
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++)
		if (p->reclaim->owner[n].kind == (u32)kind)
			nearest_try(&near, p->reclaim->owner[n].name);
	if (near.best)
		return status_fail(st, STATUS_INVALID,
				   kind == OWNER_FILE ? _("there is no file %s; did you mean %s?")
						      : _("there is no process %s; did you mean %s?"),
				   name, near.best);
	return status_fail(st, STATUS_INVALID,
			   kind == OWNER_FILE ? _("there is no file %s; read_file and write_file make one")
					      : _("there is no process %s; touch_anon and process make one"),
			   name);
}

/* The pages of the second and third argument: size and offset in bytes. */
static bool page_range(const struct call *call, u32 *from, u32 *pages, struct status *st)
{
	unsigned shift = phys_of(call)->config->page_shift;
	u64 size = (u64)call->arg[1].number, offset = (u64)call->arg[2].number, most = (u64)RECLAIM_PAGES << shift;
	u64 last;
	char text[UNITS_MAX];

	if (!size || size > most || offset > most - size)
		return status_fail(st, STATUS_INVALID, _("size and offset: at least a byte, and together at most %s"),
				   units_format(most, text));
	*from = (u32)(offset >> shift);
	last = (offset + size - 1) >> shift;
	*pages = (u32)(last - *from + 1);
	return true;
}

/* ------------------------------------------------------------- files and processes */

typedef enum use_result use_function(struct phys *p, unsigned owner, u32 from, u32 pages, u32 *brought);

/* Uses pages of the file or process that is named, made if there is none; the result is how many were brought in. */
static bool use(struct call *call, enum owner_kind kind, use_function *function, struct status *st)
{
	const char *name = value_text(&call->arg[0]);
	u32 from = 0, pages = 0, brought = 0;
	enum use_result result;
	unsigned owner;

	if (!need_reclaim(call, st) || !page_range(call, &from, &pages, st))
		return false;
	owner = mapping_make(phys_of(call), kind, name, st);
	if (owner == OWNER_NOBODY)
		return false;
	result = function(phys_of(call), owner, from, pages, &brought);
	call->result = value_int(brought);
	if (result == USE_NO_MEMORY)
		strbuf_printf(call->context->out,
			      _("ENOMEM: after %" PRIu32 " pages there was no memory for another one\n"), brought);
	else if (result == USE_KILLED)
		strbuf_printf(call->context->out, _("%s: Killed\n"), name);
	return true;
}

bool cmd_reclaim_read_file(struct call *call, struct status *st)
{
	return use(call, OWNER_FILE, mapping_read, st);
}

bool cmd_reclaim_write_file(struct call *call, struct status *st)
{
	return use(call, OWNER_FILE, mapping_write, st);
}

bool cmd_reclaim_touch_anon(struct call *call, struct status *st)
{
	return use(call, OWNER_PROCESS, mapping_touch, st);
}

static bool end(struct call *call, enum owner_kind kind, struct status *st)
{
	unsigned owner;

	if (!find(call, kind, &owner, st))
		return false;
	call->result = value_int(mapping_end(phys_of(call), owner));
	return true;
}

bool cmd_reclaim_remove_file(struct call *call, struct status *st)
{
	return end(call, OWNER_FILE, st);
}

bool cmd_reclaim_kill(struct call *call, struct status *st)
{
	return end(call, OWNER_PROCESS, st);
}

bool cmd_reclaim_process(struct call *call, struct status *st)
{
	s64 nice = call->arg[1].number, uid = call->arg[2].number;
	struct owner *o;
	unsigned owner;

	if (nice < -20 || nice > 19)
		return status_fail(st, STATUS_INVALID, _("nice is -20 to 19"));
	if (uid < 0 || uid > UINT32_MAX)
		return status_fail(st, STATUS_INVALID, _("uid is 0 to %" PRIu32), UINT32_MAX);
	if (!need_reclaim(call, st))
		return false;
	owner = mapping_make(phys_of(call), OWNER_PROCESS, value_text(&call->arg[0]), st);
	if (owner == OWNER_NOBODY)
		return false;
	o = &phys_of(call)->reclaim->owner[owner];
	o->nice = (s32)nice;
	o->uid = (u32)uid;
	call->result = value_int(o->pid);
	return true;
}

static bool check_time(s64 ms, struct status *st)
{
	return (ms >= 0 && ms <= LONGEST_MS) ||
	       status_fail(st, STATUS_INVALID, _("a time is 0 to %" PRId64 " ms"), LONGEST_MS);
}

bool cmd_reclaim_compute(struct call *call, struct status *st)
{
	s64 ms = call->arg[1].number;
	unsigned owner;

	if (!check_time(ms, st) || !find(call, OWNER_PROCESS, &owner, st))
		return false;
	phys_of(call)->reclaim->owner[owner].cpu_ms += (u64)ms;
	clock_let_pass(&call->context->session->machine, (u64)ms);
	return true;
}

/* ------------------------------------------------------------- tables */

static void put_process(const struct phys *p, unsigned n, struct strbuf *out)
{
	const struct owner *o = &p->reclaim->owner[n];

	strbuf_printf(
	    out, "%5" PRIu32 " %5" PRIu32 " %3" PRId32 " %10" PRIu32 " %10" PRIu32 " %9" PRId32 " %10" PRId64 "  %s\n",
	    o->pid, o->uid, o->nice, o->present, o->swapped, o->oom_adj, oom_score(p, n), o->name);
}

static void put_file(const struct phys *p, unsigned n, struct strbuf *out)
{
	const struct owner *o = &p->reclaim->owner[n];

	strbuf_printf(out, "%10" PRIu32 " %10" PRIu32 " %10" PRIu32 "  %s\n", o->size, o->present, o->dirty, o->name);
}

/* A line for each of a kind under its title; `none` if there is no such thing. */
static bool put_table(struct call *call, enum owner_kind kind, const char *title, const char *none,
		      void (*put)(const struct phys *p, unsigned n, struct strbuf *out), struct status *st)
{
	const struct phys *p = phys_of(call);
	struct strbuf *out = call->context->out;
	bool any = false;

	if (!need_reclaim(call, st))
		return false;
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		if (p->reclaim->owner[n].kind != (u32)kind)
			continue;
		strbuf_puts(out, any ? "" : title);
		any = true;
		put(p, n, out);
	}
	strbuf_puts(out, any ? "" : none);
	return true;
}

bool cmd_reclaim_processes(struct call *call, struct status *st)
{
	return put_table(call, OWNER_PROCESS, _("  PID   UID  NI      pages    swapped   oom_adj  oom_score  name\n"),
			 _("no processes: touch_anon makes one\n"), put_process, st);
}

bool cmd_reclaim_files(struct call *call, struct status *st)
{
	return put_table(call, OWNER_FILE, _("     pages     cached      dirty  name\n"),
			 _("no files: read_file and write_file make one\n"), put_file, st);
}

/* ------------------------------------------------------------- swap, disk, time */

bool cmd_reclaim_swapon(struct call *call, struct status *st)
{
	struct phys *p = phys_of(call);
	u64 pages = (u64)call->arg[0].number >> p->config->page_shift;

	return need_reclaim(call, st) && swap_on(p, pages > RECLAIM_PAGES ? UINT32_MAX : (u32)pages, st);
}

bool cmd_reclaim_swapoff(struct call *call, struct status *st)
{
	return need_reclaim(call, st) && swap_off(phys_of(call), st);
}

bool cmd_reclaim_sync(struct call *call, struct status *st)
{
	if (!need_reclaim(call, st))
		return false;
	call->result = value_int(writeback_all(phys_of(call)));
	return true;
}

bool cmd_reclaim_idle(struct call *call, struct status *st)
{
	s64 ms = call->arg[0].number;

	if (!check_time(ms, st) || !need_reclaim(call, st))
		return false;
	clock_let_pass(&call->context->session->machine, (u64)ms);
	return true;
}

bool cmd_reclaim_kswapd(struct call *call, struct status *st)
{
	static const char *const modes[] = { [KSWAPD_AUTO] = "auto", [KSWAPD_IDLE] = "idle", [KSWAPD_OFF] = "off" };
	const char *mode = value_text(&call->arg[0]);

	if (!need_reclaim(call, st))
		return false;
	for (u32 n = 0; n < ARRAY_SIZE(modes); n++) {
		if (strcmp(mode, modes[n]) == 0) {
			phys_of(call)->reclaim->kswapd_mode = n;
			return true;
		}
	}
	return status_fail(st, STATUS_INVALID, _("kswapd is auto, idle or off, not %s"), mode);
}
