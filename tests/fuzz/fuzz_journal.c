/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Journals of random commands are read back as they were written; journals
 * that were damaged are read without harm.  Prints its seed; takes SEED= and
 * ROUNDS= from the environment.
 */
#include "base/rng.h"
#include "session/journal.h"
#include "tests/temp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[TEMP_PATH];
static struct rng rng;
static unsigned long failures;

static void fail(const char *what, const char *text)
{
	failures++;
	printf("%s\n%s\n----\n", what, text);
}

static bool write_file(const char *bytes, size_t length)
{
	FILE *f = fopen(path, "w");
	bool ok = f && fwrite(bytes, 1, length, f) == length;

	return (f && fclose(f) == 0) && ok;
}

/* Text of a command, of pieces that mean something in a journal. */
static void random_command(struct strbuf *out)
{
	static const char *const pieces[] = { "a",     "p = alloc_pages 3",
					      "#",     "#= 0123456789abcdef",
					      "# end", "goto 3",
					      "\n",    "\n\t",
					      "\t",    " ",
					      "//",    "{",
					      "}",     "\"",
					      ";",     "# kmemlab session 1",
					      "\n#",   "\xc3\xa9" };

	for (u64 n = 1 + rng_below(&rng, 8); n; n--)
		strbuf_puts(out, pieces[rng_below(&rng, ARRAY_SIZE(pieces))]);
}

static void put_all(struct strbuf *out, const struct journal_file *f)
{
	for (size_t i = 0; i < f->count; i++)
		journal_put_command(out, f->entries[i].text);
}

/* What is read, written again and read again must be the same. */
static void test_round_trip(void)
{
	static const struct machine_desc desc = { .source = "textbook-1M", .settings = "mem=16K\n" };
	struct strbuf first = STRBUF_INIT, second = STRBUF_INIT, command = STRBUF_INIT;
	struct journal_file f, g;
	struct status st = STATUS_INIT;

	journal_put_header(&first, &desc, 1);
	journal_put_header(&second, &desc, 1);
	for (u64 n = rng_below(&rng, 5); n; n--) {
		strbuf_clear(&command);
		strbuf_puts(&command, "x");
		random_command(&command);
		journal_put_command(&first, strbuf_str(&command));
	}
	if (!write_file(first.text, first.length) || !journal_read(&f, path, &st)) {
		fail("a journal is not read", strbuf_str(&first));
		return;
	}
	put_all(&second, &f);
	if (strcmp(strbuf_str(&first), strbuf_str(&second)) != 0)
		fail("a journal is read as another one", strbuf_str(&first));
	if (!write_file(second.text, second.length) || !journal_read(&g, path, &st)) {
		fail("a journal is not read again", strbuf_str(&second));
		return;
	}
	if (f.count != g.count || f.torn || g.torn)
		fail("a journal has not the same commands", strbuf_str(&second));
	journal_file_free(&f);
	journal_file_free(&g);
	strbuf_free(&first);
	strbuf_free(&second);
	strbuf_free(&command);
}

static void test_damage(void)
{
	struct strbuf text = STRBUF_INIT;
	struct journal_file f;
	struct status st = STATUS_INIT;

	strbuf_puts(&text, "# kmemlab session 1\n# machine textbook-1M\n# set mem=1M\n# seed 7\n");
	for (u64 n = rng_below(&rng, 6); n; n--) {
		random_command(&text);
		strbuf_putc(&text, '\n');
	}
	for (u64 n = rng_below(&rng, 6); n && text.length; n--)
		text.text[rng_below(&rng, text.length)] = (char)rng_below(&rng, 256);
	if (!write_file(text.text, rng_below(&rng, text.length + 1)))
		fail("cannot write", path);
	if (!journal_read(&f, path, &st) && (status_ok(&st) || !st.message[0]))
		fail("refused without a reason", strbuf_str(&text));
	if (f.whole > text.length)
		fail("more was whole than there is", strbuf_str(&text));
	journal_file_free(&f);
	strbuf_free(&text);
}

int main(void)
{
	const char *seed = getenv("SEED"), *rounds = getenv("ROUNDS");
	unsigned long n = rounds ? strtoul(rounds, NULL, 0) : 3000;
	int fd = mkstemp(temp_name(path, "fuzz"));

	if (fd < 0) {
		perror(path);
		return EXIT_FAILURE;
	}
	close(fd);
	rng.state = seed ? strtoull(seed, NULL, 0) : 1;
	printf("SEED=%" PRIu64 " ROUNDS=%lu\n", rng.state, n);
	while (n--) {
		test_round_trip();
		test_damage();
	}
	unlink(path);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
