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

/* Appends ": used, zone Normal ...": what a page frame is, and the command that got its block. Any number is allowed.
 */
void describe_frame(const struct session *s, pfn_t pfn, struct strbuf *out);

/*
 * Appends a line for each thing smaller than a page that an address of the
 * direct map stands for: a cache, a pool, an object.  Each begins with '\n'.
 */
void describe_object(const struct session *s, u64 address, struct strbuf *out);

/* The page that a value points at; PFN_NONE: none. */
pfn_t describe_page(const struct session *s, const struct value *v);

#endif
