/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outcome of something that can fail: a code and a sentence for the user. */
#ifndef KM_BASE_STATUS_H
#define KM_BASE_STATUS_H

#include "base/types.h"

enum status_code {
	STATUS_OK,
	STATUS_SYNTAX, /* what was typed is not in the language */
	STATUS_INVALID, /* well formed, but not possible in this state */
	STATUS_NO_MEMORY, /* the host's memory, or the limit the user set */
	STATUS_IO, /* a file could not be read or written */
	STATUS_FORMAT, /* a file does not say what it should */
	STATUS_UNSUPPORTED, /* not modelled */
};

struct status {
	enum status_code code;
	char message[480]; /* translated, one sentence, no newline at the end */
};

#define STATUS_INIT           \
	{                     \
		STATUS_OK, "" \
	}

/* Sets code and message (printf form); a message too long is cut. Returns false, for `return status_fail(...)`. */
bool status_fail(struct status *st, enum status_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline bool status_ok(const struct status *st)
{
	return st->code == STATUS_OK;
}

#endif
