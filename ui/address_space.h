/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address space as a table: its parts, what lies in them, and what is empty folded to a row. */
#ifndef KM_UI_ADDRESS_SPACE_H
#define KM_UI_ADDRESS_SPACE_H

#include "ui/panel.h"

/* As of struct panel, for a view whose reach is VIEW_SPACE; view.space holds the state. */
size_t address_space_total(const struct view *v); /* rows that there are */
void address_space_prepare(struct view *v, struct rect r);
void address_space_draw(const struct view *v, struct grid *g, struct rect r);
void address_space_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
bool address_space_key(struct view *v, struct rect r, int key);
bool address_space_click(struct view *v, struct rect r, int y);

/* The row of the panel that shows what is chosen; -1: it is not visible. */
int address_space_chosen(const struct view *v, struct rect r);

#endif
