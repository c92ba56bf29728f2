/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_ops.h"

#include "base/text.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "session/replay_bytes.h"
#include "session/replay_cache_compare.h"
#include "session/replay_cache_ops.h"
#include "session/replay_cma.h"
#include "session/replay_kmalloc.h"
#include "session/replay_many.h"
#include "session/replay_mempool.h"
#include "session/replay_moves.h"
#include "session/replay_pages.h"
#include "session/replay_taken.h"
#include "session/replay_tunables.h"
#include "session/replay_virt_ops.h"

#include <string.h>

static enum replay_outcome drain_local_pages(struct replay_op *op)
{
	page_drain_local(op->p);
	return REPLAY_SAME;
}

static enum replay_outcome go_to_cpu(struct replay_op *op)
{
	struct strbuf now = STRBUF_INIT;
	enum replay_outcome outcome;
	u64 cpu;

	if (!recording_number(&op->args, op->p->config->cpus - 1, &cpu, _("a CPU that the header has")))
		return REPLAY_BAD;
	op->p->state->cpu = (u32)cpu;
	strbuf_printf(&now, "now on %u", (unsigned)cpu);
	outcome = replay_op_compare(op, strbuf_str(&now), NULL);
	strbuf_free(&now);
	return outcome;
}

/* Time passes. What runs meanwhile is not modelled: the record tells what it did. */
static enum replay_outcome idle(struct replay_op *op)
{
	u64 ms;

	return replay_op_number(op, "ms", &ms) ? REPLAY_SAME : REPLAY_BAD;
}

/* Every operation that is modelled, by its name in recordings. */
static const struct {
	const char *name;
	replay_op_function *run;
	enum replay_leeway leeway;
	bool realtime; /* the recorder lets interrupts in, and has a realtime policy meanwhile (not in 2.6) */
	bool slab; /* it needs an allocator of small objects */
	bool takes; /* the kernel takes objects of caches that are not watched (not in 2.6) */
} operations[] = {
	{ "alloc", replay_pages_alloc, REPLAY_EXACT, false, false, false },
	{ "free", replay_pages_free, REPLAY_EXACT, false, false, false },
	{ "free_cold_page", replay_pages_free_cold_page, REPLAY_EXACT, false, false, false },
	{ "split_page", replay_pages_split_page, REPLAY_EXACT, false, false, false },
	{ "__get_free_pages", replay_pages_get_free_pages, REPLAY_EXACT, false, false, false },
	{ "get_zeroed_page", replay_pages_get_zeroed_page, REPLAY_EXACT, false, false, false },
	{ "free_pages", replay_pages_free_pages, REPLAY_EXACT, false, false, false },
	{ "alloc_pages_exact", replay_pages_alloc_pages_exact, REPLAY_EXACT, false, false, false },
	{ "free_pages_exact", replay_pages_free_pages_exact, REPLAY_EXACT, false, false, false },
	{ "exhaust", replay_many_exhaust, REPLAY_EXACT, false, false, false },
	{ "freeall", replay_many_freeall, REPLAY_EXACT, false, false, false },
	{ "bulk", replay_many_bulk, REPLAY_EXACT, false, false, false },
	{ "freelist", replay_many_freelist, REPLAY_EXACT, false, false, false },
	{ "drain_local_pages", drain_local_pages, REPLAY_EXACT, false, false, false },
	{ "cpu", go_to_cpu, REPLAY_EXACT, false, false, false },
	{ "cma_alloc", replay_cma_alloc, REPLAY_EXACT, true, false, false },
	{ "cma_release", replay_cma_release, REPLAY_EXACT, false, false, false },
	{ "compact_memory", replay_moves_compact_memory, REPLAY_TAKES_OBJECTS, true, false, false },
	{ "sysctl", replay_tunables_sysctl, REPLAY_TAKES_OBJECTS, false, false, false },
	{ "idle", idle, REPLAY_BACKGROUND, false, false, false },
	{ "kmem_cache_create", replay_cache_ops_create, REPLAY_EXACT, true, true, true },
	{ "kmem_cache_destroy", replay_cache_ops_destroy, REPLAY_EXACT, true, true, true },
	{ "kmem_cache_shrink", replay_cache_ops_shrink, REPLAY_EXACT, true, true, false },
	{ "kmem_cache_alloc", replay_cache_ops_alloc, REPLAY_EXACT, false, true, false },
	{ "kmem_cache_zalloc", replay_cache_ops_zalloc, REPLAY_EXACT, false, true, false },
	{ "kmem_cache_free", replay_cache_ops_free, REPLAY_EXACT, false, true, false },
	{ "cache_reap", replay_cache_ops_reap, REPLAY_EXACT, false, true, false },
	{ "kmalloc", replay_kmalloc_alloc, REPLAY_EXACT, false, true, false },
	{ "kzalloc", replay_kmalloc_zalloc, REPLAY_EXACT, false, true, false },
	{ "kfree", replay_kmalloc_free, REPLAY_EXACT, false, true, false },
	{ "ksize", replay_kmalloc_size, REPLAY_EXACT, false, true, false },
	{ "krealloc", replay_kmalloc_realloc, REPLAY_EXACT, false, true, false },
	{ "mempool_create", replay_mempool_create, REPLAY_EXACT, false, true, true },
	{ "mempool_alloc", replay_mempool_alloc, REPLAY_EXACT, false, true, false },
	{ "mempool_free", replay_mempool_free, REPLAY_EXACT, false, true, false },
	{ "mempool_resize", replay_mempool_resize, REPLAY_EXACT, false, true, true },
	{ "mempool_destroy", replay_mempool_destroy, REPLAY_EXACT, false, true, true },
	{ "vmalloc", replay_virt_ops_vmalloc, REPLAY_EXACT, false, true, false },
	{ "__vmalloc", replay_virt_ops_vmalloc_gfp, REPLAY_EXACT, false, true, false },
	{ "vfree", replay_virt_ops_vfree, REPLAY_EXACT, false, true, false },
	{ "vmap", replay_virt_ops_vmap, REPLAY_EXACT, false, true, false },
	{ "vunmap", replay_virt_ops_vunmap, REPLAY_EXACT, false, true, false },
	{ "vm_unmap_aliases", replay_virt_ops_unmap_aliases, REPLAY_EXACT, false, true, false },
	{ "ioremap", replay_virt_ops_ioremap, REPLAY_EXACT, false, true, true },
	{ "ioremap_nocache", replay_virt_ops_ioremap_nocache, REPLAY_EXACT, false, true, false },
	{ "iounmap", replay_virt_ops_iounmap, REPLAY_EXACT, false, true, true },
	{ "kmap", replay_virt_ops_kmap, REPLAY_EXACT, false, true, false },
	{ "kunmap", replay_virt_ops_kunmap, REPLAY_EXACT, false, true, false },
	{ "kmap_atomic", replay_virt_ops_kmap_atomic, REPLAY_EXACT, false, true, false },
	{ "kunmap_atomic", replay_virt_ops_kunmap_atomic, REPLAY_EXACT, false, true, false },
	{ "kmap_local_page", replay_virt_ops_kmap_local, REPLAY_EXACT, false, true, false },
	{ "kunmap_local", replay_virt_ops_kunmap_local, REPLAY_EXACT, false, true, false },
	{ "dma_alloc_coherent", replay_virt_ops_dma_alloc, REPLAY_EXACT, false, true, false },
	{ "dma_free_coherent", replay_virt_ops_dma_free, REPLAY_EXACT, false, true, false },
};

