/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones: their free pages against the watermarks, reserves, per-CPU lists, and the walk of the last request. */
#ifndef KM_UI_PANEL_ZONES_H
#define KM_UI_PANEL_ZONES_H

#include "ui/panel.h"

extern const struct panel panel_zones;

#endif
