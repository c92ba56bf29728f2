/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `kmemlab verify`: checks files one after the other and says what came out. */
#ifndef KM_SHELL_VERIFY_REPORT_H
#define KM_SHELL_VERIFY_REPORT_H

#include "base/strbuf.h"
#include "session/verify.h"

/*
 * Appends what came out for one file: a line, `FILE: exact: N of N operations`,
 * or where it ended, what was expected, what came, and why.  The line counts
 * the drift; `verbose`: each of it follows.
 */
void verify_report_format(const char *path, const struct verify_result *result, bool verbose, struct strbuf *out);

/*
 * Checks `count` files, prints the results to standard output and errors to
 * standard error, where a terminal also sees how far it is.  Returns the exit
 * status: 0 all exact, 1 a difference or something not modelled, 2 a file that
 * cannot be read.
 */
int verify_report_main(int count, char **paths, bool verbose);

#endif
