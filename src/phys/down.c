/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/down.h"

#include "base/text.h"
#include "event/event.h"

#include <inttypes.h>

void down_bug(struct phys *p, const char *file, unsigned line)
{
	p->state->down = (struct phys_down){ .kind = DOWN_BUG, .where = event_source(file, line, p->state->owner) };
	EMIT(p->observer, BUG, p->state->down.where);
}

void down_oops(struct phys *p, u64 address)
{
	p->state->down = (struct phys_down){ .kind = DOWN_OOPS, .where = address };
	EMIT(p->observer, OOPS, address);
}

void down_by(struct phys *p, enum down_kind kind)
{
	p->state->down = (struct phys_down){ .kind = kind };
	if (kind == DOWN_DIVIDE)
		EMIT(p->observer, DIVIDE_ERROR, 0);
	else if (kind == DOWN_PANIC)
		EMIT(p->observer, PANIC, 0);
	else
		EMIT(p->observer, BROKEN, 0);
}

void down_forget(struct phys *p)
{
	p->state->down = (struct phys_down){ .kind = DOWN_NOT };
}

void down_why(const struct phys *p, struct strbuf *out)
{
	const struct phys_down *down = &p->state->down;

	switch ((enum down_kind)down->kind) {
	case DOWN_BUG:
		strbuf_puts(out, _("kernel BUG at "));
		event_put_source(down->where, out);
		break;
	case DOWN_OOPS:
		strbuf_printf(out, _("it followed a pointer to 0x%" PRIx64), down->where);
		break;
	case DOWN_DIVIDE:
		strbuf_puts(out, _("it divided by zero"));
		break;
	case DOWN_PANIC:
		strbuf_puts(out, _("it panicked"));
		break;
	case DOWN_BROKEN:
		strbuf_puts(out, _("its own lists are damaged"));
		break;
	case DOWN_NOT:
	case DOWN_KINDS:
		break;
	}
}

bool down_check(const struct phys *p, struct status *st)
{
	const struct phys_down *down = &p->state->down;

	return (down->kind < DOWN_KINDS && (down->kind || !down->where)) ||
	       status_fail(st, STATUS_INVALID, _("the kernel is down for reason %u, at 0x%" PRIx64 ", which cannot be"),
			   (unsigned)down->kind, down->where);
}
