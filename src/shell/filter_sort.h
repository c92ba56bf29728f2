/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters that look at fields: sort and cut. Fields are numbered from 1. */
#ifndef KM_SHELL_FILTER_SORT_H
#define KM_SHELL_FILTER_SORT_H

#include "shell/filter_lines.h"

/* Each does one filter. false: its options cannot be so, and the status says why. */
bool filter_sort(struct filter *f);
bool filter_cut(struct filter *f);

#endif
