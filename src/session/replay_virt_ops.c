/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_virt_ops.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "virt/dma.h"
#include "virt/ioremap.h"
#include "virt/kmap.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <string.h>

static struct virt_system *virt_of(struct replay_op *op)
{
	return &op->r->machine.virt;
}

static bool old_rules(struct replay_op *op)
{
	return virt_of(op)->config->rule == VMAP_LIST;
}

/* Compares the next result with `got`, which this frees. */
static enum replay_outcome compare(struct replay_op *op, struct strbuf *got)
{
	enum replay_outcome outcome = replay_op_compare(op, strbuf_str(got), NULL);

	strbuf_free(got);
	return outcome;
}

static bool size_argument(struct replay_op *op, u64 *bytes)
{
	return recording_key(&op->args, "size", UINT64_MAX, bytes);
}

static u64 area_size(struct replay_op *op, const struct vmap_area *area)
{
	return vmalloc_area_bytes(virt_of(op), area) + (UINT64_C(1) << op->p->config->page_shift);
}

/* ------------------------------------------------------------- vmalloc() */

/* addr= size= flags= nr_pages= vm_struct= */
static void print_area(struct replay_op *op, const struct vmap_area *area, struct strbuf *out)
{
	strbuf_printf(out, "addr=%" PRIx64 " size=%" PRIx64 " flags=%x nr_pages=%u vm_struct=%" PRIx64, area->start,
		      area_size(op, area), (unsigned)area->flags, (unsigned)area->nr_pages, area->vm_struct);
}

/* The frames behind the area, against the list at `c`. */
static enum replay_outcome compare_frames(struct replay_op *op, const struct vmap_area *area,
					  const struct recording_cursor *c)
{
	struct recording_run run = recording_run(c, 0);
	u32 n = 0;
	pfn_t pfn;

	for (; recording_run_next(&run, &pfn); n++) {
		pfn_t got = vmalloc_to_pfn(virt_of(op), area->start + ((u64)n << op->p->config->page_shift));

		if (n >= area->nr_pages)
			return replay_op_differs(op, c, _("%u pages"), (unsigned)area->nr_pages);
		if (got != pfn)
			return replay_op_differs(op, c, _("page %u is %u, not %u"), (unsigned)n, (unsigned)got,
						 (unsigned)pfn);
	}
	if (run.failed)
		return REPLAY_BAD;
	return n == area->nr_pages ? REPLAY_SAME : replay_op_differs(op, c, _("%u pages"), (unsigned)area->nr_pages);
}

static enum replay_outcome allocate(struct replay_op *op, u64 bytes, gfp_t gfp)
{
	struct virt_system *v = virt_of(op);
	struct strbuf got = STRBUF_INIT;
	const struct vmap_area *area;
	enum replay_outcome outcome;
	struct recording_cursor rest;
	u64 address = vmalloc_alloc(v, bytes, gfp);

	if (!address)
		return replay_op_compare(op, "NULL", NULL);
	area = vmap_area_at_start(v, address);
	print_area(op, area, &got);
	strbuf_printf(&got, " pages_array=%" PRIx64 " pfns:", area->pages);
	outcome = replay_op_compare(op, strbuf_str(&got), &rest);
	strbuf_free(&got);
	return outcome == REPLAY_SAME ? compare_frames(op, area, &rest) : outcome;
}

enum replay_outcome replay_virt_ops_vmalloc(struct replay_op *op)
{
	u64 bytes;

	return size_argument(op, &bytes) ? allocate(op, bytes, vmalloc_gfp(virt_of(op))) : REPLAY_BAD;
}

enum replay_outcome replay_virt_ops_vmalloc_gfp(struct replay_op *op)
{
	u64 bytes;
	gfp_t gfp;

	return size_argument(op, &bytes) && replay_op_gfp(op, &gfp) ? allocate(op, bytes, gfp) : REPLAY_BAD;
}

/* lazy_nr=, which 6.1's recorder tells. */
static enum replay_outcome compare_lazy(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;

	strbuf_printf(&got, "lazy_nr=%" PRIu64, virt_of(op)->state->lazy_pages);
	return compare(op, &got);
}

enum replay_outcome replay_virt_ops_vfree(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	u64 address;

	if (!recording_key_hex(&op->args, "addr", &address))
		return REPLAY_BAD;
	if (!vmalloc_free(virt_of(op), address, &why))
		return replay_op_refused(op, &why);
	return old_rules(op) ? REPLAY_SAME : compare_lazy(op);
}

#define VMAP_MOST 1024 /* pages of one vmap() in a recording */

/* src= and n=: handles of pages. */
static bool pages_argument(struct replay_op *op, pfn_t *pages, u64 *count)
{
	u64 from;

	if (!replay_op_number(op, "src", &from) || !recording_key(&op->args, "n", VMAP_MOST, count))
		return false;
	for (u64 n = 0; n < *count; n++) {
		const struct replay_handle *handle = replay_handle(op->r, from + n);

		if (!handle || handle->pfn == PFN_NONE)
			return recording_expected(&op->args, _("handles that hold pages"));
		pages[n] = handle->pfn;
	}
	return true;
}

