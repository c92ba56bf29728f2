/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accesses that fault: which do, what the kernel prints of them as far as the
 * model knows it, and what was hit.  No code runs here, so registers, the call
 * trace and where it happened are left out.
 */
#ifndef KM_VIRT_FAULT_H
#define KM_VIRT_FAULT_H

#include "base/strbuf.h"
#include "virt/virt.h"

/* Do the page tables forbid to write to this address, which they map? */
bool fault_is_read_only(const struct virt_system *v, u64 address);

/* May the kernel read (write) the byte at this address, which some memory or device is behind? */
bool fault_is_allowed(const struct virt_system *v, u64 address, bool writes);

/* Prints the kernel's lines: the address, what was tried, the entries of the page tables, the error code. */
void fault_print(const struct virt_system *v, u64 address, bool writes);

/*
 * Appends what is at an address that faults: "this is the guard page of the area
 * at 0xf8800000, got by command 3".
 */
void fault_describe(const struct virt_system *v, u64 address, struct strbuf *out);

#endif
