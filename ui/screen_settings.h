/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` changes on the screen: step, theme, glyphs, mouse. */
#ifndef KM_UI_SCREEN_SETTINGS_H
#define KM_UI_SCREEN_SETTINGS_H

#include "base/status.h"
#include "ui/stage.h"
#include "ui/step.h"

struct screen_settings {
	struct stage *stage;
	struct step *step;
};

/* Sets one by name. false with a message: there is none of that name, or it cannot have that value. */
bool screen_settings_set(struct screen_settings *s, const char *name, const char *value, struct status *st);

#endif
