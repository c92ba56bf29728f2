/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list that is chosen, from head to tail, with neighbours in memory that
 * are neighbours on the list joined to runs.  Worked out once a state.
 */
#ifndef KM_UI_LIST_CACHE_H
#define KM_UI_LIST_CACHE_H

#include "ui/view.h"

/* A list that is shown: a free list of one type, or a per-CPU list. */
#define LIST_SECTIONS (PHYS_PCP_LISTS + 2)

struct list_run {
	pfn_t first, last; /* first frames of its first and its last block */
	u32 blocks;
	bool changed; /* the last operation moved its blocks, all of them */
};

struct list_section {
	char name[48]; /* translated; "" if there is one section */
	unsigned order;
	u32 blocks;
	size_t run, run_count; /* its runs */
	u32 left_out; /* blocks behind the last run, which are too many to be shown */
};

struct list_cache {
	u64 state; /* of which the content is; see view.seen */
	unsigned zone, order, type;
	struct list_section section[LIST_SECTIONS];
	unsigned sections;
	struct list_run *runs;
	size_t run_count, run_capacity;
};

/* Makes view.list hold what is chosen now.  Out of memory: less is in it, or view.list is NULL. */
void list_cache_prepare(struct view *v);

void list_cache_free(struct list_cache *c);

#endif
