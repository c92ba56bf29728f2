/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a file so that at any moment either the old or the whole new content is there. */
#ifndef KM_SESSION_SAVEFILE_H
#define KM_SESSION_SAVEFILE_H

#include "base/status.h"

/*
 * Replaces or makes the file.  A link is followed; permissions of a file that
 * is there are kept.  false with a message: nothing is changed.
 */
bool savefile_write(const char *path, const char *bytes, size_t length, struct status *st);

/* Writes all of the bytes to an open file. false, with errno: it took only a part of them. */
bool savefile_put(int fd, const char *bytes, size_t length);

#endif
