/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of all slab caches: a level of the panel of caches; see struct panel. */
#ifndef KM_UI_CACHE_TABLE_H
#define KM_UI_CACHE_TABLE_H

#include "ui/panel.h"

void cache_table_prepare(struct view *v, struct rect r);
void cache_table_draw(const struct view *v, struct grid *g, struct rect r);
void cache_table_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
bool cache_table_key(struct view *v, struct rect r, int key);
bool cache_table_click(struct view *v, struct rect r, int y);

#endif
