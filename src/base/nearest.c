/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

/* Longer words are compared by this much of their beginning. */
#define LENGTH_MAX 63

/* Edits by which a word may differ that is not very long, such as the path of a file. */
#define EDITS_MAX 3

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned nearest_distance(const char *a, const char *b)
{
	size_t la = strnlen(a, LENGTH_MAX), lb = strnlen(b, LENGTH_MAX);
	unsigned row[3][LENGTH_MAX + 1];

	for (size_t j = 0; j <= lb; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			now[j] = least(least(before[j], now[j - 1]) + 1, before[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], two_before[j - 2] + 1);
		}
	}
	return row[la % 3][lb];
}

/*
 * The most edits that are taken for a mistake.  Most mistakes leave the first
 * letter as it is; with another one in front a word was mostly not meant.
 */
static unsigned most_edits(const char *word, const char *candidate, size_t length)
{
	if (!same(word[0], candidate[0]) || length < 5)
		return 1;
	if (length > 6 * EDITS_MAX)
		return (unsigned)length / 6;
	return least((unsigned)length / 3 + 1, EDITS_MAX);
}

void nearest_try(struct nearest *n, const char *candidate)
{
	unsigned distance = nearest_distance(n->word, candidate);
	size_t length = strlen(n->word);

	/* What was begun and not finished is near, too. */
	if (length >= 2 && strncasecmp(n->word, candidate, length) == 0)
		distance = 1;
	/* A word of which every letter would have to change was not meant. */
	if (distance > most_edits(n->word, candidate, length) || distance >= length)
		return;
	if (!n->best || distance < n->distance) {
		n->best = candidate;
		n->distance = distance;
	}
}
