/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Machine descriptions: data/machines/NAME.ini, compiled in, with settings
 * that override them (`-s mem=512M`).
 */
#ifndef KM_MACHINE_DESC_H
#define KM_MACHINE_DESC_H

#include "base/status.h"
#include "phys/phys.h"

/* Which kernel's rules decide sizes at boot. */
enum boot_rule {
	BOOT_2_6, /* bootmem, low memory handed over page by page */
	BOOT_6_1, /* memblock, handed over in the largest blocks */
	BOOT_TEXTBOOK, /* all memory is free, in the largest blocks that fit */
};

struct machine_desc {
	char name[32]; /* "i386-2.6.18" */
	char title[96]; /* a line for people */
	char kernel[16]; /* "2.6.18", "6.1", "" for textbooks */
	char arch[16];
	enum boot_rule boot;
	u64 mem; /* bytes of RAM */
	u64 page_size; /* bytes; the smallest block of a textbook machine */
	u64 page_offset; /* address of the direct map */
	u64 lowmem_limit; /* bytes of RAM that the direct map can hold; 0: all */
	unsigned orders, pageblock_order;
	bool migratetypes;
	unsigned cpus, nodes;
	u32 struct_page; /* bytes of a page descriptor */
	u64 kernel_start, kernel_end; /* bytes: the kernel image, reserved */
	struct phys_range reserved[PHYS_RANGES]; /* further frames that boot keeps */
	unsigned reserved_ranges;
	struct phys_range memory[PHYS_RANGES]; /* RAM as the firmware tells; none: from 0 to mem, with the PC's hole */
	unsigned memory_ranges;
	u32 min_free_kbytes; /* 0: by the kernel's rule */
	u32 lowmem_reserve_ratio[PHYS_ZONE_TYPES];
	u32 watermark_scale_factor, watermark_boost_factor;
	u32 percpu_pagelist_fraction;
	/* How to get this description again; journals keep it. */
	char source[256]; /* what desc_load() was called with; a path is made absolute */
	char settings[1024]; /* what desc_set() applied since, "key=value\n" each */
};

/* The machines compiled in: *count of them, the default one first. Names and titles. */
const char *const *desc_names(size_t *count);

/* Fills `desc` from the description called `name`, or from the file if `name` has a '/' or ends in .ini. */
bool desc_load(struct machine_desc *desc, const char *name, struct status *st);

/* Applies "key=value"; the keys are those of the ini files.  false with a message: `desc` is unchanged. */
bool desc_set(struct machine_desc *desc, const char *setting, struct status *st);

#endif
