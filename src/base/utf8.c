/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <wchar.h>

struct range {
	u32 first, last;
};

/* Ascending.  Marks that combine, and characters without a width of their own. */
static const struct range combining[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },   { 0x064b, 0x065f },
	{ 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },   { 0x200b, 0x200f },
	{ 0x202a, 0x202e }, { 0x2060, 0x2064 }, { 0x20d0, 0x20ff }, { 0x302a, 0x302d },   { 0x3099, 0x309a },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef },
};

/* Ascending.  What takes two columns: East Asian scripts and pictures. */
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x23e9, 0x23ec },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
	{ 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },   { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x16fe0, 0x18aff },
	{ 0x1b000, 0x1b2ff }, { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

u32 utf8_decode(const char *s, const char *end, size_t *length)
{
	static const u32 least[] = { 0, 0x80, 0x800, 0x10000 };
	const u8 *b = (const u8 *)s;
	size_t more;
	u32 c;

	*length = 1;
	if (b[0] < 0x80)
		return b[0];
	if (b[0] >= 0xc2 && b[0] < 0xe0)
		more = 1;
	else if (b[0] >= 0xe0 && b[0] < 0xf0)
		more = 2;
	else if (b[0] >= 0xf0 && b[0] < 0xf5)
		more = 3;
	else
		return UTF8_BAD;
	if ((size_t)(end - s) <= more)
		return UTF8_BAD;
	c = b[0] & (0x3fu >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return UTF8_BAD;
		c = c << 6 | (b[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return UTF8_BAD;
	*length = more + 1;
	return c;
}

static bool in_ranges(const struct range *r, size_t count, u32 c)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (c > r[middle].last)
			low = middle + 1;
		else if (c < r[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

int utf8_columns(u32 c)
{
	int columns;

	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return -1;
	if (c < 0x7f)
		return 1;
	columns = wcwidth((wchar_t)c);
	if (columns >= 0)
		return columns;
	if (in_ranges(combining, ARRAY_SIZE(combining), c))
		return 0;
	return in_ranges(wide, ARRAY_SIZE(wide), c) ? 2 : 1;
}
