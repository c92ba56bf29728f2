/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel prints when it warns of a mistake, and goes on: WARN() and
 * WARN_ONCE() (consoles of the recordings ioremap).  Call traces and line
 * numbers are of no machine and left out.
 */
#ifndef KM_VIRT_WARN_H
#define KM_VIRT_WARN_H

#include "virt/virt.h"

/* What is warned of once since boot, as bits of state->warned. */
enum warn_once {
	WARN_DMA_REACH = 0x1, /* a device does not reach the memory that is mapped to it */
	WARN_DMA_VMALLOC = 0x2, /* the address is of the vmalloc area */
	WARN_DMA_BOUNCE = 0x4, /* it does not reach swiotlb either */
	WARN_DMA_SIZE = 0x8, /* more is synchronized than was mapped */
	WARN_NO_SIZE = 0x10, /* vmalloc(0) */
	WARN_IOREMAP_RAM = 0x20,
	WARN_IOREMAP_WIDTH = 0x40, /* a physical address that the processor does not have */
	WARN_KVMALLOC_SIZE = 0x80, /* more than INT_MAX bytes */
	WARN_KMAP_ORDER = 0x100, /* kunmap_local() of what was not mapped last */
};

/* Is it the first time? Then not any more. */
bool warn_is_first(struct virt_system *v, enum warn_once what);

/* Prints a text ("": the kernel has none there) as a warning of `where`: the file and the function, "mm/vmalloc.c
 * vfree". */
void warn_print(const struct virt_system *v, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
