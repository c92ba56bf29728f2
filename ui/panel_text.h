/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a lesson, and what the last command printed. */
#ifndef KM_UI_PANEL_TEXT_H
#define KM_UI_PANEL_TEXT_H

#include "ui/panel.h"

extern const struct panel panel_text;

#endif
