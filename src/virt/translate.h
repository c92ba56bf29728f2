/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From kernel addresses to physical ones. */
#ifndef KM_VIRT_TRANSLATE_H
#define KM_VIRT_TRANSLATE_H

#include "virt/virt.h"

#define TRANSLATE_NONE UINT64_MAX

/*
 * The physical address behind a kernel address: by the direct map, else by the
 * page tables; TRANSLATE_NONE: an access would fault, or what is there is no
 * memory of the machine.
 */
u64 translate_physical(const struct virt_system *v, u64 address);

#endif
