/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_boot.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/early.h"

#include <inttypes.h>
#include <string.h>

#define CACHE_LINE 32 /* what bootmem aligns small requests to: L1_CACHE_BYTES of the recorded kernel */
#define DMA_END (16 * MIB) /* the goal of requests that keep out of the DMA zone */

static struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
}

/* ------------------------------------------------------------- step by step */

static bool boot_again(struct call *call, bool early, struct status *st)
{
	struct session *s = call->context->session;
	struct machine_desc desc = s->desc;

	if (desc.early != early && !desc_set(&desc, early ? "early=yes" : "early=no", st))
		return false;
	return session_reset(s, &desc, st);
}

bool cmd_boot_boot(struct call *call, struct status *st)
{
	const char *word = call->arg[0].type == VALUE_STRING ? value_text(&call->arg[0]) : NULL;
	char size[UNITS_MAX];

	if (word && strcmp(word, "--step") != 0)
		return status_fail(st, STATUS_SYNTAX, _("boot takes --step, or nothing"));
	if (!boot_again(call, word != NULL, st))
		return false;
	strbuf_printf(call->context->out,
		      word ? _("%s, %s of memory: at the beginning of boot; step goes on, mem_init() ends it\n")
			   : _("%s, %s of memory: booted\n"),
		      machine_of(call)->desc.name, units_format(machine_of(call)->desc.mem, size));
	return true;
}

/* "9 of 19: the page descriptors, 0x01000000-0x01800000" */
static void put_step(const struct machine *m, const struct boot_steps *steps, u64 n, struct strbuf *out)
{
	const struct desc_range *got = &m->early->progress.got[n];

	strbuf_printf(out, _("%" PRIu64 " of %u: "), n + 1, steps->count + 1);
	if (n == steps->count)
		strbuf_puts(out, _("memory is handed over to the page allocator"));
	else
		strbuf_printf(out, "%s%s, 0x%08" PRIx64 "-0x%08" PRIx64, event_boot_use(steps->step[n].use),
			      steps->step[n].kind == BOOT_STEP_GIVE_BACK ? _(", given back") : "", got->start,
			      got->end);
}