static enum replay_outcome run(struct replay_op *op, replay_op_function *function)
{
	enum replay_outcome outcome;
	struct recording_cursor c;

	eventlog_clear(&op->r->log);
	op->r->moves.count = 0;
	replay_cache_ops_begin(op->r);
	replay_cache_compare_begin(op->r);
	op->p->state->memalloc = recording_find(&op->args, "task", &c) && strcmp(c.at, "PF_MEMALLOC") == 0;
	op->p->host_short = false;
	outcome = function(op);
	op->p->state->memalloc = 0;
	if (op->p->host_short) {
		status_fail(op->st, STATUS_NO_MEMORY, _("%s: there is no memory to do its operations"), op->r->path);
		return REPLAY_BAD;
	}
	if (outcome == REPLAY_SAME && replay_op_result(op, &c))
		return replay_op_differs(op, &c, "%s", _("no such result"));
	return outcome;
}

enum replay_outcome replay_ops_run(struct replay *r, const struct recording_block *block, struct status *st)
{
	struct replay_op op = { .r = r, .p = &r->machine.phys, .block = block, .st = st };
	enum replay_outcome outcome;
	char name[48];
	u64 number;

	r->untold = false;
	r->taken_pages = r->taken_objects = 0;
	op.args = recording_block_cursor(block, 0, r->path, st);
	if (!recording_number(&op.args, UINT32_MAX, &number, _("the operation's number")) ||
	    !recording_word(&op.args, name, sizeof(name), _("the operation's name")))
		return REPLAY_BAD;
	/* Who allocated an object is noted by the number of the operation. */
	op.p->state->owner = (u32)number;
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		if (strcmp(operations[i].name, name) == 0 && (!operations[i].slab || r->machine.slab.state)) {
			r->leeway = operations[i].leeway;
			op.p->state->realtime = operations[i].realtime && op.p->config->gfp != GFP_2_6;
			outcome = run(&op, operations[i].run);
			if (outcome == REPLAY_SAME && (operations[i].takes || r->untold) &&
			    op.p->config->gfp != GFP_2_6 &&
			    !replay_taken_find(r, block, &r->taken_pages, &r->taken_objects, st))
				outcome = REPLAY_BAD;
			op.p->state->realtime = 0;
			return outcome;
		}
	return REPLAY_NOT_MODELLED;
}

bool replay_ops_comment(struct replay *r, struct recording_cursor c)
{
	u64 first, last;

	c.at += strspn(c.at, " ");
	if (!replay_bytes_comment(r, c))
		return false;
	if (!recording_skip(&c, "handles ") || !strstr(c.at, " are migratable now"))
		return true;
	if (!recording_number(&c, UINT32_MAX, &first, _("a handle")) || !recording_literal(&c, "..") ||
	    !recording_number(&c, UINT32_MAX, &last, _("a handle")))
		return false;
	for (u64 h = first; h <= last && h < r->handles; h++) {
		const struct replay_handle *handle = replay_handle(r, h);

		for (pfn_t n = 0; handle && !handle->object && n < (pfn_t)1 << handle->order; n++)
			if (!load_movable(&r->machine.phys, handle->pfn + n, c.st))
				return false;
	}
	return true;
}
