/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks of the list that is chosen, from head to tail. */
#ifndef KM_UI_PANEL_LIST_H
#define KM_UI_PANEL_LIST_H

#include "ui/panel.h"

extern const struct panel panel_list;

#endif
