/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine that has stopped before its page allocator runs: boot goes on step
 * by step, and others can ask the boot-time allocator for memory in between.
 * What they have then is never given to the page allocator.
 *
 * Zones are where they will be, but without a page; requests to the page
 * allocator find nothing.
 */
#ifndef KM_MACHINE_EARLY_H
#define KM_MACHINE_EARLY_H

#include "machine/boot_steps.h"
#include "phys/frame.h"

struct machine;

/* In the root memory of a machine whose description says `early`. */
struct early {
	u64 over; /* 1: memory was handed over */
	u64 handed_over; /* pages of low memory that were, without those that the kernel frees later */
	struct boot_progress progress;
	struct bootmem_ranges asked; /* what was taken for others than the kernel's own steps */
};

/* Bytes of root memory that it takes; 0: the machine boots at once. */
size_t early_root_size(const struct machine_desc *desc);

/* Lays it out in the machine's arena, before the first step. false: the arena is too small. */
bool early_lay_out(struct machine *m);

/* Has the machine stopped before its page allocator runs? */
bool early_is(const struct machine *m);

/* The steps of this machine's boot; the first m->early->progress.done of them are done. */
void early_steps(const struct machine *m, struct boot_steps *steps);

/*
 * Does the next step of the kernel; behind the last one memory is handed over
 * to the page allocator.  false with a message: boot is over, or the memory is
 * not enough: the kernel would panic.
 */
bool early_step(struct machine *m, struct status *st);

/*
 * A request of somebody else, by the rule of its kind (BOOT_STEP_TAKE_LOW or
 * _HIGH; its limit is set here: low memory).  *at is the physical address, 0
 * if there is no such place.  false with a message: not now, or it makes no
 * sense.
 */
bool early_take(struct machine *m, struct boot_step request, u64 *at, struct status *st);

/* memblock_add(): [start, end) is RAM.  false with a message: the machine has none there, or boot is over. */
bool early_add(struct machine *m, u64 start, u64 end, struct status *st);

/* Takes [start, end), whatever of it is taken already.  false with a message as above. */
bool early_reserve(struct machine *m, u64 start, u64 end, struct status *st);

/* Gives [start, end) back.  false with a message: not all of it was taken by early_take() or early_reserve(). */
bool early_free(struct machine *m, u64 start, u64 end, struct status *st);

/*
 * Boot memory as it is, or as it was when memory was handed over, also of a
 * machine that booted at once.  false: none is known, because the machine
 * goes on from a server's state.
 */
bool early_memory(const struct machine *m, struct bootmem *memory);

/*
 * How many of the frames [start, end) are not known to be RAM, are taken, and
 * are free for boot: as frame_count() says it of a machine whose page allocator runs.
 */
void early_count(const struct machine *m, pfn_t start, pfn_t end, u64 count[FRAME_USED + 1]);

u64 early_hash(const struct early *e);

/* Are its ranges in order, and is no page free while it runs? false with a message. */
bool early_check(const struct machine *m, struct status *st);

#endif
