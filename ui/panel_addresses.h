/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panel of addresses: all of the address space, or the pages of what is chosen in it. */
#ifndef KM_UI_PANEL_ADDRESSES_H
#define KM_UI_PANEL_ADDRESSES_H

#include "ui/panel.h"

extern const struct panel panel_addresses;

/* The row of the grid that shows what is chosen, if frames behind it are to be marked; -1: none. `r`: the panel's
 * place. */
int panel_addresses_chosen(const struct view *v, struct rect r);

#endif
