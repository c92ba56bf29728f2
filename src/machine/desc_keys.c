/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/desc_keys.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/units.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum key_type {
	KEY_TEXT, /* char[] of `most` bytes */
	KEY_BOOT, /* enum boot_rule */
	KEY_ALLOCATOR, /* enum slab_allocator */
	KEY_BYTES, /* u64 */
	KEY_NUMBER, /* unsigned, u32 */
	KEY_FLAG, /* bool */
	KEY_RATIOS, /* u32[PHYS_ZONE_TYPES] */
	KEY_RANGES, /* struct desc_ranges */
	KEY_ZONES, /* struct desc_zones */
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset;
	u64 least, most;
	const char *help;
};

#define TEXT_KEY(field, help)                                                                                         \
	{                                                                                                             \
#field, KEY_TEXT, offsetof(struct machine_desc, field), 0, sizeof(((struct machine_desc *)0)->field), \
		    help                                                                                              \
	}
#define DESC_KEY(field, type, least, most, help)                                      \
	{                                                                             \
#field, type, offsetof(struct machine_desc, field), least, most, help \
	}

static const struct key keys[] = {
	TEXT_KEY(title, N_("a line about the machine")),
	TEXT_KEY(kernel, N_("the kernel it follows")),
	TEXT_KEY(arch, N_("its processor")),
	DESC_KEY(boot, KEY_BOOT, 0, 0, N_("whose rules boot follows: 2.6, 6.1 or textbook")),
	DESC_KEY(pc, KEY_FLAG, 0, 1, N_("is it a PC, with a BIOS below 1M? yes or no")),
	DESC_KEY(mem, KEY_BYTES, 1, 16 * TIB, N_("RAM, for example 512M")),
	DESC_KEY(memory, KEY_RANGES, 0, 0, N_("where there is RAM, instead of mem: 0-640K, 1M-1G")),
	DESC_KEY(mem_limit, KEY_BYTES, 0, 16 * TIB, N_("the kernel's mem= option: nothing above is used; 0: no limit")),
	DESC_KEY(max_ram_below_4g, KEY_BYTES, 0, 4 * GIB, N_("RAM above this begins at 4G; 0: no such hole")),
	DESC_KEY(firmware_top, KEY_BYTES, 0, GIB, N_("bytes that the firmware keeps at the end of the RAM below 4G")),
	DESC_KEY(pae, KEY_FLAG, 0, 1, N_("i386: is it a kernel for up to 64G (physical address extension)? yes or no")),
	DESC_KEY(gbpages, KEY_FLAG, 0, 1,
		 N_("x86_64: has the processor pages of 1G (pdpe1gb)? all for more than 1T of addresses have")),
	DESC_KEY(firmware_reserved, KEY_RANGES, 0, 0, N_("what the firmware keeps further: 0xfffc0000-4G")),
	DESC_KEY(address_limit, KEY_BYTES, 0, UINT64_MAX, N_("addresses that the kernel reaches; 0: all")),
	DESC_KEY(page_size, KEY_BYTES, 1, GIB, N_("bytes of a page; the smallest block of a textbook machine")),
	DESC_KEY(page_offset, KEY_BYTES, 0, UINT64_MAX, N_("address of the direct map; 0: none")),
	DESC_KEY(lowmem_limit, KEY_BYTES, 0, UINT64_MAX, N_("memory that the direct map can hold; 0: all")),
	DESC_KEY(highmem, KEY_BYTES, 0, 16 * TIB,
		 N_("the kernel's highmem= option: size of high memory; 0: what the direct map cannot hold")),
	DESC_KEY(vmalloc, KEY_BYTES, 0, 4 * GIB,
		 N_("the kernel's vmalloc= option: size of the vmalloc area, instead of lowmem_limit; 0: not given")),
	DESC_KEY(zones, KEY_ZONES, 0, 0, N_("zones with their ends: DMA 16M, Normal lowmem, HighMem")),
	DESC_KEY(orders, KEY_NUMBER, 0, PHYS_ORDERS, N_("number of block sizes; 0: by the size of memory")),
	DESC_KEY(pageblock_order, KEY_NUMBER, 0, PHYS_ORDERS - 1, N_("size of a page block, as an order")),
	DESC_KEY(migratetypes, KEY_FLAG, 0, 1, N_("are pages grouped by mobility? yes or no")),
	DESC_KEY(cpus, KEY_NUMBER, 1, PHYS_CPUS, N_("number of CPUs")),
	DESC_KEY(nodes, KEY_NUMBER, 1, PHYS_NODES, N_("number of memory nodes")),
	DESC_KEY(struct_page, KEY_NUMBER, 0, 4096, N_("bytes of a page descriptor")),
	DESC_KEY(section_size, KEY_BYTES, 0, TIB, N_("memory that gets its page descriptors together; 0: all")),
	DESC_KEY(kernel_image, KEY_RANGES, 0, 0, N_("where the kernel lies")),
	DESC_KEY(kernel_code, KEY_RANGES, 0, 0, N_("its code, for /proc/iomem")),
	DESC_KEY(kernel_rodata, KEY_RANGES, 0, 0, N_("its data that is only read (6.1), for /proc/iomem")),
	DESC_KEY(kernel_data, KEY_RANGES, 0, 0, N_("its data, for /proc/iomem")),
	DESC_KEY(kernel_bss, KEY_RANGES, 0, 0, N_("its data that begins as zeroes (6.1), for /proc/iomem")),
	DESC_KEY(kernel_freed, KEY_RANGES, 0, 0, N_("parts of the kernel that are freed at the end of boot")),
	DESC_KEY(kernel_readonly, KEY_RANGES, 0, 0, N_("parts of the kernel that boot write-protects")),
	DESC_KEY(initrd, KEY_BYTES, 0, GIB, N_("size of the initial RAM disk, freed when it is unpacked")),
	DESC_KEY(reserved, KEY_RANGES, 0, 0, N_("what boot keeps further")),
	DESC_KEY(cma, KEY_BYTES, 0, TIB, N_("size of the contiguous memory area; 0: none")),
	DESC_KEY(swiotlb, KEY_BYTES, 0, GIB,
		 N_("the kernel's swiotlb= option, in bytes: taken if there is RAM above 4G; 0: never, as with "
		    "iommu=off")),
	DESC_KEY(swiotlb_force, KEY_FLAG, 0, 1,
		 N_("swiotlb=force: taken in any case, and all that is mapped to devices goes through it")),
	DESC_KEY(early, KEY_FLAG, 0, 1, N_("stop before the page allocator runs, as boot --step does? yes or no")),
	DESC_KEY(min_free_kbytes, KEY_NUMBER, 0, UINT32_MAX, N_("as in /proc/sys/vm; 0: by the kernel's rule")),
	DESC_KEY(lowmem_reserve_ratio, KEY_RATIOS, 0, UINT32_MAX, N_("as in /proc/sys/vm: 256, 32")),
	DESC_KEY(watermark_scale_factor, KEY_NUMBER, 0, 10000, N_("as in /proc/sys/vm, of 10000")),
	DESC_KEY(watermark_boost_factor, KEY_NUMBER, 0, UINT32_MAX, N_("as in /proc/sys/vm, of 10000")),
	DESC_KEY(percpu_pagelist_fraction, KEY_NUMBER, 0, UINT32_MAX, N_("as in /proc/sys/vm; 0: not set")),
	DESC_KEY(allocator, KEY_ALLOCATOR, 0, 0, N_("of small objects: none, slab or slub")),
	DESC_KEY(cache_line, KEY_NUMBER, 8, 256, N_("bytes of a cache line of the processor, a power of two")),
	DESC_KEY(cache_line_at_boot, KEY_NUMBER, 0, 256,
		 N_("the same when the first caches of objects were made; 0: it did not change")),
	DESC_KEY(slab_debug, KEY_FLAG, 0, 1, N_("are objects checked, with poison and red zones? yes or no")),
	DESC_KEY(slab_nomerge, KEY_FLAG, 0, 1, N_("the kernel's option: like caches are not merged. yes or no")),
	DESC_KEY(hz, KEY_NUMBER, 1, 10000, N_("ticks a second")),
};

