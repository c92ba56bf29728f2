/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel prints first of an access that faults: the line with the
 * address, and in 6.1 those that say what was tried.  The only place for these
 * texts (documents of the kernel on oopses show them).
 */
#ifndef KM_SLAB_OOPS_H
#define KM_SLAB_OOPS_H

#include "slab/slab.h"

/* The error code that the processor gives. */
enum { OOPS_PROTECTED = 1, /* there is a page, but it may not be done */ OOPS_WRITE = 2 };

/* Is it an address at all? On x86_64 the upper bits are copies of bit 47. Without, there is no error code. */
bool oops_is_canonical(const struct slab_system *s, u64 address);

/* The line with the address. */
void oops_print_address(const struct slab_system *s, u64 address);

/* What was tried: in 6.1 two lines, in 2.6.18 none. */
void oops_print_access(const struct slab_system *s, u64 address, unsigned code);

#endif
