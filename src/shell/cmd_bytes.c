/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_bytes.h"

#include "base/text.h"
#include "machine/clock.h"
#include "shell/bytes.h"
#include "shell/operators.h"
#include "virt/tlb.h"

#include <inttypes.h>

#define LINE 16 /* bytes of a line of a hex dump */
#define PEEK_MOST 65536
#define TICKS_MOST (INT64_C(366) * 24 * 3600 * 1000)

static struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
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

/* What was read through a TLB that is out of date is there by chance. */
static void note_stale(const struct machine *m, u64 address, u64 bytes, struct strbuf *out)
{
	u64 page = UINT64_C(1) << m->config.page_shift, first = address & -page;

	for (u64 at = first; m->virt.state && at - first < address - first + bytes; at += page)
		if (tlb_is_stale(&m->virt, at))
			strbuf_printf(out,
				      _("0x%" PRIx64 ": read through the TLB of CPU %u; the page tables say something "
					"else\n"),
				      at, (unsigned)m->phys.state->cpu);
}

bool cmd_bytes_peek(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	u64 address = (u64)call->arg[0].number;
	s64 bytes = call->arg[1].number;

	if (bytes < 1 || bytes > PEEK_MOST)
		return status_fail(st, STATUS_INVALID, _("peek shows 1 to %d bytes"), PEEK_MOST);
	if (!bytes_find(m, address, (u64)bytes, st))
		return false;
	for (u64 n = 0; n < (u64)bytes; n += LINE) {
		u8 line[LINE];
		size_t count = (u64)bytes - n < LINE ? (size_t)((u64)bytes - n) : LINE;

		bytes_read(m, address + n, line, count);
		put_line(&m->slab, address + n, line, count, call->context->out);
	}
	note_stale(m, address, (u64)bytes, call->context->out);
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

bool cmd_bytes_poke(struct call *call, struct status *st)
{
	u64 address = (u64)call->arg[0].number;
	s64 times = call->arg[2].number;
	struct strbuf bytes = STRBUF_INIT;
	bool ok = add_bytes(&call->arg[1], &bytes, st);

	if (ok && (times < 1 || (u64)times * bytes.length > PEEK_MOST))
		ok = status_fail(st, STATUS_INVALID, _("poke writes up to %d bytes at once"), PEEK_MOST);
	ok = ok && bytes_find_to_write(machine_of(call), address, (u64)times * bytes.length, st);
	for (s64 n = 0; ok && n < times; n++)
		ok = bytes_write(machine_of(call), address + (u64)n * bytes.length, strbuf_str(&bytes), bytes.length,
				 st);
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
