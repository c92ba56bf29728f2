/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/filter_sort.h"

#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Fields that sort can be asked for; cut knows no number above it, but what is behind it in "7-". */
#define FIELDS_MOST 1000

/* One character that divides fields; 0: blanks do. */
static bool read_divider(const struct filter *f, char letter, char fallback, char *divider)
{
	const char *text = filter_option(f, letter);

	*divider = fallback;
	if (!text)
		return true;
	if (strlen(text) != 1)
		return status_fail(f->st, STATUS_INVALID, _("fields are divided by one character, not \"%s\""), text);
	*divider = *text;
	return true;
}

/* Where field n begins, with the blanks in front of it if blanks divide; the end of the line if there is none. */
static const char *field_start(const char *text, unsigned n, char divider)
{
	for (; n > 1 && *text; n--) {
		if (divider) {
			text += strcspn(text, (char[]){ divider, '\0' });
			text += *text == divider;
		} else {
			text += strspn(text, " \t");
			text += strcspn(text, " \t");
		}
	}
	return text;
}

static const char *field_end(const char *text, unsigned n, char divider)
{
	text = field_start(text, n, divider);
	if (divider)
		return text + strcspn(text, (char[]){ divider, '\0' });
	text += strspn(text, " \t");
	return text + strcspn(text, " \t");
}

/* ----------------------------------------------------------------- sort */

struct key {
	unsigned first, last; /* fields; last 0: up to the end of the line */
	char divider;
	bool numbers, backwards, skips_blanks;
	bool whole, whole_backwards; /* lines whose keys are equal are compared whole, in which direction */
};

/* A line, with the key that it is sorted by. */
struct item {
	const char *text, *start, *end;
	size_t n;
	const struct key *key;
};

/* The digits at *text, which goes behind them all; of too large a number more than FIELDS_MOST. */
static unsigned read_field(const char **text)
{
	unsigned n = 0;

	for (; **text >= '0' && **text <= '9'; ++*text)
		if (n <= FIELDS_MOST)
			n = n * 10 + (unsigned)(**text - '0');
	return n;
}

/* "3", "3,4", "3nr" */
static bool read_key(const struct filter *f, const char *text, struct key *key)
{
	const char *at = text;

	key->first = read_field(&at);
	for (; *at && strchr("nrb", *at); at++) {
		key->numbers |= *at == 'n';
		key->backwards |= *at == 'r';
		key->skips_blanks |= *at == 'b';
	}
	if (*at == ',') {
		at++;
		key->last = read_field(&at);
		if (!key->last)
			key->first = 0;
	}
	for (; *at && strchr("nrb", *at); at++) {
		key->numbers |= *at == 'n';
		key->backwards |= *at == 'r';
	}
	if (!*at && key->first && key->first <= FIELDS_MOST && key->last <= FIELDS_MOST)
		return true;
	return status_fail(f->st, STATUS_INVALID, _("\"%s\" is no field: there are 3, 3,4 and 3n"), text);
}

static void find_key(struct item *item, const struct key *key)
{
	item->start = field_start(item->text, key->first, key->divider);
	item->end = key->last ? field_end(item->text, key->last, key->divider) : item->text + strlen(item->text);
	if (item->end < item->start)
		item->end = item->start;
	if (key->skips_blanks)
		while (item->start < item->end && (*item->start == ' ' || *item->start == '\t'))
			item->start++;
}

/* The number at the beginning of a key: digits with a sign and a point; what is none is 0. */
static double number_of(const struct item *item)
{
	const char *at = item->start + strspn(item->start, " \t");
	double sign = *at == '-' ? -1 : 1, number = 0, place = 1;

	for (at += *at == '-'; at < item->end && *at >= '0' && *at <= '9'; at++)
		number = number * 10 + (*at - '0');
	if (at < item->end && *at == '.')
		for (at++; at < item->end && *at >= '0' && *at <= '9'; at++)
			number += (*at - '0') * (place /= 10);
	return sign * number;
}

static int compare_keys(const struct item *a, const struct item *b)
{
	size_t length_a = (size_t)(a->end - a->start), length_b = (size_t)(b->end - b->start);
	int order;

	if (a->key->numbers) {
		double x = number_of(a), y = number_of(b);

		return x < y ? -1 : x > y;
	}
	order = memcmp(a->start, b->start, length_a < length_b ? length_a : length_b);
	return order ? order : length_a < length_b ? -1 : length_a > length_b;
}

