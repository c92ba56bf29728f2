/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

u64 units_suffix(char c)
{
	switch (c) {
	case 'k':
	case 'K':
		return KIB;
	case 'm':
	case 'M':
		return MIB;
	case 'g':
	case 'G':
		return GIB;
	case 't':
	case 'T':
		return TIB;
	default:
		return 0;
	}
}

bool units_parse(const char *s, u64 *bytes)
{
	char *end;
	u64 value, unit = 1;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	value = strtoull(s, &end, 0);
	if (errno || end == s)
		return false;
	if (*end) {
		unit = units_suffix(*end);
		if (!unit || end[1])
			return false;
	}
	if (value > UINT64_MAX / unit)
		return false;
	*bytes = value * unit;
	return true;
}

const char *units_format(u64 bytes, char out[UNITS_MAX])
{
	static const char suffix[] = "\0KMGT";
	unsigned step = 0;
	u64 unit = 1;

	while (step < 4 && bytes / unit >= 1024) {
		unit *= 1024;
		step++;
	}
	if (bytes % unit == 0)
		snprintf(out, UNITS_MAX, "%" PRIu64 "%.1s", bytes / unit, &suffix[step]);
	else
		snprintf(out, UNITS_MAX, "%" PRIu64 ".%" PRIu64 "%.1s", bytes / unit, bytes % unit * 10 / unit,
			 &suffix[step]);
	return out;
}
