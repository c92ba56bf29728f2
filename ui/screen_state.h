/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the full screen, shared by the files that make it: what is shown, what runs, what comes in. */
#ifndef KM_UI_SCREEN_STATE_H
#define KM_UI_SCREEN_STATE_H

#include "base/strbuf.h"
#include "session/session.h"
#include "shell/shell.h"
#include "ui/input.h"
#include "ui/screen_settings.h"
#include "ui/stage.h"
#include "ui/step.h"

#define SCREEN_PROMPT "kmemlab> "
#define SCREEN_PROMPT_MORE N_("(Ctrl-C leaves) ...> ")

struct screen {
	struct session *session;
	struct shell *shell;
	struct shell_host host;
	struct stage stage;
	struct step step;
	struct input input;
	struct screen_settings settings;
	struct strbuf output; /* what the last command printed: shown */
	struct strbuf printing; /* what the running one prints */
	struct strbuf say; /* a lesson's text: shown */
	struct strbuf unfinished; /* lines of a statement that is not complete yet */
	struct strbuf pasted;
	bool pasting;
	bool paused; /* a lesson waits for the user */
	bool leaving; /* the user wants to leave the lesson */
	bool say_flows; /* what it says next goes on in the same paragraph */
	bool in_lesson; /* the statement that runs is a lesson's: what it expects is told only if it is not so */
	bool typed; /* the lesson's statement was shown: so is what it prints */
	bool interrupted; /* the command that runs is to stop */
	bool quit;
	int status;
	u64 looked; /* when the keys were looked at last, in ms */
};

/* Shows the screen, waits for something to come in (milliseconds; -1: for ever), and deals with signals. */
void screen_state_wait(struct screen *s, int timeout);

/* Stops the process as ^Z does. */
void screen_state_suspend(struct screen *s);

/* A clock in milliseconds. */
u64 screen_state_now(void);

#endif
