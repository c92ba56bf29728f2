/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: the session as a text file that grows as commands complete, so
 * that a killed session is recovered whole.  Its form is kmemlab-session(5).
 */
#ifndef KM_SESSION_JOURNAL_H
#define KM_SESSION_JOURNAL_H

#include "base/status.h"
#include "base/types.h"

struct journal {
	char *path; /* NULL: this session is not journalled */
	int fd; /* locked while the session lives */
};

#endif
