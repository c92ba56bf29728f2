/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of /proc/sys/vm in recordings: T lines, the operation `sysctl`, and the Z lines behind it. */
#ifndef KM_SESSION_REPLAY_TUNABLES_H
#define KM_SESSION_REPLAY_TUNABLES_H

#include "session/replay_op.h"

/* Loads a T line. What it does not tell is 0. */
bool replay_tunables_load(struct phys *p, const struct recording_cursor *c);

/* Compares what a T line tells. */
enum replay_outcome replay_tunables_compare(struct replay *r, const struct recording_cursor *c);

/* Compares the watermarks and reserves of a Z line behind the header; a zone without memory has none. */
enum replay_outcome replay_tunables_zone(struct replay *r, struct recording_cursor c);

replay_op_function replay_tunables_sysctl;

#endif
