/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt.h"

#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <readline/history.h>
#include <readline/readline.h>

/* Most bytes that are waiting for readline: it takes them as they come. */
#define QUEUE_BYTES 4096

static struct {
	unsigned char queue[QUEUE_BYTES];
	size_t head, tail;
	FILE *nowhere; /* where readline would write */
	char *history; /* path */
	char *prompt;
	char *line; /* finished, not yet taken */
	bool finished, ended;
	lines_complete *complete;
	void *context;
	char **matches;
	size_t match_count;
	unsigned again;
	bool listed; /* by the key that is being handled */
	bool open;
} prompt;

static int next_byte(FILE *stream)
{
	(void)stream;
	return prompt.head < prompt.tail ? prompt.queue[prompt.head++] : EOF;
}

static int bytes_wait(void)
{
	return prompt.head < prompt.tail;
}

/* The screen draws the prompt with everything else; readline only believes that it did. */
static void redisplay(void)
{
}

static void line_done(char *line)
{
	prompt.finished = true;
	prompt.ended = line == NULL;
	free(prompt.line);
	prompt.line = line;
}

static void drop_matches(void)
{
	for (size_t i = 0; i < prompt.match_count; i++)
		free(prompt.matches[i]);
	free(prompt.matches);
	prompt.matches = NULL;
	prompt.match_count = 0;
	prompt.again = 0;
}

static bool same_matches(char **matches, size_t count)
{
	if (count != prompt.match_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(matches[i], prompt.matches[i]) != 0)
			return false;
	return true;
}

/* readline has matches to list: matches[0] is what they have in common, the rest are theirs. */
static void list_matches(char **matches, int count, int longest)
{
	(void)longest;
	prompt.listed = true;
	if (same_matches(matches + 1, (size_t)count)) {
		prompt.again++;
		return;
	}
	drop_matches();
	prompt.matches = calloc((size_t)count, sizeof *prompt.matches);
	for (int i = 0; i < count && prompt.matches != NULL; i++) {
		prompt.matches[prompt.match_count] = strdup(matches[i + 1]);
		if (prompt.matches[prompt.match_count] != NULL)
			prompt.match_count++;
	}
}

static char **attempt(const char *text, int from, int to)
{
	(void)text;
	/* Never the names of files, which is what readline does by itself; and anything may follow a name. */
	rl_attempted_completion_over = 1;
	rl_completion_append_character = '\0';
	return lines_matches(prompt.complete, prompt.context, (size_t)from, (size_t)to);
}

static void bind_keys(void)
{
	rl_bind_keyseq_if_unbound("\\e[3~", rl_delete);
	rl_bind_keyseq_if_unbound("\\e[1;5D", rl_backward_word);
	rl_bind_keyseq_if_unbound("\\e[1;5C", rl_forward_word);
	rl_bind_keyseq_if_unbound("\\e[H", rl_beg_of_line);
	rl_bind_keyseq_if_unbound("\\e[F", rl_end_of_line);
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("show-all-if-unmodified", "off");
	rl_variable_bind("bell-style", "none");
	/* The screen collects pasted text itself. */
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_variable_bind("horizontal-scroll-mode", "on");
	rl_variable_bind("completion-query-items", "0");
	rl_variable_bind("echo-control-characters", "off");
	rl_variable_bind("show-mode-in-prompt", "off");
}

bool prompt_open(const char *history, lines_complete *complete, void *context, struct status *st)
{
	memset(&prompt, 0, sizeof prompt);
	prompt.nowhere = fopen("/dev/null", "r+");
	prompt.prompt = strdup("");
	if (prompt.nowhere == NULL || prompt.prompt == NULL) {
		prompt_close();
		return status_fail(st, STATUS_IO, _("/dev/null cannot be opened: %s"), strerror(errno));
	}
	prompt.complete = complete;
	prompt.context = context;
	rl_readline_name = "kmemlab";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_instream = prompt.nowhere;
	rl_outstream = prompt.nowhere;
	rl_getc_function = next_byte;
	rl_input_available_hook = bytes_wait;
	rl_redisplay_function = redisplay;
	rl_completion_display_matches_hook = list_matches;
	rl_attempted_completion_function = attempt;
	rl_completer_word_break_characters = LINES_WORD_BREAKS;
	if (history != NULL)
		prompt.history = strdup(history);
	lines_read_history(prompt.history);
	rl_callback_handler_install("", line_done);
	bind_keys();
	prompt.open = true;
	return true;
}

void prompt_close(void)
{
	if (prompt.open) {
		rl_callback_handler_remove();
		lines_close_history(prompt.history);
	}
	drop_matches();
	free(prompt.line);
	free(prompt.history);
	free(prompt.prompt);
	if (prompt.nowhere != NULL)
		fclose(prompt.nowhere);
	memset(&prompt, 0, sizeof prompt);
}

void prompt_feed(const char *bytes, size_t length)
{
	if (length == 0 || length > QUEUE_BYTES)
		return;
	memcpy(prompt.queue, bytes, length);
	prompt.head = 0;
	prompt.tail = length;
	prompt.listed = false;
	while (prompt.head < prompt.tail && !prompt.finished)
		rl_callback_read_char();
	if (!prompt.listed)
		drop_matches();
}

