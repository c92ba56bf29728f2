/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a zone fared: what was free after each command, plotted. */
#ifndef KM_UI_PANEL_TREND_H
#define KM_UI_PANEL_TREND_H

#include "ui/panel.h"

extern const struct panel panel_trend;

#endif
