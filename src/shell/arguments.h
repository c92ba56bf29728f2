/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the arguments as written to the parameters they are meant for. */
#ifndef KM_SHELL_ARGUMENTS_H
#define KM_SHELL_ARGUMENTS_H

#include "shell/ast.h"
#include "shell/commands.h"

struct arguments {
	struct value value[COMMAND_PARAMS]; /* VALUE_NONE: not given, and no fallback */
	size_t start[COMMAND_PARAMS]; /* where each stands in the text */
	struct value *list; /* of a command that takes any number */
	size_t count;
};

/*
 * Evaluates the arguments of a call and finds each one's parameter: by its
 * label, by the order in C form, by type in words.  What is not given gets its
 * fallback.  false: missing, surplus or unknown, as the diag says.  Free `a` in
 * any case.
 */
bool arguments_bind(struct context *cx, const struct node *call, struct arguments *a);
void arguments_free(struct arguments *a);

/* Makes a value what a parameter needs. false: it is of another kind, or out of range. */
bool arguments_convert(struct context *cx, const struct param *param, const struct value *from, size_t start,
		       struct value *to);

/* The name of a constructor, as an argument. */
const char *arguments_ctor(enum slab_ctor ctor);

/* Does a vector for this parameter mean: one call for each item? */
bool arguments_maps(enum param_type type);

#endif
