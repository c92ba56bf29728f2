/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For slabtop.tap, where namespaces are not allowed: loaded in front of the C
 * library, it lets a program read the file that $SLABINFO names where it means
 * to open /proc/slabinfo.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FILE *fopen(const char *path, const char *mode)
{
	FILE *(*next)(const char *, const char *);
	const char *file = getenv("SLABINFO");

	*(void **)&next = dlsym(RTLD_NEXT, "fopen");
	return next(file && strcmp(path, "/proc/slabinfo") == 0 ? file : path, mode);
}
