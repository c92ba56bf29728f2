/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run is told by its environment: SEED=7 OPS=1000000. */
#ifndef KM_TESTS_PROP_ENVIRONMENT_H
#define KM_TESTS_PROP_ENVIRONMENT_H

#include "base/types.h"

#include <stdlib.h>

/* The number in the variable `name`, or `otherwise` if it is not set. */
static inline u64 from_environment(const char *name, u64 otherwise)
{
	const char *s = getenv(name);

	return s ? strtoull(s, NULL, 0) : otherwise;
}

#endif
