/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page tables on the way to an address: of each level the entries around the
 * one that it goes through, down to the page.  The same as the command walk tells.
 */
#ifndef KM_UI_ADDRESS_TABLES_H
#define KM_UI_ADDRESS_TABLES_H

#include "ui/panel.h"

/* Shows the tables on the way to `address`, of the machine's addresses; its last level is chosen. */
void address_tables_open(struct view *v, u64 address);

/* As of struct panel, for a view of an address space whose `addresses.tables` is set. */
int address_tables_rows(const struct view *v);
void address_tables_draw(const struct view *v, struct grid *g, struct rect r);
void address_tables_caption(const struct view *v, struct strbuf *left, struct strbuf *right);
bool address_tables_key(struct view *v, int key);
bool address_tables_click(struct view *v, struct rect r, int y, int x);

#endif
