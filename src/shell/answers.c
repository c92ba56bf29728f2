/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/answers.h"

#include "base/text.h"
#include "machine/early.h"
#include "machine/tunables.h"
#include "phys/extfrag.h"
#include "phys/frame.h"
#include "phys/mapping.h"
#include "phys/oom.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "phys/preempt.h"
#include "slab/kmem_cache.h"
#include "slab/slub_object.h"
#include "virt/tlb.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A function that answers with one number. */
#define ANSWER_NUMBER(name, expression)                                            \
	bool answers_##name(const void *query, struct value *v, struct status *st) \
	{                                                                          \
		const struct query *q = query;                                     \
                                                                                   \
		(void)st;                                                          \
		*v = value_int((s64)(expression));                                 \
		return true;                                                       \
	}

static bool answer_string(const char *s, struct value *v, struct status *st)
{
	*v = value_string(s, strlen(s));
	return v->type == VALUE_STRING || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

/* ---------------------------------------------------------------- zones */

static const struct zone *zone_of(const struct query *q)
{
	return &q->machine->phys.zone[q->zone];
}

static const struct zone_config *zone_config_of(const struct query *q)
{
	return &q->machine->config.zone[q->zone];
}

/* Appends the blocks of a list, head to tail. */
static bool add_list(const struct phys *p, const struct block_list *list, unsigned order, struct value *v,
		     struct status *st)
{
	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = p->link[order][pfn >> order].next)
		if (!value_append(v, value_page(pfn)))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return true;
}

