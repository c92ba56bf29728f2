/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/dma_map.h"

#include "virt/device.h"
#include "virt/swiotlb.h"
#include "virt/warn.h"

#include <inttypes.h>

#define DRIVER "kmemlab" /* the driver that messages name */

/* Messages that are not printed without end: so many in so many seconds. */
#define RATE_BURST 10
#define RATE_SECONDS 5

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static bool old_rules(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

static u64 end_of_memory(const struct virt_system *v)
{
	return (u64)phys_of(v)->config->max_pfn << phys_of(v)->config->page_shift;
}

u64 dma_map_error(const struct virt_system *v)
{
	return device_most(v);
}

bool dma_map_failed(const struct virt_system *v, u64 bus)
{
	return !old_rules(v) && bus == dma_map_error(v);
}

/* ------------------------------------------------------------- what the kernel prints */

static int digits(const struct virt_system *v)
{
	return device_most(v) > UINT32_MAX ? 16 : 8;
}

static const char *name_of(const struct virt_system *v, u32 device)
{
	return device_at(v, device)->name;
}

static void warn_reach(struct virt_system *v, u32 device, u64 bus, u64 bytes)
{
	if (warn_is_first(v, WARN_DMA_REACH))
		warn_print(v, "kernel/dma/direct.h dma_map_page_attrs",
			   DRIVER " %s: DMA addr 0x%0*" PRIx64 "+%" PRIu64 " overflow (mask %" PRIx64 ", bus limit 0).",
			   name_of(v, device), digits(v), bus, bytes, device_at(v, device)->dma_mask);
}

/* May one more message about swiotlb be printed? */
static bool rate_allows(struct virt_system *v)
{
	struct virt_state *s = v->state;
	u64 now = v->slab->state->ticks;

	if (now - s->full_since > (u64)RATE_SECONDS * v->slab->config->hz) {
		s->full_since = now;
		s->full_told = 0;
	}
	return s->full_told++ < RATE_BURST;
}

/* ------------------------------------------------------------- mapping */

static bool reaches(const struct virt_system *v, u32 device, u64 at, u64 bytes)
{
	u64 last = at + bytes - 1;

	return last >= at && last <= device_at(v, device)->dma_mask;
}

/* Through slots that the device reaches, if there are. */
static u64 bounce(struct virt_system *v, u32 device, u64 at, u64 bytes)
{
	u64 slot = swiotlb_map(v, at, bytes);

	if (slot == SWIOTLB_NONE) {
		if (rate_allows(v))
			slab_printk(v->slab,
				    DRIVER " %s: swiotlb buffer is full (sz: %" PRIu64 " bytes), total %" PRIu32
					   " (slots), used %" PRIu32 " (slots)",
				    name_of(v, device), bytes, v->state->swiotlb.slots, swiotlb_used(v));
		return dma_map_error(v);
	}
	if (reaches(v, device, slot, bytes))
		return slot;
	EMIT(phys_of(v)->observer, DMA_NOT_REACHED, device, device_at(v, device)->dma_mask, slot + bytes - 1);
	swiotlb_release(v, slot);
	if (warn_is_first(v, WARN_DMA_BOUNCE))
		warn_print(v, "kernel/dma/swiotlb.c swiotlb_map",
			   DRIVER " %s: swiotlb addr 0x%0*" PRIx64 "+%" PRIu64 " overflow (mask %" PRIx64
				  ", bus limit 0).",
			   name_of(v, device), digits(v), slot, bytes, device_at(v, device)->dma_mask);
	return dma_map_error(v);
}

/* 2.6.18 on i386: the physical address, whoever wants to know it. */
static u64 tell(struct virt_system *v, u32 device, u64 at, u64 bytes)
{
	const struct device *d = device_at(v, device);

	at &= device_most(v);
	if (d && !reaches(v, device, at, bytes))
		EMIT(phys_of(v)->observer, DMA_NOT_LOOKED, device, d->dma_mask, at + bytes - 1);
	else
		EMIT(phys_of(v)->observer, DMA_TOLD, at);
	return at;
}

static u64 map(struct virt_system *v, u32 device, u64 at, u64 bytes)
{
	const struct device *d = device_at(v, device);

	if (old_rules(v))
		return tell(v, device, at, bytes);
	at &= device_most(v);
	if (!v->state->swiotlb.force && reaches(v, device, at, bytes)) {
		EMIT(phys_of(v)->observer, DMA_REACHED, device, d->dma_mask, at);
		return at;
	}
	if (!v->state->swiotlb.force)
		EMIT(phys_of(v)->observer, DMA_NOT_REACHED, device, d->dma_mask, at + bytes - 1);
	if (!swiotlb_active(v)) {
		EMIT(phys_of(v)->observer, DMA_NO_BOUNCE, 0);
		warn_reach(v, device, at, bytes);
		return dma_map_error(v);
	}
	/* Where there is no memory, the copy would fault. */
	if (at >= end_of_memory(v) || bytes > end_of_memory(v) - at) {
		slab_oops(v->slab, v->config->page_offset + at);
		return dma_map_error(v);
	}
	return bounce(v, device, at, bytes);
}

/* false: BUG, the kernel is down. */
static bool check_direction(struct virt_system *v, enum dma_direction direction)
{
	if (direction < DMA_NONE)
		return true;
	if (direction > DMA_NONE && old_rules(v))
		return true;
	slab_bug(v->slab, old_rules(v) ? "include/asm/dma-mapping.h" : "kernel/dma/mapping.c", 0);
	return false;
}

/* 2.6.18 warns of nothing at all to be mapped, and goes on. */
static void check_empty(struct virt_system *v, u64 bytes)
{
	if (!bytes && old_rules(v))
		warn_print(v, "include/asm/dma-mapping.h dma_map_single", "%s", "");
}

u64 dma_map_single(struct virt_system *v, u32 device, u64 address, u64 bytes, enum dma_direction direction)
{
	u64 at = address - v->config->page_offset;
	bool direct = address >= v->config->page_offset && address < v->config->high_memory;

	if (!old_rules(v) && address >= v->config->vmalloc_start && address < v->config->vmalloc_end) {
		EMIT(phys_of(v)->observer, DMA_VMALLOC, address);
		if (warn_is_first(v, WARN_DMA_VMALLOC))
			warn_print(v, "include/linux/dma-mapping.h dma_map_single_attrs",
				   DRIVER " %s: rejecting DMA map of vmalloc memory", name_of(v, device));
		return dma_map_error(v);
	}
	if (!check_direction(v, direction))
		return dma_map_error(v);
	check_empty(v, bytes);
	if (!direct)
		EMIT(phys_of(v)->observer, DMA_WRONG_ADDRESS, address, at & device_most(v));
	return map(v, device, at, bytes);
}

u64 dma_map_page(struct virt_system *v, u32 device, pfn_t pfn, u64 offset, u64 bytes, enum dma_direction direction)
{
	if (!check_direction(v, direction))
		return dma_map_error(v);
	return map(v, device, ((u64)pfn << phys_of(v)->config->page_shift) + offset, bytes);
}

/* ------------------------------------------------------------- unmapping, and in between */

/* Bytes that can be copied: those that were mapped from there on. */
static u64 clamp(struct virt_system *v, u32 device, u64 bus, u64 bytes)
{
	u64 mapped = swiotlb_mapped(v, bus);
	u64 left = bus - v->state->swiotlb.start;

	left %= UINT64_C(1) << SWIOTLB_SHIFT;
	left = mapped > left ? mapped - left : 0;
	if (bytes <= left || !mapped)
		return bytes;
	if (warn_is_first(v, WARN_DMA_SIZE))
		warn_print(v, "kernel/dma/swiotlb.c swiotlb_bounce",
			   DRIVER " %s: Buffer overflow detected. Allocation size: %" PRIu64 ". Mapping size: %" PRIu64
				  ".",
			   name_of(v, device), left, bytes);
	return left;
}

/* One way of a bounce, if the direction has it. */
static void copy(struct virt_system *v, u32 device, u64 bus, u64 bytes, enum dma_direction direction, bool to_device)
{
	enum dma_direction other = to_device ? DMA_FROM_DEVICE : DMA_TO_DEVICE;

	if (direction == other || direction == DMA_NONE)
		EMIT(phys_of(v)->observer, DMA_OTHER_WAY, bus);
	else
		swiotlb_copy(v, bus, clamp(v, device, bus, bytes), to_device);
}

void dma_map_sync(struct virt_system *v, u32 device, u64 bus, u64 bytes, enum dma_direction direction, bool for_cpu)
{
	if (!check_direction(v, direction))
		return;
	if (swiotlb_holds(v, bus) && swiotlb_mapped(v, bus))
		copy(v, device, bus, bytes, direction, !for_cpu);
	else
		EMIT(phys_of(v)->observer, DMA_COHERENT, bus);
}

void dma_map_undo(struct virt_system *v, u32 device, u64 bus, u64 bytes, enum dma_direction direction)
{
	if (!check_direction(v, direction))
		return;
	if (!swiotlb_holds(v, bus)) {
		EMIT(phys_of(v)->observer, DMA_NOTHING_TO_UNDO, bus);
		return;
	}
	if (!swiotlb_mapped(v, bus)) {
		EMIT(phys_of(v)->observer, SWIOTLB_NOT_MAPPED, bus);
		return;
	}
	copy(v, device, bus, bytes, direction, false);
	swiotlb_release(v, bus);
}

u64 dma_map_most(const struct virt_system *v, u32 device)
{
	u64 last = end_of_memory(v) - 1;

	if (swiotlb_active(v) && (v->state->swiotlb.force || device_at(v, device)->dma_mask < last))
		return (u64)SWIOTLB_SEGMENT << SWIOTLB_SHIFT;
	return v->config->word == 4 ? UINT32_MAX : UINT64_MAX;
}
