/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings that are not as they should be.
 *
 * First lines of a recording that tell a result, a change, a hash or the final
 * state are altered in one digit, one line at a time: the difference must be
 * found, at exactly that line.  A change that is left out must be missed.
 * Then recordings are damaged at random: whatever comes out, nothing crashes,
 * and an error names the file.
 *
 * SEED=n repeats a run, RUNS=n sets how many alterations and damaged recordings
 * there are for each.
 */
#include "base/rng.h"
#include "session/verify.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define LINES 20000

static const char *const recordings[] = {
	"i386-2.6.18/zeroed-split.rec.gz",  "i386-2.6.18/smp2-pcp.rec.gz",      "i386-slab/exact-zeroed.rec.gz",
	"x86_64-slub/zone-fallback.rec.gz", "x86_64-slub/buddy-basic.rec.gz",   "i386-2.6.18/slab-walk-512.rec.gz",
	"i386-slab/slab-walk-5000.rec.gz",  "x86_64-slub/kmalloc-sizes.rec.gz",
};

static char *lines[LINES];
static unsigned count;
static char scratch[] = "fuzz_recording.XXXXXX";
static struct rng rng;
static unsigned failures;

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	unlink(scratch);
	exit(1);
}

/* Reads a recording without its texts of /proc. */
static void load(const char *name)
{
	const char *root = getenv("top_srcdir");
	char path[4096], line[65536];
	bool text = false;
	gzFile file;

	snprintf(path, sizeof(path), "%s/data/recordings/%s", root ? root : ".", name);
	file = gzopen(path, "rb");
	must(file != NULL, path);
	for (count = 0; gzgets(file, line, sizeof(line));) {
		text = text || strncmp(line, "TEXT ", 5) == 0;
		if (!text) {
			must(count < LINES, "too many lines");
			lines[count] = strdup(line);
			must(lines[count++] != NULL, "strdup");
		}
		text = text && strcmp(line, "ENDTEXT\n") != 0;
	}
	gzclose_r(file);
}

static void unload(void)
{
	while (count)
		free(lines[--count]);
}

/* Writes the recording without line `left_out` (count: none) and verifies it. */
static bool verify(unsigned left_out, struct verify_result *result, struct status *st)
{
	FILE *file = fopen(scratch, "wb");

	must(file != NULL, scratch);
	for (unsigned n = 0; n < count; n++)
		if (n != left_out)
			fputs(lines[n], file);
	must(fclose(file) == 0, scratch);
	*st = (struct status)STATUS_INIT;
	return verify_file(scratch, NULL, result, st);
}

/* Was the difference, or the error, found at this line (from 1)? */
static bool found_at(unsigned line, bool good, const struct verify_result *result, const struct status *st)
{
	char where[64];

	if (good)
		return result->outcome == VERIFY_DIFFERS && result->line == line;
	snprintf(where, sizeof(where), "%s:%u: ", scratch, line);
	return strncmp(st->message, where, strlen(where)) == 0;
}

static void complain(const char *name, unsigned n, const char *what, bool good, const struct verify_result *result,
		     const struct status *st)
{
	fprintf(stderr, "%s, line %u without texts: %s\n  %s", name, n + 1, what, lines[n]);
	if (good)
		fprintf(stderr, "  outcome %d at line %" PRIu64 "\n", (int)result->outcome, result->line);
	else
		fprintf(stderr, "  %s\n", st->message);
	failures++;
}

