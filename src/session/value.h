/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values of the command language, and the variables that hold them.
 *
 * Strings, vectors and tables of variables are shared and counted; a vector or
 * table that is written while shared is copied first.  So a copy costs one
 * increment, and a session can keep the variables of every moment.
 */
#ifndef KM_SESSION_VALUE_H
#define KM_SESSION_VALUE_H

#include "base/strbuf.h"
#include "base/types.h"

enum value_type {
	VALUE_NONE, /* a command that returns nothing */
	VALUE_INT,
	VALUE_GFP, /* a number that is a gfp mask */
	VALUE_PAGE, /* struct page *: a page frame number; PFN_NONE is NULL */
	VALUE_ADDR, /* a kernel address; 0 is NULL */
	VALUE_STRING,
	VALUE_VECTOR, /* of anything but vectors */
};

/* Items that a vector can have; a limit, so that a vector that doubles in a loop ends in a message. */
#define VALUE_VECTOR_MAX ((size_t)1 << 22)

/* Bytes of a string that is joined of others: a loop may double it, and shall not take up the host's memory. */
#define VALUE_STRING_MAX ((size_t)1 << 20)

struct value_string; /* shared, counted */
struct value_vector; /* shared, counted, copied when written while shared */

struct value {
	enum value_type type;
	union {
		s64 number; /* INT GFP PAGE; ADDR as its bits */
		struct value_string *string;
		struct value_vector *vector;
	};
};

#define VALUE_NOTHING ((struct value){ .type = VALUE_NONE, .number = 0 })

struct value value_int(s64 n);
struct value value_gfp(u64 mask);
struct value value_page(pfn_t pfn);
struct value value_addr(u64 address);
struct value value_bool(bool b); /* the integers 1 and 0, as in C */

/* Copies the bytes, which may hold NULs. type VALUE_NONE: out of memory. */
struct value value_string(const char *bytes, size_t length);
struct value value_vector(void); /* empty; type VALUE_NONE: out of memory */

/* Another reference to the same; to be freed too. */
struct value value_copy(struct value v);

/* Gives the reference back and makes *v VALUE_NONE. */
void value_free(struct value *v);

/* Is it NULL: a page or an address that is none? */
bool value_is_null(const struct value *v);

const char *value_text(const struct value *v); /* of a string, NUL terminated; "" for anything else */
size_t value_length(const struct value *v); /* bytes of a string; 0 for anything else */
size_t value_count(const struct value *v); /* of a vector; 1 for anything else but NONE, which is 0 */

/* Item n of a vector, or the value itself for n = 0: borrowed, not to be freed. VALUE_NONE behind the last. */
struct value value_at(const struct value *v, size_t n);

/*
 * Appends to a vector (takes `item` over, also on failure); makes a copy first
 * if it is shared.  A vector's items are appended one by one.  false: out of
 * memory, above VALUE_VECTOR_MAX, or `vector` is none; it is then unchanged.
 */
bool value_append(struct value *vector, struct value item);

/*
 * Puts `item` (which it takes over, also on failure) in the place of item n of
 * a vector, which it makes longer with zeroes if that is behind its end; makes
 * a copy first if it is shared.  false: as of value_append().
 */
bool value_put(struct value *vector, size_t n, struct value item);

/*
 * Equal type class and content; numbers of all types compare as numbers, but
 * that NULL equals NULL only, so page frame 0 is not NULL.
 */
bool value_equal(const struct value *a, const struct value *b);

/*
 * As the prompt shows it: 42, 0xd0 for a mask, "pfn 0x12348" for a page,
 * 0xc0012000 for an address, NULL, "text" in quotes, [a, b, ... 100 items].
 */
void value_format(const struct value *v, struct strbuf *out);

/* Variables, by name, in the order they were made. All zero: no variables. */
struct vars {
	struct var_table *table;
};

const struct value *vars_get(const struct vars *vars, const char *name); /* NULL: not set; it may be declared */

/* The variable, to be changed in place; NULL: not set, or out of memory. Valid until the next vars_ call. */
struct value *vars_edit(struct vars *vars, const char *name);

/* Takes `v` over, also on failure. false: out of memory; nothing is changed. */
bool vars_set(struct vars *vars, const char *name, struct value v);

/* Notes the C type that a variable is declared as; it keeps its value, or has none. false: out of memory. */
bool vars_declare(struct vars *vars, const char *name, const char *type);

/* The type it was declared as; NULL: it was not. Valid until the next vars_ call that changes it. */
const char *vars_type(const struct vars *vars, const char *name);

/* Makes `to`, which is overwritten and not freed, the same as `from`. Shares, so it cannot fail. */
void vars_copy(struct vars *to, const struct vars *from);

/* Bytes of host memory that only `before` keeps and `now`, which came of it, does not share with it any more. */
size_t vars_bytes_kept(const struct vars *before, const struct vars *now);

size_t vars_count(const struct vars *vars); /* with those that are only declared */
const char *vars_name(const struct vars *vars, size_t n); /* NULL behind the last */
void vars_free(struct vars *vars);

#endif
