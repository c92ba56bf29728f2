/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of an area, a slot or the direct map, and the frames that they lead to. */
#ifndef KM_UI_ADDRESS_PAGES_H
#define KM_UI_ADDRESS_PAGES_H

#include "ui/panel.h"

/* As of struct panel, for a view whose reach is VIEW_PAGES or VIEW_EACH_PAGE; view.space holds the state. */
size_t address_pages_total(const struct view *v); /* rows that there are */
void address_pages_prepare(struct view *v, struct rect r);
void address_pages_draw(const struct view *v, struct grid *g, struct rect r);
void address_pages_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
bool address_pages_key(struct view *v, struct rect r, int key);
bool address_pages_click(struct view *v, struct rect r, int y);

/* The row of the panel that shows what is chosen; -1: it is not visible. */
int address_pages_chosen(const struct view *v, struct rect r);

#endif
