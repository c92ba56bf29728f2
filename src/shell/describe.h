/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A value, and what is known of what it points at. */
#ifndef KM_SHELL_DESCRIBE_H
#define KM_SHELL_DESCRIBE_H

#include "base/strbuf.h"
#include "session/session.h"

/* Appends the value; strings without quotes. */
void describe_plain(const struct value *v, struct strbuf *out);

/* Appends the value; of a long vector the first items, and how many there are. */
void describe_brief(const struct value *v, struct strbuf *out);

/* Appends the value with more about it: of a page its block, zone and owner; of a number its hexadecimal form. */
void describe_value(const struct session *s, const struct value *v, struct strbuf *out);

/* The page that a value points at; PFN_NONE: none. */
pfn_t describe_page(const struct session *s, const struct value *v);

#endif
