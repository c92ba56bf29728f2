/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of a real server, as its /proc/buddyinfo, /proc/pagetypeinfo and
 * /proc/zoneinfo tell it: a machine can be booted into it.
 */
#ifndef KM_MACHINE_DESC_STATE_H
#define KM_MACHINE_DESC_STATE_H

#include "base/status.h"
#include "base/strbuf.h"
#include "phys/phys.h"

#define DESC_STATE_ORDERS 11 /* of all kernels of PCs */

struct desc_state_zone {
	char name[12];
	u8 node;
	char file[40]; /* where its line of buddyinfo is, or its first line: for messages */
	unsigned line;
	bool counted; /* nr_free is known: buddyinfo */
	bool typed; /* type_free: pagetypeinfo */
	bool blocked; /* blocks: the same */
	bool sized; /* start_pfn, spanned, present: zoneinfo */
	bool marked; /* wmark */
	bool protects; /* reserve */
	u32 start_pfn, spanned, present, managed; /* pages; managed 0: not told */
	u32 wmark[WMARK_COUNT], boost; /* pages; the marks are without the boost */
	u32 reserve[PHYS_ZONE_TYPES];
	u32 nr_free[DESC_STATE_ORDERS];
	u32 type_free[MT_COUNT][DESC_STATE_ORDERS];
	u32 blocks[MT_COUNT]; /* page blocks by type */
};

/* All zero: no state. */
struct desc_state {
	char file[40]; /* that was read last */
	unsigned zones, cpus;
	struct desc_state_zone zone[PHYS_ZONES]; /* by node; as told */
};

/*
 * Reads a text that consists of any of the three files, one behind the other,
 * and adds it to `s`; `file` is for messages.  Lines that begin with # or $
 * say nothing.  false with a message that tells file and line.
 */
bool desc_state_read(struct desc_state *s, const char *file, const char *text, struct status *st);

/* After all is read: is it complete and in itself possible? Leaves out zones without memory. */
bool desc_state_finish(struct desc_state *s, struct status *st);

/* Name of the built-in machine that has these zones. */
const char *desc_state_machine(const struct desc_state *s);

/* Appends the state as a text that desc_state_read() reads. */
void desc_state_put(const struct desc_state *s, struct strbuf *out);

/* Fails with "file:line: zone: " in front of the message. */
bool desc_state_fail(const struct desc_state_zone *z, struct status *st, const char *why);

#endif