static int compare(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = compare_keys(a, b);

	if (order)
		return a->key->backwards ? -order : order;
	if (a->key->whole)
		order = strcmp(a->text, b->text);
	if (order)
		return a->key->whole_backwards ? -order : order;
	return a->n < b->n ? -1 : a->n > b->n;
}

bool filter_sort(struct filter *f)
{
	const char *field = filter_option(f, 'k');
	struct key key = { .first = 1,
			   .numbers = filter_option(f, 'n'),
			   .backwards = filter_option(f, 'r'),
			   .skips_blanks = filter_option(f, 'b'),
			   .whole = !filter_option(f, 'u'),
			   .whole_backwards = filter_option(f, 'r') };
	size_t lines = filter_lines(f);
	struct item *items;

	if (filter_options(f, 'k') > 1)
		return status_fail(f->st, STATUS_INVALID, _("sort goes by one field: give one -k"));
	if (!read_divider(f, 't', 0, &key.divider) || (field && !read_key(f, field, &key)))
		return false;
	items = malloc((lines + 1) * sizeof *items);
	if (!items)
		return status_fail(f->st, STATUS_NO_MEMORY, _("out of memory"));
	for (size_t n = 0; n < lines; n++) {
		items[n] = (struct item){ .text = filter_text(f, n), .n = n, .key = &key };
		find_key(&items[n], &key);
	}
	qsort(items, lines, sizeof *items, compare);
	for (size_t n = 0; n < lines; n++)
		if (key.whole || !n || compare_keys(&items[n - 1], &items[n]))
			filter_put(f, items[n].n);
	free(items);
	return true;
}

/* ------------------------------------------------------------------ cut */

/* "1,3-5,7-": is n among them? */
static bool is_listed(const char *list, unsigned n)
{
	while (*list) {
		unsigned from = read_field(&list), to = from;

		if (*list == '-') {
			list++;
			from = from ? from : 1;
			to = *list >= '0' && *list <= '9' ? read_field(&list) : UINT_MAX;
		}
		if (n >= from && n <= to)
			return true;
		list += *list == ',';
	}
	return false;
}

/* "3", "3-5", "3-", "-5"; *text goes behind it. Fields count from 1. */
static bool check_part(const char **text)
{
	const char *start = *text;
	unsigned from = read_field(text), to = from;
	bool open = *text == start;

	if (**text == '-') {
		const char *second = ++*text;

		to = read_field(text);
		if (open && *text == second)
			return false;
		from = open ? 1 : from;
		to = *text == second ? from : to;
	}
	return from && from <= to && to <= FIELDS_MOST;
}

static bool check_list(const struct filter *f, const char *list)
{
	const char *at = list;
	bool ok = check_part(&at);

	while (ok && *at == ',') {
		at++;
		ok = check_part(&at);
	}
	return (ok && !*at) || status_fail(f->st, STATUS_INVALID,
					   _("\"%s\" is no list of numbers from 1 to %d, as 1,3-5"), list, FIELDS_MOST);
}

static void cut_columns(const struct filter *f, const char *list)
{
	for (size_t n = 0; n < filter_lines(f); n++) {
		const char *text = filter_text(f, n);

		for (unsigned i = 0; text[i]; i++)
			if (is_listed(list, i + 1))
				strbuf_putc(f->out, text[i]);
		strbuf_putc(f->out, '\n');
	}
}

/* A line without a divider is whole. */
static void cut_fields(const struct filter *f, const char *list, char divider)
{
	for (size_t n = 0; n < filter_lines(f); n++) {
		const char *text = filter_text(f, n), *end;
		bool any = false;

		if (!strchr(text, divider)) {
			filter_put(f, n);
			continue;
		}
		for (unsigned i = 1; text; i++) {
			end = text + strcspn(text, (char[]){ divider, '\0' });
			if (is_listed(list, i)) {
				strbuf_printf(f->out, "%s%.*s", any ? (char[]){ divider, '\0' } : "", (int)(end - text),
					      text);
				any = true;
			}
			text = *end ? end + 1 : NULL;
		}
		strbuf_putc(f->out, '\n');
	}
}

bool filter_cut(struct filter *f)
{
	const char *fields = filter_option(f, 'f'), *columns = filter_option(f, 'c');
	char divider;

	if (!fields == !columns)
		return status_fail(f->st, STATUS_INVALID, _("cut takes either -f or -c, with a list as 1,3-5"));
	if (!check_list(f, fields ? fields : columns) || !read_divider(f, 'd', '\t', &divider))
		return false;
	if (fields)
		cut_fields(f, fields, divider);
	else
		cut_columns(f, columns);
	return true;
}
