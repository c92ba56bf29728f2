/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_node.h"

#include "base/text.h"
#include "phys/request.h"
#include "shell/cmd_kmalloc.h"
#include "shell/cmd_pages.h"
#include "shell/cmd_slab.h"
#include "shell/cmd_virt.h"
#include "shell/kernel_log.h"
#include "slab/kmalloc.h"
#include "virt/kvmalloc.h"

#include <inttypes.h>

static struct virt_system *virt_of(const struct call *call)
{
	return &call->context->session->machine.virt;
}

static struct phys *phys_of(const struct call *call)
{
	return &call->context->session->machine.phys;
}

/* ------------------------------------------------------------- nodes */

/* The node of argument `n`: -1 is that of the CPU. */
static bool node_argument(const struct call *call, unsigned n, unsigned *node, struct status *st)
{
	s64 nid = call->arg[n].number;

	if (nid < -1 || nid >= phys_of(call)->config->nodes)
		return status_fail(st, STATUS_INVALID, _("there is no node %" PRId64 ": the kernel would oops here"),
				   nid);
	*node = nid < 0 ? request_node(phys_of(call)) : (unsigned)nid;
	return true;
}

bool cmd_node_alloc_pages(struct call *call, struct status *st)
{
	struct call inner = *call;
	unsigned node = 0;

	if (!node_argument(call, 0, &node, st))
		return false;
	inner.arg[0] = call->arg[1];
	inner.arg[1] = call->arg[2];
	phys_of(call)->asked_node = node + 1;
	cmd_pages_alloc(&inner, st);
	phys_of(call)->asked_node = 0;
	call->result = inner.result;
	return true;
}

/* Objects and areas are of the CPU's own node. */
static bool own_node(const struct call *call, unsigned n, struct status *st)
{
	unsigned node = 0;

	return node_argument(call, n, &node, st) &&
	       (node == request_node(phys_of(call)) ||
		status_fail(st, STATUS_UNSUPPORTED,
			    _("of another node only pages can be had here: alloc_pages_node; or run on its CPU")));
}

bool cmd_node_kmalloc(struct call *call, struct status *st)
{
	return own_node(call, 2, st) && cmd_kmalloc_alloc(call, st);
}

bool cmd_node_vmalloc(struct call *call, struct status *st)
{
	return own_node(call, 1, st) && cmd_virt_vmalloc(call, st);
}

bool cmd_node_get_dma(struct call *call, struct status *st)
{
	call->arg[0] = value_gfp((u64)call->arg[0].number | phys_of(call)->gfp->dma);
	return cmd_pages_get(call, st);
}

/* ------------------------------------------------------------- kvmalloc() */

static bool allocate(struct call *call, u64 bytes, gfp_t gfp, struct status *st)
{
	struct virt_system *v = virt_of(call);
	u64 failures, address;

	if (!cmd_virt_exists(call, st))
		return false;
	failures = phys_of(call)->state->failures;
	kernel_log_object(call->context, gfp);
	address = kvmalloc_alloc(v, bytes, gfp);
	/* What vmalloc() could not get it has told itself. */
	if (bytes <= UINT64_C(1) << phys_of(call)->config->page_shift)
		cmd_slab_report(call, address, gfp, 0, failures);
	call->result = value_addr(address);
	return true;
}

bool cmd_node_kvmalloc(struct call *call, struct status *st)
{
	return allocate(call, (u64)call->arg[0].number, (gfp_t)call->arg[1].number, st);
}

bool cmd_node_kvzalloc(struct call *call, struct status *st)
{
	return allocate(call, (u64)call->arg[0].number, (gfp_t)call->arg[1].number | phys_of(call)->gfp->zero, st);
}

static bool allocate_array(struct call *call, gfp_t more, struct status *st)
{
	u64 count = (u64)call->arg[0].number, bytes = (u64)call->arg[1].number;

	if (!cmd_virt_exists(call, st))
		return false;
	/* A product that a word does not hold. */
	if (bytes && count > (virt_of(call)->config->word == 8 ? UINT64_MAX : UINT32_MAX) / bytes) {
		call->result = value_addr(0);
		return true;
	}
	return allocate(call, count * bytes, (gfp_t)call->arg[2].number | more, st);
}

bool cmd_node_kvmalloc_array(struct call *call, struct status *st)
{
	return allocate_array(call, 0, st);
}

bool cmd_node_kvcalloc(struct call *call, struct status *st)
{
	return allocate_array(call, phys_of(call)->gfp->zero, st);
}

bool cmd_node_kvfree(struct call *call, struct status *st)
{
	if (!cmd_virt_exists(call, st))
		return false;
	return kvmalloc_is_vmalloc(virt_of(call), (u64)call->arg[0].number) ? cmd_virt_vfree(call, st)
									    : cmd_kmalloc_free(call, st);
}
