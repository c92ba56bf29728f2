/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB of 2.6.18: its table of rules is slab_rules_2_6 in slab/rules.h. */
#ifndef KM_SLAB_SLAB_2_6_H
#define KM_SLAB_SLAB_2_6_H

#include "slab/rules.h"

#endif
