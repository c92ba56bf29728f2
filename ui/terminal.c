/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/terminal.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <term.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1006l\033[?1002l\033[?1000l"

/* Signals that wake the main loop, and those after which only the terminal can be saved. */
static const int loop_signals[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static struct {
	bool open;
	bool pastes; /* the terminal was told to mark pasted text */
	SCREEN *screen;
	struct termios modes; /* as they were before */
	int pipe[2]; /* handlers write, the loop reads */
	int end_signal;
	struct sigaction loop_before[ARRAY_SIZE(loop_signals)];
	struct sigaction crash_before[ARRAY_SIZE(crash_signals)];
	stack_t stack_before;
	void *stack; /* handlers of crashes run here: the other one may have overflowed */
	char restore[512]; /* written by the crash handler */
	size_t restore_length;
} term;

static volatile sig_atomic_t pending[ARRAY_SIZE(loop_signals)];

static void on_signal(int number)
{
	int saved = errno;
	ssize_t written;

	for (size_t i = 0; i < ARRAY_SIZE(loop_signals); i++)
		if (loop_signals[i] == number)
			pending[i] = 1;
	/* A full pipe is as good as one more byte: the loop wakes up. */
	written = write(term.pipe[1], "", 1);
	(void)written;
	errno = saved;
}

/* Only what may be called in a signal handler. */
static void on_crash(int number)
{
	static const char note[] = "kmemlab: a fault in the program ended it. The session's journal is kept.\r\n";

	if (term.open) {
		ssize_t done = write(STDOUT_FILENO, term.restore, term.restore_length);

		tcsetattr(STDIN_FILENO, TCSANOW, &term.modes);
		if (done >= 0)
			done = write(STDERR_FILENO, note, sizeof note - 1);
	}
	signal(number, SIG_DFL);
	raise(number);
}

static void add_restore(const char *text)
{
	size_t n = term.restore_length;

	if (text == NULL || text == (char *)-1)
		return;
	for (; *text != '\0' && n + 1 < sizeof term.restore; text++) {
		/* $<5> asks for a delay, which only very old terminals need. */
		const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;

		if (end != NULL)
			text = end;
		else
			term.restore[n++] = *text;
	}
	term.restore_length = n;
}

/* What brings the terminal back without curses: it is written in a signal handler. */
static void make_restore(void)
{
	static const char *const names[] = { "sgr0", "rmacs", "cnorm", "rmkx", "rmcup" };

	term.restore_length = 0;
	if (term.pastes)
		add_restore(PASTE_OFF);
	if (tigetstr("kmous") != NULL && tigetstr("kmous") != (char *)-1)
		add_restore(MOUSE_OFF);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_restore(tigetstr(names[i]));
}

static void catch_signals(void)
{
	struct sigaction sa;
	stack_t stack;

	memset(&sa, 0, sizeof sa);
	sigemptyset(&sa.sa_mask);
	sa.sa_flags = SA_RESTART;
	sa.sa_handler = on_signal;
	for (size_t i = 0; i < ARRAY_SIZE(loop_signals); i++)
		sigaction(loop_signals[i], &sa, &term.loop_before[i]);

	memset(&stack, 0, sizeof stack);
	term.stack = malloc((size_t)SIGSTKSZ * 2);
	if (term.stack != NULL) {
		stack.ss_sp = term.stack;
		stack.ss_size = (size_t)SIGSTKSZ * 2;
		sigaltstack(&stack, &term.stack_before);
	}
	sa.sa_flags = term.stack != NULL ? SA_ONSTACK : 0;
	sa.sa_handler = on_crash;
	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++)
		sigaction(crash_signals[i], &sa, &term.crash_before[i]);
}

static void release_signals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(loop_signals); i++)
		sigaction(loop_signals[i], &term.loop_before[i], NULL);
	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++)
		sigaction(crash_signals[i], &term.crash_before[i], NULL);
	if (term.stack != NULL) {
		if (term.stack_before.ss_flags & SS_DISABLE || term.stack_before.ss_sp != NULL)
			sigaltstack(&term.stack_before, NULL);
		free(term.stack);
		term.stack = NULL;
	}
}