const char *desc_key(size_t n, const char **help)
{
	if (n >= ARRAY_SIZE(keys))
		return NULL;
	if (help)
		*help = _(keys[n].help);
	return keys[n].name;
}

/* ------------------------------------------------------------- values */

static bool refuse(const struct key *key, const char *value, const char *wanted, struct status *st)
{
	return status_fail(st, STATUS_INVALID, _("%s = %s: %s"), key->name, value, wanted);
}

static bool set_text(const struct key *key, char *to, const char *value, struct status *st)
{
	if (strlen(value) >= key->most)
		return refuse(key, value, _("the text is too long"), st);
	memcpy(to, value, strlen(value) + 1);
	return true;
}

static bool set_boot(const struct key *key, enum boot_rule *to, const char *value, struct status *st)
{
	static const struct {
		const char *name;
		enum boot_rule rule;
	} rules[] = { { "2.6", BOOT_2_6 }, { "6.1", BOOT_6_1 }, { "textbook", BOOT_TEXTBOOK } };

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (strcmp(value, rules[i].name) == 0) {
			*to = rules[i].rule;
			return true;
		}
	}
	return refuse(key, value, _("there are 2.6, 6.1 and textbook"), st);
}

static bool set_allocator(const struct key *key, enum slab_allocator *to, const char *value, struct status *st)
{
	static const char *const names[] = { [SLAB_ABSENT] = "none", [SLAB_SLAB] = "slab", [SLAB_SLUB] = "slub" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(value, names[i]) == 0) {
			*to = (enum slab_allocator)i;
			return true;
		}
	}
	return refuse(key, value, _("there are none, slab and slub"), st);
}

