/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of the session, and those that are known to be the host's. */
#ifndef KM_SHELL_SETTINGS_H
#define KM_SHELL_SETTINGS_H

#include "shell/context.h"

/* Sets one, here or at the host. false with a message: unknown, or not with this value. */
bool settings_change(struct context *cx, const char *name, const char *value, struct status *st);

/* Appends the settings and their values, a line each, or only the one called `name`; false: there is none. */
bool settings_list(const struct session *s, const char *name, struct strbuf *out, struct status *st);

/* Name and meaning (N_()) of the n-th setting; false behind the last. */
bool settings_name(size_t n, const char **name, const char **meaning);

#endif
