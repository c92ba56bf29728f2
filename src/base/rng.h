/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded random numbers (SplitMix64): the same sequence for the same seed on any host. */
#ifndef KM_BASE_RNG_H
#define KM_BASE_RNG_H

#include "base/types.h"

struct rng {
	u64 state; /* any value is a valid seed */
};

static inline u64 rng_next(struct rng *r)
{
	u64 z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* A number in 0 .. limit-1; limit must not be 0. */
static inline u64 rng_below(struct rng *r, u64 limit)
{
	return rng_next(r) % limit;
}

#endif
