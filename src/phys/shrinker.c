/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/shrinker.h"

bool shrinker_register(struct phys *p, const struct shrinker *shrinker)
{
	if (p->shrinkers == PHYS_SHRINKERS)
		return false;
	p->shrinker[p->shrinkers++] = *shrinker;
	return true;
}

/* Asks for `total` objects in batches; returns those that were not asked for. */
static u64 scan_in_batches(struct phys *p, unsigned n, gfp_t gfp, u64 total, u64 objects, bool rest)
{
	const struct shrinker *s = &p->shrinker[n];
	u64 left = total;

	/* Less than a batch is worth the call only if there is no more. */
	while (left >= SHRINKER_BATCH || (rest && left && left >= objects)) {
		u64 batch = left < SHRINKER_BATCH ? left : SHRINKER_BATCH;

		EMIT(p->observer, SHRINK, n, batch, objects);
		if (!s->scan(p, s->context, gfp, batch))
			break;
		reclaim_count(p, 0, VM_SLABS_SCANNED, batch);
		left -= batch;
	}
	return left;
}

u64 shrinker_run_by_share(struct phys *p, gfp_t gfp, u64 scanned, u64 pages)
{
	u64 before = p->state->frees;

	for (unsigned n = 0; n < p->shrinkers; n++) {
		const struct shrinker *s = &p->shrinker[n];
		u64 objects = s->count(p, s->context, gfp);
		u64 *deferred = &p->reclaim->deferred[n];

		if (s->seeks)
			*deferred += 4 * (scanned ? scanned : RECLAIM_CLUSTER) / s->seeks * objects / (pages + 1);
		if (*deferred > 2 * objects)
			*deferred = 2 * objects;
		*deferred = scan_in_batches(p, n, gfp, *deferred, objects, false);
	}
	return p->state->frees - before;
}

u64 shrinker_run_by_priority(struct phys *p, gfp_t gfp, unsigned priority)
{
	u64 before = p->state->frees;

	for (unsigned n = 0; n < p->shrinkers; n++) {
		const struct shrinker *s = &p->shrinker[n];
		u64 objects = s->count(p, s->context, gfp), wanted, share, total, left;
		u64 *deferred = &p->reclaim->deferred[n];

		if (!objects)
			continue;
		/* What costs no I/O to make again is taken by halves. */
		share = s->seeks ? (objects >> priority) * 4 / s->seeks : objects / 2;
		wanted = (*deferred >> priority) + share;
		total = wanted < 2 * objects ? wanted : 2 * objects;
		left = scan_in_batches(p, n, gfp, total, objects, true);
		*deferred += share;
		*deferred -= *deferred < total - left ? *deferred : total - left;
		if (*deferred > 2 * objects)
			*deferred = 2 * objects;
	}
	return p->state->frees - before;
}

bool shrinker_can_help(struct phys *p, gfp_t gfp)
{
	for (unsigned n = 0; n < p->shrinkers; n++)
		if (p->shrinker[n].count(p, p->shrinker[n].context, gfp))
			return true;
	return false;
}

/* As Linux does it: passes over everything while one of them yields more than this. */
#define DROP_FEW 10

u64 shrinker_drop(struct phys *p)
{
	u64 before = p->state->frees, left = UINT64_MAX;

	reclaim_count(p, 0, VM_DROP_SLAB, 1);
	for (;;) {
		u64 objects = 0;

		for (unsigned n = 0; n < p->shrinkers; n++) {
			const struct shrinker *s = &p->shrinker[n];
			u64 count = s->count(p, s->context, p->gfp->wait | p->gfp->io | p->gfp->fs);

			scan_in_batches(p, n, p->gfp->wait | p->gfp->io | p->gfp->fs, count, count, true);
			objects += s->count(p, s->context, p->gfp->wait | p->gfp->io | p->gfp->fs);
		}
		if (objects + DROP_FEW >= left || !objects)
			return p->state->frees - before;
		left = objects;
	}
}
