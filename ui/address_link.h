/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line from the address that is chosen to the rows of the map that show the frames behind it. */
#ifndef KM_UI_ADDRESS_LINK_H
#define KM_UI_ADDRESS_LINK_H

#include "ui/panel.h"

/*
 * Draws it along the border that the panel of addresses and that of the map
 * have in common, if both are shown, have one, and both ends are visible.
 */
void address_link_draw(const struct view *v, struct grid *g, struct rect addresses, struct rect map);

#endif
