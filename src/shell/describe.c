/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/describe.h"

#include "base/text.h"
#include "base/units.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "slab/mempool.h"
#include "slab/object.h"

#include <inttypes.h>

/* Vectors up to so many items are told whole, of longer ones so many items. */
#define BRIEF_WHOLE 8
#define BRIEF_ITEMS 3

void describe_plain(const struct value *v, struct strbuf *out)
{
	if (v->type == VALUE_STRING)
		strbuf_add(out, value_text(v), value_length(v));
	else
		value_format(v, out);
}

void describe_brief(const struct value *v, struct strbuf *out)
{
	size_t count = v->type == VALUE_VECTOR ? value_count(v) : 0;

	if (count <= BRIEF_WHOLE) {
		value_format(v, out);
		return;
	}
	strbuf_putc(out, '[');
	for (size_t i = 0; i < BRIEF_ITEMS; i++) {
		struct value item = value_at(v, i);

		value_format(&item, out);
		strbuf_puts(out, ", ");
	}
	strbuf_printf(out, _("... %zu items]"), count);
}

pfn_t describe_page(const struct session *s, const struct value *v)
{
	if (v->type == VALUE_PAGE)
		return (pfn_t)v->number;
	if (v->type == VALUE_ADDR && v->number)
		return page_of_address(&s->machine.phys, (u64)v->number);
	return PFN_NONE;
}

void describe_frame(const struct session *s, pfn_t pfn, struct strbuf *out)
{
	const struct phys *p = &s->machine.phys;
	struct frame_info info = frame_describe(p, pfn);
	char size[UNITS_MAX];

	strbuf_printf(out, ": %s", frame_state_name(info.state));
	if (info.zone >= 0)
		strbuf_printf(out, _(", zone %s"), p->config->zone[info.zone].name);
	if (info.state == FRAME_NO_MEMORY || info.state == FRAME_RESERVED)
		return;
	units_format((u64)1 << (info.order + p->config->page_shift), size);
	if (info.block == pfn)
		strbuf_printf(out, _(", order %u (%s)"), info.order, size);
	else
		strbuf_printf(out, _(", in the block 0x%" PRIx32 " of order %u (%s)"), info.block, info.order, size);
	if (info.state == FRAME_USED && (p->frame[info.block].flags & FRAME_COMPOUND))
		strbuf_puts(out, _(", a compound page"));
	if (info.state == FRAME_USED && info.owner)
		strbuf_printf(out, _(", got by command %" PRIu32), info.owner);
}

void describe_object(const struct session *s, u64 address, struct strbuf *out)
{
	const struct slab_system *slab = &s->machine.slab;
	const struct kmem_cache *cache;
	struct object_info info;
	u32 pool;

	if (!slab->state)
		return;
	cache = kmem_cache_by_address(slab, address);
	if (cache && slab_of(slab, address) == PFN_NONE)
		strbuf_printf(
		    out,
		    _("\n  stands for cache %s, which boot made: where the kernel has its struct kmem_cache is not "
		      "known"),
		    cache->name);
	else if (cache)
		strbuf_printf(out,
			      _("\n  struct kmem_cache of %s: objects of %" PRIu32 " bytes, %" PRIu32
				" in a slab of order %" PRIu32),
			      cache->name, cache->object_size, cache->num, cache->order);
	if (mempool_by_address(slab, address, &pool))
		strbuf_printf(out, _("\n  mempool with %" PRIu32 " elements of %" PRIu32 " in reserve"),
			      slab->pool[pool].curr_nr, slab->pool[pool].min_nr);
	if (!object_at(slab, address, &info))
		return;
	strbuf_printf(out, _("\n  object %" PRIu32 " of %" PRIu32 " in the slab at 0x%" PRIx32 " of cache %s: %s"),
		      info.index, info.cache->num, info.slab, info.cache->name, object_state_name(info.state));
	if (info.address != address)
		strbuf_printf(out, _(", %" PRId64 " bytes from its start"), (s64)(address - info.address));
	if (info.state == OBJECT_USED && info.owner)
		strbuf_printf(out, _(", got by command %" PRIu32), info.owner);
}

void describe_value(const struct session *s, const struct value *v, struct strbuf *out)
{
	pfn_t pfn = describe_page(s, v);
	u64 address;

	describe_plain(v, out);
	if (v->type == VALUE_GFP && v->number) {
		strbuf_puts(out, " = ");
		gfp_format(s->machine.config.gfp, (gfp_t)v->number, out);
	}
	if (v->type == VALUE_INT && v->number > 9)
		strbuf_printf(out, " = 0x%" PRIx64, (u64)v->number);
	if (pfn == PFN_NONE)
		return;
	if (v->type == VALUE_ADDR) {
		strbuf_printf(out, _(" in page frame 0x%" PRIx32), pfn);
	} else {
		address = page_address(&s->machine.phys, pfn);
		if (address)
			strbuf_printf(out, _(" at 0x%" PRIx64), address);
	}
	describe_frame(s, pfn, out);
	if (v->type == VALUE_ADDR)
		describe_object(s, (u64)v->number, out);
}
