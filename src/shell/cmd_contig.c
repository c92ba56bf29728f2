/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_contig.h"

#include "base/text.h"
#include "phys/cma.h"
#include "phys/frame.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"
#include "shell/kernel_log.h"

#include <inttypes.h>
#include <stdlib.h>

/* Pages that one request can get at once: what the kernel's callers would never exceed, and a host can hold. */
#define BULK_MOST 1000000

static struct phys *phys_of(const struct call *call)
{
	return &call->context->session->machine.phys;
}

bool cmd_contig_alloc_exact(struct call *call, struct status *st)
{
	struct phys *p = phys_of(call);
	u64 bytes = (u64)call->arg[0].number;
	gfp_t gfp = (gfp_t)call->arg[1].number;
	unsigned order = page_get_order(p, bytes);
	pfn_t pfn;

	if (!bytes)
		return status_fail(st, STATUS_SYNTAX, _("a size of 0 is no request"));
	kernel_log_before(call->context, gfp, order);
	pfn = page_alloc_exact(p, gfp, bytes);
	if (pfn == PFN_NONE)
		kernel_log_failure(call->context, gfp, order);
	call->result = value_addr(pfn == PFN_NONE ? 0 : page_address(p, pfn));
	return true;
}

bool cmd_contig_free_exact(struct call *call, struct status *st)
{
	struct phys *p = phys_of(call);
	u64 address = (u64)call->arg[0].number;
	pfn_t pfn = page_of_address(p, address);

	if (pfn == PFN_NONE)
		return status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is not in the direct map"), address);
	return page_free_exact(p, pfn, (u64)call->arg[1].number, st);
}

bool cmd_contig_alloc_bulk(struct call *call, struct status *st)
{
	gfp_t gfp = (gfp_t)call->arg[0].number;
	s64 count = call->arg[1].number;
	pfn_t *pages;
	u32 got;
	bool kept = true;

	if (count < 1 || count > BULK_MOST)
		return status_fail(st, STATUS_SYNTAX, _("how many pages must be 1 to %d"), BULK_MOST);
	pages = malloc((size_t)count * sizeof *pages);
	call->result = value_vector();
	if (!pages || call->result.type != VALUE_VECTOR) {
		free(pages);
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	kernel_log_before(call->context, gfp, 0);
	got = page_alloc_bulk(phys_of(call), gfp, (u32)count, pages);
	if (!got)
		kernel_log_failure(call->context, gfp, 0);
	for (u32 i = 0; i < got && kept; i++)
		kept = value_append(&call->result, value_page(pages[i]));
	free(pages);
	return kept || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool cmd_contig_cma_alloc(struct call *call, struct status *st)
{
	struct phys *p = phys_of(call);
	s64 count = call->arg[0].number, align = call->arg[1].number;

	if (!p->config->cma_areas)
		return status_fail(
		    st, STATUS_UNSUPPORTED,
		    _("this machine has no CMA area: boot one with -s cma=16M, or reset and set it there"));
	if (count < 1 || count > UINT32_MAX || align < 0 || align > 20)
		return status_fail(st, STATUS_SYNTAX,
				   _("the count must be 1 or more, the alignment an order of 0 to 20"));
	kernel_log_mutex(call->context,
			 _("It takes a mutex and may wait for pages to move: call it in process context only."));
	call->result = value_page(cma_alloc(p, 0, (u32)count, (unsigned)align));
	return true;
}

bool cmd_contig_cma_release(struct call *call, struct status *st)
{
	s64 count = call->arg[1].number;

	if (count < 1 || count > UINT32_MAX)
		return status_fail(st, STATUS_SYNTAX, _("the count must be 1 or more"));
	if (!cma_release(phys_of(call), (pfn_t)call->arg[0].number, (u32)count, st))
		return false;
	call->result = value_int(1);
	return true;
}

bool cmd_contig_set_movable(struct call *call, struct status *st)
{
	pfn_t pfn = (pfn_t)call->arg[0].number;
	struct frame_info frame = frame_describe(phys_of(call), pfn);

	if (frame.state != FRAME_USED)
		return status_fail(st, STATUS_INVALID, _("page frame 0x%" PRIx32 " is not in use: %s"), pfn,
				   frame_state_name(frame.state));
	if (frame.order)
		return status_fail(
		    st, STATUS_INVALID,
		    _("page frame 0x%" PRIx32 " belongs to a block of order %u: only single pages move here"), pfn,
		    frame.order);
	return page_free_check(phys_of(call), pfn, 0, st) && load_movable(phys_of(call), pfn, st);
}