/* Can this type of terminal show a screen at all? curses itself would end the program instead of saying so. */
static bool check_type(struct status *st)
{
	const char *type = getenv("TERM");
	int error = 0;
	const char *cup;
	bool places;

	if (type == NULL || *type == '\0')
		return status_fail(
		    st, STATUS_UNSUPPORTED,
		    _("TERM is not set, so the terminal's type is not known: run kmemlab --plain instead."));
	if (setupterm(type, STDOUT_FILENO, &error) != OK)
		return status_fail(
		    st, STATUS_UNSUPPORTED,
		    _("the terminal type %s is not known here: set TERM, or run kmemlab --plain instead."), type);
	cup = tigetstr("cup");
	places = cup != NULL && cup != (char *)-1;
	del_curterm(cur_term);
	if (!places)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("a terminal of type %s cannot place its cursor: run kmemlab --plain instead."),
				   type);
	return true;
}

static void set_paste(bool on)
{
	if (!term.pastes)
		return;
	putp(on ? PASTE_ON : PASTE_OFF);
	fflush(stdout);
}

bool terminal_open(struct status *st)
{
	if (!check_type(st))
		return false;
	if (tcgetattr(STDIN_FILENO, &term.modes) != 0)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("the input is not a terminal: run kmemlab --plain instead."));
	if (pipe(term.pipe) != 0)
		return status_fail(st, STATUS_IO, _("no pipe could be made: %s"), strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(term.pipe[i], F_SETFL, O_NONBLOCK);
		fcntl(term.pipe[i], F_SETFD, FD_CLOEXEC);
	}
	/* Before curses starts: it leaves the handlers alone that it finds. */
	catch_signals();
	term.screen = newterm(NULL, stdout, stdin);
	if (term.screen == NULL) {
		release_signals();
		close(term.pipe[0]);
		close(term.pipe[1]);
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("curses cannot use this terminal: run kmemlab --plain instead."));
	}
	raw();
	noecho();
	nonl();
	set_escdelay(25);
	typeahead(-1);
	term.pastes = true;
	make_restore();
	term.end_signal = 0;
	term.open = true;
	set_paste(true);
	return true;
}

void terminal_close(void)
{
	if (!term.open)
		return;
	set_paste(false);
	endwin();
	term.open = false;
	delscreen(term.screen);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &term.modes);
	release_signals();
	close(term.pipe[0]);
	close(term.pipe[1]);
}

int terminal_signal_fd(void)
{
	return term.pipe[0];
}

unsigned terminal_signals(void)
{
	unsigned bits = 0;
	char drain[64];

	while (read(term.pipe[0], drain, sizeof drain) > 0)
		;
	for (size_t i = 0; i < ARRAY_SIZE(loop_signals); i++) {
		if (!pending[i])
			continue;
		pending[i] = 0;
		switch (loop_signals[i]) {
		case SIGWINCH:
			bits |= TERMINAL_RESIZED;
			break;
		case SIGTSTP:
			bits |= TERMINAL_STOP;
			break;
		case SIGCONT:
			bits |= TERMINAL_CONTINUED;
			break;
		case SIGINT:
			bits |= TERMINAL_INTERRUPTED;
			break;
		default:
			bits |= TERMINAL_ENDED;
			term.end_signal = loop_signals[i];
		}
	}
	return bits;
}

int terminal_end_signal(void)
{
	return term.end_signal;
}

void terminal_suspend(void)
{
	struct sigaction ours, plain;

	set_paste(false);
	endwin();
	memset(&plain, 0, sizeof plain);
	sigemptyset(&plain.sa_mask);
	plain.sa_handler = SIG_DFL;
	sigaction(SIGTSTP, &plain, &ours);
	/* The whole job, as the terminal's own ^Z does: a script that started us must stop too. */
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	terminal_resume();
}

void terminal_resume(void)
{
	/* Whoever had the terminal may have left other modes: take them again, and trust nothing on the screen. */
	reset_prog_mode();
	clearok(curscr, TRUE);
	wrefresh(stdscr);
	set_paste(true);
}

void terminal_size(int *rows, int *cols)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
	    (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
	*rows = LINES;
	*cols = COLS;
}

bool terminal_draws_lines(void)
{
	const char *acsc = tigetstr("acsc");

	return acsc != NULL && acsc != (char *)-1 && *acsc != '\0';
}

void terminal_mouse(bool on)
{
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	mouseinterval(0);
}
