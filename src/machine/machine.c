/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/machine.h"

#include "base/hash.h"
#include "base/text.h"
#include "machine/boot.h"
#include "machine/boot_state.h"
#include "machine/boot_tables.h"
#include "machine/slab_configure.h"
#include "machine/virt_configure.h"
#include "slab/kmem_cache.h"
#include "virt/page_table.h"
#include "virt/swiotlb.h"

#include <string.h>

/* Lays out arena and allocators by m->config. */
static bool machine_lay_out(struct machine *m, struct status *st)
{
	virt_configure(&m->config, &m->slab_config, &m->virt_config);
	if (!arena_init(&m->arena,
			phys_arena_size(&m->config) + slab_arena_size(&m->slab_config, &m->config) +
			    virt_arena_size(&m->virt_config),
			phys_root_size(&m->config) + slab_root_size(&m->slab_config) + virt_root_size(&m->virt_config) +
			    early_root_size(&m->desc),
			st))
		return false;
	if (!phys_init(&m->phys, &m->config, &m->arena, st) || !slab_init(&m->slab, &m->slab_config, &m->phys, st) ||
	    !virt_init(&m->virt, &m->virt_config, &m->slab, st)) {
		arena_free(&m->arena);
		return false;
	}
	if (!early_lay_out(m)) {
		arena_free(&m->arena);
		return status_fail(st, STATUS_NO_MEMORY, _("the machine's state does not fit in its arena"));
	}
	m->alive = true;
	return true;
}

/* Goes on from a server's state. */
static bool machine_load(struct machine *m, struct status *st)
{
	m->desc.mem = 0;
	for (unsigned z = 0; z < m->config.zones; z++)
		m->desc.mem += (u64)m->config.zone[z].present << m->config.page_shift;
	if (boot_state_fill(&m->phys, &m->desc.state, st))
		return true;
	machine_free(m);
	return false;
}

bool machine_start(struct machine *m, struct desc_range swiotlb, struct status *st)
{
	u64 bytes = swiotlb.end - swiotlb.start;

	if (bytes && m->virt.state)
		swiotlb_start(&m->virt, swiotlb.start, (u32)(bytes >> SWIOTLB_SHIFT), swiotlb_areas(m->desc.cpus),
			      m->desc.swiotlb_force);
	return boot_tables_make(m, st) && kmem_cache_init(&m->slab, st) && virt_start(&m->virt, st);
}

bool machine_boot(struct machine *m, const struct machine_desc *desc, struct observer *observer, struct status *st)
{
	struct boot_plan plan;

	memset(m, 0, sizeof *m);
	m->desc = *desc;
	if (!boot_configure(desc, &m->config, &plan, st)) {
		memset(m, 0, sizeof *m);
		return false;
	}
	slab_configure(desc, &m->config, &m->slab_config);
	if (!machine_lay_out(m, st)) {
		memset(m, 0, sizeof *m);
		return false;
	}
	m->phys.observer = observer;
	boot_begin(&m->phys, desc);
	if (desc->state.zones) {
		m->phys.state->min_free_kbytes = plan.min_free_kbytes;
		if (!machine_load(m, st))
			return false;
	} else if (!m->early) {
		boot_hand_over(&m->phys, desc, &m->config, &plan);
	}
	if (m->early || machine_start(m, plan.swiotlb, st))
		return true;
	machine_free(m);
	return false;
}

bool machine_init(struct machine *m, const struct phys_config *config, const struct slab_config *slab,
		  struct status *st)
{
	memset(m, 0, sizeof *m);
	m->config = *config;
	if (slab)
		m->slab_config = *slab;
	if (!machine_lay_out(m, st)) {
		memset(m, 0, sizeof *m);
		return false;
	}
	if (m->virt.state)
		page_table_make_fixed(&m->virt);
	return true;
}

void machine_free(struct machine *m)
{
	if (m->alive)
		arena_free(&m->arena);
	memset(m, 0, sizeof *m);
}

bool machine_clone(struct machine *to, const struct machine *from, struct status *st)
{
	memset(to, 0, sizeof *to);
	if (!arena_clone(&to->arena, &from->arena, st))
		return false;
	to->desc = from->desc;
	to->config = from->config;
	phys_rebase(&to->phys, &from->phys, &to->arena);
	to->phys.config = &to->config;
	if (from->early)
		to->early = (struct early *)(to->arena.base + ((const u8 *)from->early - from->arena.base));
	to->slab_config = from->slab_config;
	slab_rebase(&to->slab, &from->slab, &to->phys);
	to->slab.config = &to->slab_config;
	to->virt_config = from->virt_config;
	virt_rebase(&to->virt, &from->virt, &to->slab);
	to->virt.config = &to->virt_config;
	to->alive = true;
	return true;
}

u64 machine_hash(const struct machine *m)
{
	u64 h = hash_word(hash_word(phys_hash(&m->phys), slab_hash(&m->slab)), virt_hash(&m->virt));

	return m->early ? hash_word(h, early_hash(m->early)) : h;
}

static void name_cache(const void *context, u64 cache, struct strbuf *out)
{
	const struct slab_system *s = context;

	strbuf_puts(out, cache < SLAB_CACHES ? s->cache[cache].name : "?");
}

struct event_names machine_names(const struct machine *m)
{
	struct event_names names = phys_names(&m->phys);

	names.cache_context = &m->slab;
	names.cache = name_cache;
	return names;
}
