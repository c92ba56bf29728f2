/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/constants.h"

#include "shell/constants_virt.h"
#include "slab/flag_names.h"

#include <string.h>

static struct value page_shift(const struct machine *m)
{
	return value_int(m->config.page_shift);
}

static struct value page_size(const struct machine *m)
{
	return value_int((s64)1 << m->config.page_shift);
}

static struct value page_mask(const struct machine *m)
{
	return value_int(-((s64)1 << m->config.page_shift));
}

static struct value page_offset(const struct machine *m)
{
	return value_addr(m->config.page_offset);
}

/* 2.6.18 and 6.1 both count the orders, and the largest is one below. */
static struct value max_order(const struct machine *m)
{
	return value_int(m->config.orders);
}

static struct value pageblock_order(const struct machine *m)
{
	return value_int(m->config.pageblock_order);
}

static struct value max_pfn(const struct machine *m)
{
	return value_int(m->config.max_pfn);
}

static struct value high_memory(const struct machine *m)
{
	return value_addr(m->virt_config.high_memory);
}

static struct value vmalloc_start(const struct machine *m)
{
	return value_addr(m->virt_config.vmalloc_start);
}

static struct value vmalloc_end(const struct machine *m)
{
	return value_addr(m->virt_config.vmalloc_end);
}

static struct value pkmap_base(const struct machine *m)
{
	return value_addr(m->virt_config.pkmap_base);
}

static struct value last_pkmap(const struct machine *m)
{
	return value_int(m->virt_config.last_pkmap);
}

static struct value fixaddr_start(const struct machine *m)
{
	return value_addr(m->virt_config.fixaddr_start);
}

static struct value fixaddr_top(const struct machine *m)
{
	return value_addr(m->virt_config.fixaddr_top);
}

static struct value null_pointer(const struct machine *m)
{
	(void)m;
	return value_addr(0);
}

static const struct {
	const char *name;
	struct value (*get)(const struct machine *m);
} table[] = {
	{ "PAGE_SIZE", page_size },
	{ "PAGE_SHIFT", page_shift },
	{ "PAGE_MASK", page_mask },
	{ "PAGE_OFFSET", page_offset },
	{ "MAX_ORDER", max_order },
	{ "pageblock_order", pageblock_order },
	{ "max_pfn", max_pfn },
	{ "high_memory", high_memory },
	{ "VMALLOC_START", vmalloc_start },
	{ "VMALLOC_END", vmalloc_end },
	{ "PKMAP_BASE", pkmap_base },
	{ "LAST_PKMAP", last_pkmap },
	{ "FIXADDR_START", fixaddr_start },
	{ "FIXADDR_TOP", fixaddr_top },
	{ "NULL", null_pointer },
};

bool constants_get(const struct machine *m, const char *name, struct value *v)
{
	gfp_t mask;
	u32 flag;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].name, name) == 0) {
			*v = table[i].get(m);
			return true;
		}
	}
	if (constants_virt_get(m, name, v))
		return true;
	if (flag_names_get(m->slab_config.rules, name, &flag)) {
		*v = value_int(flag);
		return true;
	}
	if (!gfp_by_name(m->config.gfp, name, &mask))
		return false;
	*v = value_gfp(mask);
	return true;
}

bool constants_reserved(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return true;
	return constants_virt_reserved(name) || strncmp(name, "GFP_", 4) == 0 || strncmp(name, "__GFP_", 6) == 0 ||
	       strncmp(name, "SLAB_", 5) == 0;
}

const char *constants_name(const struct machine *m, size_t n)
{
	size_t count;
	const struct gfp_name *names = gfp_names(m->config.gfp, &count);
	const char *name;

	if (n < ARRAY_SIZE(table))
		return table[n].name;
	n -= ARRAY_SIZE(table);
	if (n < count)
		return names[n].name;
	n -= count;
	for (size_t i = 0; (name = flag_names_at(m->slab_config.rules, i)); i++)
		if (!n--)
			return name;
	return constants_virt_name(m, n);
}