void prompt_insert(const char *text, size_t length)
{
	char *clean = malloc(length + 1);
	size_t n = 0;

	if (clean == NULL)
		return;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\t')
			c = ' ';
		if (c >= ' ' && c != 0x7f)
			clean[n++] = (char)c;
	}
	clean[n] = '\0';
	drop_matches();
	/* A search takes the text as its keys; the line takes it whole. */
	if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH))
		for (size_t at = 0; at < n; at += QUEUE_BYTES)
			prompt_feed(clean + at, n - at < QUEUE_BYTES ? n - at : QUEUE_BYTES);
	else
		rl_insert_text(clean);
	free(clean);
}

bool prompt_take(char **line)
{
	if (!prompt.finished)
		return false;
	*line = prompt.ended ? NULL : prompt.line;
	prompt.line = NULL;
	prompt.finished = false;
	return true;
}

void prompt_remember(const char *line)
{
	lines_remember(prompt.history, line);
}

bool prompt_is_empty(void)
{
	return rl_end == 0 &&
	       !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_METANEXT |
			   RL_STATE_MOREINPUT | RL_STATE_MULTIKEY | RL_STATE_VIMOTION | RL_STATE_CHARSEARCH);
}

void prompt_clear(void)
{
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_replace_line("", 1);
	rl_point = rl_mark = 0;
	rl_done = 0;
	/* A search has put its own text where the prompt was. */
	rl_clear_message();
	using_history();
	drop_matches();
}

void prompt_show(const char *text)
{
	rl_replace_line(text, 1);
	rl_point = rl_end;
	drop_matches();
}

void prompt_set(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return;
	free(prompt.prompt);
	prompt.prompt = copy;
	rl_set_prompt(copy);
}

void prompt_resize(int rows, int cols)
{
	rl_set_screen_size(rows, cols);
}

/* One character of the line as it is shown: "^A" for a control character. Returns the bytes of `s` it took. */
static size_t shown_char(const char *s, size_t left, char out[MB_LEN_MAX + 1], int *cols)
{
	mbstate_t state;
	wchar_t wide;
	size_t n;

	if ((unsigned char)*s < ' ' || *s == 0x7f) {
		snprintf(out, MB_LEN_MAX + 1, "^%c", *s ^ 0x40);
		*cols = 2;
		return 1;
	}
	memset(&state, 0, sizeof state);
	n = mbrtowc(&wide, s, left, &state);
	if (n == 0 || n == (size_t)-1 || n == (size_t)-2)
		n = 1;
	memcpy(out, s, n);
	out[n] = '\0';
	*cols = grid_width(out);
	return n;
}

/* Columns of the first `bytes` bytes of `s` as shown. */
static int shown_width(const char *s, size_t bytes)
{
	char one[MB_LEN_MAX + 1];
	int total = 0, cols;

	for (size_t i = 0; i < bytes; total += cols)
		i += shown_char(s + i, bytes - i, one, &cols);
	return total;
}

/* Draws `s` from its column `skip` on into `cols` columns at x. Returns the columns used. */
static int draw_scrolled(struct grid *g, int y, int x, int cols, int skip, const char *s, size_t bytes)
{
	char one[MB_LEN_MAX + 1];
	int at = 0, width, used = 0;

	for (size_t i = 0; i < bytes; at += width) {
		i += shown_char(s + i, bytes - i, one, &width);
		/* The left half of a wide character may be scrolled out: its place stays blank. */
		if (at < skip || at - skip + width > cols)
			continue;
		grid_put(g, y, x + at - skip, width, STYLE_TEXT, one);
		used = at - skip + width;
	}
	return used;
}

int prompt_draw(struct grid *g, int y, enum glyph_set glyphs, int *used)
{
	const char *before =
	    RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG) && rl_display_prompt != NULL
		? rl_display_prompt
		: prompt.prompt;
	int lead = shown_width(before, strlen(before));
	int skip_lead = lead > g->cols / 2 ? lead - g->cols / 2 : 0;
	int width = shown_width(rl_line_buffer, (size_t)rl_end);
	int cursor = shown_width(rl_line_buffer, (size_t)rl_point);
	int room, skip = 0;

	lead -= skip_lead;
	draw_scrolled(g, y, 0, lead, skip_lead, before, strlen(before));
	grid_restyle(g, (struct rect){ y, 0, 1, lead }, STYLE_PROMPT);
	room = g->cols - lead;
	/* The line moves by halves, so that what stands around the cursor can be read; its ends stay free for marks. */
	if (room > 4 && width >= room)
		while (cursor - skip >= room - 2)
			skip += room / 2;
	*used = lead + draw_scrolled(g, y, lead, room, skip, rl_line_buffer, (size_t)rl_end);
	if (skip > 0)
		grid_glyph(g, y, lead, STYLE_DIM, glyphs, GLYPH_ELLIPSIS);
	if (width - skip >= room)
		grid_glyph(g, y, g->cols - 1, STYLE_DIM, glyphs, GLYPH_ELLIPSIS);
	return lead + cursor - skip;
}

char *const *prompt_matches(size_t *count, unsigned *again)
{
	*count = prompt.match_count;
	*again = prompt.again;
	return prompt.matches;
}
