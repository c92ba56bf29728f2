/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_virt.h"

#include "base/text.h"
#include "phys/down.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "phys/preempt.h"
#include "shell/cmd_slab.h"
#include "shell/kernel_log.h"
#include "slab/kmem_cache.h"
#include "virt/ioremap.h"
#include "virt/kmap.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdlib.h>

static struct virt_system *virt_of(const struct call *call)
{
	return &call->context->session->machine.virt;
}

static struct phys *phys_of(const struct call *call)
{
	return &call->context->session->machine.phys;
}

bool cmd_virt_exists(const struct call *call, struct status *st)
{
	return virt_of(call)->state ||
	       status_fail(st, STATUS_UNSUPPORTED,
			   _("the address space of this machine is not known: reset i386-2.6.18, say"));
}

/* ------------------------------------------------------------- vmalloc() */

/* Before an area is asked for: the report of a caller that must not sleep. An interrupt is a BUG in 6.1 before that. */
static void log_request(const struct call *call, gfp_t gfp)
{
	enum preempt_context context = preempt_context(phys_of(call));

	if (virt_of(call)->config->rule == VMAP_LIST || (context != PREEMPT_SOFTIRQ && context != PREEMPT_IRQ))
		kernel_log_within(call->context, gfp, _("It may sleep: call it in process context only."));
}

static u64 allocate_masked(struct virt_system *v, u64 bytes, gfp_t gfp)
{
	return vmalloc_alloc(v, bytes, gfp);
}

static u64 allocate_for_user(struct virt_system *v, u64 bytes, gfp_t gfp)
{
	(void)gfp;
	return vmalloc_user(v, bytes);
}

/* `gfp` is what the pages are asked for with. */
static bool allocate(struct call *call, u64 (*function)(struct virt_system *v, u64 bytes, gfp_t gfp), gfp_t gfp,
		     struct status *st)
{
	u64 address, failures;

	if (!cmd_virt_exists(call, st))
		return false;
	failures = phys_of(call)->state->failures;
	log_request(call, gfp);
	address = function(virt_of(call), (u64)call->arg[0].number, gfp);
	call->result = value_addr(address);
	/* Later kernels ask for the pages without a report, and give one of their own. */
	if (virt_of(call)->config->rule == VMAP_LIST)
		cmd_slab_report(call, address, gfp, 0, failures);
	return true;
}

bool cmd_virt_vmalloc(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && allocate(call, allocate_masked, vmalloc_gfp(virt_of(call)), st);
}

bool cmd_virt_vzalloc(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) &&
	       allocate(call, allocate_masked, vmalloc_gfp(virt_of(call)) | phys_of(call)->gfp->zero, st);
}

bool cmd_virt_vmalloc_user(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) &&
	       allocate(call, allocate_for_user, vmalloc_gfp(virt_of(call)) | phys_of(call)->gfp->zero, st);
}

bool cmd_virt_vmalloc_32(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && allocate(call, allocate_masked, vmalloc_gfp_32(virt_of(call)), st);
}

bool cmd_virt_vmalloc_gfp(struct call *call, struct status *st)
{
	return allocate(call, allocate_masked, (gfp_t)call->arg[1].number, st);
}

/* In which area the address lies instead, and of which command that was. */
static void put_area(const struct call *call, u64 address)
{
	const struct vmap_area *area = vmap_area_of(virt_of(call), VMAP_BUSY, address);

	if (!area)
		return;
	strbuf_printf(call->context->out, _("  it is inside of the area at 0x%" PRIx64), area->start);
	if (area->owner)
		strbuf_printf(call->context->out, _(", got by command %" PRIu32), area->owner);
	strbuf_putc(call->context->out, '\n');
}

/* Does what gives an area back. One that is not there the kernel warns of, and goes on. true. */
static bool give_back(struct call *call, bool (*function)(struct virt_system *v, u64 address, struct status *st))
{
	u64 address = (u64)call->arg[0].number;
	struct status why = STATUS_INIT;

	if (function(virt_of(call), address, &why))
		return true;
	strbuf_printf(call->context->out, "%s\n", why.message);
	put_area(call, address);
	return true;
}

bool cmd_virt_vfree(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && give_back(call, vmalloc_free);
}

/* Each item of the vector is a page that was handed out. */
static bool read_pages(const struct call *call, pfn_t *pages, u32 count, struct status *st)
{
	for (u32 n = 0; n < count; n++) {
		struct value item = value_at(&call->arg[0], n);

		if (item.type != VALUE_PAGE || value_is_null(&item))
			return status_fail(st, STATUS_SYNTAX, _("item %u is no page"), (unsigned)n);
		pages[n] = (pfn_t)item.number;
		if (frame_describe(phys_of(call), pages[n]).state != FRAME_USED)
			return status_fail(st, STATUS_INVALID, _("page 0x%" PRIx32 " is not in use"), pages[n]);
	}
	return true;
}

bool cmd_virt_vmap(struct call *call, struct status *st)
{
	size_t count = value_count(&call->arg[0]);
	pfn_t *pages;
	u64 address;
	bool good;

	if (!cmd_virt_exists(call, st))
		return false;
	pages = malloc((count + 1) * sizeof *pages);
	if (!pages)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	good = read_pages(call, pages, (u32)count, st);
	if (good) {
		kernel_log_within(call->context, kmem_cache_gfp_kernel(virt_of(call)->slab),
				  _("It may sleep: call it in process context only."));
		address = vmalloc_map(virt_of(call), pages, (u32)count, VM_MAP);
		call->result = value_addr(address);
	}
	free(pages);
	return good;
}

