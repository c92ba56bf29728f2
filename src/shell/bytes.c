/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/bytes.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "slab/slab.h"
#include "virt/fault.h"
#include "virt/region.h"
#include "virt/tlb.h"
#include "virt/translate.h"

#include <inttypes.h>

static u64 page_bytes(const struct machine *m)
{
	return UINT64_C(1) << m->phys.config->page_shift;
}

/* Where a byte lies in memory: by the direct map, else by the page tables; TRANSLATE_NONE: nowhere. */
static u64 physical(const struct machine *m, u64 address)
{
	u64 at = address - m->config.page_offset;

	if (m->virt.state)
		at = tlb_physical(&m->virt, address);
	else if (page_of_address(&m->phys, address) == PFN_NONE)
		return TRANSLATE_NONE;
	if (at == TRANSLATE_NONE || frame_describe(&m->phys, (pfn_t)(at / page_bytes(m))).state == FRAME_NO_MEMORY)
		return TRANSLATE_NONE;
	return at;
}

/* How many of `bytes` bytes lie in the page of `address`. */
static size_t in_page(const struct machine *m, u64 address, u64 bytes)
{
	u64 left = page_bytes(m) - address % page_bytes(m);

	return (size_t)(bytes < left ? bytes : left);
}

/* Why nothing can be had at an address, with what the kernel prints. false. */
static bool no_bytes(const struct machine *m, u64 address, bool writes, struct status *st)
{
	const struct virt_system *v = &m->virt;
	struct strbuf why = STRBUF_INIT;

	if (!v->state)
		return status_fail(st, STATUS_INVALID, _("there is no memory at 0x%" PRIx64 ": the kernel would fault"),
				   address);
	if (fault_is_allowed(v, address, writes))
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("0x%" PRIx64 " leads to a device, and what is in it is not modelled"), address);
	if (region_is_unknown(region_of(v, address).kind))
		return status_fail(st, STATUS_UNSUPPORTED, _("0x%" PRIx64 " is not modelled: %s"), address,
				   region_name(region_of(v, address).kind));
	fault_print(v, address, writes);
	fault_describe(v, address, &why);
	status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " faults: %s"), address, strbuf_str(&why));
	strbuf_free(&why);
	return false;
}

/* Is the byte there, and may it be written, if it shall be? */
static bool is_there(const struct machine *m, u64 address, bool writes)
{
	return physical(m, address) != TRANSLATE_NONE &&
	       (!writes || !m->virt.state || !fault_is_read_only(&m->virt, address));
}

static bool find(const struct machine *m, u64 address, u64 bytes, bool writes, struct status *st)
{
	if (!m->config.page_offset)
		return status_fail(st, STATUS_UNSUPPORTED, _("this machine has no kernel addresses"));
	if (bytes && address + bytes - 1 < address)
		return status_fail(st, STATUS_INVALID, _("the range ends beyond the last address"));
	for (u64 n = 0; n < bytes; n += in_page(m, address + n, bytes - n))
		if (!is_there(m, address + n, writes))
			return no_bytes(m, address + n, writes, st);
	return true;
}

bool bytes_find(const struct machine *m, u64 address, u64 bytes, struct status *st)
{
	return find(m, address, bytes, false, st);
}

bool bytes_find_to_write(const struct machine *m, u64 address, u64 bytes, struct status *st)
{
	return find(m, address, bytes, true, st);
}

void bytes_read(const struct machine *m, u64 address, void *to, size_t bytes)
{
	for (size_t done = 0, part; done < bytes; done += part) {
		part = in_page(m, address + done, bytes - done);
		page_read(&m->phys, physical(m, address + done), (u8 *)to + done, part);
	}
}

/* Whoever writes into a slab may break what the allocator keeps there; from then on that may be so. */
static void note_poke(struct slab_system *s, u64 at)
{
	u64 address = page_address(s->phys, (pfn_t)(at >> s->phys->config->page_shift));

	if (s->state && address && slab_of(s, address) != PFN_NONE)
		s->state->poked = 1;
}

bool bytes_write(struct machine *m, u64 address, const void *from, size_t bytes, struct status *st)
{
	for (size_t done = 0, part; done < bytes; done += part) {
		u64 at = physical(m, address + done);

		part = in_page(m, address + done, bytes - done);
		note_poke(&m->slab, at);
		if (m->virt.state)
			tlb_use(&m->virt, address + done);
		if (!page_write(&m->phys, at, (const u8 *)from + done, part))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	return true;
}
