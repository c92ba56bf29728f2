/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen_state.h"

#include "ui/terminal.h"

#include <signal.h>
#include <time.h>

u64 screen_state_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static void handle_signals(struct screen *s, unsigned bits)
{
	if (s->input.gone || bits & TERMINAL_ENDED) {
		s->quit = true;
		s->status = 128 + (s->input.gone ? SIGHUP : terminal_end_signal());
		return;
	}
	if (bits & TERMINAL_STOP)
		terminal_suspend();
	else if (bits & TERMINAL_CONTINUED)
		terminal_resume();
	if (bits & TERMINAL_INTERRUPTED)
		s->interrupted = true;
	if (bits & (TERMINAL_RESIZED | TERMINAL_STOP | TERMINAL_CONTINUED) && !stage_resize(&s->stage))
		s->quit = true;
}

void screen_state_suspend(struct screen *s)
{
	handle_signals(s, TERMINAL_STOP);
}

void screen_state_wait(struct screen *s, int timeout)
{
	s->stage.steps = s->step.on;
	stage_draw(&s->stage);
	handle_signals(s, input_wait(&s->input, timeout));
}
