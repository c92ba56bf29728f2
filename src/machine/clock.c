/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/clock.h"

#include "phys/kswapd.h"
#include "phys/reclaim.h"
#include "slab/kmem_cache.h"

#define REAP_SECONDS 2 /* from one round of the reaper on a CPU to the next */

/* Has the reaper anything to give back, now or in a later round? */
static bool has_work(const struct slab_system *s)
{
	const struct phys_config *c = s->phys->config;

	for (const struct kmem_cache *cache = kmem_cache_first(s); cache; cache = kmem_cache_next(s, cache)) {
		for (unsigned n = 0; n < slab_arrays(c); n++)
			if (slab_cpu_array(s, cache, n)->avail)
				return true;
		for (unsigned n = 0; n < c->nodes; n++)
			if (slab_node(s, cache, n)->list[SLAB_LIST_FREE].count || slab_node(s, cache, n)->free_touched)
				return true;
	}
	return false;
}

static void reap_on_all_cpus(struct slab_system *s)
{
	u32 here = s->phys->state->cpu;

	for (u32 cpu = 0; cpu < s->phys->config->cpus && !slab_is_down(s); cpu++) {
		s->phys->state->cpu = cpu;
		kmem_cache_reap(s);
	}
	s->phys->state->cpu = here;
}

/* The rounds up to tick `end`. When nothing is left to give back, only the last two count: they set the next times. */
static void reap_until(struct slab_system *s, u64 end)
{
	u64 step = (u64)REAP_SECONDS * s->config->hz;

	while (!slab_is_down(s)) {
		u64 next = (s->state->ticks / step + 1) * step;

		if (next > end)
			break;
		if (end - next > 4 * step && !has_work(s))
			next += (end - next) / (2 * step) * (2 * step) - 2 * step;
		s->state->ticks = next;
		reap_on_all_cpus(s);
	}
	s->state->ticks = end;
}

static void let_objects_age(struct machine *m, u64 ticks)
{
	struct slab_system *s = &m->slab;

	if (!s->state)
		return;
	kmem_cache_end_of_grace(s);
	if (s->config->rules->reap)
		reap_until(s, s->state->ticks + ticks);
	else
		s->state->ticks += ticks;
}

static void let_pages_age(struct machine *m, u64 ms)
{
	if (reclaim_exists(&m->phys))
		kswapd_let_time_pass(&m->phys, ms);
}

void clock_let_pass(struct machine *m, u64 ms)
{
	let_pages_age(m, ms);
	if (m->slab.state)
		let_objects_age(m, ms * m->slab_config.hz / 1000);
}

void clock_tick(struct machine *m, u64 ticks)
{
	u64 hz = m->slab.state ? m->slab_config.hz : 100;

	let_pages_age(m, ticks * 1000 / hz);
	let_objects_age(m, ticks);
}
