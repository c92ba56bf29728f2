/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header of a recording: what it tells of the machine becomes a
 * configuration of physical memory.  Nothing is taken from the file's name.
 */
#ifndef KM_SESSION_REPLAY_HEADER_H
#define KM_SESSION_REPLAY_HEADER_H

#include "phys/phys.h"
#include "session/recording_parse.h"
#include "slab/slab.h"

struct replay_header {
	struct phys_config config; /* complete after replay_header_finish() */
	struct slab_config slab; /* the same */
	bool kernel, layout, mobility, lists_given; /* which facts were found */
	u64 high_memory; /* address behind the direct map */
	unsigned zone_types; /* bit n: there is a zone type n, maybe without memory */
	char type_name[PHYS_ZONE_TYPES][12];
	u8 list_zone[16]; /* zone type that comes first in the zone list for (gfp & 7), or HEADER_NO_ZONE */
};

#define HEADER_NO_ZONE 0xff

/* Before the first line. */
void replay_header_init(struct replay_header *h);

/* Takes a K, Z or ZL line.  false with a message. */
bool replay_header_line(struct replay_header *h, enum line_kind kind, struct recording_cursor c);

/* After the last line; `c` says where in the file that is.  false with a message: something is missing or impossible.
 */
bool replay_header_finish(struct replay_header *h, const struct recording_cursor *c);

#endif
