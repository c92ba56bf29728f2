/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The square root of a whole number. */
#ifndef KM_BASE_ROOT_H
#define KM_BASE_ROOT_H

#include "base/types.h"

/* The largest number whose square is not above n. Takes as many steps as the root is large. */
static inline u64 root_of(u64 n)
{
	u64 root = 0;

	while ((root + 1) * (root + 1) <= n)
		root++;
	return root;
}

#endif
