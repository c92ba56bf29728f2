/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/machine.h"

#include "machine/boot.h"
#include "machine/boot_state.h"

#include <string.h>

/* Lays out arena and allocators by m->config. */
static bool machine_lay_out(struct machine *m, struct status *st)
{
	if (!arena_init(&m->arena, phys_arena_size(&m->config), phys_root_size(&m->config), st))
		return false;
	if (!phys_init(&m->phys, &m->config, &m->arena, st)) {
		arena_free(&m->arena);
		return false;
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

bool machine_boot(struct machine *m, const struct machine_desc *desc, struct observer *observer, struct status *st)
{
	struct boot_plan plan;

	memset(m, 0, sizeof *m);
	if (!boot_configure(desc, &m->config, &plan, st) || !machine_lay_out(m, st)) {
		memset(m, 0, sizeof *m);
		return false;
	}
	m->desc = *desc;
	m->phys.observer = observer;
	boot_hand_over(&m->phys, desc, &plan);
	return !desc->state.zones || machine_load(m, st);
}

bool machine_init(struct machine *m, const struct phys_config *config, struct status *st)
{
	memset(m, 0, sizeof *m);
	m->config = *config;
	if (!machine_lay_out(m, st)) {
		memset(m, 0, sizeof *m);
		return false;
	}
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
	to->alive = true;
	return true;
}

u64 machine_hash(const struct machine *m)
{
	return phys_hash(&m->phys);
}
