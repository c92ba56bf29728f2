/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slabs of one cache, with their objects as cells: a level of the panel of caches; see struct panel. */
#ifndef KM_UI_CACHE_SLABS_H
#define KM_UI_CACHE_SLABS_H

#include "ui/panel.h"

void cache_slabs_prepare(struct view *v, struct rect r);
void cache_slabs_draw(const struct view *v, struct grid *g, struct rect r);
void cache_slabs_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
bool cache_slabs_key(struct view *v, struct rect r, int key);

#endif