static bool set_bytes(const struct key *key, u64 *to, const char *value, struct status *st)
{
	char least[UNITS_MAX], most[UNITS_MAX];
	u64 bytes;

	if (!units_parse(value, &bytes))
		return refuse(key, value, _("this is no size; write for example 512M or 0x20000000"), st);
	if (bytes < key->least || bytes > key->most)
		return status_fail(st, STATUS_INVALID, _("%s = %s: it can be from %s to %s"), key->name, value,
				   units_format(key->least, least), units_format(key->most, most));
	*to = bytes;
	return true;
}

static bool set_number(const struct key *key, unsigned *to, const char *value, struct status *st)
{
	u64 number;

	if (!units_parse(value, &number))
		return refuse(key, value, _("this is no number"), st);
	if (number < key->least || number > key->most)
		return status_fail(st, STATUS_INVALID, _("%s = %s: it can be from %" PRIu64 " to %" PRIu64), key->name,
				   value, key->least, key->most);
	*to = (unsigned)number;
	return true;
}

static bool set_flag(const struct key *key, bool *to, const char *value, struct status *st)
{
	bool yes = strcasecmp(value, "yes") == 0 || strcmp(value, "1") == 0;

	if (!yes && strcasecmp(value, "no") != 0 && strcmp(value, "0") != 0)
		return refuse(key, value, _("it can be yes or no"), st);
	*to = yes;
	return true;
}

