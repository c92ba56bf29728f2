/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of one object, and what lies around them: a level of the panel of caches; see struct panel. */
#ifndef KM_UI_CACHE_BYTES_H
#define KM_UI_CACHE_BYTES_H

#include "ui/panel.h"

void cache_bytes_prepare(struct view *v, struct rect r);
void cache_bytes_draw(const struct view *v, struct grid *g, struct rect r);
void cache_bytes_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
bool cache_bytes_key(struct view *v, struct rect r, int key);

#endif
