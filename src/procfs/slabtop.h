/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What slabtop prints, the program of procps that reads /proc/slabinfo.  Keys,
 * columns and rounding are those of procps-ng 4.0.2 as it runs, and of
 * slabtop(1); tests/script/slabtop.tap compares with the one that is installed.
 */
#ifndef KM_PROCFS_SLABTOP_H
#define KM_PROCFS_SLABTOP_H

#include "base/strbuf.h"
#include "machine/machine.h"
#include "slab/rules.h"

/* What caches are sorted by, the default first. */
enum slabtop_sort {
	SLABTOP_BY_OBJECTS,
	SLABTOP_BY_ACTIVE,
	SLABTOP_BY_PER_SLAB,
	SLABTOP_BY_BYTES,
	SLABTOP_BY_SLABS,
	SLABTOP_BY_ACTIVE_SLABS,
	SLABTOP_BY_NAME,
	SLABTOP_BY_PAGES,
	SLABTOP_BY_SIZE,
	SLABTOP_BY_USE,
	SLABTOP_SORTS
};

/* A cache, with the figures that slabtop has of it. */
struct slabtop_row {
	const struct kmem_cache *cache; /* not owned */
	struct slab_info info;
	u64 bytes; /* of the pages of all its slabs */
	unsigned use; /* per cent of its objects that are in use, those at hand for CPUs included; 0 if it has none */
};

struct slabtop_row slabtop_row(const struct machine *m, const struct kmem_cache *cache);

/* The value that decides where a row stands, the largest first; by name it is 0 of all, and the names decide. */
u64 slabtop_value(const struct slabtop_row *row, enum slabtop_sort sort);

/* The key of a sort, a small letter. */
char slabtop_key(enum slabtop_sort sort);

/* N_(): "number of objects". */
const char *slabtop_name(enum slabtop_sort sort);

/* The sort that a key stands for, in either case. false: none. */
bool slabtop_find(int key, enum slabtop_sort *sort);

/*
 * Appends the text of `slabtop -o`.  Where there is no object at all, shares
 * are 0.0%; procps divides by zero and prints what the C library makes of it.
 * false with a message: the host's memory is used up.
 */
bool slabtop_print(const struct machine *m, enum slabtop_sort sort, struct strbuf *out, struct status *st);

#endif