/* Takes the next of the items of a list that are separated by commas, without the blanks around it. NULL: no more. */
static char *next_item(char **list)
{
	char *item = *list, *end;

	if (!item)
		return NULL;
	end = strchr(item, ',');
	*list = end ? end + 1 : NULL;
	if (!end)
		end = item + strlen(item);
	while (isspace((unsigned char)*item))
		item++;
	while (end > item && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return item;
}

static bool set_ratio(const struct key *key, u32 *to, unsigned n, const char *item, struct status *st)
{
	if (n >= PHYS_ZONE_TYPES)
		return refuse(key, item, _("this is one ratio too many"), st);
	return set_number(key, &to[n], item, st);
}

static bool set_range(const struct key *key, struct desc_ranges *to, char *item, struct status *st)
{
	char *dash = strchr(item, '-');
	struct desc_range *r = &to->range[to->count];

	if (to->count == DESC_RANGES)
		return refuse(key, item, _("this is one range too many"), st);
	if (!dash)
		return refuse(key, item, _("a range is written as FROM-TO, for example 1M-512M"), st);
	*dash = '\0';
	if (!units_parse(item, &r->start) || !units_parse(dash + 1, &r->end) || r->start >= r->end) {
		*dash = '-';
		return refuse(key, item, _("a range is written as FROM-TO, for example 1M-512M"), st);
	}
	to->count++;
	return true;
}

static bool set_zone(const struct key *key, struct desc_zones *to, char *item, struct status *st)
{
	char *end = item + strcspn(item, " \t");
	u64 bytes = DESC_TO_END;

	if (to->count == PHYS_ZONE_TYPES)
		return refuse(key, item, _("this is one zone too many"), st);
	if (*end) {
		*end++ = '\0';
		end += strspn(end, " \t");
		if (strcmp(end, "lowmem") == 0)
			bytes = DESC_TO_LOWMEM;
		else if (!units_parse(end, &bytes))
			return refuse(key, end, _("a zone is written as NAME or NAME END, the end as 16M or lowmem"),
				      st);
	}
	if (!*item || strlen(item) >= sizeof to->zone[0].name)
		return refuse(key, item, _("a zone's name has 1 to 11 letters"), st);
	memcpy(to->zone[to->count].name, item, strlen(item) + 1);
	to->zone[to->count++].end = bytes;
	return true;
}

static bool set_list(const struct key *key, void *to, const char *value, struct status *st)
{
	char text[256];
	char *rest = text, *item;
	unsigned n = 0;
	bool ok = true;

	if (strlen(value) >= sizeof text)
		return refuse(key, value, _("the text is too long"), st);
	memcpy(text, value, strlen(value) + 1);
	if (key->type == KEY_RANGES)
		((struct desc_ranges *)to)->count = 0;
	else if (key->type == KEY_ZONES)
		((struct desc_zones *)to)->count = 0;
	else
		memset(to, 0, sizeof(u32) * PHYS_ZONE_TYPES);
	/* Nothing at all is an empty list. */
	while (ok && *value && (item = next_item(&rest)) != NULL) {
		if (key->type == KEY_RANGES)
			ok = set_range(key, to, item, st);
		else if (key->type == KEY_ZONES)
			ok = set_zone(key, to, item, st);
		else
			ok = set_ratio(key, to, n++, item, st);
	}
	return ok;
}

static const struct key *key_find(const char *name, struct status *st)
{
	struct nearest near = NEAREST_INIT(name);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
		nearest_try(&near, keys[i].name);
	}
	if (near.best)
		status_fail(st, STATUS_INVALID, _("a machine has no key `%s'; did you mean `%s'?"), name, near.best);
	else
		status_fail(st, STATUS_INVALID, _("a machine has no key `%s'"), name);
	return NULL;
}

bool desc_keys_set(struct machine_desc *desc, const char *name, const char *value, struct status *st)
{
	const struct key *key = key_find(name, st);
	void *to;

	if (!key)
		return false;
	to = (char *)desc + key->offset;
	/* These two say the same in two ways: the last one holds. */
	if (to == &desc->mem)
		desc->memory.count = 0;
	if (to == &desc->memory)
		desc->mem = 0;
	switch (key->type) {
	case KEY_TEXT:
		return set_text(key, to, value, st);
	case KEY_BOOT:
		return set_boot(key, to, value, st);
	case KEY_ALLOCATOR:
		return set_allocator(key, to, value, st);
	case KEY_BYTES:
		return set_bytes(key, to, value, st);
	case KEY_NUMBER:
		return set_number(key, to, value, st);
	case KEY_FLAG:
		return set_flag(key, to, value, st);
	case KEY_RATIOS:
	case KEY_RANGES:
	case KEY_ZONES:
		return set_list(key, to, value, st);
	}
	return false;
}
