/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/page.h"

#include "base/hash.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

_Static_assert(sizeof(struct page_slab) == 48 && sizeof(struct page_lru) == 48, "word[] covers the union");
_Static_assert(ARENA_CHUNK % sizeof(struct page) == 0, "a descriptor lies within one chunk");

const char *page_kind_name(unsigned kind)
{
	static const char *const names[PAGE_KINDS] = {
		[PAGE_PLAIN] = N_("page"),   [PAGE_SLAB] = N_("slab"),        [PAGE_FILE] = N_("file"),
		[PAGE_ANON] = N_("process"), [PAGE_TABLE] = N_("page table"),
	};

	return _(names[kind]);
}

static size_t page_bytes(const struct phys *p)
{
	return (size_t)1 << p->config->page_shift;
}

static u8 *bytes_of(const struct phys *p, const struct page *page)
{
	return p->bytes + (size_t)(page - p->page) * page_bytes(p);
}

static void set_slot(struct phys *p, pfn_t pfn, u32 slot)
{
	arena_touch(p->arena, &p->page_slot[pfn]);
	p->page_slot[pfn] = slot;
}

/* Sets the bytes of a page to zero, in memory that counts as written. */
static void forget_bytes(struct phys *p, struct page *page)
{
	u8 *bytes = bytes_of(p, page);

	if (!page->has_bytes)
		return;
	for (size_t at = 0; at < page_bytes(p); at += ARENA_CHUNK) {
		size_t n = page_bytes(p) - at < ARENA_CHUNK ? page_bytes(p) - at : ARENA_CHUNK;

		arena_touch(p->arena, bytes + at);
		memset(bytes + at, 0, n);
	}
	page->has_bytes = 0;
}

/* Takes a descriptor from its page. */
static void release(struct phys *p, struct page *page)
{
	page_touch(p, page);
	forget_bytes(p, page);
	set_slot(p, page->pfn, 0);
	*page = (struct page){ .pfn = PFN_NONE, .next = p->state->page_free };
	p->state->page_free = (u32)(page - p->page) + 1;
}

/* When descriptors run out: takes one from a page that nobody owns, whose old bytes nobody will miss. */
static bool reuse_one(struct phys *p)
{
	for (u32 n = 0; n < p->page_slots; n++) {
		struct page *page = &p->page[(p->state->page_hand + n) % p->page_slots];

		if (page->pfn == PFN_NONE || page->kind != PAGE_PLAIN || (p->frame[page->pfn].flags & FRAME_HEAD))
			continue;
		p->state->page_hand = (u32)(page - p->page) + 1;
		release(p, page);
		return true;
	}
	return false;
}

struct page *page_get(struct phys *p, pfn_t pfn)
{
	struct phys_state *s = p->state;
	struct page *page = page_find(p, pfn);

	if (page)
		return page_touch(p, page);
	if (!s->page_free && s->page_used == p->page_slots && !reuse_one(p))
		return NULL;
	if (s->page_free) {
		page = &p->page[s->page_free - 1];
		s->page_free = page->next;
	} else {
		page = &p->page[s->page_used++];
	}
	page_touch(p, page);
	*page = (struct page){ .pfn = pfn, .head = pfn };
	set_slot(p, pfn, (u32)(page - p->page) + 1);
	return page;
}

bool page_own(struct phys *p, pfn_t pfn, unsigned order, enum page_kind kind)
{
	for (pfn_t at = pfn; at < pfn + ((pfn_t)1 << order); at++)
		if (!page_get(p, at))
			return false;
	for (pfn_t at = pfn; at < pfn + ((pfn_t)1 << order); at++) {
		struct page *page = page_touch(p, page_find(p, at));

		page->kind = (u16)kind;
		page->head = pfn;
		memset(page->word, 0, sizeof page->word);
	}
	arena_touch(p->arena, &p->frame[pfn]);
	p->frame[pfn].flags |= FRAME_OWNED;
	return true;
}

void page_disown(struct phys *p, pfn_t pfn, unsigned order)
{
	for (pfn_t at = pfn; at < pfn + ((pfn_t)1 << order); at++) {
		struct page *page = page_touch(p, page_find(p, at));

		page->kind = PAGE_PLAIN;
		page->head = at;
		memset(page->word, 0, sizeof page->word);
		if (!page->has_bytes)
			release(p, page);
	}
	arena_touch(p->arena, &p->frame[pfn]);
	p->frame[pfn].flags &= 0xff & ~FRAME_OWNED;
}

void page_moves(struct phys *p, pfn_t from, pfn_t to)
{
	struct page *page = page_find(p, to);

	if (page)
		release(p, page);
	page = page_find(p, from);
	if (!page)
		return;
	page_touch(p, page);
	page->pfn = page->head = to;
	set_slot(p, to, p->page_slot[from]);
	set_slot(p, from, 0);
}

