/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel prints about requests for pages, and about memory at boot.  The task is always the
 * same one.  Call traces and line numbers are of no machine and left out.
 */
#ifndef KM_SHELL_KERNEL_LOG_H
#define KM_SHELL_KERNEL_LOG_H

#include "phys/gfp.h"
#include "phys/oom.h"
#include "shell/context.h"

/*
 * Before a request: prints the report of one that may sleep where it must not,
 * and what to use, once in a statement; and the warning of an order that cannot
 * be.
 */
void kernel_log_before(struct context *cx, gfp_t gfp, unsigned order);

/* Before a function that may sleep, in this file of the kernel: prints the report if it must not, and the hint, once in
 * a statement. */
void kernel_log_sleep(struct context *cx, const char *where, const char *hint);

/* Before a function that takes a mutex: prints the report if it may not sleep, and the hint, once in a statement. */
void kernel_log_mutex(struct context *cx, const char *hint);

/*
 * After a request that got nothing: prints the report with the state of memory,
 * unless the mask asks for silence, or the statement had as many reports as the
 * kernel prints in one go.
 */
void kernel_log_failure(struct context *cx, gfp_t gfp, unsigned order);

/*
 * warn_alloc() of 6.1, of a vmalloc() that failed: prints what it says, the mask
 * and the state of memory, as seldom as the kernel.  `context` is a struct context.
 */
void kernel_log_warn_alloc(void *context, const char *what, gfp_t gfp);

/*
 * Before the out-of-memory killer kills, or when it must not: prints its report
 * with the state of memory then.  `context` is a struct context.
 */
void kernel_log_oom(void *context, const struct oom_report *report);

/* After boot: prints why the kernel's option highmem= was ignored, if it was. */
void kernel_log_highmem(struct context *cx);

/* A line that the kernel prints about objects. `context` is a struct context. */
void kernel_log_line(void *context, const char *line);

/* Before a request for an object: prints the report of one that may sleep where it must not, once in a statement. */
void kernel_log_object(struct context *cx, gfp_t gfp);

/* The same for one that a function makes by itself, whose caller cannot say with which mask: the hint is its own. */
void kernel_log_within(struct context *cx, gfp_t gfp, const char *hint);

#endif
