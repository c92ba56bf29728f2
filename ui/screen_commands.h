/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands on the screen: those that the user types and those that a lesson types, while they run and after. */
#ifndef KM_UI_SCREEN_COMMANDS_H
#define KM_UI_SCREEN_COMMANDS_H

#include "ui/screen_state.h"

/* What the screen offers to the shell. */
struct shell_host screen_commands_host(struct screen *s);

/* For struct step: while an operation waits at an event, the next key that is not about the screen itself; 0: go on. */
int screen_commands_step(void *context);

/* Runs a line of the user's. */
void screen_commands_line(struct screen *s, const char *line);

/* Runs the next statement of the lesson. */
void screen_commands_lesson(struct screen *s);

/* The user has read what a lesson says, and it goes on on a blank page. */
void screen_commands_go_on(struct screen *s);

/* Leaves the lesson. */
void screen_commands_leave(struct screen *s);

/* What was printed since begins to be shown. */
void screen_commands_show(struct screen *s);

#endif
