/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_kmalloc.h"

#include "phys/page_alloc.h"
#include "session/replay_object.h"
#include "slab/kmalloc.h"

/* Zero bytes in 6.1's kmalloc(): an address that is no object. */
#define ZERO_SIZE_PTR 16

static struct slab_system *slab_of_op(struct replay_op *op)
{
	return &op->r->machine.slab;
}

/* cache=<name> ksize= obj= pfn= idx=, or cache=none ksize= order= obj= pfn= for whole pages. */
static void print_kmalloc(struct replay_op *op, u64 address, struct strbuf *out)
{
	const struct slab_system *s = slab_of_op(op);
	const struct kmem_cache *cache = kmem_cache_of(s, address);
	u64 size = kmalloc_size(s, address);
	pfn_t pfn;

	if (cache) {
		strbuf_printf(out, "cache=%s ksize=%llu obj=%llx", cache->name, (unsigned long long)size,
			      (unsigned long long)address);
		replay_object_put_place(s, cache, address, out);
		return;
	}
	pfn = page_of_address(s->phys, address);
	strbuf_printf(out, "cache=none ksize=%llu order=%u obj=%llx pfn=%u", (unsigned long long)size,
		      pfn == PFN_NONE ? 0 : s->phys->frame[pfn].order, (unsigned long long)address, (unsigned)pfn);
}

static enum replay_outcome compare_kmalloc(struct replay_op *op, u64 address)
{
	struct strbuf got = STRBUF_INIT;

	if (slab_is_down(slab_of_op(op)))
		return replay_object_bug(op);
	if (!address)
		return replay_op_compare(op, "NULL", NULL);
	if (address == ZERO_SIZE_PTR)
		return replay_object_hold(op, address, SLAB_NONE) ? replay_op_compare(op, "ZERO_SIZE_PTR", NULL)
								  : REPLAY_BAD;
	if (!replay_object_hold(op, address, SLAB_NONE))
		return REPLAY_BAD;
	print_kmalloc(op, address, &got);
	return replay_object_compare(op, &got);
}

static bool read_request(struct replay_op *op, u64 *size, gfp_t *gfp)
{
	return recording_key(&op->args, "size", UINT64_MAX, size) && replay_op_gfp(op, gfp);
}

enum replay_outcome replay_kmalloc_alloc(struct replay_op *op)
{
	u64 size;
	gfp_t gfp;

	if (!read_request(op, &size, &gfp))
		return REPLAY_BAD;
	return compare_kmalloc(op, kmalloc_alloc(slab_of_op(op), size, gfp));
}

enum replay_outcome replay_kmalloc_zalloc(struct replay_op *op)
{
	u64 size;
	gfp_t gfp;

	if (!read_request(op, &size, &gfp))
		return REPLAY_BAD;
	return compare_kmalloc(op, kmalloc_zeroed(slab_of_op(op), size, gfp));
}

enum replay_outcome replay_kmalloc_free(struct replay_op *op)
{
	struct replay_handle *handle;
	enum replay_outcome outcome;
	u64 address;

	outcome = replay_object_argument(op, &handle, &address);
	if (outcome != REPLAY_SAME)
		return outcome;
	handle->held = false;
	kmalloc_free(slab_of_op(op), address);
	return slab_is_down(slab_of_op(op)) ? replay_object_bug(op) : REPLAY_SAME;
}

enum replay_outcome replay_kmalloc_size(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;
	struct replay_handle *handle;
	enum replay_outcome outcome;
	u64 address;

	outcome = replay_object_argument(op, &handle, &address);
	if (outcome != REPLAY_SAME)
		return outcome;
	strbuf_printf(&got, "%llu", (unsigned long long)kmalloc_size(slab_of_op(op), address));
	return replay_object_compare(op, &got);
}

enum replay_outcome replay_kmalloc_realloc(struct replay_op *op)
{
	struct replay_handle *handle;
	enum replay_outcome outcome;
	u64 size, address;
	gfp_t gfp;

	if (!read_request(op, &size, &gfp))
		return REPLAY_BAD;
	outcome = replay_object_argument(op, &handle, &address);
	if (outcome != REPLAY_SAME)
		return outcome;
	return compare_kmalloc(op, kmalloc_again(slab_of_op(op), address, size, gfp));
}
