/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_object.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "session/replay_cache_load.h"
#include "slab/kmem_cache.h"

#include <string.h>

static struct slab_system *slab_of_op(struct replay_op *op)
{
	return &op->r->machine.slab;
}

/* ------------------------------------------------------------- results */

/* BUG at <file>:<line>, where the operation ended: the recorder went on. */
enum replay_outcome replay_object_bug(struct replay_op *op)
{
	static const char begin[] = "kernel BUG at ";
	const char *at = strstr(strbuf_str(&op->r->printed), begin);
	struct strbuf got = STRBUF_INIT;
	enum replay_outcome outcome;

	down_forget(slab_of_op(op)->phys);
	strbuf_puts(&got, "BUG at ");
	if (at) {
		at += strlen(begin);
		strbuf_add(&got, at, strcspn(at, "!\n"));
	}
	outcome = replay_op_compare(op, strbuf_str(&got), NULL);
	strbuf_free(&got);
	return outcome;
}

enum replay_outcome replay_object_compare(struct replay_op *op, struct strbuf *got)
{
	enum replay_outcome outcome = replay_op_compare(op, strbuf_str(got), NULL);

	strbuf_free(got);
	return outcome;
}

/* pfn= idx= of an object in a slab; the index is of its slot. */
void replay_object_put_place(const struct slab_system *s, const struct kmem_cache *cache, u64 address,
			     struct strbuf *out)
{
	pfn_t pfn = slab_of(s, address);
	u32 first;

	if (pfn == PFN_NONE)
		return;
	first = s->cpu ? cache->slub.red_left_pad : page_find(s->phys, pfn)->slab.s_mem;
	strbuf_printf(out, " pfn=%u idx=%u", (unsigned)pfn,
		      (unsigned)((address - slab_address(s, pfn) - first) / cache->size));
}

/* ------------------------------------------------------------- objects in hand */

bool replay_object_hold(struct replay_op *op, u64 address, u32 slot)
{
	struct replay_handle handle = { .pfn = PFN_NONE, .object = address, .cache = slot };
	u64 h;

	return replay_op_number(op, "h", &h) && replay_handle_set(op->r, h, handle, &op->args);
}

/* pfn= and idx=, if the operation has them: where the object lies. */
static enum replay_outcome compare_place(struct replay_op *op, const struct replay_handle *handle)
{
	const struct slab_system *s = slab_of_op(op);
	const struct kmem_cache *cache = kmem_cache_of(s, handle->object);
	struct strbuf got = STRBUF_INIT;
	struct recording_cursor at;
	enum replay_outcome outcome = REPLAY_SAME;

	if (!cache || !recording_find(&op->args, "pfn", &at))
		return REPLAY_SAME;
	at.at -= strlen("pfn=");
	/* kfree() tells the page of the object, not its slab. */
	if (strstr(at.at, " idx="))
		replay_object_put_place(s, cache, handle->object, &got);
	else
		strbuf_printf(&got, " pfn=%u", (unsigned)page_of_address(s->phys, handle->object));
	if (strncmp(strbuf_str(&got) + 1, at.at, strlen(at.at)) != 0) {
		strbuf_puts(&op->r->difference.expected, at.at);
		strbuf_puts(&op->r->difference.got, strbuf_str(&got) + 1);
		outcome = replay_differs(op->r, op->args.line);
	}
	strbuf_free(&got);
	return outcome;
}

/*
 * The object that h= and obj= name, which the handle must hold, or must have
 * held if it is freed `again`.
 */
enum replay_outcome replay_object_argument(struct replay_op *op, struct replay_handle **handle, u64 *address)
{
	bool again = strstr(op->args.at, " again") != NULL;
	u64 h;

	if (!replay_op_number(op, "h", &h) || !recording_key_hex(&op->args, "obj", address))
		return REPLAY_BAD;
	*handle = h < op->r->handles ? &op->r->handle[h] : NULL;
	if (*handle && (*handle)->object == *address && ((*handle)->held || again))
		return compare_place(op, *handle);
	strbuf_printf(&op->r->difference.expected, "h=%llu obj=%llx", (unsigned long long)h,
		      (unsigned long long)*address);
	if (*handle && (*handle)->held)
		strbuf_printf(&op->r->difference.got, "h=%llu obj=%llx", (unsigned long long)h,
			      (unsigned long long)(*handle)->object);
	else
		strbuf_printf(&op->r->difference.got, _("h=%llu holds nothing"), (unsigned long long)h);
	return replay_differs(op->r, op->args.line);
}
