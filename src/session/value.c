/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/value.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Items of a vector that are printed before the rest is only counted. */
#define FORMAT_ITEMS 16

struct value_string {
	size_t refs;
	size_t length;
	char text[]; /* with a NUL behind it */
};

struct value_vector {
	size_t refs;
	size_t count, capacity;
	struct value *items;
};

struct var {
	struct value name; /* a string */
	struct value value; /* VALUE_NONE: it is declared, and nothing was assigned */
	struct value type; /* a string; VALUE_NONE: it is not declared */
};

struct var_table {
	size_t refs;
	size_t count, capacity;
	struct var items[];
};

static struct value value_number(enum value_type type, s64 n)
{
	return (struct value){ .type = type, .number = n };
}

struct value value_int(s64 n)
{
	return value_number(VALUE_INT, n);
}

struct value value_gfp(u64 mask)
{
	return value_number(VALUE_GFP, (s64)mask);
}

struct value value_page(pfn_t pfn)
{
	return value_number(VALUE_PAGE, pfn);
}

struct value value_addr(u64 address)
{
	return value_number(VALUE_ADDR, (s64)address);
}

struct value value_bool(bool b)
{
	return value_number(VALUE_INT, b);
}

struct value value_string(const char *bytes, size_t length)
{
	struct value_string *s = malloc(sizeof *s + length + 1);

	if (!s)
		return VALUE_NOTHING;
	s->refs = 1;
	s->length = length;
	if (length)
		memcpy(s->text, bytes, length);
	s->text[length] = '\0';
	return (struct value){ .type = VALUE_STRING, .string = s };
}

struct value value_vector(void)
{
	struct value_vector *vec = calloc(1, sizeof *vec);

	if (!vec)
		return VALUE_NOTHING;
	vec->refs = 1;
	return (struct value){ .type = VALUE_VECTOR, .vector = vec };
}

struct value value_copy(struct value v)
{
	if (v.type == VALUE_STRING)
		v.string->refs++;
	else if (v.type == VALUE_VECTOR)
		v.vector->refs++;
	return v;
}

static void vector_release(struct value_vector *vec)
{
	if (--vec->refs)
		return;
	for (size_t i = 0; i < vec->count; i++)
		value_free(&vec->items[i]);
	free(vec->items);
	free(vec);
}

void value_free(struct value *v)
{
	if (v->type == VALUE_STRING && --v->string->refs == 0)
		free(v->string);
	else if (v->type == VALUE_VECTOR)
		vector_release(v->vector);
	*v = VALUE_NOTHING;
}

bool value_is_null(const struct value *v)
{
	return (v->type == VALUE_PAGE && v->number == PFN_NONE) || (v->type == VALUE_ADDR && v->number == 0);
}

const char *value_text(const struct value *v)
{
	return v->type == VALUE_STRING ? v->string->text : "";
}

size_t value_length(const struct value *v)
{
	return v->type == VALUE_STRING ? v->string->length : 0;
}

size_t value_count(const struct value *v)
{
	if (v->type == VALUE_VECTOR)
		return v->vector->count;
	return v->type != VALUE_NONE;
}

struct value value_at(const struct value *v, size_t n)
{
	if (n >= value_count(v))
		return VALUE_NOTHING;
	return v->type == VALUE_VECTOR ? v->vector->items[n] : *v;
}

/* Makes room for `more` items. */
static bool vector_reserve(struct value_vector *vec, size_t more)
{
	size_t capacity = vec->capacity ? vec->capacity : 8;
	struct value *items;

	if (more > VALUE_VECTOR_MAX - vec->count)
		return false;
	while (capacity < vec->count + more)
		capacity *= 2;
	if (capacity == vec->capacity)
		return true;
	items = realloc(vec->items, capacity * sizeof *items);
	if (!items)
		return false;
	vec->items = items;
	vec->capacity = capacity;
	return true;
}

/* Makes the vector one that nobody else sees, with room for `more` items. */
static bool vector_own(struct value *v, size_t more)
{
	struct value copy;
	const struct value_vector *from = v->vector;

	if (from->refs == 1)
		return vector_reserve(v->vector, more);
	copy = value_vector();
	if (copy.type == VALUE_NONE)
		return false;
	if (more > VALUE_VECTOR_MAX - from->count || !vector_reserve(copy.vector, from->count + more)) {
		value_free(&copy);
		return false;
	}
	for (size_t i = 0; i < from->count; i++)
		copy.vector->items[i] = value_copy(from->items[i]);
	copy.vector->count = from->count;
	value_free(v);
	*v = copy;
	return true;
}

