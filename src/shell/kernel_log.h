/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel prints about requests for pages.  The task is always the
 * same one.  Call traces and line numbers are of no machine and left out.
 */
#ifndef KM_SHELL_KERNEL_LOG_H
#define KM_SHELL_KERNEL_LOG_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Before a request: appends the report of one that may sleep where it must not, and what to use; or nothing. */
void kernel_log_before(const struct machine *m, gfp_t gfp, unsigned order, struct strbuf *out);

/* After a request that got nothing: appends the report, or nothing if the mask asks for silence. */
void kernel_log_failure(const struct machine *m, gfp_t gfp, unsigned order, struct strbuf *out);

#endif
