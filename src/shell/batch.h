/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Running without a user: transcripts, tests, commands from a pipe.  An error
 * does not end a script: what follows is run, and the exit status tells.
 */
#ifndef KM_SHELL_BATCH_H
#define KM_SHELL_BATCH_H

#include "shell/options.h"

/*
 * Each runs on standard output and returns the exit status: 0; 1 when a
 * command or an expect failed; 2 when a file could not be read, its machine
 * could not be booted, or the output could not be written (told on standard
 * error).  Each file is a session of its own.
 */

/* Prints every statement behind a prompt, then what it prints. */
int batch_run(const struct options *o);

/* Prints a line of TAP for each expect, and one for each file. All invariants are checked after each command. */
int batch_check(const struct options *o);

/* Commands come from standard input; what they print is all that is printed, errors on standard error. */
int batch_pipe(const struct options *o);

#endif
