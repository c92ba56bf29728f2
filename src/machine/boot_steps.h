/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a kernel does with memory before the page allocator runs, step by step:
 * it learns of the RAM, reserves itself, and takes page descriptors, per-CPU
 * areas and hash tables.  The steps follow from the description alone; what
 * they are given follows from the state of boot memory when they are done.
 */
#ifndef KM_MACHINE_BOOT_STEPS_H
#define KM_MACHINE_BOOT_STEPS_H

#include "event/event.h"
#include "machine/bootmem.h"
#include "machine/desc.h"

#define BOOT_STEPS_MOST 96

enum boot_step_kind {
	BOOT_STEP_RAM, /* [start, end) is RAM */
	BOOT_STEP_KEEP, /* [start, end) is taken where it lies */
	BOOT_STEP_TAKE_LOW, /* `bytes` by the rule of bootmem, from `from` on */
	BOOT_STEP_TAKE_HIGH, /* `bytes` by the rule of memblock, in [from, limit) */
	BOOT_STEP_TAKE_CMA, /* `bytes` at the first place from `from` on, else the highest below limit */
	BOOT_STEP_GIVE_BACK, /* what step number `of` was given */
};

struct boot_step {
	enum boot_step_kind kind;
	enum boot_use use;
	u64 start, end;
	u64 bytes, align, from, limit;
	unsigned of;
};

struct boot_steps {
	struct boot_step step[BOOT_STEPS_MOST];
	unsigned count;
	unsigned known; /* after so many steps RAM and kernel are known, and anybody may ask for memory */
	bool impossible; /* the kernel does not lie in RAM, or there are too many steps */
};

/* How far boot is. Holds no pointers. */
struct boot_progress {
	struct bootmem mem;
	u64 done; /* steps */
	struct desc_range got[BOOT_STEPS_MOST]; /* by step: what it reserved or was given */
};

/* The steps of the description's kernel; `config` tells RAM and zones. */
void boot_steps_make(struct boot_steps *steps, const struct machine_desc *desc, const struct phys_config *config);

/* Before the first step. */
void boot_steps_begin(struct boot_progress *progress, const struct phys_config *config);

/* Does the next step, of which there must be one.  false: there is not enough memory for it. */
bool boot_steps_do(struct boot_progress *progress, const struct boot_steps *steps, struct observer *observer);

/* What the first step for `use` got; nothing (0, 0) if there is none, or it is not done. */
struct desc_range boot_steps_got(const struct boot_progress *progress, const struct boot_steps *steps,
				 enum boot_use use);

/*
 * Does the processor map the direct map in pages of 1 GiB? The recorded one has
 * none; but one that reaches more than 2^40 bytes is of a later kind.
 */
bool boot_steps_gbpages(const struct machine_desc *desc, const struct phys_config *config);

/* Where low memory, of which boot may take, ends: bytes. */
u64 boot_steps_lowmem_end(const struct phys_config *config);

#endif