void page_clear(struct phys *p, pfn_t pfn, u64 pages)
{
	if (!p->state->page_used)
		return;
	for (u64 n = 0; n < pages; n++) {
		struct page *page = page_find(p, (pfn_t)(pfn + n));

		if (!page)
			continue;
		if (page->kind == PAGE_PLAIN)
			release(p, page);
		else
			forget_bytes(p, page_touch(p, page));
	}
}

/* How much of [at, at + bytes) lies in the page of `at`. */
static size_t part(const struct phys *p, u64 at, size_t bytes)
{
	size_t rest = page_bytes(p) - (at & (page_bytes(p) - 1));

	return bytes < rest ? bytes : rest;
}

void page_read(const struct phys *p, u64 at, void *to, size_t bytes)
{
	for (u8 *out = to; bytes;) {
		const struct page *page = page_find(p, (pfn_t)(at >> p->config->page_shift));
		size_t n = part(p, at, bytes);

		if (page && page->has_bytes)
			memcpy(out, bytes_of(p, page) + (at & (page_bytes(p) - 1)), n);
		else
			memset(out, 0, n);
		out += n;
		at += n;
		bytes -= n;
	}
}

/* The page's bytes from `at` on, about to be written, at most to the end of a chunk; NULL: no descriptor. */
static u8 *writable(struct phys *p, u64 at)
{
	struct page *page = page_find(p, (pfn_t)(at >> p->config->page_shift));
	u8 *bytes;

	if (!page || !page->has_bytes) {
		page = page_get(p, (pfn_t)(at >> p->config->page_shift));
		if (!page)
			return NULL;
		page->has_bytes = 1;
	}
	bytes = bytes_of(p, page) + (at & (page_bytes(p) - 1));
	arena_touch(p->arena, bytes);
	return bytes;
}

/* The same limit for writes: a page, and a chunk of the arena. */
static size_t write_part(const struct phys *p, u64 at, size_t bytes)
{
	size_t rest = ARENA_CHUNK - (at & (ARENA_CHUNK - 1));

	bytes = part(p, at, bytes);
	return bytes < rest ? bytes : rest;
}

bool page_write(struct phys *p, u64 at, const void *from, size_t bytes)
{
	for (const u8 *in = from; bytes;) {
		size_t n = write_part(p, at, bytes);
		u8 *to = writable(p, at);

		if (!to)
			return false;
		memcpy(to, in, n);
		in += n;
		at += n;
		bytes -= n;
	}
	return true;
}

bool page_fill(struct phys *p, u64 at, u8 byte, size_t bytes)
{
	while (bytes) {
		size_t n = write_part(p, at, bytes);
		u8 *to = writable(p, at);

		if (!to)
			return false;
		memset(to, byte, n);
		at += n;
		bytes -= n;
	}
	return true;
}

/* Pages that are smaller than the largest number: one may lie in several. */
static bool pages_are_tiny(const struct phys *p)
{
	return p->config->page_shift < 3;
}

__attribute__((noinline, cold)) static u64 load_from_tiny(const struct phys *p, u64 at, unsigned width)
{
	u8 bytes[8];
	u64 value = 0;

	page_read(p, at, bytes, width);
	for (unsigned n = width; n-- > 0;)
		value = value << 8 | bytes[n];
	return value;
}

__attribute__((noinline, cold)) static bool store_to_tiny(struct phys *p, u64 at, u64 value, unsigned width)
{
	u8 bytes[8];

	for (unsigned n = 0; n < width; n++)
		bytes[n] = (u8)(value >> 8 * n);
	return page_write(p, at, bytes, width);
}

u64 page_load(const struct phys *p, u64 at, unsigned width)
{
	const struct page *page = page_find(p, (pfn_t)(at >> p->config->page_shift));
	const u8 *bytes;
	u64 value = 0;

	if (pages_are_tiny(p))
		return load_from_tiny(p, at, width);
	if (!page || !page->has_bytes)
		return 0;
	bytes = bytes_of(p, page) + (at & (page_bytes(p) - 1));
	/* Pointers are read all the time; compilers make one load of this. */
	if (width == 8)
		return (u64)bytes[0] | (u64)bytes[1] << 8 | (u64)bytes[2] << 16 | (u64)bytes[3] << 24 |
		       (u64)bytes[4] << 32 | (u64)bytes[5] << 40 | (u64)bytes[6] << 48 | (u64)bytes[7] << 56;
	for (unsigned n = width; n-- > 0;)
		value = value << 8 | bytes[n];
	return value;
}

