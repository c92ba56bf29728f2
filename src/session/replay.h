/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine that repeats a recording: loaded from its first snapshot, then
 * made to do its operations, and compared after each one.
 */
#ifndef KM_SESSION_REPLAY_H
#define KM_SESSION_REPLAY_H

#include "base/strbuf.h"
#include "machine/machine.h"
#include "session/eventlog.h"
#include "session/recording_parse.h"
#include "session/replay_cache.h"
#include "session/replay_header.h"

/* Who changes what while an operation runs. */
enum replay_leeway {
	REPLAY_EXACT, /* the operation alone, and the model must do the same */
	REPLAY_TAKES_OBJECTS, /* it takes small objects besides, so that lists of kernel pages need not agree */
	REPLAY_BACKGROUND, /* anything may run besides: nothing can be compared */
};

enum replay_outcome {
	REPLAY_SAME,
	REPLAY_DIFFERS, /* replay.difference says how */
	REPLAY_NOT_MODELLED, /* the operation is not in the table */
	REPLAY_BAD, /* the recording, or the host, is at fault: status says how */
};

/* What a handle of the recorder holds. */
struct replay_handle {
	pfn_t pfn; /* PFN_NONE: a small object */
	u64 object; /* its address; 0: pages */
	u32 cache; /* slot and 1 of the cache that was asked for it; SLAB_NONE: kmalloc() was */
	u32 bytes; /* 0: a block; else single pages side by side that hold so many */
	u8 order; /* of the block */
	bool held;
};

/*
 * The state as the recording tells it: each list by its number of entries and
 * its ends, the counters, the types of page blocks.  After an operation was
 * compared it equals the machine's, so what the machine changed and the
 * recording does not tell shows.
 */
struct replay_told {
	struct zone *zone; /* [zones] */
	struct pcp *pcp; /* [zones * cpus] */
	u8 *block_type[PHYS_ZONES]; /* [page blocks of the zone] */
};

/* The address that the kernel stored of who allocated or freed an object. */
struct replay_caller {
	u32 known; /* a bit a byte */
	u8 byte[8];
};

/* The object that the recording dumps. */
struct replay_dump {
	u64 object;
	bool held; /* it is allocated */
	struct replay_caller caller[2]; /* who allocated, who freed */
};

struct replay_difference {
	u64 line; /* of the recording */
	struct strbuf expected, got;
};

/* A page that moved to another frame. */
struct replay_move {
	size_t handle; /* that held it; replay.handles: none did */
	pfn_t from, to;
};

struct replay_moves {
	struct replay_move *move;
	size_t count, capacity;
	size_t last_handle; /* of the last one that was found */
	bool lost; /* the host's memory was short */
};

#define REPLAY_POOLS 16 /* mempools that a recording can have */
#define REPLAY_POOL_UNTOLD UINT32_MAX /* a pool of objects of a cache that is not watched */
#define REPLAY_CACHE_NUMBERS 64 /* caches that a mempool of a recording can be of: the first ones */

struct replay {
	const char *path; /* not owned */
	struct machine machine;
	struct replay_told told;
	struct replay_handle *handle;
	size_t handles;
	struct replay_caches caches;
	char cache_name[REPLAY_CACHE_NUMBERS][SLAB_NAME]; /* of the caches that were created, by number */
	u32 pool[REPLAY_POOLS]; /* slot and 1 of mempools, by number; 0: none; REPLAY_POOL_UNTOLD */
	struct replay_dump dump;
	struct strbuf printed; /* by the kernel, during the present operation */
	struct eventlog log; /* of the present operation, or of the part of it that is being done */
	bool observed;
	struct observer observer;
	struct replay_moves moves; /* by the present operation */
	enum replay_leeway leeway; /* of the present operation */
	bool untold; /* the present operation was on a cache of which nobody knows what is in it */
	unsigned taken_pages, taken_objects; /* by the kernel on the side, during the present operation */
	struct recording_block drift; /* changes by something else that were not applied yet */
	struct replay_difference difference;
};

/* `observed`: events are kept, else there are none. */
void replay_init(struct replay *r, const char *path, bool observed);
void replay_free(struct replay *r);

/* Makes the machine anew, with no page free; what handles hold stays in use, and what snapshots do not tell stays. */
bool replay_reset(struct replay *r, const struct phys_config *config, const struct slab_config *slab,
		  struct status *st);

/* Takes the machine's present state as what the recording tells. */
void replay_told_all(struct replay *r);

/* Notes the difference, of which `expected` and `got` must have been filled. Returns REPLAY_DIFFERS. */
enum replay_outcome replay_differs(struct replay *r, u64 line);

/* Makes handle `h` hold this.  false with a message: `h` is no handle of a recording, or no memory. */
bool replay_handle_set(struct replay *r, u64 h, struct replay_handle what, const struct recording_cursor *c);

/* What handle `h` holds; NULL: nothing. */
struct replay_handle *replay_handle(struct replay *r, u64 h);

/* Is there drift that names this list or counter? `name` is the beginning of such a line, "free Normal 2 U ". */
bool replay_drifted(const struct replay *r, const char *name);

#endif
