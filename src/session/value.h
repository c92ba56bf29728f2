/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of the command language, and the variables that hold them. */
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
	VALUE_VECTOR,
};

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
struct value value_bool(bool b);

/* Copies the bytes. type VALUE_NONE: out of memory. */
struct value value_string(const char *bytes, size_t length);
struct value value_vector(void); /* empty */

/* Another reference to the same; to be freed too. */
struct value value_copy(struct value v);
void value_free(struct value *v);

const char *value_text(const struct value *v); /* of a string */
size_t value_count(const struct value *v); /* of a vector; 1 for anything else but NONE, which is 0 */
struct value value_at(const struct value *v, size_t n); /* of a vector: borrowed, not to be freed */

/* Appends to a vector (takes `item` over); makes a copy first if it is shared. false: out of memory. */
bool value_append(struct value *vector, struct value item);

/* Equal type class and content; numbers of all types compare as numbers. */
bool value_equal(const struct value *a, const struct value *b);

/* As the prompt shows it: 0x12348 for a page ("pfn 0x12348"), NULL, "text", [a, b, ... 100 items]. */
void value_format(const struct value *v, struct strbuf *out);

/* Variables, by name, in the order they were made. */
struct vars {
	struct var *items;
	size_t count, capacity;
};

const struct value *vars_get(const struct vars *vars, const char *name); /* NULL: not set */
bool vars_set(struct vars *vars, const char *name, struct value v); /* takes `v` over */
bool vars_copy(struct vars *to, const struct vars *from); /* cheap: values are shared */
const char *vars_name(const struct vars *vars, size_t n); /* NULL behind the last */
void vars_free(struct vars *vars);

#endif
