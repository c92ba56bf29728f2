/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay.h"

#include "base/text.h"
#include "phys/load.h"
#include "phys/pageblock.h"
#include "session/replay_cache_compare.h"
#include "session/replay_moves.h"

#include <stdlib.h>
#include <string.h>

/* Recordings number their handles by hand; the highest is near 40000. */
#define HANDLES_MAX (UINT32_C(1) << 22)

static void see(void *context, const struct event *e)
{
	struct replay *r = context;

	eventlog_add(&r->log, e);
}

void replay_init(struct replay *r, const char *path, bool observed)
{
	memset(r, 0, sizeof(*r));
	r->path = path;
	r->observed = observed;
	r->observer = (struct observer){ see, r };
}

static void free_told(struct replay *r)
{
	free(r->told.zone);
	free(r->told.pcp);
	for (unsigned z = 0; z < PHYS_ZONES; z++)
		free(r->told.block_type[z]);
	memset(&r->told, 0, sizeof(r->told));
}

void replay_free(struct replay *r)
{
	machine_free(&r->machine);
	free_told(r);
	free(r->handle);
	replay_caches_free(&r->caches);
	strbuf_free(&r->printed);
	free(r->moves.move);
	eventlog_free(&r->log);
	recording_block_free(&r->drift);
	strbuf_free(&r->difference.expected);
	strbuf_free(&r->difference.got);
	memset(r, 0, sizeof(*r));
}

static bool allocate_told(struct replay *r, struct status *st)
{
	const struct phys *p = &r->machine.phys;
	bool good;

	r->told.zone = calloc(p->config->zones, sizeof(*r->told.zone));
	r->told.pcp = calloc((size_t)p->config->zones * p->config->cpus, sizeof(*r->told.pcp));
	good = r->told.zone && r->told.pcp;
	for (unsigned z = 0; z < p->config->zones && good; z++) {
		/* One more: a kernel without migratetypes has no page blocks. */
		r->told.block_type[z] = malloc(pageblock_count(p, z) + 1);
		good = r->told.block_type[z] != NULL;
	}
	return good || status_fail(st, STATUS_NO_MEMORY, _("%s: there is no memory to compare it"), r->path);
}

static bool load_handle(struct phys *p, const struct replay_handle *handle, struct status *st)
{
	if (handle->pfn == PFN_NONE)
		return true;
	if (!handle->bytes)
		return load_used_block(p, handle->pfn, handle->order, 0, st);
	for (u32 n = 0; n <= (handle->bytes - 1) >> p->config->page_shift; n++)
		if (!load_used_block(p, handle->pfn + n, 0, 0, st))
			return false;
	return true;
}

/* What snapshots do not tell, and the operations before them have made. */
struct kept {
	bool any;
	u32 cpu;
	u32 lru_waiting;
	pfn_t lru_batch[PHYS_LRU_BATCH];
	u32 lowmem_reserve[PHYS_ZONES][PHYS_ZONE_TYPES];
	u64 ticks;
};

static struct kept keep(const struct machine *m)
{
	struct kept kept = { .any = m->alive };

	if (!kept.any)
		return kept;
	kept.ticks = m->slab.state ? m->slab.state->ticks : 0;
	kept.cpu = m->phys.state->cpu;
	kept.lru_waiting = m->phys.state->lru_waiting;
	memcpy(kept.lru_batch, m->phys.state->lru_batch, sizeof(kept.lru_batch));
	for (unsigned z = 0; z < m->config.zones; z++)
		memcpy(kept.lowmem_reserve[z], m->phys.zone[z].lowmem_reserve, sizeof(kept.lowmem_reserve[z]));
	return kept;
}

static void give_kept(struct machine *m, const struct kept *kept)
{
	if (!kept->any)
		return;
	if (m->slab.state)
		m->slab.state->ticks = kept->ticks;
	m->phys.state->cpu = kept->cpu;
	m->phys.state->lru_waiting = kept->lru_waiting;
	memcpy(m->phys.state->lru_batch, kept->lru_batch, sizeof(kept->lru_batch));
	for (unsigned z = 0; z < m->config.zones; z++)
		memcpy(m->phys.zone[z].lowmem_reserve, kept->lowmem_reserve[z], sizeof(kept->lowmem_reserve[z]));
}

static void keep_line(void *context, const char *line)
{
	struct replay *r = context;

	strbuf_puts(&r->printed, line);
	strbuf_putc(&r->printed, '\n');
}

bool replay_reset(struct replay *r, const struct phys_config *config, const struct slab_config *slab, struct status *st)
{
	struct kept kept = keep(&r->machine);

	machine_free(&r->machine);
	free_told(r);
	if (!machine_init(&r->machine, config, slab, st) || !allocate_told(r, st))
		return false;
	r->machine.desc.boot = config->gfp == GFP_2_6 ? BOOT_2_6 : BOOT_6_1;
	r->machine.phys.observer = r->observed ? &r->observer : NULL;
	r->machine.slab.printk = keep_line;
	r->machine.slab.printk_context = r;
	for (size_t n = 0; n < r->caches.count; n++)
		r->caches.cache[n].slot = SLAB_NONE;
	replay_moves_watch(r);
	give_kept(&r->machine, &kept);
	for (size_t h = 0; h < r->handles; h++)
		if (r->handle[h].held && !load_handle(&r->machine.phys, &r->handle[h], st))
			return false;
	return true;
}

void replay_told_all(struct replay *r)
{
	const struct phys *p = &r->machine.phys;

	memcpy(r->told.zone, p->zone, p->config->zones * sizeof(*p->zone));
	memcpy(r->told.pcp, p->pcp, (size_t)p->config->zones * p->config->cpus * sizeof(*p->pcp));
	for (unsigned z = 0; z < p->config->zones; z++)
		for (u32 n = 0; n < pageblock_count(p, z); n++)
			r->told.block_type[z][n] = (u8)pageblock_type_at(p, z, n);
	replay_cache_compare_told(r);
}

enum replay_outcome replay_differs(struct replay *r, u64 line)
{
	r->difference.line = line;
	return REPLAY_DIFFERS;
}

bool replay_handle_set(struct replay *r, u64 h, struct replay_handle what, const struct recording_cursor *c)
{
	if (h >= HANDLES_MAX)
		return recording_expected(c, _("a smaller handle"));
	if (h >= r->handles) {
		size_t handles = h < 1024 ? 2048 : h * 2;
		void *table = realloc(r->handle, handles * sizeof(*r->handle));

		if (!table)
			return status_fail(c->st, STATUS_NO_MEMORY, _("%s: there is no memory for its handles"),
					   r->path);
		r->handle = table;
		memset(r->handle + r->handles, 0, (handles - r->handles) * sizeof(*r->handle));
		r->handles = handles;
	}
	r->handle[h] = what;
	r->handle[h].held = true;
	return true;
}

struct replay_handle *replay_handle(struct replay *r, u64 h)
{
	return h < r->handles && r->handle[h].held ? &r->handle[h] : NULL;
}

bool replay_drifted(const struct replay *r, const char *name)
{
	for (size_t i = 0; i < r->drift.count; i++)
		if (strncmp(recording_block_text(&r->drift, i) + strlen("drift "), name, strlen(name)) == 0)
			return true;
	return false;
}
