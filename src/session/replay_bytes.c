/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_bytes.h"

#include "base/text.h"
#include "slab/kmem_cache.h"
#include "slab/slub_geometry.h"

#include <string.h>

/* struct slab of 2.6, as it lies in memory: where its fields are, in bytes; the array of bufctl follows. */
enum { SLAB_COLOUROFF = 8, SLAB_S_MEM = 12, SLAB_INUSE = 16, SLAB_FREE = 20, SLAB_NODEID = 24, SLAB_BUFCTL = 28 };

/* Entries of bufctl that are no index. */
#define BUFCTL_END 0xffffffffu
#define BUFCTL_FREE 0xfffffffeu
#define BUFCTL_ACTIVE 0xfffffffdu

/* Part of a slot that holds what the model does not have, in bytes from the slot's start. */
struct unknown {
	u32 start, end;
};

/* ------------------------------------------------------------- writing */

/* What h= names, be it freed or not; NULL with a message. */
static struct replay_handle *handle_at(struct replay *r, const struct recording_cursor *c, u64 *h)
{
	if (!recording_key(c, "h", UINT32_MAX, h))
		return NULL;
	if (*h < r->handles && r->handle[*h].object && kmem_cache_of(&r->machine.slab, r->handle[*h].object))
		return &r->handle[*h];
	recording_expected(c, _("the handle of an object before this"));
	return NULL;
}

static bool write_bytes(struct replay *r, const struct recording_cursor *c, u64 offset, u64 count)
{
	struct slab_system *s = &r->machine.slab;
	struct replay_handle *handle;
	u64 h, byte, most;

	handle = handle_at(r, c, &h);
	if (!handle || !recording_key_hex(c, "byte", &byte))
		return false;
	/* An overrun goes on in the next object, at most. */
	most = 2 * (u64)kmem_cache_of(s, handle->object)->size;
	if (byte > 0xff || offset > most || count > most - offset)
		return recording_expected(c, _("a byte, and places in the object or just behind it"));
	s->state->poked = 1;
	return page_fill(s->phys, slab_physical(s, handle->object) + offset, (u8)byte, count) ||
	       status_fail(c->st, STATUS_NO_MEMORY, _("%s: there is no memory for its bytes"), r->path);
}

bool replay_bytes_comment(struct replay *r, struct recording_cursor c)
{
	u64 offset = 0, count = 1;

	if (!r->machine.slab.state)
		return true;
	if (recording_skip(&c, "fill h="))
		c.at -= strlen("h=");
	else if (recording_skip(&c, "poke h="))
		c.at -= strlen("h=");
	else
		return true;
	return recording_key_if(&c, "off", UINT32_MAX, &offset) && recording_key_if(&c, "n", UINT32_MAX, &count) &&
	       write_bytes(r, &c, offset, count);
}

/* ------------------------------------------------------------- dumps */

static enum replay_outcome text_differs(struct replay *r, const struct recording_cursor *c, struct strbuf *got)
{
	const char *at = c->at + strspn(c->at, " ");
	size_t length = strlen(at);

	while (length && at[length - 1] == ' ')
		length--;
	if (got->length == length && strncmp(strbuf_str(got), at, length) == 0) {
		strbuf_free(got);
		return REPLAY_SAME;
	}
	strbuf_puts(&r->difference.expected, at);
	strbuf_puts(&r->difference.got, strbuf_str(got));
	strbuf_free(got);
	return replay_differs(r, c->line);
}

static void print_bufctl(struct strbuf *out, u32 entry)
{
	if (entry == BUFCTL_END)
		strbuf_puts(out, " END");
	else if (entry == BUFCTL_FREE)
		strbuf_puts(out, " FREE");
	else if (entry == BUFCTL_ACTIVE)
		strbuf_puts(out, " ACTIVE");
	else
		strbuf_printf(out, " %u", (unsigned)entry);
}

/* slab h= pfn= slabp= colouroff= s_mem= inuse= free= nodeid= bufctl: */
static enum replay_outcome compare_descriptor(struct replay *r, const struct recording_cursor *c)
{
	const struct slab_system *s = &r->machine.slab;
	const struct replay_handle *handle;
	struct strbuf got = STRBUF_INIT;
	const struct page *page;
	u64 h, at;

	handle = handle_at(r, c, &h);
	if (!handle)
		return REPLAY_BAD;
	if (r->machine.config.gfp != GFP_2_6) {
		recording_expected(c, _("a dump that this kernel can give before this"));
		return REPLAY_BAD;
	}
	page = page_find(s->phys, slab_of(s, handle->object));
	at = slab_physical(s, page->slab.freelist);
	strbuf_printf(&got, "slab h=%llu pfn=%u slabp=%llx", (unsigned long long)h, (unsigned)page->pfn,
		      (unsigned long long)page->slab.freelist);
	strbuf_printf(&got, " colouroff=%u s_mem=%x inuse=%u free=%u nodeid=%u bufctl:",
		      (unsigned)page_load(s->phys, at + SLAB_COLOUROFF, 4),
		      (unsigned)page_load(s->phys, at + SLAB_S_MEM, 4),
		      (unsigned)page_load(s->phys, at + SLAB_INUSE, 4), (unsigned)page_load(s->phys, at + SLAB_FREE, 4),
		      (unsigned)page_load(s->phys, at + SLAB_NODEID, 2));
	for (u32 n = 0; n < s->cache[page->slab.cache].num; n++)
		print_bufctl(&got, (u32)page_load(s->phys, at + SLAB_BUFCTL + n * 4, 4));
	return text_differs(r, c, &got);
}

