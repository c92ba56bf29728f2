/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded operations: kmalloc() and what is built on it. */
#ifndef KM_SESSION_REPLAY_KMALLOC_H
#define KM_SESSION_REPLAY_KMALLOC_H

#include "session/replay_op.h"

replay_op_function replay_kmalloc_alloc;
replay_op_function replay_kmalloc_zalloc;
replay_op_function replay_kmalloc_free;
replay_op_function replay_kmalloc_size;
replay_op_function replay_kmalloc_realloc;

#endif