bool cmd_virt_vunmap(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && give_back(call, vmalloc_unmap);
}

bool cmd_virt_unmap_aliases(struct call *call, struct status *st)
{
	if (!cmd_virt_exists(call, st))
		return false;
	vmalloc_purge(virt_of(call));
	return true;
}

/* ------------------------------------------------------------- ioremap() */

static bool remap(struct call *call, enum ioremap_mode mode, struct status *st)
{
	struct virt_system *v = virt_of(call);
	struct vmap_area *area;
	const char *where;
	u64 address;

	if (!cmd_virt_exists(call, st))
		return false;
	log_request(call, kmem_cache_gfp_kernel(v->slab));
	/* A BUG has been told. */
	ioremap_map(v, (u64)call->arg[0].number, (u64)call->arg[1].number, mode, &address, &area, &where);
	call->result = value_addr(address);
	return true;
}

bool cmd_virt_ioremap(struct call *call, struct status *st)
{
	bool old = virt_of(call)->config && virt_of(call)->config->rule == VMAP_LIST;

	return remap(call, old ? IOREMAP_CACHED : IOREMAP_UNCACHED, st);
}

bool cmd_virt_ioremap_nocache(struct call *call, struct status *st)
{
	return remap(call, IOREMAP_UNCACHED, st);
}

bool cmd_virt_ioremap_wc(struct call *call, struct status *st)
{
	return remap(call, IOREMAP_COMBINING, st);
}

bool cmd_virt_iounmap(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && give_back(call, ioremap_unmap);
}

/* ------------------------------------------------------------- kmap() */

/* The page of the first argument, which must be memory. */
static bool page_argument(const struct call *call, pfn_t *pfn, struct status *st)
{
	*pfn = (pfn_t)call->arg[0].number;
	if (!cmd_virt_exists(call, st))
		return false;
	return frame_describe(phys_of(call), *pfn).state != FRAME_NO_MEMORY ||
	       status_fail(st, STATUS_INVALID, _("there is no page 0x%" PRIx32), *pfn);
}

static bool is_old(const struct call *call)
{
	return virt_of(call)->config->rule == VMAP_LIST;
}

/* The kernel's function would not return; here somebody must be able to go on and let go of a slot. */
static void say_sleeps(const struct call *call, bool queued)
{
	if (queued)
		strbuf_printf(call->context->out,
			      _("All %u slots are in use: command %" PRIu32 " sleeps in kmap() until one is free.\n"
				"kunmap() will wake it, and say what it got; NULL stands for that until then.\n"),
			      (unsigned)virt_of(call)->config->last_pkmap, phys_of(call)->state->owner);
	else
		strbuf_printf(call->context->out,
			      _("%d tasks sleep in kmap() already, as many as can here: NULL comes back, which the\n"
				"kernel never returns then.\n"),
			      VIRT_KMAP_WAITERS);
}

bool cmd_virt_kmap(struct call *call, struct status *st)
{
	u64 address;
	pfn_t pfn;

	if (!page_argument(call, &pfn, st))
		return false;
	kernel_log_sleep(call->context, is_old(call) ? "arch/i386/mm/highmem.c" : "include/linux/highmem-internal.h",
			 _("kmap() may sleep until a slot is free: where nothing may, take kmap_atomic()."));
	address = kmap_map(virt_of(call), pfn);
	call->result = value_addr(address);
	if (!address)
		say_sleeps(call, kmap_wait(virt_of(call), pfn));
	return true;
}

bool cmd_virt_kunmap(struct call *call, struct status *st)
{
	struct status why = STATUS_INIT;
	u32 command;
	u64 address;
	pfn_t pfn;

	if (!page_argument(call, &pfn, st))
		return false;
	if (!is_old(call))
		kernel_log_sleep(call->context, "include/linux/highmem-internal.h",
				 _("kunmap() belongs where kmap() does: call it in process context only."));
	if (!kmap_unmap(virt_of(call), pfn, &why)) {
		strbuf_printf(call->context->out, "%s\n", why.message);
		return true;
	}
	while (kmap_wake(virt_of(call), &command, &pfn, &address))
		strbuf_printf(call->context->out,
			      _("Command %" PRIu32 " wakes: its kmap() of page 0x%" PRIx32 " returns 0x%" PRIx64 ".\n"),
			      command, pfn, address);
	return true;
}

static bool map_atomic(struct call *call, u32 type, bool atomic, struct status *st)
{
	struct status why = STATUS_INIT;
	u64 address;
	pfn_t pfn;

	if (!page_argument(call, &pfn, st))
		return false;
	address = kmap_atomic_map(virt_of(call), pfn, type, atomic, &why);
	call->result = value_addr(address);
	if (!address && down_is(phys_of(call)))
		strbuf_printf(call->context->out, "%s\n", why.message);
	else if (!address)
		*st = why;
	return address || down_is(phys_of(call));
}

bool cmd_virt_kmap_atomic(struct call *call, struct status *st)
{
	s64 type = call->arg[1].number;

	if (type < 0 || type > UINT16_MAX)
		return status_fail(st, STATUS_SYNTAX, _("there is no such slot"));
	return map_atomic(call, (u32)type, true, st);
}

bool cmd_virt_kmap_local(struct call *call, struct status *st)
{
	return map_atomic(call, 0, false, st);
}

bool cmd_virt_kunmap_atomic(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && kmap_atomic_unmap(virt_of(call), (u64)call->arg[0].number, true, st);
}

bool cmd_virt_kunmap_local(struct call *call, struct status *st)
{
	return cmd_virt_exists(call, st) && kmap_atomic_unmap(virt_of(call), (u64)call->arg[0].number, false, st);
}
