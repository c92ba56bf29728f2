/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel prints when it warns of a mistake, and goes on: WARN() and
 * WARN_ONCE() (consoles of the recordings ioremap).  Call traces and line
 * numbers are of no machine and left out.
 */
#ifndef KM_VIRT_WARN_H
#define KM_VIRT_WARN_H

#include "virt/virt.h"

#define WARN_TEXT 128

/* What is warned of once since boot, as bits of state->warned; those below are of virt/dma_map.h. */
enum warn_once {
	WARN_NO_SIZE = 1 << 16, /* vmalloc(0) */
	WARN_IOREMAP_RAM = 1 << 17,
};

/* Is it the first time? Then not any more. */
bool warn_is_first(struct virt_system *v, enum warn_once what);

/* Prints `text` ("": the kernel has none there) as a warning of this function in this file of the kernel. */
void warn_print(const struct virt_system *v, const char *file, const char *function, const char *text);

#endif
