/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the panel of addresses shows, worked out once a state: the address
 * space, and which frames are behind what is chosen of it.
 */
#ifndef KM_UI_ADDRESS_LOOK_H
#define KM_UI_ADDRESS_LOOK_H

#include "ui/view.h"
#include "virt/address_map.h"

struct address_range {
	u64 start, end; /* end is the first address behind it */
};

/* What is chosen, and which frames it leads to. */
struct address_choice {
	u64 start, bytes;
	u64 guard; /* address of its guard page; 0: none */
	struct address_run *run;
	size_t count, capacity;
	enum view_reach reach; /* of which, and of the page below, are: */
	u64 page;
	struct changes_set behind; /* the frames of all runs, of the one with the page, or of that page */
};

struct address_look {
	u64 state; /* of which the content is; see view.seen */
	bool good; /* false: out of memory */
	struct address_map map;
	struct address_choice choice;
	struct address_range *touched; /* areas that events of the last operation name, sorted */
	size_t touched_count, touched_capacity;
};

/* Makes view.space hold the state, and what is chosen now. Out of memory: its `good` is false, or view.space is NULL.
 */
void address_look_prepare(struct view *v);

void address_look_free(struct address_look *l);

/* Chooses what lies at an address of the machine, and brings it to the screen. */
void address_look_choose(struct view *v, u64 address);

/* The part of the address space that is chosen, or holds what is chosen. */
const struct address_part *address_look_part(const struct view *v);

/* What is chosen in the part; NULL: the part itself. */
const struct address_item *address_look_item(const struct view *v);

/* Of what is chosen, which has runs: the index of the run that holds the page at an address, or begins below it. */
size_t address_look_run(const struct view *v, u64 page);

/* That page by itself. */
struct address_run address_look_page(const struct view *v, u64 page);

/*
 * Are the events shown about addresses?  *address is the one that they are
 * about: the area that was made first, or what was named last; 0: none.
 */
bool address_look_about(const struct view *v, u64 *address);

/* What the last operation did to an item or a part: '+' it came or was used once more, '-' it went, 0 nothing. */
char address_look_item_sign(const struct view *v, const struct address_item *item);
char address_look_part_sign(const struct view *v, const struct address_part *part);

/* Is a frame of [start, end) behind what is chosen? Never, if that is not to be marked. */
bool address_look_is_behind(const struct view *v, pfn_t start, pfn_t end);

/* The numbers of what is chosen, for who keeps answers of address_look_is_behind(): another one, other answers. */
u64 address_look_link(const struct view *v);

#endif