static bool new_vector(struct value *v, struct status *st)
{
	*v = value_vector();
	return v->type == VALUE_VECTOR || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

ANSWER_NUMBER(zone_free, zone_of(q)->free)
ANSWER_NUMBER(zone_nr_free, zone_of(q)->nr_free[q->index])
ANSWER_NUMBER(zone_managed, zone_of(q)->managed)
ANSWER_NUMBER(zone_present, zone_config_of(q)->present)
ANSWER_NUMBER(zone_spanned, zone_config_of(q)->spanned)
ANSWER_NUMBER(zone_start_pfn, zone_config_of(q)->start_pfn)
ANSWER_NUMBER(zone_min, zone_of(q)->wmark[WMARK_MIN])
ANSWER_NUMBER(zone_low, zone_of(q)->wmark[WMARK_LOW])
ANSWER_NUMBER(zone_high, zone_of(q)->wmark[WMARK_HIGH])
ANSWER_NUMBER(zone_boost, zone_of(q)->boost)
ANSWER_NUMBER(zone_free_cma, zone_of(q)->free_cma)
ANSWER_NUMBER(zone_highatomic, zone_of(q)->highatomic)
ANSWER_NUMBER(zone_lowmem_reserve, zone_of(q)->lowmem_reserve[q->index])

ANSWER_NUMBER(zone_unusable_index, extfrag_unusable(zone_of(q)->nr_free, q->machine->config.orders, (unsigned)q->index))
ANSWER_NUMBER(zone_extfrag_index, extfrag_index(zone_of(q)->nr_free, q->machine->config.orders, (unsigned)q->index))

bool answers_zone_list(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;

	if (!new_vector(v, st))
		return false;
	for (unsigned type = 0; type < MT_COUNT; type++)
		if (!add_list(&q->machine->phys, &zone_of(q)->list[q->index][type], (unsigned)q->index, v, st))
			return false;
	return true;
}

bool answers_zone_list_type(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;

	return new_vector(v, st) &&
	       add_list(&q->machine->phys, &zone_of(q)->list[q->index][q->type], (unsigned)q->index, v, st);
}

/* As /proc/pagetypeinfo counts them: a block whose first frame is none counts nowhere. */
static s64 count_page_blocks(const struct query *q)
{
	const struct phys *p = &q->machine->phys;
	u32 blocks = pageblock_count(p, q->zone);
	s64 count = 0;

	for (u32 n = 0; n < blocks; n++) {
		struct frame_info first = frame_describe(p, pageblock_start(p, q->zone, n));

		count += first.state != FRAME_NO_MEMORY && first.zone == (int)q->zone &&
			 pageblock_type_at(p, q->zone, n) == q->type;
	}
	return count;
}

ANSWER_NUMBER(zone_pageblocks, count_page_blocks(q))

/* -------------------------------------------------------- per-CPU lists */

static const struct pcp_set *set_of(const struct query *q, unsigned set)
{
	return &phys_pcp(&q->machine->phys, q->zone, q->cpu)->set[set];
}

ANSWER_NUMBER(pcp_count, set_of(q, 0)->count + set_of(q, 1)->count)
ANSWER_NUMBER(pcp_high, set_of(q, 0)->high)
ANSWER_NUMBER(pcp_batch, set_of(q, 0)->batch)

bool answers_pcp_list(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;

	if (q->machine->config.pcp_rule != PCP_BY_TYPE)
		return status_fail(st, STATUS_INVALID, _("the CPUs of this machine have no lists by order and type"));
	return new_vector(v, st) &&
	       add_list(&q->machine->phys, &set_of(q, 0)->list[q->index], (unsigned)q->index / MT_PCPTYPES, v, st);
}

static bool need_hot_cold(const struct query *q, struct status *st)
{
	return q->machine->config.pcp_rule == PCP_HOT_COLD ||
	       status_fail(st, STATUS_INVALID, _("the CPUs of this machine have no hot and cold lists"));
}

static bool answer_set(const struct query *q, u32 number, struct value *v, struct status *st)
{
	*v = value_int(number);
	return need_hot_cold(q, st);
}

static bool answer_set_list(const struct query *q, unsigned set, struct value *v, struct status *st)
{
	return need_hot_cold(q, st) && new_vector(v, st) &&
	       add_list(&q->machine->phys, &set_of(q, set)->list[0], 0, v, st);
}

#define ANSWER_SET(name, set, field)                                               \
	bool answers_##name(const void *query, struct value *v, struct status *st) \
	{                                                                          \
		const struct query *q = query;                                     \
                                                                                   \
		return answer_set(q, set_of(q, set)->field, v, st);                \
	}

ANSWER_SET(pcp_hot_count, 0, count)
ANSWER_SET(pcp_hot_high, 0, high)
ANSWER_SET(pcp_hot_batch, 0, batch)
ANSWER_SET(pcp_cold_count, 1, count)
ANSWER_SET(pcp_cold_high, 1, high)
ANSWER_SET(pcp_cold_batch, 1, batch)

bool answers_pcp_hot_list(const void *query, struct value *v, struct status *st)
{
	return answer_set_list(query, 0, v, st);
}

bool answers_pcp_cold_list(const void *query, struct value *v, struct status *st)
{
	return answer_set_list(query, 1, v, st);
}

/* --------------------------------------------------------------- frames */

static struct frame_info frame_of(const struct query *q)
{
	return frame_describe(&q->machine->phys, (pfn_t)q->index);
}

bool answers_frame_state(const void *query, struct value *v, struct status *st)
{
	static const char *const states[] = {
		[FRAME_NO_MEMORY] = "none", [FRAME_RESERVED] = "reserved", [FRAME_FREE] = "free",
		[FRAME_PCP] = "pcp",        [FRAME_USED] = "used",
	};

	return answer_string(states[frame_of(query).state], v, st);
}

bool answers_frame_zone(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;
	int zone = frame_of(q).zone;

	return answer_string(zone < 0 ? "" : q->machine->config.zone[zone].name, v, st);
}

bool answers_frame_block(const void *query, struct value *v, struct status *st)
{
	(void)st;
	*v = value_page(frame_of(query).block);
	return true;
}

bool answers_frame_type(const void *query, struct value *v, struct status *st)
{
	char letter[2] = { migratetype_letter(frame_of(query).type), '\0' };

	return answer_string(letter, v, st);
}

bool answers_frame_address(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;

	(void)st;
	*v = value_addr(page_address(&q->machine->phys, (pfn_t)q->index));
	return true;
}

ANSWER_NUMBER(frame_order, frame_of(q).order)
ANSWER_NUMBER(frame_owner, frame_of(q).owner)

/* ---------------------------------------------------- machine and session */

static u64 sum_bytes(const struct machine *m, bool only_free)
{
	u64 pages = 0;

	for (unsigned z = 0; z < m->config.zones; z++)
		pages += only_free ? m->phys.zone[z].free : m->phys.zone[z].managed;
	return pages << m->config.page_shift;
}

static bool answer_hash(u64 hash, struct value *v, struct status *st)
{
	char text[17];

	snprintf(text, sizeof text, "%016" PRIx64, hash);
	return answer_string(text, v, st);
}

ANSWER_NUMBER(mem_total, sum_bytes(q->machine, false))
ANSWER_NUMBER(mem_free, sum_bytes(q->machine, true))
ANSWER_NUMBER(mem_min_free_kbytes, q->machine->phys.state->min_free_kbytes)

bool answers_tunable(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;
	struct strbuf text = STRBUF_INIT;
	const char *rest;
	char name[64], *end;
	bool ok;

	snprintf(name, sizeof name, "vm/%s", q->tunable);
	ok = tunables_get(q->machine, name, &text, st);
	rest = strbuf_str(&text);
	/* A file of several numbers is a vector. */
	if (ok && strchr(rest, '\t')) {
		for (ok = new_vector(v, st); ok && *rest > '\n'; rest = end + (*end == '\t'))
			ok = value_append(v, value_int((s64)strtoull(rest, &end, 10))) ||
			     status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	} else if (ok) {
		*v = value_int((s64)strtoull(rest, NULL, 10));
	}
	strbuf_free(&text);
	return ok;
}

ANSWER_NUMBER(tlb_flush_count, q->machine->virt.state ? tlb_flushes(&q->machine->virt) : 0)
ANSWER_NUMBER(tlb_entry_count, q->machine->virt.state ? q->machine->virt.state->tlb_used : 0)
ANSWER_NUMBER(stat_allocations, q->machine->phys.state->allocations)
ANSWER_NUMBER(stat_frees, q->machine->phys.state->frees)
ANSWER_NUMBER(stat_failures, q->machine->phys.state->failures)
ANSWER_NUMBER(machine_mem, q->machine->desc.mem)
ANSWER_NUMBER(machine_cpus, q->machine->config.cpus)
ANSWER_NUMBER(machine_orders, q->machine->config.orders)
ANSWER_NUMBER(machine_zones, q->machine->config.zones)
ANSWER_NUMBER(context_may_sleep, preempt_may_sleep(&q->machine->phys))
ANSWER_NUMBER(context_irqs_disabled, preempt_irqs_disabled(&q->machine->phys))
ANSWER_NUMBER(context_preempt_count, q->machine->phys.state->preempt_count)
ANSWER_NUMBER(cpu_number, q->machine->phys.state->cpu)
ANSWER_NUMBER(session_number_query, session_number(q->session))
ANSWER_NUMBER(session_seed, q->session->seed)

static u64 boot_steps_of(const struct machine *m)
{
	struct boot_steps steps;

	early_steps(m, &steps);
	return steps.count + 1;
}

static u64 boot_done_of(const struct machine *m)
{
	return m->early ? m->early->progress.done + m->early->over : boot_steps_of(m);
}

/* Of a machine that goes on from a server's state nothing is known. */
static u64 boot_bytes(const struct machine *m, bool taken)
{
	struct desc_range gap[BOOTMEM_GAPS];
	struct bootmem memory;
	unsigned gaps;
	u64 bytes = 0;

	if (!early_memory(m, &memory))
		return 0;
	for (u64 i = 0; taken && i < memory.taken.count; i++)
		bytes += memory.taken.range[i].end - memory.taken.range[i].start;
	gaps = bootmem_gaps(&memory, gap);
	for (unsigned g = 0; !taken && g < gaps; g++)
		bytes += gap[g].end - gap[g].start;
	return bytes;
}

ANSWER_NUMBER(boot_steps, boot_steps_of(q->machine))
ANSWER_NUMBER(boot_done, boot_done_of(q->machine))
ANSWER_NUMBER(boot_free, boot_bytes(q->machine, false))
ANSWER_NUMBER(boot_taken, boot_bytes(q->machine, true))

bool answers_context_name(const void *query, struct value *v, struct status *st)
{
	return answer_string(preempt_name(preempt_context(&((const struct query *)query)->machine->phys)), v, st);
}

bool answers_machine_name(const void *query, struct value *v, struct status *st)
{
	return answer_string(((const struct query *)query)->machine->desc.name, v, st);
}

bool answers_machine_kernel(const void *query, struct value *v, struct status *st)
{
	return answer_string(((const struct query *)query)->machine->desc.kernel, v, st);
}

bool answers_machine_arch(const void *query, struct value *v, struct status *st)
{
	return answer_string(((const struct query *)query)->machine->desc.arch, v, st);
}

bool answers_state_hash(const void *query, struct value *v, struct status *st)
{
	return answer_hash(machine_hash(((const struct query *)query)->machine), v, st);
}

bool answers_state_lists(const void *query, struct value *v, struct status *st)
{
	return answer_hash(phys_state_hash(&((const struct query *)query)->machine->phys), v, st);
}

/* -------------------------------------------------------------- reclaim */

static bool answer_reclaim(const struct query *q, u64 number, struct value *v, struct status *st)
{
	*v = value_int((s64)number);
	return reclaim_exists(&q->machine->phys) ||
	       status_fail(st, STATUS_INVALID, _("this machine has nothing that could be reclaimed"));
}

#define ANSWER_RECLAIM(name, expression)                                                    \
	bool answers_##name(const void *query, struct value *v, struct status *st)          \
	{                                                                                   \
		const struct query *q = query;                                              \
		const struct phys *p = &q->machine->phys;                                   \
                                                                                            \
		return answer_reclaim(q, reclaim_exists(p) ? (u64)(expression) : 0, v, st); \
	}

ANSWER_RECLAIM(lru_active, reclaim_lru(p, LRU_ACTIVE_ANON) + reclaim_lru(p, LRU_ACTIVE_FILE))
ANSWER_RECLAIM(lru_inactive, reclaim_lru(p, LRU_INACTIVE_ANON) + reclaim_lru(p, LRU_INACTIVE_FILE))
ANSWER_RECLAIM(lru_file, reclaim_file(p))
ANSWER_RECLAIM(lru_anon, reclaim_anon(p))
ANSWER_RECLAIM(lru_dirty, reclaim_dirty(p))
ANSWER_RECLAIM(lru_writeback, reclaim_writeback(p))
ANSWER_RECLAIM(swap_total, p->reclaim->swap_pages)
ANSWER_RECLAIM(swap_used, p->reclaim->swap_used)
ANSWER_RECLAIM(kswapd_awake, p->reclaim->kswapd[0].awake)
ANSWER_RECLAIM(stat_allocstall, reclaim_counted(p, -1, VM_ALLOCSTALL))
ANSWER_RECLAIM(stat_pgscan_kswapd, reclaim_counted(p, -1, VM_PGSCAN_KSWAPD))
ANSWER_RECLAIM(stat_pgscan_direct, reclaim_counted(p, -1, VM_PGSCAN_DIRECT))
ANSWER_RECLAIM(stat_pgsteal_kswapd, reclaim_counted(p, -1, VM_PGSTEAL_KSWAPD))
ANSWER_RECLAIM(stat_pgsteal_direct, reclaim_counted(p, -1, VM_PGSTEAL_DIRECT))
ANSWER_RECLAIM(stat_refault, reclaim_counted(p, -1, VM_REFAULT_ANON) + reclaim_counted(p, -1, VM_REFAULT_FILE))
ANSWER_RECLAIM(stat_refault_active, reclaim_counted(p, -1, VM_ACTIVATE_ANON) + reclaim_counted(p, -1, VM_ACTIVATE_FILE))
ANSWER_RECLAIM(stat_oom_kill, reclaim_counted(p, -1, VM_OOM_KILL))

/* What an owner that there is not would have. */
static const struct owner *owner_of(const struct query *q)
{
	static const struct owner nobody;

	return q->owner == OWNER_NOBODY ? &nobody : &q->machine->phys.reclaim->owner[q->owner];
}

ANSWER_NUMBER(owner_size, owner_of(q)->size)
ANSWER_NUMBER(owner_pages, owner_of(q)->present)
ANSWER_NUMBER(owner_dirty, owner_of(q)->dirty)
ANSWER_NUMBER(owner_swapped, owner_of(q)->swapped)
ANSWER_NUMBER(owner_pid, owner_of(q)->pid)
ANSWER_NUMBER(owner_oom_score, q->owner == OWNER_NOBODY ? 0 : oom_score(&q->machine->phys, q->owner))

bool answers_owner_page(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;
	const struct place *place = NULL;

	(void)st;
	if (q->owner != OWNER_NOBODY)
		place = mapping_place(&q->machine->phys, q->owner, (u32)q->index);
	*v = value_page(place && place->state == PLACE_MEMORY ? place->value : PFN_NONE);
	return true;
}

/* ------------------------------------------------------ kernel addresses */

/* A machine without a layout has none of it. */
static const struct virt_state *addresses_of(const struct query *q)
{
	static const struct virt_state none;

	return q->machine->virt.state ? q->machine->virt.state : &none;
}

ANSWER_NUMBER(areas_busy, addresses_of(q)->count[VMAP_BUSY])
ANSWER_NUMBER(areas_lazy, addresses_of(q)->count[VMAP_LAZY])
ANSWER_NUMBER(areas_free, addresses_of(q)->count[VMAP_FREE])
ANSWER_NUMBER(areas_lazy_pages, addresses_of(q)->lazy_pages)
ANSWER_NUMBER(areas_lazy_max, q->machine->virt.state ? vmalloc_lazy_max(&q->machine->virt) : 0)

/* -------------------------------------------------------------- objects */

static struct slab_info info_of(const struct query *q)
{
	struct slab_info info = { 0 };

	q->machine->slab.config->rules->info(&q->machine->slab, q->cache, &info);
	return info;
}

/* Slabs on a list of the cache, over all nodes. */
static u64 slabs_on(const struct query *q, enum slab_list list)
{
	u64 count = 0;

	for (unsigned n = 0; n < q->machine->config.nodes; n++)
		count += slab_node(&q->machine->slab, q->cache, n)->list[list].count;
	return count;
}

static bool is_slub(const struct query *q)
{
	return q->machine->slab_config.allocator == SLAB_SLUB;
}

ANSWER_NUMBER(cache_active_objs, info_of(q).active_objs)
ANSWER_NUMBER(cache_num_objs, info_of(q).num_objs)
ANSWER_NUMBER(cache_objsize, q->cache->size)
ANSWER_NUMBER(cache_object_size, q->cache->object_size)
ANSWER_NUMBER(cache_objperslab, q->cache->num)
ANSWER_NUMBER(cache_pagesperslab, UINT64_C(1) << q->cache->order)
ANSWER_NUMBER(cache_align, q->cache->align)
ANSWER_NUMBER(cache_flags, q->cache->flags)
ANSWER_NUMBER(cache_active_slabs, info_of(q).active_slabs)
ANSWER_NUMBER(cache_num_slabs, info_of(q).num_slabs)
ANSWER_NUMBER(cache_full, slabs_on(q, SLAB_LIST_FULL))
ANSWER_NUMBER(cache_partial, slabs_on(q, SLAB_LIST_PARTIAL))
ANSWER_NUMBER(cache_free, slabs_on(q, SLAB_LIST_FREE))
ANSWER_NUMBER(cache_limit, info_of(q).limit)
ANSWER_NUMBER(cache_batchcount, info_of(q).batchcount)
ANSWER_NUMBER(cache_shared_avail, info_of(q).shared_avail)
ANSWER_NUMBER(cache_colour_next, slab_node(&q->machine->slab, q->cache, 0)->colour_next)
ANSWER_NUMBER(cache_refcount, (s32)q->cache->refcount)

bool answers_cache_address(const void *query, struct value *v, struct status *st)
{
	(void)st;
	*v = value_addr(((const struct query *)query)->cache->at);
	return true;
}

bool answers_cache_partial_slabs(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;

	if (!new_vector(v, st))
		return false;
	for (unsigned n = 0; n < q->machine->config.nodes; n++)
		if (!add_list(&q->machine->phys, &slab_node(&q->machine->slab, q->cache, n)->list[SLAB_LIST_PARTIAL], 0,
			      v, st))
			return false;
	return true;
}

/* SLUB: what the CPU has taken from its slab for itself, the last to be handed out first. */
static bool add_free_pointers(const struct query *q, struct value *v, struct status *st)
{
	const struct slab_system *s = &q->machine->slab;
	u64 object = slab_cpu(s, q->cache, q->cpu)->freelist, list[1024];
	size_t count = 0;

	/* Pointers that somebody wrote over end the list. */
	while (object && count < ARRAY_SIZE(list) && kmem_cache_of(s, object) == q->cache) {
		list[count++] = object;
		object = slub_object_peek(s, q->cache, object);
	}
	while (count)
		if (!value_append(v, value_addr(list[--count])))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return true;
}

bool answers_cache_at_hand(const void *query, struct value *v, struct status *st)
{
	const struct query *q = query;
	const struct array_cache *array;

	if (!new_vector(v, st))
		return false;
	if (is_slub(q))
		return add_free_pointers(q, v, st);
	array = slab_cpu_array(&q->machine->slab, q->cache, q->cpu);
	for (u32 n = 0; n < array->avail; n++)
		if (!value_append(v, value_addr(array->entry[n])))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return true;
}

bool answers_cache_avail(const void *query, struct value *v, struct status *st)
{
	struct value list = VALUE_NOTHING;
	bool ok = answers_cache_at_hand(query, &list, st);

	if (ok)
		*v = value_int((s64)value_count(&list));
	value_free(&list);
	return ok;
}
