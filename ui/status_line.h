/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line at the top: which machine, where in time, how much is free. */
#ifndef KM_UI_STATUS_LINE_H
#define KM_UI_STATUS_LINE_H

#include "ui/grid.h"
#include "ui/view.h"

void status_line_draw(const struct view *v, struct grid *g, int y);

#endif
