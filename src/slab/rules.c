/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/rules.h"

const struct slab_rules *rules_of(enum slab_allocator allocator, enum gfp_kernel kernel)
{
	static const struct {
		enum slab_allocator allocator;
		enum gfp_kernel kernel;
		const struct slab_rules *rules;
	} known[] = {
		{ SLAB_SLAB, GFP_2_6, &slab_rules_2_6 },
		{ SLAB_SLAB, GFP_6_1, &slab_rules_6_1 },
		{ SLAB_SLUB, GFP_6_1, &slub_rules_6_1 },
	};

	for (size_t n = 0; n < ARRAY_SIZE(known); n++)
		if (known[n].allocator == allocator && known[n].kernel == kernel)
			return known[n].rules;
	return NULL;
}
