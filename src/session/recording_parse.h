/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fields of a recording's lines.
 *
 * A cursor stands in a line.  A function that takes something off the line
 * moves the cursor behind it, or says in the cursor's status what was expected,
 * with file and line, and returns false.
 */
#ifndef KM_SESSION_RECORDING_PARSE_H
#define KM_SESSION_RECORDING_PARSE_H

#include "base/status.h"
#include "base/types.h"
#include "phys/phys.h"
#include "session/recording.h"

struct recording_cursor {
	const char *at;
	const char *path;
	u64 line;
	struct status *st;
};

/* At the start of the present line, behind its first word; likewise in a line of a block. */
struct recording_cursor recording_cursor(const struct recording *r, struct status *st);
struct recording_cursor recording_block_cursor(const struct recording_block *block, size_t n, const char *path,
					       struct status *st);

/* "FILE:LINE: expected EXPECTED, not “what stands at the cursor”". Returns false. */
bool recording_expected(const struct recording_cursor *c, const char *expected);

/* Puts "FILE:LINE: " before the message that something else has set in the cursor's status. Returns false. */
bool recording_failed(const struct recording_cursor *c);

/* The next word, up to a space; it must be shorter than `size`. */
bool recording_word(struct recording_cursor *c, char *word, size_t size, const char *expected);

/* A decimal number of at most `most`; what follows it is not looked at. */
bool recording_number(struct recording_cursor *c, u64 most, u64 *value, const char *expected);

/* A hexadecimal number without 0x. */
bool recording_hex(struct recording_cursor *c, u64 *value, const char *expected);

/* Exactly `literal`. */
bool recording_literal(struct recording_cursor *c, const char *literal);

/* true, and the cursor moves, if `literal` stands here; no error if not. */
bool recording_skip(struct recording_cursor *c, const char *literal);

/* Nothing but spaces may be left. */
bool recording_done(struct recording_cursor *c);

/* Puts *value behind `key=` if the line has it; false without an error if not. */
bool recording_find(const struct recording_cursor *c, const char *key, struct recording_cursor *value);

/* The decimal or hexadecimal number of `key=`, which must be there. */
bool recording_key(const struct recording_cursor *c, const char *key, u64 most, u64 *value);
bool recording_key_hex(const struct recording_cursor *c, const char *key, u64 *value);

/* The same if it is there; *value stays as it is if not. */
bool recording_key_if(const struct recording_cursor *c, const char *key, u64 most, u64 *value);

/* Numbers with `separator` between them, `count` of them: 0,880,1007 or 17/21/25. */
bool recording_numbers(struct recording_cursor *c, char separator, u32 *values, size_t count, const char *expected);

/* The letter of a migratetype. */
bool recording_type(struct recording_cursor *c, unsigned *type);

/* A zone's name; sets its number in the configuration. */
bool recording_zone(struct recording_cursor *c, const struct phys_config *config, unsigned *zone);

/* The order, at most that of the configuration. */
bool recording_order(struct recording_cursor *c, const struct phys_config *config, unsigned *order);

/* A run-length coded list of page frames, taken entry by entry. */
struct recording_run {
	struct recording_cursor cursor;
	u32 step; /* frames from one entry of a run to the next */
	u64 left; /* entries of the present run that are still to come */
	s64 pfn, stride;
	unsigned type; /* behind a slash; else MT_NONE */
	bool failed;
};

/* The rest of the line behind `c` is such a list of blocks of `order`. */
struct recording_run recording_run(const struct recording_cursor *c, unsigned order);

/* Takes the next entry; false at the end of the list, or with `failed` set and a message. */
bool recording_run_next(struct recording_run *run, pfn_t *pfn);

/* Which list or counter a line is about. */
struct recording_place {
	unsigned zone, cpu, order, type;
	unsigned set, list; /* of the per-CPU lists */
};

/* `<zone> <order> <type>` of F and `c free`, and `<zone> <cpu> <order> <type>|hot|cold` of P and `c pcp`. */
bool recording_free_place(struct recording_cursor *c, const struct phys_config *config, struct recording_place *place);
bool recording_pcp_list_place(struct recording_cursor *c, const struct phys_config *config,
			      struct recording_place *place);
/* `<zone> <cpu> [hot|cold]` of PC and `c pcpc`. */
bool recording_pcp_place(struct recording_cursor *c, const struct phys_config *config, struct recording_place *place);

/* The start of a B line, up to the letters: `<zone> <first pfn>: `, where the zone's page blocks begin. */
bool recording_block_zone(struct recording_cursor *c, const struct phys_config *config, unsigned *zone);

/* The letter of one page block: a migratetype, or MT_NONE for '-'. */
bool recording_block_type(struct recording_cursor *c, unsigned *type);

/* The counters of a zone, as ZONE and `c zone` lines give them. */
enum {
	COUNTER_FREE,
	COUNTER_CMA,
	COUNTER_HIGHATOMIC,
	COUNTER_BOOST,
	COUNTER_ISOLATED,
	COUNTER_FLAGS,
	COUNTER_MIN,
	COUNTER_LOW,
	COUNTER_HIGH,
	COUNTERS
};

struct recording_counters {
	unsigned present; /* bit n: counter n stands in the line */
	u32 value[COUNTERS];
};

bool recording_zone_counters(const struct recording_cursor *c, struct recording_counters *counters);

/* "free", "cma" ... */
const char *recording_counter_name(unsigned counter);

#endif
