/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kvmalloc(): kmalloc() if that goes without effort, else vmalloc() (the kernel's
 * document of memory allocation).  Above a page kmalloc() is asked to give up soon
 * and in silence, with __GFP_NORETRY and __GFP_NOWARN.
 */
#ifndef KM_VIRT_KVMALLOC_H
#define KM_VIRT_KVMALLOC_H

#include "virt/virt.h"

/* 0 where the kernel returns NULL. */
u64 kvmalloc_alloc(struct virt_system *v, u64 bytes, gfp_t gfp);

/* The mask that kmalloc() is asked with. */
gfp_t kvmalloc_gfp(const struct virt_system *v, u64 bytes, gfp_t gfp);

/* is_vmalloc_addr(). */
bool kvmalloc_is_vmalloc(const struct virt_system *v, u64 address);

#endif
