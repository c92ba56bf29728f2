/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Constants of the address space and of DMA, each kernel's own. */
#ifndef KM_SHELL_CONSTANTS_VIRT_H
#define KM_SHELL_CONSTANTS_VIRT_H

#include "machine/machine.h"
#include "session/value.h"

/* The constant called so. false: the machine's kernel has none. */
bool constants_virt_get(const struct machine *m, const char *name, struct value *v);

/* Does the name belong to such constants, of this kernel or another? */
bool constants_virt_reserved(const char *name);

/* The n-th of the machine's kernel; NULL behind the last. */
const char *constants_virt_name(const struct machine *m, size_t n);

#endif
