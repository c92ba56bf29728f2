/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB of 6.1: its table of rules is slab_rules_6_1 in slab/rules.h. */
#ifndef KM_SLAB_SLAB_6_1_H
#define KM_SLAB_SLAB_6_1_H

#include "slab/rules.h"

#endif
