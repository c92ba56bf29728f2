/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Machine descriptions: data/machines/NAME.ini, compiled in, with settings
 * that override them (`-s mem=512M`).
 */
#ifndef KM_MACHINE_DESC_H
#define KM_MACHINE_DESC_H

#include "base/status.h"
#include "machine/desc_state.h"
#include "phys/phys.h"
#include "slab/slab.h"

/* Which kernel's rules decide sizes at boot. */
enum boot_rule {
	BOOT_2_6, /* bootmem, low memory handed over page by page */
	BOOT_6_1, /* memblock, handed over in the largest blocks */
	BOOT_TEXTBOOK, /* all memory is free, in the largest blocks that fit */
};

/* Ends of a zone that are not an address. */
#define DESC_TO_LOWMEM UINT64_MAX
#define DESC_TO_END (UINT64_MAX - 1)

#define DESC_RANGES 8

/* Bytes of physical address space. */
struct desc_range {
	u64 start, end; /* end is the first byte behind it */
};

struct desc_ranges {
	struct desc_range range[DESC_RANGES];
	unsigned count;
};

/* The zones of a node from the lowest up; a zone's type is its place. One may be empty. */
struct desc_zones {
	struct {
		char name[12];
		u64 end; /* bytes, DESC_TO_LOWMEM or DESC_TO_END */
	} zone[PHYS_ZONE_TYPES];
	unsigned count;
};

struct machine_desc {
	char name[32]; /* "i386-2.6.18" */
	char title[96]; /* a line for people */
	char kernel[16]; /* "2.6.18", "6.1", "" for textbooks */
	char arch[16];
	enum boot_rule boot;
	bool pc; /* its firmware keeps what lies between 636 KiB and 1 MiB; the kernel keeps the first MiB, or page 0 */
	u64 mem; /* bytes of RAM; 0: `memory` says where it is */
	struct desc_ranges memory; /* RAM as the firmware tells; none: from 0 on, on a PC with its holes */
	u64 mem_limit; /* the kernel's mem= option: bytes of address space above which it uses nothing; 0: none */
	u64 max_ram_below_4g; /* bytes; RAM above it begins at 4 GiB. 0: there is no such hole */
	u64 firmware_top; /* bytes at the end of the RAM below 4 GiB that the firmware keeps */
	bool pae; /* the kernel was made for physical address extension: 64 GiB of addresses, three levels of tables */
	bool gbpages; /* x86_64: the processor has pages of 1 GiB (pdpe1gb) */
	struct desc_ranges firmware_reserved; /* what it keeps further, wherever */
	u64 address_limit; /* bytes of address space that the kernel reaches; 0: all */
	u64 page_size; /* bytes; the smallest block of a textbook machine */
	u64 page_offset; /* address of the direct map; 0: there is none */
	u64 lowmem_limit; /* bytes of address space that the direct map can hold; 0: all */
	u64 highmem; /* the kernel's highmem= option: bytes of high memory; 0: what the direct map cannot hold */
	u64 vmalloc; /* the kernel's vmalloc= option, on 32 bits: bytes that the direct map leaves free; 0: lowmem_limit
			says where it ends */
	struct desc_zones zones;
	unsigned orders; /* 0: as many as the memory is large (textbooks) */
	unsigned pageblock_order;
	bool migratetypes;
	unsigned cpus, nodes;
	u32 struct_page; /* bytes of a page descriptor */
	u64 section_size; /* bytes of memory that get their page descriptors together; 0: all */
	struct desc_ranges kernel_image; /* where the kernel lies */
	struct desc_ranges kernel_code, kernel_rodata, kernel_data, kernel_bss; /* its parts, for /proc/iomem; none: not
										   known */
	struct desc_ranges kernel_freed; /* parts of it that are freed at the end of boot, in this order */
	/* Parts of it that boot write-protects; what lies behind the first is data. */
	struct desc_ranges kernel_readonly;
	u64 initrd; /* bytes at the end of low memory that the boot loader put there, freed when unpacked */
	struct desc_ranges reserved; /* what boot keeps further */
	bool early; /* boot stops before the page allocator runs, and goes on step by step */
	/* The kernel's swiotlb= option, in bytes: taken if there is memory above 4 GiB; 0: never (iommu=off). */
	u64 swiotlb;
	bool swiotlb_force; /* swiotlb=force: taken in any case, and all that is mapped to devices goes through it */
	u64 cma; /* the kernel's cma= option: bytes of the contiguous memory area; 0: there is none */
	u32 min_free_kbytes; /* 0: by the kernel's rule */
	u32 lowmem_reserve_ratio[PHYS_ZONE_TYPES];
	u32 watermark_scale_factor, watermark_boost_factor;
	u32 percpu_pagelist_fraction;
	enum slab_allocator allocator; /* of small objects */
	u32 cache_line; /* bytes of the processor's cache line, as the kernel knows it */
	u32 cache_line_at_boot; /* the same when the first caches of objects were made; 0: it did not change */
	bool slab_debug; /* DEBUG_SLAB, slub_debug */
	bool slab_nomerge; /* the kernel's option: no two names share a cache */
	u32 hz; /* ticks a second */
	struct desc_state state; /* a server's, to be booted into; no zones: there is none */
	/* How to get this description again; journals keep it. */
	char source[256]; /* what desc_load() was called with; a path is made absolute */
	char settings[1024]; /* what desc_set() applied since, "key=value\n" each */
};

/* The machines compiled in: *count of them, the default one first. Names and titles. */
const char *const *desc_names(size_t *count);

/*
 * Fills `desc` from the description called `name`, or from the file if `name`
 * has a '/' or ends in .ini.  false with a message that names file, line, key
 * and value.
 */
bool desc_load(struct machine_desc *desc, const char *name, struct status *st);

/* Applies "key=value"; the keys are those of the ini files.  false with a message: `desc` is unchanged. */
bool desc_set(struct machine_desc *desc, const char *setting, struct status *st);

/* The n-th key of a description, NULL behind the last; *help (may be NULL) is a line about it, translated. */
const char *desc_key(size_t n, const char **help);

/* Is this a machine that can be?  false with a message that says which value to change, and how. */
bool desc_check(const struct machine_desc *desc, struct status *st);

#endif
