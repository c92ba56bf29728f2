/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

bool status_fail(struct status *st, enum status_code code, const char *format, ...)
{
	va_list ap;

	st->code = code;
	va_start(ap, format);
	vsnprintf(st->message, sizeof st->message, format, ap);
	va_end(ap);
	return false;
}
