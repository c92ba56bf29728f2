/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user looks at: the session and where the eye is. */
#ifndef KM_UI_VIEW_H
#define KM_UI_VIEW_H

#include "event/fold.h"
#include "procfs/slabtop.h"
#include "session/session.h"
#include "ui/cache_counts.h"
#include "ui/changes.h"
#include "ui/glyphs.h"

#include <limits.h>

/* Of view.map_shift: as few frames a cell as shows all of the memory. */
#define VIEW_FIT UINT_MAX

/* Of view.order: the per-CPU lists of the zone, not a free list. */
#define VIEW_PCP PHYS_ORDERS

/* Output longer than this is no result but a text. */
#define VIEW_RESULT_LINES 3

/* Counts before the last operation, so that what changed can be marked. */
struct view_before {
	bool valid;
	size_t number; /* of the command that was the last then */
	unsigned zones, orders; /* of the machine then: another one has nothing to compare */
	pfn_t max_pfn;
	u32 nr_free[PHYS_ZONES][PHYS_ORDERS];
	u32 list_count[PHYS_ZONES][PHYS_ORDERS][MT_COUNT];
	u32 pcp_count[PHYS_ZONES][2]; /* of the CPU that runs */
	u32 free[PHYS_ZONES];
	u32 areas; /* of the address space, in use */
	u64 lazy_pages; /* of areas that were given back and not purged */
	u32 slot_count[VIRT_KMAP_SLOTS]; /* of kmap(), then of kmap_atomic() */
};

/* What stands in the middle of a screen that is too small for all. */
enum view_band { VIEW_BAND_BLOCKS, VIEW_BAND_ZONES, VIEW_BAND_TREND, VIEW_BAND_CACHES, VIEW_BAND_ADDRESSES };

/* How near one looks at slab caches: at all of them, at one's slabs, at the bytes of an object. */
enum view_level { VIEW_CACHES, VIEW_SLABS, VIEW_BYTES };

/* Where the eye is among slab caches. */
struct view_objects {
	enum view_level level;
	bool table_held; /* who went back to all caches stays there */
	enum slabtop_sort sort;
	bool all; /* caches without slabs are listed as well */
	u32 cache; /* slot and 1; SLAB_NONE: none chosen */
	u64 object; /* address of the object chosen; 0: none */
	bool moved; /* the eye moves along: what is chosen has to be visible */
	size_t table_scroll, slabs_scroll, bytes_scroll; /* rows */
};

/* How near one looks at the address space: at all of it; at the pages of an area, a slot, the direct map, those in a
 * row whose frames are, too, as one; at each page by itself. */
enum view_reach { VIEW_SPACE, VIEW_PAGES, VIEW_EACH_PAGE };

/* Where the eye is in the address space. */
struct view_addresses {
	enum view_reach reach;
	bool chosen; /* there was a first choice */
	u64 address; /* in what is chosen: an area, a slot, a gap */
	bool part; /* what is chosen is the part of the address space that holds it */
	u64 page; /* beyond VIEW_SPACE: the page that is chosen */
	unsigned folded; /* parts of which only the heading is shown, 1 << enum region_kind */
	bool linked; /* the frames behind what is chosen are marked in the map */
	size_t space_scroll, pages_scroll; /* rows */
	bool tables; /* the page tables on the way to an address are shown instead of all that */
	u64 walked; /* that address */
	unsigned level; /* of the table that keys move along; lower ones than there are stand for the last one */
};

struct address_look;
struct cache_look;
struct list_cache;
struct map_cache;

