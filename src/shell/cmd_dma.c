/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_dma.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "shell/argument_dma.h"
#include "shell/cmd_virt.h"
#include "shell/kernel_log.h"
#include "virt/device.h"
#include "virt/dma.h"
#include "virt/dma_map.h"

#include <inttypes.h>
#include <string.h>

#define EIO 5
#define ENOMEM 12

static struct virt_system *virt_of(const struct call *call)
{
	return &call->context->session->machine.virt;
}

static struct phys *phys_of(const struct call *call)
{
	return &call->context->session->machine.phys;
}

/* ------------------------------------------------------------- devices and what they reach */

bool cmd_dma_device(struct call *call, struct status *st)
{
	u64 mask = (u64)call->arg[0].number;
	const char *name = value_text(&call->arg[1]);
	const struct device *d;

	if (!cmd_virt_exists(call, st))
		return false;
	if (!mask)
		return status_fail(st, STATUS_INVALID, _("a device that reaches nothing is of no use"));
	d = device_at(virt_of(call), device_make(virt_of(call), name, mask, st));
	if (!d)
		return false;
	call->result = value_string(d->name, strlen(d->name));
	return call->result.type == VALUE_STRING || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool cmd_dma_bit_mask(struct call *call, struct status *st)
{
	s64 bits = call->arg[0].number;

	if (bits < 1 || bits > 64)
		return status_fail(st, STATUS_SYNTAX, _("an address has 1 to 64 bits"));
	call->result = value_addr(bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1);
	return true;
}

/* The device of the first argument. false: it is NULL, where the kernel looks into it. */
static bool needs_device(struct call *call, u32 *number, struct status *st)
{
	*number = (u32)call->arg[0].number;
	return cmd_virt_exists(call, st) &&
	       (*number || status_fail(st, STATUS_INVALID, _("the device is NULL: the kernel would oops here")));
}

static bool set_mask(struct call *call, bool (*set)(struct virt_system *, u32, u64), struct status *st)
{
	u32 number;

	if (!needs_device(call, &number, st))
		return false;
	call->result = value_int(set(virt_of(call), number, (u64)call->arg[1].number) ? 0 : -EIO);
	return true;
}

bool cmd_dma_set_mask(struct call *call, struct status *st)
{
	return set_mask(call, device_set_mask, st);
}

bool cmd_dma_set_coherent_mask(struct call *call, struct status *st)
{
	return set_mask(call, device_set_coherent_mask, st);
}

static bool set_both(struct virt_system *v, u32 number, u64 mask)
{
	return device_set_mask(v, number, mask) && device_set_coherent_mask(v, number, mask);
}

bool cmd_dma_set_both_masks(struct call *call, struct status *st)
{
	return set_mask(call, set_both, st);
}

/* ------------------------------------------------------------- memory that both see */

static bool allocate(struct call *call, gfp_t gfp, struct status *st)
{
	struct virt_system *v = virt_of(call);
	const struct device *d = device_at(v, (u32)call->arg[0].number);
	u64 bytes = (u64)call->arg[1].number;
	unsigned order;
	pfn_t pfn;

	if (!cmd_virt_exists(call, st))
		return false;
	if (!bytes)
		return status_fail(st, STATUS_SYNTAX, _("a size of 0 is no request"));
	order = page_get_order(phys_of(call), bytes);
	kernel_log_before(call->context, gfp, order);
	pfn = dma_alloc_coherent(v, bytes, d ? d->coherent_mask : 0, gfp);
	if (pfn == PFN_NONE)
		kernel_log_failure(call->context, gfp, order);
	call->result = value_addr(pfn == PFN_NONE ? 0 : page_address(phys_of(call), pfn));
	/* What is not had has no handle: the variable keeps what it held. */
	return pfn == PFN_NONE ||
	       argument_dma_fill(call, 2, value_addr((u64)pfn << phys_of(call)->config->page_shift), st);
}

bool cmd_dma_alloc(struct call *call, struct status *st)
{
	return allocate(call, (gfp_t)call->arg[3].number, st);
}

bool cmd_dma_pci_alloc(struct call *call, struct status *st)
{
	return allocate(call, phys_of(call)->gfp->high, st);
}

bool cmd_dma_free(struct call *call, struct status *st)
{
	u64 bytes = (u64)call->arg[1].number, address = (u64)call->arg[2].number;
	pfn_t pfn = page_of_address(phys_of(call), address);

	if (!cmd_virt_exists(call, st))
		return false;
	dma_free_warn(virt_of(call));
	if (!address)
		return true;
	if (pfn == PFN_NONE || !bytes)
		return status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is not in the direct map"), address);
	if (call->arg[3].type != VALUE_NONE && (u64)call->arg[3].number != (u64)pfn
									       << phys_of(call)->config->page_shift)
		return status_fail(st, STATUS_INVALID, _("the device has it at 0x%" PRIx64 ", not at 0x%" PRIx64),
				   (u64)pfn << phys_of(call)->config->page_shift, (u64)call->arg[3].number);
	return dma_free_coherent(virt_of(call), bytes, pfn, st);
}

/* ------------------------------------------------------------- memory for one transfer */

/* The device, size and direction of arguments `size` and behind. */
static bool transfer(struct call *call, unsigned size, u32 *device, enum dma_direction *direction, struct status *st)
{
	s64 way = call->arg[size + 1].number;

	*device = (u32)call->arg[0].number;
	*direction = way < 0 || way > DMA_NONE ? DMA_NONE + 1 : (enum dma_direction)way;
	return cmd_virt_exists(call, st) &&
	       (call->arg[size].number || status_fail(st, STATUS_SYNTAX, _("a size of 0 is no transfer")));
}

bool cmd_dma_map_single(struct call *call, struct status *st)
{
	enum dma_direction direction;
	u32 device;

	if (!transfer(call, 2, &device, &direction, st))
		return false;
	call->result = value_addr(
	    dma_map_single(virt_of(call), device, (u64)call->arg[1].number, (u64)call->arg[2].number, direction));
	return true;
}

bool cmd_dma_map_page(struct call *call, struct status *st)
{
	pfn_t pfn = (pfn_t)call->arg[1].number;
	enum dma_direction direction;
	u32 device;

	if (!transfer(call, 3, &device, &direction, st))
		return false;
	if (frame_describe(phys_of(call), pfn).state == FRAME_NO_MEMORY)
		return status_fail(st, STATUS_INVALID, _("there is no page 0x%" PRIx32), pfn);
	call->result = value_addr(
	    dma_map_page(virt_of(call), device, pfn, (u64)call->arg[2].number, (u64)call->arg[3].number, direction));
	return true;
}

bool cmd_dma_unmap(struct call *call, struct status *st)
{
	enum dma_direction direction;
	u32 device;

	if (!transfer(call, 2, &device, &direction, st))
		return false;
	dma_map_undo(virt_of(call), device, (u64)call->arg[1].number, (u64)call->arg[2].number, direction);
	return true;
}

static bool synchronize(struct call *call, bool for_cpu, struct status *st)
{
	enum dma_direction direction;
	u32 device;

	if (!transfer(call, 2, &device, &direction, st))
		return false;
	dma_map_sync(virt_of(call), device, (u64)call->arg[1].number, (u64)call->arg[2].number, direction, for_cpu);
	return true;
}

bool cmd_dma_sync_for_cpu(struct call *call, struct status *st)
{
	return synchronize(call, true, st);
}

bool cmd_dma_sync_for_device(struct call *call, struct status *st)
{
	return synchronize(call, false, st);
}

/* 2.6 wants the address only, later kernels the device in front. */
bool cmd_dma_mapping_error(struct call *call, struct status *st)
{
	const struct value *bus = &call->arg[call->arg[1].type == VALUE_NONE ? 0 : 1];

	if (!cmd_virt_exists(call, st))
		return false;
	if (bus->type != VALUE_ADDR && bus->type != VALUE_INT)
		return status_fail(st, STATUS_SYNTAX, _("the address that the device was told is wanted"));
	call->result = value_int(dma_map_failed(virt_of(call), (u64)bus->number) ? -ENOMEM : 0);
	return true;
}

bool cmd_dma_max_mapping_size(struct call *call, struct status *st)
{
	u32 device;

	if (!needs_device(call, &device, st))
		return false;
	call->result = value_addr(dma_map_most(virt_of(call), device));
	return true;
}
