/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a process: /proc/PID/oom_score, and oom_adj (2.6.18) or oom_score_adj (6.1). */
#ifndef KM_PROCFS_PROCESS_FILES_H
#define KM_PROCFS_PROCESS_FILES_H

#include "base/status.h"
#include "base/strbuf.h"
#include "machine/machine.h"

/* Is this a file of a process that there is? */
bool process_files_has(const struct machine *m, const char *path);

/* Reading and writing one that there is. false with a message: the kernel refuses (EACCES, EINVAL). */
bool process_files_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st);
bool process_files_write(struct machine *m, const char *path, const char *text, struct status *st);

/* Appends the n-th path; false: no more. */
bool process_files_path(const struct machine *m, size_t n, struct strbuf *path);

#endif
