/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slab caches: all of them, the slabs of one, the bytes of an object. */
#ifndef KM_UI_PANEL_CACHES_H
#define KM_UI_PANEL_CACHES_H

#include "ui/panel.h"

extern const struct panel panel_caches;

#endif
