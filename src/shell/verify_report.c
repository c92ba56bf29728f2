/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/verify_report.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Longer lines of a recording are cut when they are shown. */
#define SHOWN 200

/* Exit statuses. */
enum {
	ALL_EXACT,
	NOT_EXACT,
	UNREADABLE,
};

/* How many files ended how. */
struct tally {
	int files[VERIFY_NOT_MODELLED + 1], unreadable;
};

/* Columns and seconds of the line that tells how far it is. */
#define WIDTH 78
#define INTERVAL 0.1

/* How far it is, for a terminal. */
struct progress {
	bool shown; /* standard error is a terminal */
	double next; /* when to tell again, in seconds from the start */
	int files, done;
	u64 before; /* operations of the files that are done */
	struct timespec start;
};

static void put_cut(struct strbuf *out, const char *label, const struct strbuf *text)
{
	const char *s = strbuf_str(text);

	if (text->length == 0)
		return;
	strbuf_printf(out, "  %s%.*s%s\n", label, SHOWN, s, text->length > SHOWN ? " ..." : "");
}

/* Each line of `text` behind `indent`. */
static void put_lines(struct strbuf *out, const char *indent, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		strbuf_puts(out, indent);
		strbuf_add(out, text, length);
		strbuf_putc(out, '\n');
		text += length + (text[length] == '\n');
	}
}

static void put_headline(const char *path, const struct verify_result *result, struct strbuf *out)
{
	unsigned long long operations = result->operations;
	/* Operations are numbered through the file; those that can be compared begin behind the first snapshot. */
	unsigned long long nth = result->operation - result->before;

	switch (result->outcome) {
	case VERIFY_EXACT:
		if (operations)
			strbuf_printf(out,
				      text_of_n("%s: exact: %llu of %llu operation",
						"%s: exact: %llu of %llu operations", operations),
				      path, (unsigned long long)result->exact, operations);
		else
			strbuf_printf(out, _("%s: exact: a state and no operations"), path);
		break;
	case VERIFY_NOT_MODELLED:
		strbuf_printf(out, _("%s: not modelled yet: %s (operation %llu of %llu); exact until there"), path,
			      strbuf_str(&result->name), nth, operations);
		break;
	case VERIFY_DIFFERS:
		if (result->name.length && result->operation <= result->before)
			strbuf_printf(out, _("%s:%llu: differs at operation %llu"), path,
				      (unsigned long long)result->line, (unsigned long long)result->operation);
		else if (result->name.length)
			strbuf_printf(out, _("%s:%llu: differs at operation %llu of %llu"), path,
				      (unsigned long long)result->line, nth, operations);
		else
			strbuf_printf(out, _("%s:%llu: differs at a snapshot, after operation %llu of %llu"), path,
				      (unsigned long long)result->line, nth, operations);
		break;
	}
	if (result->before)
		strbuf_printf(out, _(", %llu before the first snapshot"), (unsigned long long)result->before);
	if (result->drifts)
		strbuf_printf(out, text_of_n(", %llu drift line", ", %llu drift lines", result->drifts),
			      (unsigned long long)result->drifts);
	strbuf_putc(out, '\n');
}

void verify_report_format(const char *path, const struct verify_result *result, bool verbose, struct strbuf *out)
{
	put_headline(path, result, out);
	if (result->outcome == VERIFY_DIFFERS) {
		put_cut(out, result->name.length ? _("operation: ") : _("snapshot:  "), &result->text);
		put_cut(out, _("line:      "), &result->line_text);
		put_cut(out, _("expected:  "), &result->expected);
		put_cut(out, _("got:       "), &result->got);
		if (result->events.length)
			strbuf_printf(out, "  %s\n", _("what the model did:"));
		put_lines(out, "    ", strbuf_str(&result->events));
	}
	if (verbose)
		put_lines(out, _("  something else changed the state, line "), strbuf_str(&result->drift));
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void tell(void *context, u64 operations)
{
	struct progress *p = context;
	u64 done = p->before + operations;
	char line[WIDTH + 1];
	double seconds;

	if (!p->shown)
		return;
	seconds = seconds_since(&p->start);
	if (seconds < p->next)
		return;
	p->next = seconds + INTERVAL;
	snprintf(line, sizeof(line), _("files: %d of %d, operations: %llu, %.0f a second"), p->done, p->files,
		 (unsigned long long)done, (double)done / seconds);
	fprintf(stderr, "\r%-*s", WIDTH, line);
}

static void hide(const struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%*s\r", WIDTH, "");
}

/* "3 exact, 1 stops at an operation that is not modelled, 0 differ" */
static void put_tally(const struct tally *t)
{
	int exact = t->files[VERIFY_EXACT], stop = t->files[VERIFY_NOT_MODELLED], differ = t->files[VERIFY_DIFFERS];

	printf(text_of_n("%d exact, ", "%d exact, ", (unsigned long)exact), exact);
	printf(text_of_n("%d stops at an operation that is not modelled, ",
			 "%d stop at an operation that is not modelled, ", (unsigned long)stop),
	       stop);
	printf(text_of_n("%d differs", "%d differ", (unsigned long)differ), differ);
	if (t->unreadable)
		printf(text_of_n(", %d cannot be read", ", %d cannot be read", (unsigned long)t->unreadable),
		       t->unreadable);
	putchar('\n');
}

/* Checks one file. */
static int check(const char *path, bool verbose, struct progress *p, struct tally *tally)
{
	struct verify_progress progress = { tell, p };
	struct strbuf text = STRBUF_INIT;
	struct status st = STATUS_INIT;
	struct verify_result result;
	int outcome;

	tell(p, 0);
	if (verify_file(path, &progress, &result, &st)) {
		outcome = result.outcome == VERIFY_EXACT ? ALL_EXACT : NOT_EXACT;
		tally->files[result.outcome]++;
		verify_report_format(path, &result, verbose, &text);
		hide(p);
		fputs(strbuf_str(&text), stdout);
		fflush(stdout);
	} else {
		outcome = UNREADABLE;
		tally->unreadable++;
		hide(p);
		fprintf(stderr, "%s\n", st.message);
	}
	p->before += result.exact;
	p->done++;
	verify_result_free(&result);
	strbuf_free(&text);
	return outcome;
}

int verify_report_main(int count, char **paths, bool verbose)
{
	struct progress p = { .shown = isatty(STDERR_FILENO), .next = INTERVAL, .files = count };
	struct tally tally = { 0 };
	int worst = ALL_EXACT;

	clock_gettime(CLOCK_MONOTONIC, &p.start);
	for (int i = 0; i < count; i++) {
		int outcome = check(paths[i], verbose, &p, &tally);

		if (outcome > worst)
			worst = outcome;
	}
	if (count > 1)
		put_tally(&tally);
	/* What was printed must have arrived, or the status is not to be trusted. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "%s\n", _("the results cannot be written"));
		return UNREADABLE;
	}
	return worst;
}
