/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations of recordings on one block of pages. */
#ifndef KM_SESSION_REPLAY_PAGES_H
#define KM_SESSION_REPLAY_PAGES_H

#include "session/replay_op.h"

replay_op_function replay_pages_alloc, replay_pages_free, replay_pages_free_cold_page, replay_pages_split_page;
replay_op_function replay_pages_get_free_pages, replay_pages_get_zeroed_page, replay_pages_free_pages;
replay_op_function replay_pages_alloc_pages_exact, replay_pages_free_pages_exact;

#endif
