/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/kvmalloc.h"

#include "slab/kmalloc.h"
#include "virt/vmalloc.h"
#include "virt/warn.h"

static u64 page_size(const struct virt_system *v)
{
	return UINT64_C(1) << v->slab->phys->config->page_shift;
}

gfp_t kvmalloc_gfp(const struct virt_system *v, u64 bytes, gfp_t gfp)
{
	const struct gfp_bits *bits = v->slab->phys->gfp;

	if (bytes <= page_size(v))
		return gfp;
	gfp |= bits->nowarn;
	if (!(gfp & bits->retry))
		gfp |= bits->noretry;
	return gfp & ~bits->nofail;
}

bool kvmalloc_is_vmalloc(const struct virt_system *v, u64 address)
{
	return address >= v->config->vmalloc_start && address < v->config->vmalloc_end;
}

u64 kvmalloc_alloc(struct virt_system *v, u64 bytes, gfp_t gfp)
{
	const struct gfp_bits *bits = v->slab->phys->gfp;
	struct observer *observer = v->slab->phys->observer;
	u64 address;

	if (bytes > page_size(v))
		EMIT(observer, KVMALLOC_TRY, bytes, kvmalloc_gfp(v, bytes, gfp));
	address = kmalloc_alloc(v->slab, bytes, kvmalloc_gfp(v, bytes, gfp));
	if (address || bytes <= page_size(v))
		return address;
	if (!(gfp & bits->wait)) {
		EMIT(observer, KVMALLOC_CANNOT_WAIT, gfp);
		return 0;
	}
	if (bytes > INT32_MAX) {
		EMIT(observer, KVMALLOC_TOO_LARGE, bytes);
		if (!(gfp & bits->nowarn) && warn_is_first(v, WARN_KVMALLOC_SIZE))
			warn_print(v, "mm/util.c kvmalloc_node", "%s", "");
		return 0;
	}
	EMIT(observer, KVMALLOC_FALLS_BACK, bytes);
	return vmalloc_alloc_huge(v, bytes, gfp);
}
