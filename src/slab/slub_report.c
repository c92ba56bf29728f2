/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_report.h"

#include "slab/kmalloc.h"
#include "slab/slab_common.h"
#include "slab/slub_info.h"
#include "slab/slub_slab.h"
#include "slab/slub_track.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#define DUMP_ROW 16 /* bytes of a line of a hex dump */
#define PG_SLAB 0x200
#define PG_HEAD 0x10000

/* ------------------------------------------------------------- parts of reports */

static void headline(struct slab_system *s, const struct kmem_cache *cache, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void headline(struct slab_system *s, const struct kmem_cache *cache, const char *format, va_list args)
{
	struct strbuf what = STRBUF_INIT;

	strbuf_vprintf(&what, format, args);
	slab_printk(s, "=============================================================================");
	slab_printk(s, "BUG %s (%s): %s", cache->name, slab_common_tainted(s), strbuf_str(&what));
	slab_printk(s, "-----------------------------------------------------------------------------");
	slab_printk(s, "%s", "");
	strbuf_free(&what);
}

static void title(struct slab_system *s, const struct kmem_cache *cache, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void title(struct slab_system *s, const struct kmem_cache *cache, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	headline(s, cache, format, args);
	va_end(args);
}

static void slab_line(struct slab_system *s, pfn_t pfn)
{
	const struct page_slab *slab = slub_slab_of(s, pfn);
	bool head = s->phys->frame[pfn].order > 0;

	slab_printk(s, "Slab 0x%016" PRIx64 " objects=%u used=%u fp=0x%016" PRIx64 " flags=0x%x(slab%s|zone=%d)",
		    SLAB_VMEMMAP + (u64)pfn * SLAB_STRUCT_PAGE, slab->objects, slab->inuse, slab->freelist,
		    (unsigned)(PG_SLAB | (head ? PG_HEAD : 0)), head ? "|head" : "", phys_zone_of(s->phys, pfn));
}

static void track_line(struct slab_system *s, const struct kmem_cache *cache, u64 object, enum track_kind kind)
{
	struct slub_track t = slub_track_read(s, cache, object, kind);

	if (t.who)
		slab_printk(s, "%s in command %" PRIu64 " age=%" PRIu64 " cpu=%" PRIu32 " pid=%" PRIu32,
			    kind == TRACK_ALLOC ? "Allocated" : "Freed", t.who, slub_track_jiffies(s) - t.when, t.cpu,
			    t.pid);
}

static void track_lines(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	if (!(cache->flags & SLUB_STORE_USER))
		return;
	track_line(s, cache, object, TRACK_ALLOC);
	track_line(s, cache, object, TRACK_FREE);
}

void slub_report_dump(struct slab_system *s, const char *prefix, u64 address, u64 bytes)
{
	for (u64 at = 0; at < bytes; at += DUMP_ROW) {
		size_t count = bytes - at < DUMP_ROW ? (size_t)(bytes - at) : DUMP_ROW;
		char hex[3 * DUMP_ROW + 1] = "", text[DUMP_ROW + 1] = "";
		u8 row[DUMP_ROW];

		if (!slub_object_mapped(s, address + at, count))
			return;
		page_read(s->phys, slab_physical(s, address + at), row, count);
		for (size_t n = 0; n < count; n++) {
			snprintf(hex + 3 * n, 4, "%02x ", row[n]);
			text[n] = (char)(row[n] < 128 && isprint(row[n]) ? row[n] : '.');
		}
		slab_printk(s, "%s%016" PRIx64 ": %-48s %s", prefix, address + at, hex, text);
	}
}

/* Everything that is known of an object. */
static void trailer(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	u64 start = slab_address(s, pfn), page = UINT64_C(1) << s->phys->config->page_shift;
	u32 padding = slub_geometry_padding(s->config, cache), end = slub_geometry_from_object(cache);

	track_lines(s, cache, object);
	slab_line(s, pfn);
	slab_printk(s, "Object 0x%016" PRIx64 " @offset=%" PRId64 " fp=0x%016" PRIx64, object, (s64)(object - start),
		    slub_object_peek(s, cache, object));
	slab_printk(s, "%s", "");
	if (cache->flags & SLUB_RED_ZONE)
		slub_report_dump(s, "Redzone  ", object - cache->slub.red_left_pad, cache->slub.red_left_pad);
	else if (object > start + DUMP_ROW)
		slub_report_dump(s, "Bytes b4 ", object - DUMP_ROW, DUMP_ROW);
	slub_report_dump(s, "Object   ", object, cache->object_size < page ? cache->object_size : page);
	if (cache->flags & SLUB_RED_ZONE)
		slub_report_dump(s, "Redzone  ", object + cache->object_size, cache->slub.inuse - cache->object_size);
	if (padding != end)
		slub_report_dump(s, "Padding  ", object + padding, end - padding);
}

/* ------------------------------------------------------------- damage */

void slub_report_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	headline(s, cache, format, args);
	va_end(args);
	slab_line(s, pfn);
	s->state->tainted |= TAINT_BAD_PAGE;
}

void slub_report_object(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object,
			const char *reason)
{
	title(s, cache, "%s", reason);
	trailer(s, cache, pfn, object);
	s->state->tainted |= TAINT_BAD_PAGE;
}

void slub_report_bytes(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, const char *what,
		       u64 first, u64 last, u8 value)
{
	u8 is;

	title(s, cache, "%s overwritten", what);
	page_read(s->phys, slab_physical(s, first), &is, 1);
	slab_printk(s, "0x%016" PRIx64 "-0x%016" PRIx64 " @offset=%" PRIu64 ". First byte 0x%x instead of 0x%x", first,
		    last, first - slab_address(s, pfn), is, value);
	trailer(s, cache, pfn, object);
	s->state->tainted |= TAINT_BAD_PAGE;
}

void slub_report_fix(struct slab_system *s, const struct kmem_cache *cache, const char *format, ...)
{
	struct strbuf what = STRBUF_INIT;
	va_list args;

	va_start(args, format);
	strbuf_vprintf(&what, format, args);
	va_end(args);
	slab_printk(s, "FIX %s: %s", cache->name, strbuf_str(&what));
	strbuf_free(&what);
}

/* ------------------------------------------------------------- caches in use */

void slub_report_remaining(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	u32 objects = slub_slab_of(s, pfn)->objects;
	struct slub_bitmap free;

	slub_report_slab(s, cache, pfn, "Objects remaining in %s on __kmem_cache_shutdown()", cache->name);
	slub_info_free(s, cache, pfn, &free);
	for (u32 n = 0; n < objects; n++) {
		u64 object = slub_object_at(s, cache, pfn, n);

		if (slub_bitmap_has(&free, n))
			continue;
		slab_printk(s, "Object 0x%016" PRIx64 " @offset=%" PRIu64, object, object - slab_address(s, pfn));
		track_lines(s, cache, object);
	}
}

void slub_report_busy(struct slab_system *s, struct kmem_cache *cache)
{
	slab_common_warn(s, "mm/slab_common.c kmem_cache_destroy",
			 "kmem_cache_destroy %s: Slab cache still has objects when called from command %" PRIu32,
			 cache->name, s->phys->state->owner);
}

/* ------------------------------------------------------------- requests */

bool slub_report_refusal(struct slab_system *s, const char *name, u64 size, u64 align, u32 flags)
{
	const struct kmem_cache *same = kmem_cache_by_name(s, name);
	int error = 0;

	(void)align;
	if (flags & SLUB_STORE_USER)
		slub_track_init(s);
	if (!size) {
		slab_common_divide_error(s);
		return true;
	}
	/* The largest slab holds no such object. */
	if ((flags & ~(u32)(SLUB_FLAGS_KEPT | SLUB_MEM_SPREAD)) ||
	    size > UINT64_C(1) << (s->phys->config->page_shift + s->phys->config->orders - 1))
		error = 22;
	/* A cache that is never merged has its own folder in /sys/kernel/slab. */
	if (!error && same && (s->config->no_merge || (flags & s->config->rules->never_merge))) {
		slab_printk(s, "sysfs: cannot create duplicate filename '/kernel/slab/%s'", name);
		slab_printk(s,
			    "kobject_add_internal failed for %s with -EEXIST, don't try to register things with the "
			    "same name in the same directory.",
			    name);
		error = 17;
	}
	if (!error)
		return false;
	slab_common_not_created(s, name, flags, error);
	return true;
}

void slub_report_no_slab(struct slab_system *s, const struct kmem_cache *cache, u64 address)
{
	if (cache) {
		/* There is no slab descriptor, and its list is looked at. */
		slab_oops(s, UINT64_C(4) * s->config->word);
		return;
	}
	kmalloc_free_unknown(s, address);
}

void slub_report_wrong_cache(struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache *other,
			     u64 address)
{
	slab_common_warn(s, "mm/slab.h kmem_cache_free", "cache_from_obj: Wrong slab cache. %s but object is from %s",
			 cache->name, other->name);
	track_lines(s, other, address);
}

void slub_report_no_memory(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	struct strbuf names = STRBUF_INIT;

	if (gfp & s->phys->gfp->nowarn)
		return;
	gfp_format(s->phys->config->gfp, gfp, &names);
	slab_printk(s, "SLUB: Unable to allocate memory on node -1, gfp=0x%x(%s)", gfp, strbuf_str(&names));
	slab_printk(s,
		    "  cache: %s, object size: %" PRIu32 ", buffer size: %" PRIu32 ", default order: %" PRIu32
		    ", min order: %" PRIu32,
		    cache->name, cache->object_size, cache->size, cache->order, cache->slub.min_order);
	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		const struct kmem_cache_node *node = slab_node(s, cache, n);

		slab_printk(s, "  node %u: slabs: %" PRIu32 ", objs: %" PRIu32 ", free: %" PRIu64, n, node->nr_slabs,
			    node->total_objects, slub_info_partial_free(s, cache, n));
	}
	strbuf_free(&names);
}
