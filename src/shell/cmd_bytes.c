/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_bytes.h"

#include "base/text.h"
#include "machine/clock.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "shell/operators.h"
#include "slab/slab.h"
#include "virt/page_table.h"
#include "virt/region.h"
#include "virt/translate.h"

#include <inttypes.h>
#include <stdio.h>

#define LINE 16 /* bytes of a line of a hex dump */
#define PEEK_MOST 65536
#define TICKS_MOST (INT64_C(366) * 24 * 3600 * 1000)

static struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
}

static u64 page_bytes(const struct call *call)
{
	return UINT64_C(1) << machine_of(call)->phys.config->page_shift;
}

/* Where a byte lies in memory: by the direct map, else by the page tables; TRANSLATE_NONE: nowhere. */
static u64 physical(const struct call *call, u64 address)
{
	const struct machine *m = machine_of(call);
	u64 at = address - m->config.page_offset;

	if (m->virt.state)
		at = translate_physical(&m->virt, address);
	else if (page_of_address(&m->phys, address) == PFN_NONE)
		return TRANSLATE_NONE;
	if (at == TRANSLATE_NONE || frame_describe(&m->phys, (pfn_t)(at / page_bytes(call))).state == FRAME_NO_MEMORY)
		return TRANSLATE_NONE;
	return at;
}

/* How many of `bytes` bytes lie in the page of `address`. */
static size_t in_page(const struct call *call, u64 address, u64 bytes)
{
	u64 left = page_bytes(call) - address % page_bytes(call);

	return (size_t)(bytes < left ? bytes : left);
}

#define LINE_MAX_BYTES 128

/* The first line that the kernel prints when an access faults. Returns `line`. */
static const char *fault_line(const struct virt_system *v, u64 address, char line[LINE_MAX_BYTES])
{
	int digits = (int)v->config->word * 2;
	bool null = !(address >> v->slab->phys->config->page_shift);

	if (region_of(v, address).kind == REGION_NO_ADDRESS)
		snprintf(line, LINE_MAX_BYTES,
			 "general protection fault, probably for non-canonical address 0x%" PRIx64, address);
	else if (v->config->rule == VMAP_LIST)
		snprintf(line, LINE_MAX_BYTES, "BUG: unable to handle kernel %s at virtual address %0*" PRIx64,
			 null ? "NULL pointer dereference" : "paging request", digits, address);
	else
		snprintf(line, LINE_MAX_BYTES, "BUG: %s address: %0*" PRIx64,
			 null ? "kernel NULL pointer dereference," : "unable to handle page fault for", digits,
			 address);
	return line;
}

/* Why nothing can be had at an address. false. */
static bool no_bytes(const struct call *call, u64 address, struct status *st)
{
	const struct virt_system *v = &machine_of(call)->virt;
	char line[LINE_MAX_BYTES];

	if (v->state && page_table_frame(v, address) != PFN_NONE)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("0x%" PRIx64 " leads to a device, and what is in it is not modelled"), address);
	if (v->state)
		return status_fail(st, STATUS_INVALID, _("there is no memory at 0x%" PRIx64 ": \"%s\""), address,
				   fault_line(v, address, line));
	return status_fail(st, STATUS_INVALID, _("there is no memory at 0x%" PRIx64 ": the kernel would fault"),
			   address);
}

/* All of it in memory, by whatever addresses? */
static bool find_bytes(const struct call *call, u64 address, u64 bytes, struct status *st)
{
	if (!machine_of(call)->config.page_offset)
		return status_fail(st, STATUS_UNSUPPORTED, _("this machine has no kernel addresses"));
	if (bytes && address + bytes - 1 < address)
		return status_fail(st, STATUS_INVALID, _("the range ends beyond the last address"));
	for (u64 n = 0; n < bytes; n += in_page(call, address + n, bytes - n))
		if (physical(call, address + n) == TRANSLATE_NONE)
			return no_bytes(call, address + n, st);
	return true;
}

/* ------------------------------------------------------------- peek */