struct view {
	const struct session *session;
	enum glyph_set glyphs;
	unsigned zone, order, type; /* the list chosen; order VIEW_PCP: per-CPU; type MT_COUNT: all types */
	bool by_type; /* free lists by migratetype */
	bool map_by_type; /* the map shows the migratetypes of page blocks */
	pfn_t cursor; /* of the map */
	pfn_t followed; /* where the last operation took the cursor */
	unsigned map_shift; /* frames of a map cell, as a power of two, or VIEW_FIT */
	bool zones_detail; /* the zones tell all of the one that is chosen, even if it must be scrolled */
	enum view_band band; /* on a small screen */
	bool about_objects; /* the last operation was about slab caches: they stand there until another panel is wanted
			     */
	struct view_objects objects;
	bool about_addresses; /* the same of the address space */
	struct view_addresses addresses;
	unsigned trend_order; /* of the figures that ask for an order */
	unsigned trend_series; /* the figure shown first */
	size_t list_scroll, map_scroll, events_scroll, text_scroll, free_scroll, zones_scroll; /* rows */
	bool events_all; /* what happened tells all steps, also those that say little */
	size_t event_shown; /* while stepping: events up to this one; SIZE_MAX: all */
	bool stepping;
	bool chosen; /* there was a first choice */
	bool stay; /* what is chosen does not follow the operations */
	const char *say; /* the lesson's text, or NULL */
	const char *output; /* what the last command printed, or NULL */
	bool refused; /* `output` says why it was an error */
	struct view_before before, coming; /* `coming`: of an operation that changed nothing so far */
	struct cache_counts caches_before, caches_coming; /* the same of slab caches */
	struct changes changes; /* what the last operation did to frames */
	size_t marked_from, marked_to; /* of which commands those are: behind the one, up to the other */
	struct fold_list lines; /* of the events to be shown; a line each while stepping */
	u64 operations; /* that began so far */
	u64 seen; /* a number for the state that was drawn last, see view_refresh(); 0: none */
	struct list_cache *list; /* what panels worked out of this state; NULL: nothing yet */
	struct map_cache *map;
	struct cache_look *look;
	struct address_look *space;
};

/* Nothing chosen yet, all of it visible. `session` is not owned. */
void view_init(struct view *v, const struct session *session, enum glyph_set glyphs);
void view_free(struct view *v);

/*
 * To be called before anything that may be an operation, undo and redo
 * included: if it does something, what differs from now on is marked, until
 * the next that does something.
 */
void view_before_operation(struct view *v);

/*
 * To be called before drawing: notices that the state is another one than was
 * drawn last, finds what changed, and lets what is chosen follow it.  Returns
 * whether it is another.
 */
bool view_refresh(struct view *v);

/* Did the last operation take commands back? Then there are no events to be shown, only what is marked. */
bool view_went_back(const struct view *v);

/* The events to be shown: of the command that runs, else of the last one done; NULL: there is none. */
const struct eventlog *view_events(const struct view *v);
size_t view_events_shown(const struct view *v); /* how many of them */

/* The text of the command whose events these are; NULL: none, or not known yet as it still runs. */
const char *view_command(const struct view *v);

/*
 * What the last command of the session printed, if that is short enough to
 * stand beside its events; NULL: nothing, or it is long, or printed by
 * something that is not part of the session.
 */
const char *view_result(const struct view *v);

/* A zone's name, with its node where there are several: "Normal.1". Returns `out`. */
#define VIEW_ZONE_NAME 24
const char *view_zone_name(const struct view *v, unsigned zone, char out[VIEW_ZONE_NAME]);

static inline const struct phys *view_phys(const struct view *v)
{
	return &v->session->machine.phys;
}

static inline const struct slab_system *view_slab(const struct view *v)
{
	return &v->session->machine.slab;
}

/* Has the machine slab caches to show? */
static inline bool view_has_caches(const struct view *v)
{
	return v->session->machine.alive && view_slab(v)->config && view_slab(v)->config->rules &&
	       view_slab(v)->state && view_slab(v)->state->caches > 0;
}

static inline const struct virt_system *view_virt(const struct view *v)
{
	return &v->session->machine.virt;
}

/* Has the machine an address space to show? */
static inline bool view_has_addresses(const struct view *v)
{
	return v->session->machine.alive && view_virt(v)->state;
}

/* Is there a list of the per-CPU kind that can be chosen? */
static inline bool view_has_pcp(const struct view *v)
{
	return view_phys(v)->config->pcp_rule != PCP_NONE;
}

#endif
