/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/screen/emulator.h"

#include "base/strbuf.h"
#include "tests/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define TIMEOUT 20000 /* ms; far above what any step takes on a loaded host */
#define QUIET 400 /* ms without a byte: nothing more will come */

struct emulator {
	VTerm *vt;
	VTermScreen *screen;
	int rows, cols;
	int master, slave; /* the slave is kept open, so that its modes can be asked after the end */
	pid_t child; /* the program, or with `job` what holds it */
	int status; /* of waitpid() */
	bool ended;
	struct termios modes;
	struct strbuf bytes;
	bool alternate, cursor_visible, mouse;
	VTermPos cursor;
	char *row; /* of emulator_row() */
	char state[TEMP_PATH];
	bool own_state;
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct emulator *e = user;

	if (property == VTERM_PROP_ALTSCREEN)
		e->alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		e->cursor_visible = value->boolean;
	else if (property == VTERM_PROP_MOUSE)
		e->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static int on_cursor(VTermPos to, VTermPos from, int visible, void *user)
{
	struct emulator *e = user;

	(void)from;
	(void)visible;
	e->cursor = to;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property, .movecursor = on_cursor };

/* ------------------------------------------------------------ the program */

static void set_environment(const struct emulator *e, const struct emulator_setup *setup)
{
	setenv("TERM", setup->term != NULL ? setup->term : "screen-256color", 1);
	setenv("LC_ALL", setup->locale != NULL ? setup->locale : "C.UTF-8", 1);
	setenv("HOME", e->state, 1);
	setenv("XDG_STATE_HOME", e->state, 1);
	setenv("INPUTRC", "/dev/null", 1);
	unsetenv("NO_COLOR");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	for (size_t i = 0; setup->env != NULL && setup->env[i] != NULL; i++)
		putenv((char *)setup->env[i]);
}

static void run_program(const struct emulator_setup *setup)
{
	const char *argv[16] = { getenv("KMEMLAB") };

	for (size_t i = 0; setup->args != NULL && setup->args[i] != NULL && i < 14; i++)
		argv[i + 1] = setup->args[i];
	signal(SIGTTOU, SIG_DFL);
	signal(SIGTTIN, SIG_DFL);
	execv(argv[0], (char **)argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(126);
}

/* What a shell does with a job in the foreground, and with `fg` when it has stopped. */
static void hold_job(const struct emulator_setup *setup, const struct termios *modes)
{
	pid_t job = fork();
	char line[64];
	int status;

	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		run_program(setup);
	}
	setpgid(job, job);
	tcsetpgrp(STDIN_FILENO, job);
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		dprintf(STDOUT_FILENO, "\r\n[stopped]\r\n");
		if (read(STDIN_FILENO, line, sizeof line) < 0)
			_exit(125);
		tcsetattr(STDIN_FILENO, TCSADRAIN, modes);
		tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void be_child(struct emulator *e, const struct emulator_setup *setup)
{
	setsid();
	ioctl(e->slave, TIOCSCTTY, 0);
	dup2(e->slave, STDIN_FILENO);
	dup2(e->slave, STDOUT_FILENO);
	dup2(e->slave, STDERR_FILENO);
	if (e->slave > STDERR_FILENO)
		close(e->slave);
	close(e->master);
	set_environment(e, setup);
	signal(SIGTTOU, SIG_IGN);
	if (setup->job)
		hold_job(setup, &e->modes);
	run_program(setup);
}

struct emulator *emulator_start(const struct emulator_setup *setup)
{
	struct emulator *e = calloc(1, sizeof *e);
	struct winsize size = { 0 };

	if (e == NULL || getenv("KMEMLAB") == NULL)
		die("KMEMLAB must name the program");
	e->rows = setup->rows > 0 ? setup->rows : 24;
	e->cols = setup->cols > 0 ? setup->cols : 80;
	e->own_state = setup->state == NULL;
	if (!e->own_state)
		snprintf(e->state, sizeof e->state, "%s", setup->state);
	else if (mkdtemp(temp_name(e->state, "screen")) == NULL)
		die("no folder for the state");
	e->vt = vterm_new(e->rows, e->cols);
	vterm_set_utf8(e->vt, 1);
	e->screen = vterm_obtain_screen(e->vt);
	vterm_screen_set_callbacks(e->screen, &callbacks, e);
	vterm_screen_enable_altscreen(e->screen, 1);
	vterm_screen_reset(e->screen, 1);
	e->cursor_visible = true;
	size.ws_row = (unsigned short)e->rows;
	size.ws_col = (unsigned short)e->cols;
	e->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (e->master < 0 || grantpt(e->master) != 0 || unlockpt(e->master) != 0)
		die("no terminal");
	e->slave = open(ptsname(e->master), O_RDWR | O_NOCTTY);
	if (e->slave < 0 || ioctl(e->slave, TIOCSWINSZ, &size) != 0)
		die("no terminal");
	tcgetattr(e->slave, &e->modes);
	fflush(stdout);
	e->child = fork();
	if (e->child < 0)
		die("fork");
	if (e->child == 0)
		be_child(e, setup);
	return e;
}

struct emulator *emulator_start_prompt(const struct emulator_setup *setup)
{
	struct emulator *e = emulator_start(setup);

	emulator_shows(e, "kmemlab>");
	return e;
}

bool emulator_check(const struct emulator_setup *setup, bool (*check)(struct emulator *e))
{
	struct emulator *e = emulator_start_prompt(setup);
	bool ok = check(e);

	emulator_free(e);
	return ok;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void emulator_free(struct emulator *e)
{
	if (!e->ended) {
		kill(e->child, SIGKILL);
		waitpid(e->child, &e->status, 0);
	}
	if (e->master >= 0)
		close(e->master);
	if (e->slave >= 0)
		close(e->slave);
	if (e->own_state)
		nftw(e->state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	vterm_free(e->vt);
	strbuf_free(&e->bytes);
	free(e->row);
	free(e);
}

/* Reads what came, waiting at most `ms`. false: nothing came. */
static bool pump(struct emulator *e, int ms)
{
	struct pollfd fd = { .fd = e->master, .events = POLLIN };
	char buffer[65536];
	ssize_t n;

	if (e->master < 0 || poll(&fd, 1, ms) <= 0)
		return false;
	n = read(e->master, buffer, sizeof buffer);
	if (n <= 0)
		return false;
	strbuf_add(&e->bytes, buffer, (size_t)n);
	vterm_input_write(e->vt, buffer, (size_t)n);
	vterm_screen_flush_damage(e->screen);
	return true;
}

void emulator_type(struct emulator *e, const char *bytes)
{
	size_t left = strlen(bytes);

	while (left > 0) {
		ssize_t n = write(e->master, bytes, left);

		if (n < 0)
			die("typing");
		bytes += n;
		left -= (size_t)n;
		/* The program must be able to write, or neither would go on. */
		while (left > 0 && pump(e, 0))
			;
	}
}

void emulator_settle(struct emulator *e)
{
	long end = now_ms() + TIMEOUT;

	while (now_ms() < end && pump(e, QUIET))
		;
}

/* ------------------------------------------------------------- the screen */

static void add_utf8(struct strbuf *out, uint32_t c)
{
	if (c < 0x80) {
		strbuf_putc(out, (char)c);
	} else if (c < 0x800) {
		strbuf_putc(out, (char)(0xc0 | c >> 6));
		strbuf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		strbuf_putc(out, (char)(0xe0 | c >> 12));
		strbuf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		strbuf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		strbuf_putc(out, (char)(0xf0 | c >> 18));
		strbuf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		strbuf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		strbuf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

const char *emulator_row(struct emulator *e, int row)
{
	struct strbuf text = STRBUF_INIT;
	VTermScreenCell cell;

	for (int col = 0; col<e->cols; col += cell.width> 0 ? cell.width : 1) {
		vterm_screen_get_cell(e->screen, (VTermPos){ row, col }, &cell);
		if (cell.chars[0] == 0)
			strbuf_putc(&text, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
			add_utf8(&text, cell.chars[i]);
	}
	while (text.length > 0 && text.text[text.length - 1] == ' ')
		text.text[--text.length] = '\0';
	free(e->row);
	e->row = strdup(strbuf_str(&text));
	strbuf_free(&text);
	return e->row;
}

static void print_screen(struct emulator *e, const char *wanted)
{
	printf("# waited in vain: %s\n", wanted);
	printf("# the screen, cursor in row %d, column %d:\n", e->cursor.row, e->cursor.col);
	for (int row = 0; row < e->rows; row++)
		printf("#  |%s\n", emulator_row(e, row));
}

static bool contains(struct emulator *e, const char *text)
{
	for (int row = 0; row < e->rows; row++)
		if (strstr(emulator_row(e, row), text) != NULL)
			return true;
	return false;
}

static bool lacks(struct emulator *e, const char *text)
{
	return !contains(e, text);
}

static bool bottom_is(struct emulator *e, const char *text)
{
	return strcmp(emulator_row(e, e->rows - 1), text) == 0;
}

/* Has the program ended, and is all it wrote read? */
static bool is_over(struct emulator *e)
{
	if (!e->ended && waitpid(e->child, &e->status, WNOHANG) == e->child)
		e->ended = true;
	return e->ended && !pump(e, 0);
}

static bool wait_until(struct emulator *e, bool (*holds)(struct emulator *e, const char *text), const char *text)
{
	long end = now_ms() + TIMEOUT;

	while (!holds(e, text)) {
		if (now_ms() > end || (is_over(e) && !holds(e, text))) {
			print_screen(e, text);
			return false;
		}
		pump(e, 20);
	}
	return true;
}

bool emulator_shows(struct emulator *e, const char *text)
{
	return wait_until(e, contains, text);
}

bool emulator_hides(struct emulator *e, const char *text)
{
	return wait_until(e, lacks, text);
}

bool emulator_shows_either(struct emulator *e, const char *one, const char *other, bool *first)
{
	long end = now_ms() + TIMEOUT;

	while (now_ms() < end && !is_over(e)) {
		*first = contains(e, one);
		if (*first || contains(e, other))
			return true;
		pump(e, 20);
	}
	print_screen(e, one);
	return false;
}

bool emulator_bottom_is(struct emulator *e, const char *text)
{
	return wait_until(e, bottom_is, text);
}

static bool cursor_is(struct emulator *e, const char *text)
{
	return e->cursor.row == e->rows - 1 && e->cursor.col == atoi(text);
}

bool emulator_cursor_at(struct emulator *e, int column)
{
	char text[16];

	snprintf(text, sizeof text, "%d", column);
	return wait_until(e, cursor_is, text);
}

void emulator_resize(struct emulator *e, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	e->rows = rows;
	e->cols = cols;
	vterm_set_size(e->vt, rows, cols);
	ioctl(e->master, TIOCSWINSZ, &size);
}

void emulator_size(const struct emulator *e, int *rows, int *cols)
{
	*rows = e->rows;
	*cols = e->cols;
}

bool emulator_has_colour(struct emulator *e)
{
	VTermScreenCell cell;

	for (int row = 0; row < e->rows; row++) {
		for (int col = 0; col < e->cols; col++) {
			vterm_screen_get_cell(e->screen, (VTermPos){ row, col }, &cell);
			if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				return true;
		}
	}
	return false;
}

bool emulator_has_attribute(struct emulator *e)
{
	VTermScreenCell cell;

	for (int row = 0; row < e->rows; row++) {
		for (int col = 0; col < e->cols; col++) {
			vterm_screen_get_cell(e->screen, (VTermPos){ row, col }, &cell);
			if (cell.attrs.bold || cell.attrs.reverse)
				return true;
		}
	}
	return false;
}

bool emulator_alternate(const struct emulator *e)
{
	return e->alternate;
}

bool emulator_cursor_visible(const struct emulator *e)
{
	return e->cursor_visible;
}

bool emulator_mouse(const struct emulator *e)
{
	return e->mouse;
}

bool emulator_modes_restored(const struct emulator *e)
{
	struct termios modes;

	return tcgetattr(e->slave, &modes) == 0 && modes.c_iflag == e->modes.c_iflag &&
	       modes.c_oflag == e->modes.c_oflag && modes.c_lflag == e->modes.c_lflag &&
	       modes.c_cflag == e->modes.c_cflag && memcmp(modes.c_cc, e->modes.c_cc, sizeof modes.c_cc) == 0;
}

const char *emulator_bytes(const struct emulator *e, size_t *length)
{
	*length = e->bytes.length;
	return strbuf_str(&e->bytes);
}

/* ----------------------------------------------------------------- the end */

pid_t emulator_pid(const struct emulator *e)
{
	return e->child;
}

void emulator_hang_up(struct emulator *e)
{
	close(e->master);
	close(e->slave);
	e->master = e->slave = -1;
}

int emulator_wait_exit(struct emulator *e)
{
	long end = now_ms() + TIMEOUT;

	while (!is_over(e)) {
		if (now_ms() > end) {
			print_screen(e, "the end of the program");
			return -1;
		}
		if (!pump(e, 20) && e->master < 0)
			nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	return WIFSIGNALED(e->status) ? 128 + WTERMSIG(e->status) : WEXITSTATUS(e->status);
}

int emulator_run_tests(const struct emulator_test *tests, size_t count)
{
	const char *only = getenv("ONLY");
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		bool ok;

		if (only != NULL && strstr(tests[i].name, only) == NULL)
			continue;
		ok = tests[i].run();
		printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, tests[i].name);
		fflush(stdout);
		failed += !ok;
	}
	return failed > 0;
}
