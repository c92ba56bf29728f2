/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plain prompt in a pseudo-terminal: lines, continuation, completion,
 * Ctrl-C, the end of input, history, and a session that is killed and
 * recovered.  Prints TAP.
 */
#include "tests/temp.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMEOUT 20000 /* ms */

static const char *program, *machine = "textbook-1M";
static char folder[TEMP_PATH];
static unsigned number, failed;

/* The program that runs, and what it printed since the last look. */
static int terminal;
static pid_t child;
static char seen[1 << 16];
static size_t seen_length;
static rlim_t file_limit = RLIM_INFINITY; /* bytes, for the files of the program */

static void check(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void check(bool ok, const char *format, ...)
{
	va_list ap;

	failed += !ok;
	printf("%s %u - ", ok ? "ok" : "not ok", ++number);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
	if (!ok) {
		fputs("# seen: ", stdout);
		for (size_t i = 0; i < seen_length; i++)
			fputs(seen[i] == '\n' ? "\n# seen: " : (char[2]){ seen[i] == '\r' ? ' ' : seen[i], 0 }, stdout);
		putchar('\n');
	}
	fflush(stdout);
}

/* Runs the program as a shell does, and continues it once when it stops. Returns the exit status. */
static int be_its_shell(char *const *argv)
{
	int status = 0;
	pid_t pid = fork();

	signal(SIGTTOU, SIG_IGN);
	if (!pid) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		execv(program, argv);
		return 127;
	}
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		puts("[stopped]");
		fflush(stdout);
		tcsetpgrp(STDIN_FILENO, pid);
		kill(pid, SIGCONT);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

static void start(const char *option, bool shell)
{
	const char *argv[] = { program, "-m", machine, "--plain", option, NULL };

	seen_length = 0;
	seen[0] = '\0';
	child = forkpty(&terminal, NULL, NULL, &(struct winsize){ .ws_row = 24, .ws_col = 80 });
	if (child < 0) {
		perror("forkpty");
		exit(99);
	}
	if (!child) {
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ file_limit, RLIM_INFINITY });
		if (shell)
			_exit(be_its_shell((char *const *)argv));
		execv(program, (char *const *)argv);
		_exit(127);
	}
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Reads what comes within `ms`; false: nothing more will come. */
static bool read_more(long long ms)
{
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	ssize_t n;

	if (poll(&fd, 1, (int)(ms > 0 ? ms : 0)) <= 0)
		return ms > 0;
	n = read(terminal, seen + seen_length, sizeof seen - 1 - seen_length);
	if (n <= 0)
		return false;
	/* NULs are a pause for slow terminals. */
	for (ssize_t i = 0; i < n; i++)
		if (seen[seen_length])
			seen_length++;
		else
			memmove(seen + seen_length, seen + seen_length + 1, (size_t)(n - i - 1));
	seen[seen_length] = '\0';
	return true;
}

/* Waits until `text` was printed, and forgets everything up to it. */
static bool await(const char *text)
{
	long long end = now_ms() + TIMEOUT;
	char *at;

	while (!(at = strstr(seen, text)))
		if (now_ms() > end || !read_more(end - now_ms()))
			return false;
	at += strlen(text);
	seen_length -= (size_t)(at - seen);
	memmove(seen, at, seen_length + 1);
	return true;
}

static void type(const char *text)
{
	if (write(terminal, text, strlen(text)) < 0)
		perror("write");
}

/* Types a line, and waits for the text and then the next prompt. */
static bool ask(const char *line, const char *answer)
{
	type(line);
	type("\r");
	return await("\n") && await(answer) && await("kmemlab> ");
}