enum replay_outcome replay_virt_ops_vmap(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;
	pfn_t pages[VMAP_MOST];
	u64 count, address;

	if (!pages_argument(op, pages, &count))
		return REPLAY_BAD;
	address = vmalloc_map(virt_of(op), pages, (u32)count, VM_MAP);
	if (address)
		print_area(op, vmap_area_at_start(virt_of(op), address), &got);
	else
		strbuf_puts(&got, "NULL");
	return compare(op, &got);
}

enum replay_outcome replay_virt_ops_vunmap(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	u64 address;

	if (!recording_key_hex(&op->args, "addr", &address))
		return REPLAY_BAD;
	return vmalloc_unmap(virt_of(op), address, &why) ? REPLAY_SAME : replay_op_refused(op, &why);
}

enum replay_outcome replay_virt_ops_unmap_aliases(struct replay_op *op)
{
	vmalloc_purge(virt_of(op));
	return compare_lazy(op);
}

/* ------------------------------------------------------------- ioremap() */

/* kind=: uc, wc or cache; the older kernel's ioremap() leaves the cache on. */
static enum ioremap_mode mode_argument(const struct replay_op *op)
{
	struct recording_cursor value;

	if (!recording_find(&op->args, "kind", &value) || strcmp(value.at, "cache") == 0)
		return IOREMAP_CACHED;
	return strcmp(value.at, "wc") == 0 ? IOREMAP_COMBINING : IOREMAP_UNCACHED;
}

static enum replay_outcome remap(struct replay_op *op, enum ioremap_mode mode)
{
	struct strbuf got = STRBUF_INIT;
	u64 at, bytes, address;
	struct vmap_area *area;
	const char *where;

	if (!recording_key_hex(&op->args, "phys", &at) || !size_argument(op, &bytes))
		return REPLAY_BAD;
	if (!ioremap_map(virt_of(op), at, bytes, mode, &address, &area, &where)) {
		/* The recorder went on. */
		down_forget(virt_of(op)->slab->phys);
		strbuf_printf(&got, "BUG at %s", where);
	} else if (area && !address) {
		strbuf_printf(&got, "addr=0 area=0 size=%" PRIx64 ": an area at address 0", area_size(op, area));
	} else if (area) {
		strbuf_printf(&got, "addr=%" PRIx64 " area=%" PRIx64 " size=%" PRIx64 " flags=%x phys=%" PRIx64,
			      address, area->start, area_size(op, area), (unsigned)area->flags, area->phys);
	} else if (address) {
		strbuf_printf(&got, "addr=%" PRIx64 " area=none", address);
	} else {
		strbuf_puts(&got, "NULL");
	}
	return compare(op, &got);
}

enum replay_outcome replay_virt_ops_ioremap(struct replay_op *op)
{
	return remap(op, mode_argument(op));
}

enum replay_outcome replay_virt_ops_ioremap_nocache(struct replay_op *op)
{
	return remap(op, IOREMAP_UNCACHED);
}

enum replay_outcome replay_virt_ops_iounmap(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	u64 address;

	if (!recording_key_hex(&op->args, "addr", &address))
		return REPLAY_BAD;
	return ioremap_unmap(virt_of(op), address, &why) ? REPLAY_SAME : replay_op_refused(op, &why);
}

/* ------------------------------------------------------------- kmap() */

static bool pfn_argument(struct replay_op *op, pfn_t *pfn)
{
	u64 number;

	if (!recording_key(&op->args, "pfn", op->p->config->max_pfn - 1, &number))
		return false;
	*pfn = (pfn_t)number;
	return true;
}

enum replay_outcome replay_virt_ops_kmap(struct replay_op *op)
{
	struct virt_system *v = virt_of(op);
	struct strbuf got = STRBUF_INIT;
	u64 address;
	pfn_t pfn;
	u32 slot;

	if (!pfn_argument(op, &pfn))
		return REPLAY_BAD;
	/* The recorder looked whether it would, and did not try. */
	if (kmap_would_sleep(v, pfn))
		return replay_op_compare(op, "would block", NULL);
	address = kmap_map(v, pfn);
	slot = kmap_slot_of(v, pfn);
	strbuf_printf(&got, "addr=%" PRIx64, address);
	if (slot != KMAP_NO_SLOT)
		strbuf_printf(&got, " slot=%u count=%u", (unsigned)slot, (unsigned)v->kmap[slot].count);
	return compare(op, &got);
}

enum replay_outcome replay_virt_ops_kunmap(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	struct strbuf got = STRBUF_INIT;
	pfn_t pfn;

	if (!pfn_argument(op, &pfn))
		return REPLAY_BAD;
	if (!kmap_unmap(virt_of(op), pfn, &why))
		return replay_op_refused(op, &why);
	strbuf_printf(&got, "page_address=%" PRIx64, kmap_address(virt_of(op), pfn));
	return compare(op, &got);
}

