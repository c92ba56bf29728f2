/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_fixmap.h"

#include "base/text.h"
#include "shell/cmd_virt.h"
#include "virt/fixmap.h"

#include <inttypes.h>

static struct virt_system *virt_of(const struct call *call)
{
	return &call->context->session->machine.virt;
}

/* Where the kernel looks at the number of a slot. */
static const char *file(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST ? "arch/i386/mm/pgtable.c" : "arch/x86/mm/pgtable.c";
}

static bool set(struct call *call, u64 at, u64 bits)
{
	struct virt_system *v = virt_of(call);
	s64 slot = call->arg[0].number;

	if (!fixmap_set(v, slot < 0 || slot > INT32_MAX ? FIXMAP_NONE : (u32)slot, at, bits))
		slab_bug(v->slab, file(v), 0);
	return true;
}

bool cmd_fixmap_set(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && set(call, (u64)call->arg[1].number, fixmap_bits(virt_of(call), true));
}

bool cmd_fixmap_set_nocache(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && set(call, (u64)call->arg[1].number, fixmap_bits(virt_of(call), false));
}

bool cmd_fixmap_clear(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && set(call, 0, 0);
}

bool cmd_fixmap_to_virt_any(struct call *call, struct status *st)
{
	s64 slot = call->arg[0].number;

	if (!cmd_virt_exists(call, st))
		return false;
	if (slot < 0 || slot > UINT32_MAX)
		return status_fail(st, STATUS_INVALID, _("slots of fixed addresses count from 0"));
	call->result = value_addr(fixmap_address(virt_of(call), (u32)slot));
	return true;
}

/* The compiler looks at the number: with one that is too large the kernel is not even built. */
bool cmd_fixmap_to_virt(struct call *call, struct status *st)
{
	if (!cmd_virt_exists(call, st))
		return false;
	if (call->arg[0].number >= virt_of(call)->config->fix_end)
		return status_fail(st, STATUS_INVALID,
				   _("there are slots 0 to %u; with this one the kernel would not be built"),
				   (unsigned)virt_of(call)->config->fix_end - 1);
	return cmd_fixmap_to_virt_any(call, st);
}

bool cmd_fixmap_of_virt(struct call *call, struct status *st)
{
	const struct virt_system *v = virt_of(call);
	u64 address = (u64)call->arg[0].number;
	u32 slot;

	if (!cmd_virt_exists(call, st))
		return false;
	slot = fixmap_slot(v, address);
	if (slot == FIXMAP_NONE)
		return status_fail(st, STATUS_INVALID,
				   _("0x%" PRIx64 " is no permanent fixed address: to the kernel a BUG"), address);
	call->result = value_int(slot);
	return true;
}
