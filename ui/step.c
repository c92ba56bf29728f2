/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/step.h"

#include "ui/keys.h"

/* Waits until the user goes on, and remembers how. */
static void ask(struct step *s)
{
	for (;;) {
		switch (s->wait(s->context)) {
		case ' ':
		case KEY_ENTER_:
		case KEY_RIGHT_:
			return;
		case 'r':
		case KEYS_CTRL('c'):
		case 0:
			s->run_on = true;
			return;
		case 'q':
		case KEY_F8_:
			step_set(s, false);
			return;
		}
	}
}

static void see(void *context, const struct event *e)
{
	struct step *s = context;
	const struct eventlog *log = s->session->recording;

	(void)e;
	/* Events beyond those that are kept cannot be shown. */
	if (!s->on || s->run_on || log == NULL || log->total > log->count)
		return;
	s->view->stepping = true;
	s->view->event_shown = log->count;
	ask(s);
}

void step_init(struct step *s, struct session *session, struct view *view, int (*wait)(void *context), void *context)
{
	*s = (struct step){ .session = session, .view = view, .wait = wait, .context = context };
	s->observer = (struct observer){ see, s };
}

void step_set(struct step *s, bool on)
{
	s->on = on;
	s->session->watcher = on ? &s->observer : NULL;
}

void step_begin(struct step *s)
{
	s->run_on = false;
	step_end(s);
}

void step_end(struct step *s)
{
	s->view->stepping = false;
	s->view->event_shown = SIZE_MAX;
}
