/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/flag_names.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum { IN_2_6 = 1, IN_6_1 = 2, IN_BOTH = 3 };

#define FLAG(name, member, kernels)                                \
	{                                                          \
		name, offsetof(struct slab_flags, member), kernels \
	}

static const struct {
	const char *name;
	size_t at; /* in struct slab_flags */
	unsigned kernels; /* that call it so */
} names[] = {
	FLAG("SLAB_DEBUG_FREE", debug_checks, IN_2_6),
	FLAG("SLAB_CONSISTENCY_CHECKS", debug_checks, IN_6_1),
	FLAG("SLAB_RED_ZONE", red_zone, IN_BOTH),
	FLAG("SLAB_POISON", poison, IN_BOTH),
	FLAG("SLAB_KMALLOC", kmalloc, IN_6_1),
	FLAG("SLAB_HWCACHE_ALIGN", hwcache_align, IN_BOTH),
	FLAG("SLAB_CACHE_DMA", cache_dma, IN_BOTH),
	FLAG("SLAB_CACHE_DMA32", cache_dma32, IN_6_1),
	FLAG("SLAB_MUST_HWCACHE_ALIGN", must_hwcache_align, IN_2_6),
	FLAG("SLAB_STORE_USER", store_user, IN_BOTH),
	FLAG("SLAB_RECLAIM_ACCOUNT", reclaim_account, IN_BOTH),
	FLAG("SLAB_PANIC", panic, IN_BOTH),
	FLAG("SLAB_DESTROY_BY_RCU", destroy_by_rcu, IN_2_6),
	FLAG("SLAB_TYPESAFE_BY_RCU", destroy_by_rcu, IN_6_1),
	FLAG("SLAB_MEM_SPREAD", mem_spread, IN_BOTH),
	FLAG("SLAB_TRACE", trace, IN_6_1),
	FLAG("SLAB_DEBUG_OBJECTS", debug_objects, IN_6_1),
	FLAG("SLAB_NOLEAKTRACE", no_leak_trace, IN_6_1),
	FLAG("SLAB_ACCOUNT", account, IN_6_1),
};

/* The n-th flag's value in this kernel; 0: it has none of this name. */
static u32 value_of(const struct slab_rules *rules, size_t n)
{
	/* Only 2.6 knows a flag that must be obeyed even when it wastes memory. */
	bool is_2_6 = rules->flag->must_hwcache_align != 0;
	u32 value;

	if (!(names[n].kernels & (is_2_6 ? IN_2_6 : IN_6_1)))
		return 0;
	memcpy(&value, (const u8 *)rules->flag + names[n].at, sizeof value);
	return value;
}

bool flag_names_get(const struct slab_rules *rules, const char *name, u32 *value)
{
	for (size_t n = 0; rules && n < ARRAY_SIZE(names); n++) {
		if (strcmp(names[n].name, name) == 0 && value_of(rules, n)) {
			*value = value_of(rules, n);
			return true;
		}
	}
	return false;
}

const char *flag_names_at(const struct slab_rules *rules, size_t n)
{
	for (size_t i = 0; rules && i < ARRAY_SIZE(names); i++)
		if (value_of(rules, i) && n-- == 0)
			return names[i].name;
	return NULL;
}

void flag_names_format(const struct slab_rules *rules, u32 flags, struct strbuf *out)
{
	const char *between = "";

	for (size_t n = 0; n < ARRAY_SIZE(names); n++) {
		u32 value = value_of(rules, n);

		if (!value || (flags & value) != value)
			continue;
		strbuf_printf(out, "%s%s", between, names[n].name);
		flags &= ~value;
		between = "|";
	}
	if (flags)
		strbuf_printf(out, "%s0x%" PRIx32, between, flags);
	else if (!*between)
		strbuf_putc(out, '0');
}
