/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/constants.h"

#include "base/units.h"
#include "machine/virt_configure.h"
#include "phys/shrinker.h"
#include "shell/constants_virt.h"
#include "slab/flag_names.h"

#include <string.h>

/* ------------------------------------------------- which machines have them */

static bool always(const struct machine *m)
{
	(void)m;
	return true;
}

static bool has_addresses(const struct machine *m)
{
	return m->config.page_offset != 0;
}

/* Is its address space modelled? */
static bool has_layout(const struct machine *m)
{
	return m->virt.state != NULL;
}

static bool is_64_bit(const struct machine *m)
{
	return has_layout(m) && m->virt_config.word == 8;
}

static bool is_32_bit(const struct machine *m)
{
	return has_layout(m) && m->virt_config.word == 4;
}

/* Where page descriptors lie in one array, and it is known where. */
static bool has_mem_map(const struct machine *m)
{
	return has_layout(m) && m->virt_config.mem_map;
}

static bool has_pageblocks(const struct machine *m)
{
	return m->config.types > 1;
}

/* ------------------------------------------------------------- values */

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

/* The end of user space. */
static struct value task_size(const struct machine *m)
{
	return value_addr(is_64_bit(m) ? (UINT64_C(1) << 47) - (UINT64_C(1) << m->config.page_shift)
				       : m->config.page_offset);
}

static struct value vmalloc_offset(const struct machine *m)
{
	(void)m;
	return value_int(8 * (s64)MIB);
}

/* Bytes that the direct map can hold: on x86_64 those that its 46 bits reach. */
static struct value maxmem(const struct machine *m)
{
	return value_int(is_64_bit(m) ? (s64)1 << 46 : (s64)virt_configure_lowmem(&m->desc));
}

static struct value max_low_pfn(const struct machine *m)
{
	return value_int(m->config.direct_map_end);
}

static struct value highend_pfn(const struct machine *m)
{
	return value_int(m->config.max_pfn);
}

static struct value mem_map(const struct machine *m)
{
	return value_addr(m->virt_config.mem_map);
}

static struct value start_kernel_map(const struct machine *m)
{
	(void)m;
	return value_addr(UINT64_C(0xffffffff80000000));
}

static struct value vmemmap_start(const struct machine *m)
{
	(void)m;
	return value_addr(SLAB_VMEMMAP);
}

static struct value default_seeks(const struct machine *m)
{
	(void)m;
	return value_int(SHRINKER_SEEKS);
}

static struct value null_pointer(const struct machine *m)
{
	(void)m;
	return value_addr(0);
}

static const struct constant {
	const char *name;
	bool (*exists)(const struct machine *m);
	struct value (*get)(const struct machine *m);
} table[] = {
	{ "PAGE_SIZE", always, page_size },
	{ "PAGE_SHIFT", always, page_shift },
	{ "PAGE_MASK", always, page_mask },
	{ "PAGE_OFFSET", has_addresses, page_offset },
	{ "__PAGE_OFFSET", has_addresses, page_offset },
	{ "TASK_SIZE", has_layout, task_size },
	{ "MAX_ORDER", always, max_order },
	{ "pageblock_order", has_pageblocks, pageblock_order },
	{ "max_pfn", always, max_pfn },
	{ "max_low_pfn", has_layout, max_low_pfn },
	{ "highstart_pfn", is_32_bit, max_low_pfn },
	{ "highend_pfn", is_32_bit, highend_pfn },
	{ "mem_map", has_mem_map, mem_map },
	{ "high_memory", has_layout, high_memory },
	{ "MAXMEM", has_layout, maxmem },
	{ "VMALLOC_OFFSET", is_32_bit, vmalloc_offset },
	{ "VMALLOC_START", has_layout, vmalloc_start },
	{ "VMALLOC_END", has_layout, vmalloc_end },
	{ "PKMAP_BASE", is_32_bit, pkmap_base },
	{ "LAST_PKMAP", is_32_bit, last_pkmap },
	{ "FIXADDR_START", has_layout, fixaddr_start },
	{ "FIXADDR_TOP", has_layout, fixaddr_top },
	{ "__START_KERNEL_map", is_64_bit, start_kernel_map },
	{ "VMEMMAP_START", is_64_bit, vmemmap_start },
	{ "DEFAULT_SEEKS", always, default_seeks },
	{ "NULL", always, null_pointer },
};

/* The errors that functions of the kernel return, negative. The same on all machines here. */
static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "EPERM", 1 },   { "ENOENT", 2 }, { "EINTR", 4 },   { "EIO", 5 },     { "EAGAIN", 11 }, { "ENOMEM", 12 },
	{ "EFAULT", 14 }, { "EBUSY", 16 }, { "EEXIST", 17 }, { "ENODEV", 19 }, { "EINVAL", 22 }, { "ENOSPC", 28 },
};

/* The levels of printk(), from the most urgent. */
static const char *const levels[] = { "KERN_EMERG",   "KERN_ALERT",  "KERN_CRIT", "KERN_ERR",
				      "KERN_WARNING", "KERN_NOTICE", "KERN_INFO", "KERN_DEBUG" };

/* A level is text: "<6>", since 3.6 "\0016". */
static struct value level_text(const struct machine *m, unsigned level)
{
	const char old[] = { '<', (char)('0' + level), '>' }, new[] = { '\001', (char)('0' + level) };

	return m->config.gfp == GFP_2_6 ? value_string(old, sizeof old) : value_string(new, sizeof new);
}

static bool get_plain(const struct machine *m, const char *name, struct value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (strcmp(errors[i].name, name) == 0) {
			*v = value_int(errors[i].number);
			return true;
		}
	}
	for (unsigned i = 0; i < ARRAY_SIZE(levels); i++) {
		if (strcmp(levels[i], name) == 0) {
			*v = level_text(m, i);
			return v->type == VALUE_STRING;
		}
	}
	return false;
}

/* The n-th of the names above; NULL behind the last. */
static const char *plain_name(size_t n)
{
	if (n < ARRAY_SIZE(errors))
		return errors[n].name;
	n -= ARRAY_SIZE(errors);
	return n < ARRAY_SIZE(levels) ? levels[n] : NULL;
}

bool constants_get(const struct machine *m, const char *name, struct value *v)
{
	gfp_t mask;
	u32 flag;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].name, name) == 0 && table[i].exists(m)) {
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
		return get_plain(m, name, v);
	*v = value_gfp(mask);
	return true;
}

bool constants_reserved(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return true;
	for (size_t i = 0; plain_name(i); i++)
		if (strcmp(plain_name(i), name) == 0)
			return true;
	return constants_virt_reserved(name) || strncmp(name, "GFP_", 4) == 0 || strncmp(name, "__GFP_", 6) == 0 ||
	       strncmp(name, "SLAB_", 5) == 0;
}

const char *constants_name(const struct machine *m, size_t n)
{
	size_t count;
	const struct gfp_name *names = gfp_names(m->config.gfp, &count);
	const char *name;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].exists(m) && n-- == 0)
			return table[i].name;
	if (n < count)
		return names[n].name;
	n -= count;
	for (size_t i = 0; (name = flag_names_at(m->slab_config.rules, i)); i++)
		if (!n--)
			return name;
	for (size_t i = 0; (name = plain_name(i)); i++)
		if (!n--)
			return name;
	return constants_virt_name(m, n);
}
