/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's description with settings, for tests that boot many. */
#ifndef KM_TESTS_UNIT_DESCRIBE_H
#define KM_TESTS_UNIT_DESCRIBE_H

#include "machine/desc.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* Loads a description and applies settings that are separated by ';'. */
static inline void describe(struct machine_desc *desc, const char *name, const char *settings)
{
	char text[256], *rest = text, *setting;
	struct status st = STATUS_INIT;

	ck_assert_msg(desc_load(desc, name, &st), "%s", st.message);
	snprintf(text, sizeof text, "%s", settings);
	while ((setting = strsep(&rest, ";")) != NULL)
		ck_assert_msg(!*setting || desc_set(desc, setting, &st), "%s", st.message);
}

#endif
