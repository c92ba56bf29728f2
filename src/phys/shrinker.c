/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/shrinker.h"

/* ------------------------------------------------------------- who they are */

static u32 find(const struct phys *p, u32 owner)
{
	u32 n = 0;

	while (n < p->reclaim->shrinkers && p->reclaim->shrinker[n].owner != owner)
		n++;
	return n;
}

bool shrinker_register(struct phys *p, u32 owner, u32 seeks)
{
	struct reclaim *r = p->reclaim;

	if (r->shrinkers == PHYS_SHRINKERS)
		return false;
	r->shrinker[r->shrinkers++] = (struct shrinker){ .owner = owner, .seeks = seeks };
	return true;
}

void shrinker_unregister(struct phys *p, u32 owner)
{
	struct reclaim *r = p->reclaim;
	u32 n = find(p, owner);

	if (n == r->shrinkers)
		return;
	for (r->shrinkers--; n < r->shrinkers; n++)
		r->shrinker[n] = r->shrinker[n + 1];
	r->shrinker[n] = (struct shrinker){ .owner = 0 };
}

const struct shrinker *shrinker_of(const struct phys *p, u32 owner)
{
	u32 n;

	if (!p->reclaim)
		return NULL;
	n = find(p, owner);
	return n < p->reclaim->shrinkers ? &p->reclaim->shrinker[n] : NULL;
}

/* ------------------------------------------------------------- asking them */

/* What came of it. */
struct shrunk {
	u64 objects, pages;
};

static u64 count(struct phys *p, const struct shrinker *s)
{
	return p->shrinker_calls.count(p->shrinker_calls.context, s->owner);
}

/*
 * Asks for `total` objects in batches; returns those that were not asked for.
 * `rest`: less than a batch is worth the call if there is no more.
 */
static u64 scan_in_batches(struct phys *p, const struct shrinker *s, gfp_t gfp, u64 total, u64 objects, bool rest,
			   struct shrunk *got)
{
	u64 left = total;

	while (left >= SHRINKER_BATCH || (rest && left && left >= objects)) {
		u64 batch = left < SHRINKER_BATCH ? left : SHRINKER_BATCH, given, pages = 0;

		EMIT(p->observer, SHRINK, s->owner, batch, objects);
		given = p->shrinker_calls.scan(p->shrinker_calls.context, s->owner, gfp, batch, &pages);
		if (given == SHRINKER_STOP) {
			EMIT(p->observer, SHRINK_STOP, s->owner, gfp);
			return left;
		}
		got->objects += given;
		got->pages += pages;
		EMIT(p->observer, SHRUNK, s->owner, given, pages);
		reclaim_count(p, 0, VM_SLABS_SCANNED, batch);
		left -= batch;
	}
	if (left)
		EMIT(p->observer, SHRINK_PUT_OFF, s->owner, left, SHRINKER_BATCH);
	return left;
}

static u64 least(u64 a, u64 b)
{
	return a < b ? a : b;
}

static void one_by_share(struct phys *p, struct shrinker *s, gfp_t gfp, u64 scanned, u64 pages, struct shrunk *got)
{
	u64 objects = count(p, s), share = s->seeks ? 4 * scanned / s->seeks * objects / (pages + 1) : 0;
	u64 due = least(s->deferred + share, 2 * objects);

	if (objects)
		EMIT(p->observer, SHRINK_SHARE, s->owner, scanned, pages, s->seeks, objects, s->deferred, due);
	s->deferred = scan_in_batches(p, s, gfp, due, objects, false, got);
}

static void run_by_share(struct phys *p, gfp_t gfp, u64 scanned, u64 pages, struct shrunk *got)
{
	for (u32 n = 0; n < p->reclaim->shrinkers; n++)
		one_by_share(p, &p->reclaim->shrinker[n], gfp, scanned ? scanned : RECLAIM_CLUSTER, pages, got);
}

static void one_by_priority(struct phys *p, struct shrinker *s, gfp_t gfp, unsigned priority, struct shrunk *got)
{
	u64 objects = count(p, s), share, due, done;

	if (!objects)
		return;
	/* What costs no I/O to make again is taken by halves. */
	share = s->seeks ? (objects >> priority) * 4 / s->seeks : objects / 2;
	due = least((s->deferred >> priority) + share, 2 * objects);
	EMIT(p->observer, SHRINK_PRIORITY, s->owner, priority, s->seeks, objects, s->deferred, due);
	done = due - scan_in_batches(p, s, gfp, due, objects, true, got);
	s->deferred = least(s->deferred + share > done ? s->deferred + share - done : 0, 2 * objects);
}

static void run_by_priority(struct phys *p, gfp_t gfp, unsigned priority, struct shrunk *got)
{
	for (u32 n = 0; n < p->reclaim->shrinkers; n++)
		one_by_priority(p, &p->reclaim->shrinker[n], gfp, priority, got);
}

u64 shrinker_run_by_share(struct phys *p, gfp_t gfp, u64 scanned, u64 pages)
{
	struct shrunk got = { 0, 0 };

	run_by_share(p, gfp, scanned, pages, &got);
	return got.pages;
}

u64 shrinker_run_by_priority(struct phys *p, gfp_t gfp, unsigned priority)
{
	struct shrunk got = { 0, 0 };

	run_by_priority(p, gfp, priority, &got);
	return got.pages;
}

bool shrinker_can_help(struct phys *p, gfp_t gfp)
{
	if (!(gfp & p->gfp->fs))
		return false;
	for (u32 n = 0; n < p->reclaim->shrinkers; n++)
		if (count(p, &p->reclaim->shrinker[n]))
			return true;
	return false;
}

/* ------------------------------------------------------------- drop_caches */

/* 2.6: as if 1000 pages of 1000 had been looked at, while one pass yields more than this. */
#define DROP_FEW 10
#define DROP_SHARE 1000

u64 shrinker_drop(struct phys *p)
{
	gfp_t gfp = p->gfp->wait | p->gfp->io | p->gfp->fs;
	struct shrunk got = { 0, 0 };
	unsigned passes = 0;
	u64 before, given;

	reclaim_count(p, 0, VM_DROP_SLAB, 1);
	do {
		before = got.objects;
		if (reclaim_by_zone(p))
			run_by_share(p, gfp, DROP_SHARE, DROP_SHARE, &got);
		else
			run_by_priority(p, gfp, 0, &got);
		given = got.objects - before;
		/* 6.1 asks for twice as much from pass to pass, lest it go on for ever. */
	} while (reclaim_by_zone(p) ? given > DROP_FEW : given >> passes++ > 1);
	EMIT(p->observer, SHRINK_DROPPED, got.objects, got.pages);
	return got.pages;
}
