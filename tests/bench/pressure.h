/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is measured where memory must be made free first. Each function does it so many times. */
#ifndef KM_TESTS_BENCH_PRESSURE_H
#define KM_TESTS_BENCH_PRESSURE_H

#include "machine/machine.h"

/* Memory full of a file that was read once, kswapd off: each page is read at the cost of another. */
void pressure_fill(struct machine *m);
void pressure_reclaim(struct machine *m, u64 count); /* pages that were never read before */
void pressure_refault(struct machine *m, u64 count); /* pages that were evicted a while ago */

/* Every second page is free, the others can be moved; the request is taken back. */
void pressure_scatter(struct machine *m);
void pressure_compact(struct machine *m, u64 count);

/* Memory full of unused objects: each is got at the cost of older ones. */
void pressure_objects(struct machine *m);
void pressure_shrink(struct machine *m, u64 count);

#endif