/* type=KM_USER0(3); later kernels have none. */
static bool type_argument(struct replay_op *op, u32 *type)
{
	struct recording_cursor value;
	u64 number;

	*type = 0;
	if (!recording_find(&op->args, "type", &value))
		return true;
	value.at += strcspn(value.at, "(");
	if (!recording_literal(&value, "(") ||
	    !recording_number(&value, UINT32_MAX, &number, _("the number of a slot")))
		return false;
	*type = (u32)number;
	return true;
}

static enum replay_outcome map_atomic(struct replay_op *op, bool atomic)
{
	struct virt_system *v = virt_of(op);
	struct status why = STATUS_INIT;
	struct strbuf got = STRBUF_INIT;
	u64 address;
	bool low;
	pfn_t pfn;
	u32 type;

	if (!pfn_argument(op, &pfn) || !type_argument(op, &type))
		return REPLAY_BAD;
	address = kmap_atomic_map(v, pfn, type, atomic, &why);
	if (!address)
		return replay_op_refused(op, &why);
	low = page_address(op->p, pfn) != 0;
	strbuf_printf(&got, "addr=%" PRIx64, address);
	if (!old_rules(op))
		strbuf_printf(&got, " slot=%u fixidx=%" PRIu64, (unsigned)kmap_atomic_depth(v),
			      kmap_fixed_index(v, address));
	else if (!low)
		strbuf_printf(&got, " fixidx=%" PRIu64 " pte_pfn=%u", kmap_fixed_index(v, address),
			      (unsigned)kmap_atomic_page(v, type));
	if (old_rules(op))
		strbuf_printf(&got, " preempt_count=%u", (unsigned)v->state->atomic_depth);
	return compare(op, &got);
}

static enum replay_outcome unmap_atomic(struct replay_op *op, bool atomic)
{
	struct virt_system *v = virt_of(op);
	struct status why = STATUS_INIT;
	struct strbuf got = STRBUF_INIT;
	u64 address;
	u32 type;

	if (!recording_key_hex(&op->args, "addr", &address) || !type_argument(op, &type))
		return REPLAY_BAD;
	if (!kmap_atomic_unmap(v, address, atomic, &why))
		return replay_op_refused(op, &why);
	if (!old_rules(op))
		strbuf_printf(&got, "slot=%u", (unsigned)kmap_atomic_depth(v));
	else
		strbuf_printf(&got, "preempt_count=%u", (unsigned)v->state->atomic_depth);
	if (old_rules(op) && page_of_address(op->p, address) == PFN_NONE)
		strbuf_printf(&got, " pte_still_pfn=%u", (unsigned)kmap_atomic_page(v, type));
	return compare(op, &got);
}

enum replay_outcome replay_virt_ops_kmap_atomic(struct replay_op *op)
{
	return map_atomic(op, true);
}

enum replay_outcome replay_virt_ops_kunmap_atomic(struct replay_op *op)
{
	return unmap_atomic(op, true);
}

enum replay_outcome replay_virt_ops_kmap_local(struct replay_op *op)
{
	return map_atomic(op, false);
}

enum replay_outcome replay_virt_ops_kunmap_local(struct replay_op *op)
{
	return unmap_atomic(op, false);
}

/* ------------------------------------------------------------- devices */

/* mask=, or dev=NULL: no device, mask 0. */
static bool mask_argument(struct replay_op *op, u64 *mask)
{
	struct recording_cursor value;

	*mask = 0;
	return recording_find(&op->args, "dev", &value) || recording_key_hex(&op->args, "mask", mask);
}

enum replay_outcome replay_virt_ops_dma_alloc(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;
	unsigned order;
	u64 bytes, mask;
	gfp_t gfp;
	pfn_t pfn;

	if (!size_argument(op, &bytes) || !mask_argument(op, &mask) || !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	pfn = dma_alloc_coherent(virt_of(op), bytes, mask, gfp);
	order = page_get_order(op->p, bytes);
	if (pfn == PFN_NONE)
		strbuf_puts(&got, "NULL");
	else
		strbuf_printf(&got, "addr=%" PRIx64 " dma=%" PRIx64 " pfn=%u", page_address(op->p, pfn),
			      (u64)pfn << op->p->config->page_shift, (unsigned)pfn);
	if (old_rules(op))
		strbuf_printf(&got, " order=%u", order);
	return compare(op, &got);
}

enum replay_outcome replay_virt_ops_dma_free(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	u64 address, bytes;
	pfn_t pfn;

	if (!recording_key_hex(&op->args, "addr", &address) || !size_argument(op, &bytes))
		return REPLAY_BAD;
	pfn = page_of_address(op->p, address);
	if (pfn == PFN_NONE)
		return recording_expected(&op->args, _("an address of the direct map")) ? REPLAY_SAME : REPLAY_BAD;
	return dma_free_coherent(virt_of(op), bytes, pfn, &why) ? REPLAY_SAME : replay_op_refused(op, &why);
}
