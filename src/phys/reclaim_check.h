/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must always hold of the pages that can be reclaimed. */
#ifndef KM_PHYS_RECLAIM_CHECK_H
#define KM_PHYS_RECLAIM_CHECK_H

#include "base/status.h"
#include "phys/reclaim.h"

/* Lists, owners, slots and counters agree. false with a message. */
bool reclaim_check(const struct phys *p, struct status *st);

#endif
