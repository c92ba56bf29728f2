/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of memory at kernel addresses, as the page tables lead there. */
#ifndef KM_SHELL_BYTES_H
#define KM_SHELL_BYTES_H

#include "machine/machine.h"

/*
 * Is there memory at all of these addresses?  false: the kernel has printed that
 * it faults, and the status says what was hit.
 */
bool bytes_find(const struct machine *m, u64 address, u64 bytes, struct status *st);

/* The same for memory that shall be written: pages of the kernel's code may only be read (6.1). */
bool bytes_find_to_write(const struct machine *m, u64 address, u64 bytes, struct status *st);

/* Reads from addresses that bytes_find() has found. */
void bytes_read(const struct machine *m, u64 address, void *to, size_t bytes);

/* Writes to addresses that bytes_find_to_write() has found. false with a message: out of memory. */
bool bytes_write(struct machine *m, u64 address, const void *from, size_t bytes, struct status *st);

#endif
