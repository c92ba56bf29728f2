/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 64-bit FNV-1a taken word by word, as recordings use it (kmemlab-recording(5), "Hashes"). */
#ifndef KM_BASE_HASH_H
#define KM_BASE_HASH_H

#include "base/types.h"

#define HASH_INIT UINT64_C(0xcbf29ce484222325)
#define HASH_PRIME UINT64_C(0x100000001b3)

static inline u64 hash_word(u64 h, u64 word)
{
	return (h ^ word) * HASH_PRIME;
}

/* The low half xor the high half: the short form in the lines of a recording. */
static inline u32 hash_fold(u64 h)
{
	return (u32)h ^ (u32)(h >> 32);
}

#endif