/* Waits for the program to end; its status, or 1000 and the signal that ended it. */
static int ended(void)
{
	int status;

	while (read_more(TIMEOUT))
		;
	waitpid(child, &status, 0);
	close(terminal);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static bool same_files(const char *a, const char *b)
{
	char command[2 * TEMP_INSIDE + 16];

	snprintf(command, sizeof command, "cmp -s %s/%s %s/%s", folder, a, folder, b);
	return system(command) == 0;
}

static void write_script(const char *name, const char *text)
{
	char path[TEMP_INSIDE];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	check(f && fputs(text, f) >= 0 && fclose(f) == 0, "%s is written", name);
}

static void test_lines(void)
{
	char command[TEMP_INSIDE];

	start(NULL, false);
	check(await("kmemlab> "), "the prompt comes");
	check(ask("print 6 * 7", "42\r\n"), "a line is done");
	check(ask("alloc_pagse 3", "alloc_pages"), "an error is told with the nearest word");
	snprintf(command, sizeof command, "source %s/stops.kmem\r", folder);
	write_script("stops.kmem", "free 5\nprint 6 * 9\n");
	type(command);
	check(await("the script stops here; \"set keep_going on\" lets scripts go on"),
	      "a script stops at its first error");
	check(ask("set keep_going on", "kmemlab> "), "or is told not to");
	type(command);
	check(await("54\r\n"), "and goes on");
	type("repeat 2 {\r");
	check(await("column 10: this brace is not closed"), "an open brace is named");
	check(await("(Ctrl-C leaves) ...> "), "and asks for more, or Ctrl-C");
	check(ask("print 11 }", "11\r\n11\r\n"), "and the rest completes it");
	type("drain_loc\t");
	check(await("drain_local_pages"), "Tab completes");
	type("\003");
	check(await("^C\r\n") && await("kmemlab> "), "Ctrl-C forgets the line");
	type("repeat 2 {\r");
	await("...> ");
	type("\003");
	check(await("kmemlab> "), "and the lines before it");
	check(ask("print 1", "1\r\n"), "the next line is a new one");
	type("repeat 1000000000 p = 1\r");
	await("\n");
	usleep(200000);
	type("\003");
	check(await("kmemlab> "), "Ctrl-C ends a long command");
	check(ask("print 2", "2\r\n"), "and nothing else");
	type("\033[A\033[A\033[A\r");
	check(await("print 1") && await("1\r\n"), "history");
	await("kmemlab> ");
	ask("print 7 * 11", "77\r\n");
	type("\004");
	check(ended() == 0, "the end of input ends it");
	start(NULL, false);
	await("kmemlab> ");
	type("\033[A\r");
	check(await("print 7 * 11") && await("77\r\n"), "history lasts");
	type("quit\r");
	check(ended() == 0, "quit ends it");
}

static void test_stop(void)
{
	start(NULL, true);
	await("kmemlab> ");
	type("print 4");
	await("print 4");
	type("\032");
	check(await("[stopped]"), "Ctrl-Z stops it");
	type("2\r");
	check(await("42\r\n"), "and it goes on with the line");
	type("quit\r");
	check(ended() == 0, "to its end");
}

static void test_kill(void)
{
	start(NULL, false);
	await("kmemlab> ");
	ask("repeat 5 a[] = alloc_pages 2", "");
	ask("free a[1]", "");
	ask("b = alloc_pages 7", "");
	ask("undo", "");
	ask("b = alloc_pages 6", "");
	ask("save before.kmem", "");
	kill(child, SIGKILL);
	check(ended() == 1000 + SIGKILL, "a session is killed");
	start(NULL, false);
	check(await("A session of 3 commands was not closed: type recover"), "the next one tells of it");
	await("kmemlab> ");
	check(ask("recover", "after command 3"), "recover restores it");
	ask("save after.kmem", "");
	check(same_files("before.kmem", "after.kmem"), "machine, commands and state are the same");
	kill(child, SIGHUP);
	check(ended() == 128 + SIGHUP, "the terminal goes away");
	start("--recover", false);
	check(await("after command 3"), "and --recover restores that");
	await("kmemlab> ");
	ask("save again.kmem", "");
	check(same_files("before.kmem", "again.kmem"), "again the same");
	type("quit\r");
	check(ended() == 0, "it is closed");
	start(NULL, false);
	await("kmemlab> ");
	check(ask("recover", "nothing to recover"), "nothing is lost any more");
	type("quit\r");
	ended();
}

static void test_full_disk(void)
{
	file_limit = 70; /* enough for the header */
	start(NULL, false);
	await("kmemlab> ");
	check(ask("repeat 20 a[] = alloc_pages 0", "warning: cannot write the journal"), "a full disk is told");
	check(ask("print 6 * 8", "48\r\n"), "once, and the session goes on");
	type("quit\r");
	check(ended() == 0, "to its end");
	file_limit = RLIM_INFINITY;
}

static void test_script(void)
{
	machine = "i386-2.6.18";
	start("--tour", false);
	check(await("--"), "the tour waits where it pauses");
	type("\r");
	check(await("kmemlab> ") && await("--"), "Enter goes on, and commands are shown");
	type("q\r");
	check(await("kmemlab> "), "q leaves it");
	type("quit\r");
	check(ended() == 0, "and the prompt is there");
}

int main(void)
{
	static char state[TEMP_INSIDE];
	char command[TEMP_INSIDE];

	program = getenv("KMEMLAB");
	if (!program || !mkdtemp(temp_name(folder, "plain")) || chdir(folder) < 0) {
		puts("Bail out! KMEMLAB is to be the program");
		return 99;
	}
	snprintf(state, sizeof state, "XDG_STATE_HOME=%s", folder);
	putenv(state);
	setenv("TERM", "vt100", 1);
	signal(SIGPIPE, SIG_IGN);
	test_lines();
	test_stop();
	test_kill();
	test_full_disk();
	test_script();
	printf("1..%u\n", number);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	if (system(command) != 0)
		perror(folder);
	return failed ? 1 : 0;
}