bool value_append(struct value *vector, struct value item)
{
	size_t count = value_count(&item);
	bool done = vector->type == VALUE_VECTOR && vector_own(vector, count);

	if (done) {
		struct value_vector *vec = vector->vector;

		for (size_t i = 0; i < count; i++)
			vec->items[vec->count++] = value_copy(value_at(&item, i));
	}
	value_free(&item);
	return done;
}

bool value_put(struct value *vector, size_t n, struct value item)
{
	size_t count = value_count(vector), more = n < count ? 0 : n + 1 - count;
	bool done = vector->type == VALUE_VECTOR && n < VALUE_VECTOR_MAX && item.type != VALUE_VECTOR &&
		    vector_own(vector, more);

	if (!done) {
		value_free(&item);
		return false;
	}
	while (vector->vector->count <= n)
		vector->vector->items[vector->vector->count++] = value_int(0);
	value_free(&vector->vector->items[n]);
	vector->vector->items[n] = item;
	return true;
}

static bool vector_equal(const struct value_vector *a, const struct value_vector *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!value_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

static bool value_is_number(const struct value *v)
{
	return v->type == VALUE_INT || v->type == VALUE_GFP || v->type == VALUE_PAGE || v->type == VALUE_ADDR;
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (value_is_number(a) && value_is_number(b)) {
		bool pointers = a->type != VALUE_INT && b->type != VALUE_INT;

		if (pointers && (value_is_null(a) || value_is_null(b)))
			return value_is_null(a) && value_is_null(b);
		return a->number == b->number;
	}
	if (a->type != b->type)
		return false;
	if (a->type == VALUE_STRING)
		return a->string->length == b->string->length &&
		       memcmp(a->string->text, b->string->text, a->string->length) == 0;
	if (a->type == VALUE_VECTOR)
		return vector_equal(a->vector, b->vector);
	return true;
}

static void string_format(const struct value_string *s, struct strbuf *out)
{
	strbuf_putc(out, '"');
	for (size_t i = 0; i < s->length; i++) {
		unsigned char c = (unsigned char)s->text[i];

		if (c == '"' || c == '\\')
			strbuf_printf(out, "\\%c", c);
		else if (c == '\n')
			strbuf_puts(out, "\\n");
		else if (c == '\t')
			strbuf_puts(out, "\\t");
		else if (c < ' ' || c == 0x7f)
			strbuf_printf(out, "\\%03o", c);
		else
			strbuf_putc(out, (char)c);
	}
	strbuf_putc(out, '"');
}

static void vector_format(const struct value_vector *vec, struct strbuf *out)
{
	size_t shown = vec->count > FORMAT_ITEMS ? FORMAT_ITEMS : vec->count;

	strbuf_putc(out, '[');
	for (size_t i = 0; i < shown; i++) {
		if (i)
			strbuf_puts(out, ", ");
		value_format(&vec->items[i], out);
	}
	if (shown < vec->count)
		strbuf_printf(out, _(", ... %zu items"), vec->count);
	strbuf_putc(out, ']');
}

void value_format(const struct value *v, struct strbuf *out)
{
	if (value_is_null(v)) {
		strbuf_puts(out, "NULL");
		return;
	}
	switch (v->type) {
	case VALUE_NONE:
		break;
	case VALUE_INT:
		strbuf_printf(out, "%" PRId64, v->number);
		break;
	case VALUE_PAGE:
		strbuf_printf(out, "pfn 0x%" PRIx64, (u64)v->number);
		break;
	case VALUE_GFP:
	case VALUE_ADDR:
		strbuf_printf(out, "0x%" PRIx64, (u64)v->number);
		break;
	case VALUE_STRING:
		string_format(v->string, out);
		break;
	case VALUE_VECTOR:
		vector_format(v->vector, out);
		break;
	}
}

static struct var *vars_find(const struct vars *vars, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < vars_count(vars); i++) {
		struct var *var = &vars->table->items[i];

		if (value_length(&var->name) == length && memcmp(value_text(&var->name), name, length) == 0)
			return var;
	}
	return NULL;
}

const struct value *vars_get(const struct vars *vars, const char *name)
{
	const struct var *var = vars_find(vars, name);

	return var && var->value.type != VALUE_NONE ? &var->value : NULL;
}

const char *vars_type(const struct vars *vars, const char *name)
{
	const struct var *var = vars_find(vars, name);

	return var && var->type.type == VALUE_STRING ? value_text(&var->type) : NULL;
}

