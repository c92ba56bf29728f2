/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /proc/vmallocinfo: a line for each area of kernel addresses in use, then one for each that is lazy (recordings of
 * 6.1, all of them; 2.6.18 has no such file).
 *
 * The kernel names the function that asked for an area, as symbol+offset/size.  Here commands ask: the symbol is
 * command_N, N the number of the command, and both figures are 0, for there is no code.  Where nobody is known, the
 * areas of a state that was loaded, the column is left out, as the kernel does it then.  Addresses are not hashed, as
 * with the kernel's option no_hash_pointers, which the recordings were made with.
 */
#ifndef KM_PROCFS_VMALLOCINFO_H
#define KM_PROCFS_VMALLOCINFO_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Does this machine's kernel have the file, and the model its addresses? */
bool vmallocinfo_exists(const struct machine *m);

/* Appends the file as the machine's kernel prints it. */
void vmallocinfo_print(const struct machine *m, struct strbuf *out);

#endif