/* As print_hex_dump() with an address in front and characters behind. */
static void put_line(const struct slab_system *s, u64 address, const u8 *byte, size_t count, struct strbuf *out)
{
	strbuf_printf(out, "%0*" PRIx64 ":", (int)s->config->word * 2, address);
	for (size_t n = 0; n < LINE; n++) {
		if (n < count)
			strbuf_printf(out, " %02x", byte[n]);
		else
			strbuf_puts(out, "   ");
	}
	strbuf_puts(out, "  ");
	for (size_t n = 0; n < count; n++)
		strbuf_putc(out, byte[n] >= ' ' && byte[n] <= '~' ? (char)byte[n] : '.');
	strbuf_putc(out, '\n');
}

bool cmd_bytes_peek(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	u64 address = (u64)call->arg[0].number;
	s64 bytes = call->arg[1].number;

	if (bytes < 1 || bytes > PEEK_MOST)
		return status_fail(st, STATUS_INVALID, _("peek shows 1 to %d bytes"), PEEK_MOST);
	if (!find_bytes(call, address, (u64)bytes, st))
		return false;
	for (u64 n = 0; n < (u64)bytes; n += LINE) {
		u8 line[LINE];
		size_t count = (u64)bytes - n < LINE ? (size_t)((u64)bytes - n) : LINE;

		for (size_t done = 0, part; done < count; done += part) {
			part = in_page(call, address + n + done, count - done);
			page_read(&m->phys, physical(call, address + n + done), line + done, part);
		}
		put_line(&m->slab, address + n, line, count, call->context->out);
	}
	return true;
}

/* ------------------------------------------------------------- poke */

/* Appends the bytes of a value: those of a string, a number up to 255, or those of a vector of such. */
static bool add_bytes(const struct value *v, struct strbuf *bytes, struct status *st)
{
	for (size_t n = 0; n < value_count(v); n++) {
		struct value one = value_at(v, n);

		if (one.type == VALUE_STRING)
			strbuf_add(bytes, value_text(&one), value_length(&one));
		else if ((one.type == VALUE_INT || one.type == VALUE_GFP) && one.number >= 0 && one.number <= 255)
			strbuf_putc(bytes, (char)one.number);
		else
			return status_fail(st, STATUS_INVALID,
					   _("bytes are numbers from 0 to 255, a string, or a vector of them"));
	}
	return true;
}

/* Whoever writes into a slab may break what the allocator keeps there; from then on that may be so. */
static void note_poke(struct slab_system *s, u64 at)
{
	u64 address = page_address(s->phys, (pfn_t)(at >> s->phys->config->page_shift));

	if (s->state && address && slab_of(s, address) != PFN_NONE)
		s->state->poked = 1;
}

/* Writes bytes to addresses that are there, page by page. */
static bool write_bytes(const struct call *call, u64 address, const char *from, size_t bytes, struct status *st)
{
	struct machine *m = machine_of(call);

	for (size_t done = 0, part; done < bytes; done += part) {
		u64 at = physical(call, address + done);

		part = in_page(call, address + done, bytes - done);
		note_poke(&m->slab, at);
		if (!page_write(&m->phys, at, from + done, part))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	return true;
}

bool cmd_bytes_poke(struct call *call, struct status *st)
{
	u64 address = (u64)call->arg[0].number;
	s64 times = call->arg[2].number;
	struct strbuf bytes = STRBUF_INIT;
	bool ok = add_bytes(&call->arg[1], &bytes, st);

	if (ok && (times < 1 || (u64)times * bytes.length > PEEK_MOST))
		ok = status_fail(st, STATUS_INVALID, _("poke writes up to %d bytes at once"), PEEK_MOST);
	ok = ok && find_bytes(call, address, (u64)times * bytes.length, st);
	for (s64 n = 0; ok && n < times; n++)
		ok = write_bytes(call, address + (u64)n * bytes.length, strbuf_str(&bytes), bytes.length, st);
	strbuf_free(&bytes);
	return ok;
}

/* ------------------------------------------------------------- tick */

bool cmd_bytes_tick(struct call *call, struct status *st)
{
	s64 ticks = call->arg[0].number;

	if (ticks < 1 || ticks > TICKS_MOST)
		return status_fail(st, STATUS_INVALID, _("ticks are 1 to %" PRId64), TICKS_MOST);
	clock_tick(machine_of(call), (u64)ticks);
	return true;
}
