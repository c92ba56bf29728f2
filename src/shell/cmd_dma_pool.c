/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_dma_pool.h"

#include "base/text.h"
#include "base/units.h"
#include "shell/argument_dma.h"
#include "shell/cmd_virt.h"
#include "shell/kernel_log.h"
#include "slab/kmem_cache.h"
#include "virt/device.h"
#include "virt/dma_pool.h"
#include "virt/swiotlb.h"

#include <inttypes.h>

static struct virt_system *virt_of(const struct call *call)
{
	return &call->context->session->machine.virt;
}

bool cmd_dma_pool_create(struct call *call, struct status *st)
{
	struct virt_system *v = virt_of(call);
	u64 number[3];
	u32 pool;

	if (!cmd_virt_exists(call, st))
		return false;
	for (unsigned n = 0; n < 3; n++) {
		number[n] = (u64)call->arg[n + 2].number;
		if (number[n] > INT32_MAX)
			return status_fail(st, STATUS_INVALID, _("no pool has blocks so large"));
	}
	kernel_log_object(call->context, kmem_cache_gfp_kernel(v->slab));
	pool = dma_pool_create(v, value_text(&call->arg[0]), (u32)call->arg[1].number, number[0], number[1], number[2]);
	call->result = value_addr(pool == DMA_POOL_NONE ? 0 : v->pool[pool].at);
	return true;
}

static bool allocate(struct call *call, gfp_t gfp, struct status *st)
{
	struct virt_system *v = virt_of(call);
	u64 bus, address;
	bool waits;

	if (v->config->rule != VMAP_LIST)
		kernel_log_object(call->context, gfp);
	address = dma_pool_alloc(v, (u32)call->arg[0].number, gfp, &bus, &waits);
	if (waits)
		return status_fail(
		    st, STATUS_INVALID,
		    _("there is no memory: dma_pool_alloc() would try again every 10 ms until there is"));
	call->result = value_addr(address);
	return !address || argument_dma_fill(call, 2, value_addr(bus), st);
}

bool cmd_dma_pool_alloc(struct call *call, struct status *st)
{
	return allocate(call, (gfp_t)call->arg[1].number, st);
}

bool cmd_dma_pool_zalloc(struct call *call, struct status *st)
{
	return allocate(call, (gfp_t)call->arg[1].number | call->context->session->machine.phys.gfp->zero, st);
}

bool cmd_dma_pool_free(struct call *call, struct status *st)
{
	(void)st;
	dma_pool_free(virt_of(call), (u32)call->arg[0].number, (u64)call->arg[1].number, (u64)call->arg[2].number);
	return true;
}

bool cmd_dma_pool_destroy(struct call *call, struct status *st)
{
	(void)st;
	dma_pool_destroy(virt_of(call), (u32)call->arg[0].number);
	return true;
}

/* ------------------------------------------------------------- devices */

/* As the kernel's file of a device's pools. */
static void put_pools(const struct virt_system *v, u32 device, struct strbuf *out)
{
	bool title = false;

	for (u32 n = VIRT_POOLS; n--;) {
		const struct dma_pool *p = &v->pool[n];
		u64 pages = 0, blocks = 0;

		if (!p->used || p->device != device)
			continue;
		if (!title)
			strbuf_puts(out, "poolinfo - 0.1\n");
		title = true;
		for (const struct dma_pool_page *page = dma_pool_page(v, p->first); page;
		     page = dma_pool_page(v, page->next)) {
			pages++;
			blocks += page->in_use;
		}
		strbuf_printf(out, "%-16s %4" PRIu64 " %4" PRIu64 " %4" PRIu64 " %2" PRIu64 "\n", p->name, blocks,
			      pages * dma_pool_blocks(p), p->size, pages);
	}
}

bool cmd_dma_pool_devices(struct call *call, struct status *st)
{
	const struct virt_system *v = virt_of(call);
	struct strbuf *out = call->context->out;
	char size[UNITS_MAX];

	if (!cmd_virt_exists(call, st))
		return false;
	put_pools(v, 0, out);
	for (u32 n = 1; n <= VIRT_DEVICES; n++) {
		const struct device *d = device_at(v, n);

		if (!d)
			continue;
		strbuf_printf(out, _("%s: device %u, reaches 0x%" PRIx64 ", coherent 0x%" PRIx64 "\n"), d->name,
			      (unsigned)n, d->dma_mask, d->coherent_mask);
		put_pools(v, n, out);
	}
	if (swiotlb_active(v)) {
		units_format((u64)v->state->swiotlb.slots << SWIOTLB_SHIFT, size);
		strbuf_printf(out, _("swiotlb: %s at 0x%" PRIx64 ", %u of %u slots in use\n"), size,
			      v->state->swiotlb.start, (unsigned)swiotlb_used(v), (unsigned)v->state->swiotlb.slots);
	} else {
		strbuf_puts(out, _("This machine has no swiotlb.\n"));
	}
	return true;
}
