/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/status_line.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/early.h"
#include "phys/down.h"
#include "phys/preempt.h"
#include "slab/mempool.h"
#include "virt/kmap.h"

/* Memory on the free lists, in bytes. */
static u64 free_bytes(const struct phys *p)
{
	u64 pages = 0;

	for (unsigned z = 0; z < p->config->zones; z++)
		pages += p->zone[z].free;
	return pages << p->config->page_shift;
}

/* What is free; of a machine that has no page allocator yet, what boot may still take and has taken. */
static void put_free(const struct machine *m, struct strbuf *out)
{
	char free[UNITS_MAX], taken[UNITS_MAX];
	u64 count[FRAME_USED + 1], sum[FRAME_USED + 1] = { 0 };

	if (!early_is(m)) {
		strbuf_printf(out, _("free %s "), units_format(free_bytes(&m->phys), free));
		return;
	}
	for (unsigned z = 0; z < m->config.zones; z++) {
		const struct zone_config *zone = &m->config.zone[z];

		early_count(m, zone->start_pfn, zone->start_pfn + zone->spanned, count);
		sum[FRAME_FREE] += count[FRAME_FREE];
		sum[FRAME_RESERVED] += count[FRAME_RESERVED];
	}
	strbuf_printf(out, _("boot: %s free, %s taken "), units_format(sum[FRAME_FREE] << m->config.page_shift, free),
		      units_format(sum[FRAME_RESERVED] << m->config.page_shift, taken));
}

/* Memory of the machine, in bytes: as it was asked for, or else as it is. */
static u64 memory_bytes(const struct machine *m)
{
	u64 pages = 0;

	for (unsigned z = 0; z < m->config.zones; z++)
		pages += m->config.zone[z].present;
	return m->desc.mem ? m->desc.mem : pages << m->config.page_shift;
}

/* Which command, and whether it is the present. */
static void put_time(const struct view *v, struct strbuf *out)
{
	const struct session *s = v->session;
	size_t redo = s->count > s->done ? s->count - s->done : 0;

	if (v->stepping)
		strbuf_printf(out, _("#%zu  stepping, event %zu"), s->done + 1, view_events_shown(v));
	else if (s->recording)
		strbuf_printf(out, _("#%zu  running"), s->done + 1);
	else if (redo)
		strbuf_printf(out, _("#%zu  past, %zu to redo"), s->done, redo);
	else if (down_is(&s->machine.phys))
		strbuf_printf(out, _("#%zu  down"), s->done);
	else
		strbuf_printf(out, _("#%zu  live"), s->done);
}

void status_line_draw(const struct view *v, struct grid *g, int y)
{
	const struct machine *m = &v->session->machine;
	struct strbuf left = STRBUF_INIT, middle = STRBUF_INIT, right = STRBUF_INIT;
	char size[UNITS_MAX];
	int free_at = g->cols, x;

	grid_fill(g, (struct rect){ y, 0, 1, g->cols }, STYLE_STATUS, " ");
	strbuf_puts(&left, " kmemlab");
	if (m->alive) {
		strbuf_printf(&left, "  %s  %s", m->desc.name, units_format(memory_bytes(m), size));
		if (m->config.cpus > 1)
			strbuf_printf(&left, _("  cpu%u of %u"), m->phys.state->cpu, m->config.cpus);
		else
			strbuf_printf(&left, "  cpu%u", m->phys.state->cpu);
		if (!preempt_may_sleep(&m->phys))
			strbuf_printf(&left, _("  in %s"), preempt_name(preempt_context(&m->phys)));
		if (mempool_waiter(&m->slab))
			strbuf_printf(&left, _("  #%u waits"), mempool_waiter(&m->slab));
		else if (kmap_waiter(&m->virt))
			strbuf_printf(&left, _("  #%u waits"), kmap_waiter(&m->virt));
		put_free(m, &right);
		put_time(v, &middle);
	} else {
		strbuf_puts(&middle, _("no machine"));
	}
	x = grid_put_cut(g, y, 0, g->cols, STYLE_STATUS, v->glyphs, strbuf_str(&left));
	free_at -= grid_width(strbuf_str(&right));
	if (free_at > x + 2)
		grid_put(g, y, free_at, g->cols - free_at, STYLE_STATUS, strbuf_str(&right));
	if (free_at - x > 6)
		grid_put_right(g, y, x + 2, free_at - x - 5, STYLE_STATUS, v->glyphs, strbuf_str(&middle));
	strbuf_free(&left);
	strbuf_free(&middle);
	strbuf_free(&right);
}
