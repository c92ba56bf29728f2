/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a lesson, and what the last command printed. */
#ifndef KM_UI_PANEL_TEXT_H
#define KM_UI_PANEL_TEXT_H

#include "ui/panel.h"

extern const struct panel panel_text;

/* Columns that the output takes without breaking its lines; 0: there is only prose, which fits any width. */
int panel_text_width(const struct view *v);

#endif