bool cmd_boot_step(struct call *call, struct status *st)
{
	struct machine *m = machine_of(call);
	struct strbuf last = STRBUF_INIT;
	struct boot_steps steps;
	u64 n = 0;

	if (call->arg[0].number < 1)
		return status_fail(st, STATUS_INVALID, _("how many steps? At least 1"));
	for (s64 count = call->arg[0].number; count && (early_is(m) || !n); count--) {
		n = m->early ? m->early->progress.done : 0;
		if (!early_step(m, st))
			return false;
	}
	early_steps(m, &steps);
	put_step(m, &steps, n, &last);
	call->result = value_string(strbuf_str(&last), last.length);
	strbuf_free(&last);
	return call->result.type != VALUE_NONE || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool cmd_boot_steps(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	struct strbuf *out = call->context->out;
	struct boot_steps steps;

	if (!m->early)
		return status_fail(st, STATUS_INVALID,
				   _("this machine booted at once; boot --step boots it again, step by step"));
	early_steps(m, &steps);
	for (unsigned n = 0; n < steps.count; n++) {
		const struct desc_range *got = &m->early->progress.got[n];

		if (n < m->early->progress.done)
			strbuf_printf(out, "%5u  0x%08" PRIx64 "-0x%08" PRIx64, n + 1, got->start, got->end);
		else
			strbuf_printf(out, "%5u  %21s", n + 1, n == m->early->progress.done ? _("next") : "");
		strbuf_printf(out, "  %s%s\n", event_boot_use(steps.step[n].use),
			      steps.step[n].kind == BOOT_STEP_GIVE_BACK ? _(", given back") : "");
	}
	strbuf_printf(out, "%5u  %21s  %s\n", steps.count + 1,
		      m->early->over                           ? _("done")
		      : m->early->progress.done == steps.count ? _("next")
							       : "",
		      _("memory is handed over to the page allocator"));
	return true;
}

bool cmd_boot_mem_init(struct call *call, struct status *st)
{
	struct machine *m = machine_of(call);

	do {
		if (!early_step(m, st))
			return false;
	} while (early_is(m));
	return true;
}

bool cmd_boot_free_all_bootmem(struct call *call, struct status *st)
{
	if (!cmd_boot_mem_init(call, st))
		return false;
	call->result = value_int((s64)machine_of(call)->early->handed_over);
	return true;
}

/* ------------------------------------------------------------- bootmem */

/* bootmem does not return without memory. */
static bool take_low(struct call *call, u64 align, u64 goal, struct status *st)
{
	struct boot_step r = {
		.kind = BOOT_STEP_TAKE_LOW, .bytes = (u64)call->arg[0].number, .align = align, .from = goal
	};
	u64 at;

	if (!early_take(machine_of(call), r, &at, st))
		return false;
	if (!at)
		return status_fail(st, STATUS_NO_MEMORY,
				   _("bootmem alloc of %" PRIu64 " bytes failed!\n"
				     "Kernel panic - not syncing: Out of memory"),
				   r.bytes);
	call->result = value_addr(machine_of(call)->config.page_offset + at);
	return true;
}

bool cmd_boot_alloc_bootmem(struct call *call, struct status *st)
{
	return take_low(call, CACHE_LINE, DMA_END, st);
}

bool cmd_boot_alloc_pages(struct call *call, struct status *st)
{
	return take_low(call, machine_of(call)->desc.page_size, DMA_END, st);
}

bool cmd_boot_alloc_low(struct call *call, struct status *st)
{
	return take_low(call, CACHE_LINE, 0, st);
}

bool cmd_boot_alloc_low_pages(struct call *call, struct status *st)
{
	return take_low(call, machine_of(call)->desc.page_size, 0, st);
}

bool cmd_boot_alloc_goal(struct call *call, struct status *st)
{
	return take_low(call, (u64)call->arg[1].number, (u64)call->arg[2].number, st);
}

/* ------------------------------------------------------------- memblock */

static bool take_high(struct call *call, u64 *at, struct status *st)
{
	struct boot_step r = { .kind = BOOT_STEP_TAKE_HIGH,
			       .bytes = (u64)call->arg[0].number,
			       .align = (u64)call->arg[1].number };

	return early_take(machine_of(call), r, at, st);
}

bool cmd_boot_memblock_alloc(struct call *call, struct status *st)
{
	u64 at;

	if (!take_high(call, &at, st))
		return false;
	call->result = value_addr(at ? machine_of(call)->config.page_offset + at : 0);
	return true;
}

bool cmd_boot_memblock_phys_alloc(struct call *call, struct status *st)
{
	u64 at;

	if (!take_high(call, &at, st))
		return false;
	call->result = value_int((s64)at);
	return true;
}

/* ------------------------------------------------------------- ranges, by physical address */

/* A range as the kernel's functions have it: where it begins, and how many bytes. One that wraps ends at its start. */
static bool on_range(struct call *call, u64 start, bool (*act)(struct machine *, u64, u64, struct status *),
		     struct status *st)
{
	u64 bytes = (u64)call->arg[1].number;

	/* memblock's functions return an int, bootmem's nothing. */
	if (strcmp(call->command->result, "int") == 0)
		call->result = value_int(0);
	return act(machine_of(call), start, start + bytes > start ? start + bytes : start, st);
}

bool cmd_boot_add(struct call *call, struct status *st)
{
	return on_range(call, (u64)call->arg[0].number, early_add, st);
}

bool cmd_boot_reserve(struct call *call, struct status *st)
{
	return on_range(call, (u64)call->arg[0].number, early_reserve, st);
}

bool cmd_boot_free(struct call *call, struct status *st)
{
	return on_range(call, (u64)call->arg[0].number, early_free, st);
}

bool cmd_boot_free_address(struct call *call, struct status *st)
{
	u64 address = (u64)call->arg[0].number, offset = machine_of(call)->config.page_offset;

	if (address < offset)
		return status_fail(st, STATUS_INVALID,
				   _("0x%" PRIx64 " is not in the direct map, which begins at 0x%" PRIx64), address,
				   offset);
	return on_range(call, address - offset, early_free, st);
}
