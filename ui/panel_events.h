/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened: the events of the last command as numbered sentences. */
#ifndef KM_UI_PANEL_EVENTS_H
#define KM_UI_PANEL_EVENTS_H

#include "ui/panel.h"

extern const struct panel panel_events;

#endif