bool page_store(struct phys *p, u64 at, u64 value, unsigned width)
{
	u8 *bytes;

	if (pages_are_tiny(p))
		return store_to_tiny(p, at, value, width);
	bytes = writable(p, at);
	if (!bytes)
		return false;
	if (width == 8) {
		bytes[0] = (u8)value;
		bytes[1] = (u8)(value >> 8);
		bytes[2] = (u8)(value >> 16);
		bytes[3] = (u8)(value >> 24);
		bytes[4] = (u8)(value >> 32);
		bytes[5] = (u8)(value >> 40);
		bytes[6] = (u8)(value >> 48);
		bytes[7] = (u8)(value >> 56);
		return true;
	}
	for (unsigned n = 0; n < width; n++)
		bytes[n] = (u8)(value >> 8 * n);
	return true;
}

/* Zeroes count for nothing: a page that was cleared by writing is like one that was never written. */
static u64 bytes_hash(const struct phys *p, const struct page *page)
{
	const u8 *bytes = bytes_of(p, page);
	u64 h = HASH_INIT;

	for (size_t at = 0; at < page_bytes(p); at += 8) {
		size_t rest = page_bytes(p) - at;
		u64 word = 0;

		for (size_t n = rest < 8 ? rest : 8; n-- > 0;)
			word = word << 8 | bytes[at + n];
		if (word)
			h = hash_word(hash_word(h, at), word);
	}
	return h;
}

u64 page_hash(const struct phys *p)
{
	u64 sum = 0;

	/* A sum, because which page has which descriptor is history. */
	for (u32 slot = 0; slot < p->state->page_used; slot++) {
		const struct page *page = &p->page[slot];
		u64 bytes, h;

		if (page->pfn == PFN_NONE)
			continue;
		bytes = page->has_bytes ? bytes_hash(p, page) : HASH_INIT;
		if (page->kind == PAGE_PLAIN && bytes == HASH_INIT)
			continue;
		h = hash_word(hash_word(hash_word(HASH_INIT, page->pfn), page->head), page->kind);
		for (size_t n = 0; n < ARRAY_SIZE(page->word); n++)
			h = hash_word(h, page->word[n]);
		h = hash_word(h, bytes);
		sum += h ^ (h >> 29);
	}
	return sum;
}

static bool check_page(const struct phys *p, const struct page *page, struct status *st)
{
	const struct frame *f;

	if (page->pfn >= p->config->max_pfn || page->head > page->pfn)
		return status_fail(st, STATUS_INVALID, _("descriptor %u is of page 0x%" PRIx32 ", head 0x%" PRIx32),
				   (unsigned)(page - p->page), page->pfn, page->head);
	if (p->page_slot[page->pfn] != (u32)(page - p->page) + 1)
		return status_fail(st, STATUS_INVALID,
				   _("page 0x%" PRIx32 " names descriptor %u, but descriptor %u is of it"), page->pfn,
				   (unsigned)p->page_slot[page->pfn] - 1, (unsigned)(page - p->page));
	if (page->kind >= PAGE_KINDS || page->has_bytes > 1)
		return status_fail(st, STATUS_INVALID, _("page 0x%" PRIx32 ": its descriptor has kind %u, bytes %u"),
				   page->pfn, page->kind, page->has_bytes);
	if (page->kind == PAGE_PLAIN)
		return true;
	f = &p->frame[page->head];
	if (!(f->flags & FRAME_OWNED) || !(f->flags & FRAME_HEAD) || page->pfn - page->head >= (pfn_t)1 << f->order)
		return status_fail(
		    st, STATUS_INVALID,
		    _("page 0x%" PRIx32 " has an owner, but its block 0x%" PRIx32 " is not in use by one"), page->pfn,
		    page->head);
	return true;
}

bool page_check(const struct phys *p, struct status *st)
{
	u32 unused = 0;

	if (p->state->page_used > p->page_slots)
		return status_fail(st, STATUS_INVALID, _("%u descriptors of pages are in use, of %u"),
				   (unsigned)p->state->page_used, (unsigned)p->page_slots);
	for (u32 slot = 0; slot < p->state->page_used; slot++) {
		if (p->page[slot].pfn == PFN_NONE)
			unused++;
		else if (!check_page(p, &p->page[slot], st))
			return false;
	}
	for (u32 slot = p->state->page_free; slot; slot = p->page[slot - 1].next) {
		if (slot > p->state->page_used || p->page[slot - 1].pfn != PFN_NONE || unused == 0)
			return status_fail(st, STATUS_INVALID,
					   _("the list of unused descriptors of pages holds %u, which is in use"),
					   (unsigned)slot - 1);
		unused--;
	}
	return unused == 0 || status_fail(st, STATUS_INVALID, _("%u descriptors of pages are lost"), (unsigned)unused);
}
