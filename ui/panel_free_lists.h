/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Free lists: blocks by zone and order, and by migratetype; what /proc/buddyinfo counts. */
#ifndef KM_UI_PANEL_FREE_LISTS_H
#define KM_UI_PANEL_FREE_LISTS_H

#include "ui/panel.h"

extern const struct panel panel_free_lists;

#endif
