/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder where journals and the history are kept: $XDG_STATE_HOME/kmemlab, or ~/.local/state/kmemlab. */
#ifndef KM_SESSION_STATEDIR_H
#define KM_SESSION_STATEDIR_H

#include "base/status.h"
#include "base/strbuf.h"

/* Appends the folder's path to `out`. false with a message: there is no home folder. */
bool statedir_path(struct strbuf *out, struct status *st);

/* The same, and makes the folder, readable by its owner alone, where it is missing. */
bool statedir_make(struct strbuf *out, struct status *st);

#endif
