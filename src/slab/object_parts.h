/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bytes of an object are: data, poison, red zones, pointers, records of who used it, padding. */
#ifndef KM_SLAB_OBJECT_PARTS_H
#define KM_SLAB_OBJECT_PARTS_H

#include "slab/object.h"

#define OBJECT_PARTS 12

enum part_kind { PART_DATA, PART_POISON, PART_RED, PART_POINTER, PART_TRACK, PART_PADDING };

/* Bytes from one offset to another, counted from where the user's part of the object begins. */
struct object_part {
	int from, to;
	enum part_kind kind;
	const char *name; /* N_() */
	u64 expected; /* the value that is looked for, repeated every `word` bytes; poison is known without it */
	int word; /* 0: nobody looks what it is */
};

struct object_parts {
	struct object_part part[OBJECT_PARTS];
	size_t count;
};

/* The parts in the order of offsets, as the object's state and its cache's flags have them. */
struct object_parts object_parts_of(const struct slab_system *s, const struct object_info *info);

/* Should the byte at an offset, in a part of the object, be another one? */
bool object_parts_bad(const struct object_info *info, const struct object_part *part, int at, u8 byte);

/* What the first word of a part says, where it is a pointer or the number of a command. false: it is neither. */
bool object_parts_value(const struct slab_system *s, const struct object_part *part, const u8 *bytes, u64 *value);

#endif
