/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of the screen: to the prompt, to a panel, to a lesson that waits; and text that is pasted. */
#ifndef KM_UI_SCREEN_KEYS_H
#define KM_UI_SCREEN_KEYS_H

#include "ui/screen_state.h"

void screen_keys_handle(struct screen *s, const struct keys_event *event);

/* Throws away what is typed, as Ctrl-C does, and leaves a lesson that waits. */
void screen_keys_interrupt(struct screen *s);

#endif
