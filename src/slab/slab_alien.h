/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB on machines with several nodes: the alien arrays.  A CPU's array holds
 * objects of its own node only, so that what it hands out is near.  What is
 * freed elsewhere than on its node is gathered there in an array for that node,
 * and goes home in one go: to the array that the node's CPUs share, and what
 * does not fit to the slabs.
 *
 * No recording has nodes.  This follows the published descriptions of the NUMA
 * slab allocator (2.6.13), of its reaper, which sees to another node each round
 * (2.6.17), and of going home by way of the shared array (2.6.17).
 */
#ifndef KM_SLAB_SLAB_ALIEN_H
#define KM_SLAB_SLAB_ALIEN_H

#include "slab/slab.h"

#define SLAB_ALIEN_LIMIT 12 /* objects of an alien array, if the CPUs' arrays hold more than one */

/* Takes an object that is freed, if it is of another node than the CPU that runs. false: it is not. */
bool slab_alien_free(struct slab_system *s, struct kmem_cache *cache, u64 address);

/* Sends home all that waits on node `on`. */
void slab_alien_drain_all(struct slab_system *s, struct kmem_cache *cache, unsigned on);

/* A round of the reaper on the CPU that runs: it sees to one other node each round. */
void slab_alien_reap(struct slab_system *s, struct kmem_cache *cache);

#endif