/* Where the object's slot begins. */
static u64 slot_of(const struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	return object - (s->cpu ? cache->slub.red_left_pad : cache->slab.obj_offset);
}

/* h= obj= slot= slotsize= object_size= allocated|freed */
static enum replay_outcome compare_object(struct replay *r, const struct recording_cursor *c)
{
	const struct slab_system *s = &r->machine.slab;
	const struct replay_handle *handle;
	const struct kmem_cache *cache;
	struct strbuf got = STRBUF_INIT;
	u64 h;

	handle = handle_at(r, c, &h);
	if (!handle)
		return REPLAY_BAD;
	cache = kmem_cache_of(s, handle->object);
	r->dump.object = handle->object;
	r->dump.held = handle->held;
	strbuf_printf(&got, "h=%llu obj=%llx slot=%llx slotsize=%u object_size=%u %s", (unsigned long long)h,
		      (unsigned long long)handle->object, (unsigned long long)slot_of(s, cache, handle->object),
		      (unsigned)cache->size, (unsigned)cache->object_size, handle->held ? "allocated" : "freed");
	return text_differs(r, c, &got);
}

/* Where the address of the caller lies in a slot, and the time; returns how many such places there are. */
static unsigned find_unknown(const struct slab_system *s, const struct kmem_cache *cache, struct unknown place[4])
{
	u32 word = s->config->word, track, at;

	if (!(cache->flags & s->config->rules->flag->store_user))
		return 0;
	if (!s->cpu) {
		place[0] = (struct unknown){ cache->size - word, cache->size };
		return 1;
	}
	track = slub_geometry_track(word);
	at = cache->slub.red_left_pad + slub_geometry_info_end(s->config, cache);
	for (unsigned n = 0; n < 2; n++, at += track) {
		place[2 * n] = (struct unknown){ at, at + word };
		place[2 * n + 1] = (struct unknown){ at + track - word, at + track };
	}
	return 4;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two digits. */
static bool read_byte(struct recording_cursor *c, u8 *byte)
{
	int high, low;

	c->at += strspn(c->at, " ");
	high = hex_digit(c->at[0]);
	low = high < 0 ? -1 : hex_digit(c->at[1]);
	if (low < 0 || (c->at[2] != ' ' && c->at[2] != '\0'))
		return recording_expected(c, _("a byte in hexadecimal"));
	*byte = (u8)(high << 4 | low);
	c->at += 2;
	return true;
}

/* A byte that the model does not have: the first time it is taken as it is. Times go on. */
static bool is_same_unknown(struct replay *r, const struct slab_system *s, unsigned place, u32 offset, u8 byte,
			    bool nobody)
{
	struct replay_caller *caller = &r->dump.caller[s->cpu ? place / 2 : !r->dump.held];

	if (s->cpu && place % 2)
		return true;
	if (offset >= sizeof(caller->byte))
		return false;
	if (nobody)
		return byte == 0;
	if (!(caller->known >> offset & 1)) {
		caller->known |= 1u << offset;
		caller->byte[offset] = byte;
	}
	return caller->byte[offset] == byte;
}

/* [+|-]<offset>: bytes, from this place of the object on */
static enum replay_outcome compare_bytes(struct replay *r, struct recording_cursor c)
{
	const struct slab_system *s = &r->machine.slab;
	const struct kmem_cache *cache = kmem_cache_of(s, r->dump.object);
	bool back = recording_skip(&c, "-");
	struct unknown place[4];
	unsigned places;
	u64 offset, at, slot;

	if (!back)
		recording_skip(&c, "+");
	if (!recording_number(&c, UINT32_MAX, &offset, _("where the bytes lie")) || !recording_literal(&c, ":"))
		return REPLAY_BAD;
	if (!cache) {
		recording_expected(&c, _("a line with the object before this"));
		return REPLAY_BAD;
	}
	places = find_unknown(s, cache, place);
	slot = slot_of(s, cache, r->dump.object);
	at = back ? r->dump.object - offset : r->dump.object + offset;
	for (; *(c.at + strspn(c.at, " ")); at++) {
		u32 in_slot = (u32)(at - slot);
		unsigned n = 0;
		u8 byte = 0, got;

		if (!read_byte(&c, &byte))
			return REPLAY_BAD;
		if (at < slot || in_slot >= cache->size) {
			recording_expected(&c, _("bytes of the object's slot only"));
			return REPLAY_BAD;
		}
		while (n < places && (in_slot < place[n].start || in_slot >= place[n].end))
			n++;
		got = (u8)page_load(s->phys, slab_physical(s, at), 1);
		if (n < places
			? is_same_unknown(r, s, n, in_slot - place[n].start, byte,
					  !page_load(s->phys, slab_physical(s, slot + place[n].start), s->config->word))
			: got == byte)
			continue;
		strbuf_printf(&r->difference.expected, _("byte %02x at %llx, %d bytes from the object"), byte,
			      (unsigned long long)at, (int)((s64)at - (s64)r->dump.object));
		if (n < places)
			strbuf_puts(&r->difference.got, _("another caller than before"));
		else
			strbuf_printf(&r->difference.got, "%02x", got);
		return replay_differs(r, c.line);
	}
	return REPLAY_SAME;
}

enum replay_outcome replay_bytes_line(struct replay *r, struct recording_cursor c)
{
	struct recording_cursor start;

	if (!r->machine.slab.state)
		return REPLAY_SAME;
	c.at += strspn(c.at, " ");
	start = c;
	if (recording_skip(&c, "slab "))
		return compare_descriptor(r, &start);
	return strncmp(c.at, "h=", 2) == 0 ? compare_object(r, &start) : compare_bytes(r, c);
}