static bool begins(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

/* A line on a slab cache that stands in an operation or a snapshot. */
static bool is_of_cache(const char *line)
{
	static const char *const words[] = { "C ", "AC ", "SH ", "CPU ", "NODE ", "SL " };

	for (size_t n = 0; n < sizeof(words) / sizeof(words[0]); n++)
		if (begins(line, words[n]))
			return true;
	return begins(line, "c cache");
}

/* Is every digit of the line compared? */
static bool is_exact(const char *line, bool at_end)
{
	/* Where nobody watches the cache of caches, this address is taken from the recording. */
	if (begins(line, "r cache=") && !strstr(line, "ksize="))
		return false;
	if (begins(line, "r ") || begins(line, "s ") || begins(line, "c ") || begins(line, "x slab") ||
	    is_of_cache(line))
		return !begins(line, "r BUG");
	if (begins(line, "op "))
		return strstr(line, " free") && !strstr(line, " freeall");
	return at_end && (begins(line, "ZONE ") || begins(line, "B ") || begins(line, "F ") || begins(line, "PC ") ||
			  begins(line, "P ") || begins(line, "S "));
}

/* May this digit be altered? Those that say which list or counter is meant could make the line another true one. */
static bool is_value(const char *line, size_t at)
{
	const char *word = line + at;

	if (!isdigit((unsigned char)*word))
		return false;
	if (!begins(line, "c ") && !begins(line, "F ") && !begins(line, "P ") && !begins(line, "PC ") &&
	    !is_of_cache(line))
		return true;
	while (word[-1] != ' ')
		word--;
	/* A value, a change, or a page frame of a list. */
	return strcspn(word, "=>") < strcspn(word, " ") || (strchr(line, ':') && word > strchr(line, ':'));
}

/* A random digit of the line becomes another one. Returns its place; 0: there is none. */
static size_t alter_digit(char *line, char *before)
{
	/* How many bytes of a page are not zero depends on what others wrote into it. */
	char *end = strstr(line, "nonzero_bytes=");
	size_t length = end ? (size_t)(end - line) : strlen(line), digits = 0, at = 0;
	u64 chosen;

	for (size_t i = 2; i < length; i++)
		digits += is_value(line, i);
	if (digits == 0)
		return 0;
	chosen = rng_below(&rng, digits);
	for (at = 2; !is_value(line, at) || chosen--; at++)
		;
	*before = line[at];
	line[at] = (char)('0' + (line[at] - '0' + 1 + (int)rng_below(&rng, 9)) % 10);
	return at;
}

/* Where the operations begin that are compared: behind the first snapshot. */
static unsigned first_line(void)
{
	unsigned n = 0;

	while (!begins(lines[n], "ENDSNAP"))
		n++;
	return n;
}

static void alter_lines(const char *name, unsigned runs)
{
	unsigned step = count / runs + 1, altered = 0;
	struct verify_result result;
	bool at_end = false;
	struct status st;

	for (unsigned n = first_line(); n < count; n++) {
		size_t at;
		char before = 0;
		bool good;

		at_end = at_end || begins(lines[n], "SNAP end");
		if (rng_below(&rng, step))
			continue;
		at = is_exact(lines[n], at_end) ? alter_digit(lines[n], &before) : 0;
		if (at == 0)
			continue;
		good = verify(count, &result, &st);
		if (!found_at(n + 1, good, &result, &st))
			complain(name, n, "an altered digit was not found here", good, &result, &st);
		verify_result_free(&result);
		lines[n][at] = before;
		altered++;
	}
	printf("%s: %u lines altered\n", name, altered);
}

static void leave_out_lines(const char *name, unsigned runs)
{
	unsigned step = count / runs + 1;
	struct verify_result result;
	struct status st;

	for (unsigned n = first_line(); n < count; n++) {
		unsigned end = n;
		bool good;

		if (!begins(lines[n], "c ") || rng_below(&rng, step))
			continue;
		while (!begins(lines[end], "s "))
			end++;
		good = verify(n, &result, &st);
		/* Line `end` counted from 0 is what it is without line n counted from 1. */
		if (!found_at(end, good, &result, &st))
			complain(name, n, "it was left out and not missed", good, &result, &st);
		verify_result_free(&result);
	}
}

/* Numbers that are at the edge of something. */
static const char *const numbers[] = {
	"0",
	"1",
	"4294967295",
	"4294967280",
	"18446744073709551615",
	"99999999999999999999999",
	"-1",
	"ffffffff",
	"7fffffff",
	"ffffffffffffffff",
	"11",
	"1024*4294967295",
	"1~1024",
	"4096/C",
};

/* Puts `text` in the place of bytes from .. to-1 of a line. */
static void replace(unsigned n, size_t from, size_t to, const char *text)
{
	size_t length = strlen(lines[n]), room = length + strlen(text) + 1;
	char *line = malloc(room);

	must(line != NULL, "malloc");
	snprintf(line, room, "%.*s%s%s", (int)from, lines[n], text, lines[n] + to);
	free(lines[n]);
	lines[n] = line;
}

static void damage_number(unsigned n)
{
	size_t from = rng_below(&rng, strlen(lines[n])), to;

	while (lines[n][from] && !isdigit((unsigned char)lines[n][from]))
		from++;
	for (to = from; isdigit((unsigned char)lines[n][to]);)
		to++;
	replace(n, from, to, numbers[rng_below(&rng, sizeof(numbers) / sizeof(numbers[0]))]);
}

static void damage(void)
{
	unsigned n = (unsigned)rng_below(&rng, count), other = (unsigned)rng_below(&rng, count);
	size_t length = strlen(lines[n]), at = length ? rng_below(&rng, length) : 0;
	char *line;

	switch (rng_below(&rng, 7)) {
	case 0:
		if (length)
			lines[n][at] = (char)(1 + rng_below(&rng, 255));
		break;
	case 1:
		replace(n, 0, length, "");
		break;
	case 2:
		replace(n, 0, length, lines[other]);
		break;
	case 3:
		line = lines[n];
		lines[n] = lines[other];
		lines[other] = line;
		break;
	case 4:
		replace(n, at, length, "\n");
		break;
	default:
		if (length)
			damage_number(n);
	}
}

static void damage_many(const char *name, unsigned runs)
{
	struct verify_result result;
	struct status st;
	unsigned refused = 0;

	for (unsigned run = 0; run < runs; run++) {
		unsigned times = 1 + (unsigned)rng_below(&rng, 4);
		bool good;

		load(name);
		while (times--)
			damage();
		good = verify(count, &result, &st);
		refused += !good;
		if (!good && !begins(st.message, scratch) && st.code != STATUS_NO_MEMORY) {
			fprintf(stderr, "%s: this error does not name its file: %s\n", name, st.message);
			failures++;
		}
		verify_result_free(&result);
		unload();
	}
	printf("%s: %u of %u damaged recordings could not be read\n", name, refused, runs);
}

int main(void)
{
	const char *seed = getenv("SEED"), *times = getenv("RUNS");
	unsigned runs = times ? (unsigned)strtoul(times, NULL, 0) : 100;
	int fd = mkstemp(scratch);

	must(fd >= 0, scratch);
	close(fd);
	rng.state = seed ? strtoull(seed, NULL, 0) : 1;
	runs += runs == 0;
	printf("SEED=%" PRIu64 "\n", rng.state);
	for (size_t i = 0; i < sizeof(recordings) / sizeof(recordings[0]); i++) {
		load(recordings[i]);
		alter_lines(recordings[i], runs);
		leave_out_lines(recordings[i], runs);
		unload();
		damage_many(recordings[i], runs);
	}
	unlink(scratch);
	return failures != 0;
}
