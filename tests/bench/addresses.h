/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is measured of kernel addresses. Each function does it so many times, and leaves what it finds. */
#ifndef KM_TESTS_BENCH_ADDRESSES_H
#define KM_TESTS_BENCH_ADDRESSES_H

#include "machine/machine.h"

/* vmalloc() and vfree() of so many pages. */
void addresses_areas_1(struct machine *m, u64 count);
void addresses_areas_16(struct machine *m, u64 count);
void addresses_areas_4096(struct machine *m, u64 count);

/* ioremap() and iounmap(); kmap() and kunmap() of a page of high memory, where there is one. */
void addresses_remaps(struct machine *m, u64 count);
void addresses_windows(struct machine *m, u64 count);

/* For the last three: an area of many pages. */
void addresses_make_area(struct machine *m);

/* From addresses to physical ones. */
void addresses_translate_direct(struct machine *m, u64 count);
void addresses_translate_area(struct machine *m, u64 count);
void addresses_walk(struct machine *m, u64 count);
void addresses_find_frame(struct machine *m, u64 count);

#endif
