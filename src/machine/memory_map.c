/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/memory_map.h"

#include "base/units.h"

#include <string.h>

/* A PC's: the last KiB below the video memory, and the ROM. */
#define BIOS_DATA UINT64_C(0x9fc00)
#define VIDEO_START UINT64_C(0xa0000)
#define ROM_START UINT64_C(0xf0000)
#define ROM_END MIB

/* Puts it at its place. What of it lies in other entries, or does not fit, is left out: it has no length. */
static void add(struct memory_map *map, u64 start, u64 end, bool ram)
{
	unsigned at = 0;

	while (at < map->count && map->entry[at].start < start)
		at++;
	if (at > 0 && map->entry[at - 1].end > start)
		start = map->entry[at - 1].end;
	if (at < map->count && map->entry[at].start < end)
		end = map->entry[at].start;
	if (start >= end || map->count == MEMORY_MAP_ENTRIES)
		return;
	memmove(&map->entry[at + 1], &map->entry[at], (map->count - at) * sizeof map->entry[0]);
	map->entry[at] = (struct memory_map_entry){ start, end, ram };
	map->count++;
}

static void add_pc(const struct machine_desc *d, struct memory_map *map)
{
	u64 below = d->max_ram_below_4g && d->max_ram_below_4g < d->mem ? d->max_ram_below_4g : d->mem;

	add(map, 0, below < BIOS_DATA ? below : BIOS_DATA, true);
	add(map, BIOS_DATA, VIDEO_START, false);
	add(map, ROM_START, ROM_END, false);
	if (below > ROM_END + d->firmware_top) {
		add(map, ROM_END, below - d->firmware_top, true);
		add(map, below - d->firmware_top, below, false);
	}
	if (d->mem > below)
		add(map, 4 * GIB, 4 * GIB + d->mem - below, true);
}

void memory_map_of_firmware(const struct machine_desc *d, struct memory_map *map)
{
	map->count = 0;
	for (unsigned i = 0; i < d->memory.count; i++)
		add(map, d->memory.range[i].start, d->memory.range[i].end, true);
	if (!d->memory.count && d->pc)
		add_pc(d, map);
	else if (!d->memory.count)
		add(map, 0, d->mem, true);
	for (unsigned i = 0; i < d->firmware_reserved.count; i++)
		add(map, d->firmware_reserved.range[i].start, d->firmware_reserved.range[i].end, false);
}

static void remove_entry(struct memory_map *map, unsigned n)
{
	memmove(&map->entry[n], &map->entry[n + 1], (--map->count - n) * sizeof map->entry[0]);
}

/* 2.6 forgets all that lies behind the first RAM which reaches so far, later kernels only RAM. */
static void cut(const struct machine_desc *d, struct memory_map *map)
{
	for (unsigned n = 0; n < map->count; n++) {
		struct memory_map_entry *e = &map->entry[n];

		if (!e->ram || e->end < d->mem_limit)
			continue;
		if (e->start >= d->mem_limit)
			remove_entry(map, n--);
		else
			e->end = d->mem_limit;
		if (d->boot == BOOT_2_6) {
			map->count = n + 1;
			return;
		}
	}
}

void memory_map_of_kernel(const struct machine_desc *d, struct memory_map *map)
{
	memory_map_of_firmware(d, map);
	if (d->mem_limit)
		cut(d, map);
	if (!d->pc || d->boot != BOOT_6_1 || !map->count || !map->entry[0].ram || map->entry[0].start >= d->page_size)
		return;
	map->entry[0].start = d->page_size;
	if (map->entry[0].end <= d->page_size)
		remove_entry(map, 0);
	add(map, 0, d->page_size, false);
}
