/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integer names used everywhere, and the page frame number. */
#ifndef KM_BASE_TYPES_H
#define KM_BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

/* A page frame number: a physical address divided by the page size. */
typedef u32 pfn_t;

/* No page frame: what an allocation returns that the kernel answers with NULL. */
#define PFN_NONE UINT32_MAX

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
