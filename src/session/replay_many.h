/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations of recordings on many pages at once. */
#ifndef KM_SESSION_REPLAY_MANY_H
#define KM_SESSION_REPLAY_MANY_H

#include "session/replay_op.h"

replay_op_function replay_many_exhaust, replay_many_freeall, replay_many_bulk, replay_many_freelist;

#endif
