/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /sys/kernel/slab: a folder for each cache of SLUB, with a file for each of
 * its properties.  A folder goes by the cache's name, or, where caches can be
 * merged, by the name that the kernel makes of size and flags, ":0000064".
 */
#ifndef KM_PROCFS_SLAB_FILES_H
#define KM_PROCFS_SLAB_FILES_H

#include "base/status.h"
#include "base/strbuf.h"
#include "machine/machine.h"

/* Does the path lie there, on a machine that has the folder? */
bool slab_files_has(const struct machine *m, const char *path);

/* Appends a file's content.  false with a message: no such cache or file. */
bool slab_files_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st);

/* Writes to a file: shrink, validate, min_partial, cpu_partial.  false with a message, as procfs_write(). */
bool slab_files_write(struct machine *m, const char *path, const char *text, struct status *st);

/*
 * Appends the n-th path that what is typed of one may go on to: up to the next
 * folder, with a '/' behind, or to a file.  false: no more, and what is
 * appended means nothing.
 */
bool slab_files_step(const struct machine *m, const char *typed, size_t n, struct strbuf *path);

/* Appends the n-th name of a file that each folder has; false: no more. */
bool slab_files_name(const struct machine *m, size_t n, struct strbuf *name);

#endif