static void table_release(struct var_table *t)
{
	if (!t || --t->refs)
		return;
	for (size_t i = 0; i < t->count; i++) {
		value_free(&t->items[i].name);
		value_free(&t->items[i].value);
		value_free(&t->items[i].type);
	}
	free(t);
}

/* Makes the table one that nobody else sees, with room for one more. */
static bool vars_own(struct vars *vars)
{
	struct var_table *old = vars->table, *t;
	size_t count = vars_count(vars), capacity = old ? old->capacity : 8;

	if (old && old->refs == 1 && count < capacity)
		return true;
	if (count == capacity)
		capacity *= 2;
	t = malloc(sizeof *t + capacity * sizeof t->items[0]);
	if (!t)
		return false;
	t->refs = 1;
	t->count = count;
	t->capacity = capacity;
	for (size_t i = 0; i < count; i++) {
		t->items[i].name = value_copy(old->items[i].name);
		t->items[i].value = value_copy(old->items[i].value);
		t->items[i].type = value_copy(old->items[i].type);
	}
	table_release(old);
	vars->table = t;
	return true;
}

struct value *vars_edit(struct vars *vars, const char *name)
{
	if (!vars_get(vars, name) || !vars_own(vars))
		return NULL;
	return &vars_find(vars, name)->value;
}

/* The variable of a table that nobody else sees, made if there is none. NULL: out of memory. */
static struct var *vars_make(struct vars *vars, const char *name)
{
	struct var *var;
	struct value key;

	if (!vars_own(vars))
		return NULL;
	var = vars_find(vars, name);
	if (var)
		return var;
	key = value_string(name, strlen(name));
	if (key.type == VALUE_NONE)
		return NULL;
	var = &vars->table->items[vars->table->count++];
	*var = (struct var){ key, VALUE_NOTHING, VALUE_NOTHING };
	return var;
}

bool vars_set(struct vars *vars, const char *name, struct value v)
{
	struct var *var = vars_make(vars, name);

	if (!var) {
		value_free(&v);
		return false;
	}
	value_free(&var->value);
	var->value = v;
	return true;
}

bool vars_declare(struct vars *vars, const char *name, const char *type)
{
	const char *present = vars_type(vars, name);
	struct value text;
	struct var *var;

	if (present && strcmp(present, type) == 0)
		return true;
	text = value_string(type, strlen(type));
	var = text.type == VALUE_STRING ? vars_make(vars, name) : NULL;
	if (!var) {
		value_free(&text);
		return false;
	}
	value_free(&var->type);
	var->type = text;
	return true;
}

void vars_copy(struct vars *to, const struct vars *from)
{
	to->table = from->table;
	if (to->table)
		to->table->refs++;
}

static size_t value_bytes_kept(const struct value *v, struct value now)
{
	size_t bytes = 0;

	if (v->type == VALUE_STRING)
		return now.type == VALUE_STRING && now.string == v->string ? 0 : sizeof *v->string + v->string->length;
	if (v->type != VALUE_VECTOR || (now.type == VALUE_VECTOR && now.vector == v->vector))
		return 0;
	for (size_t i = 0; i < v->vector->count; i++)
		bytes += value_bytes_kept(&v->vector->items[i], value_at(&now, i));
	return bytes + sizeof *v->vector + v->vector->capacity * sizeof *v->vector->items;
}

size_t vars_bytes_kept(const struct vars *before, const struct vars *now)
{
	const struct var_table *t = before->table, *u = now->table;
	size_t bytes;

	if (!t || t == u)
		return 0;
	bytes = sizeof *t + t->capacity * sizeof t->items[0];
	/* Variables keep their places. */
	for (size_t i = 0; i < t->count; i++) {
		const struct var *var = u && i < u->count ? &u->items[i] : NULL;

		bytes += value_bytes_kept(&t->items[i].name, var ? var->name : VALUE_NOTHING);
		bytes += value_bytes_kept(&t->items[i].value, var ? var->value : VALUE_NOTHING);
		bytes += value_bytes_kept(&t->items[i].type, var ? var->type : VALUE_NOTHING);
	}
	return bytes;
}

size_t vars_count(const struct vars *vars)
{
	return vars->table ? vars->table->count : 0;
}

const char *vars_name(const struct vars *vars, size_t n)
{
	return n < vars_count(vars) ? value_text(&vars->table->items[n].name) : NULL;
}

void vars_free(struct vars *vars)
{
	table_release(vars->table);
	vars->table = NULL;
}
