/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Physical memory as a map: a cell stands for 2^n page frames. */
#ifndef KM_UI_PANEL_MAP_H
#define KM_UI_PANEL_MAP_H

#include "ui/panel.h"

extern const struct panel panel_map;

#endif
