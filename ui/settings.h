/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` changes on the screen: step, theme, glyphs, mouse. */
#ifndef KM_UI_SETTINGS_H
#define KM_UI_SETTINGS_H

#include "base/status.h"
#include "ui/stage.h"
#include "ui/step.h"

struct settings {
	struct stage *stage;
	struct step *step;
	bool mouse;
};

/* Sets one by name. false with a message: there is none of that name, or it cannot have that value. */
bool settings_set(struct settings *s, const char *name, const char *value, struct status *st);

void settings_mouse(struct settings *s, bool on);

#endif
