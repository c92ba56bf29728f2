/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments of functions for devices: the device, and `&name` for a variable that the function fills. */
#ifndef KM_SHELL_ARGUMENT_DMA_H
#define KM_SHELL_ARGUMENT_DMA_H

#include "shell/ast.h"
#include "shell/commands.h"

/*
 * What stands behind `&`, or a bare word in place of it: the name, as text.
 * `&pdev->dev` is the device that `pdev` is.  false: it is no name.
 */
bool argument_dma_name(struct context *cx, const struct node *arg, struct value *v);

/* As arguments_convert(), for PARAM_DEVICE (its number), PARAM_OUT (a name) and PARAM_DMA_POOL (its slot). */
bool argument_dma_device(struct context *cx, const struct param *param, const struct value *from, size_t start,
			 struct value *to);
bool argument_dma_pool(struct context *cx, const struct param *param, const struct value *from, size_t start,
		       struct value *to);
bool argument_dma_out(struct context *cx, const struct param *param, const struct value *from, size_t start,
		      struct value *to);

/* Appends a device as it may be typed: NULL, or its name. */
void argument_dma_put_device(const struct context *cx, u32 number, struct strbuf *out);

/* Appends the name of a direction. */
void argument_dma_put_direction(s64 direction, struct strbuf *out);

/* Sets the variable that argument `n` of the call names, if it names one, and shows it. Takes nothing over. */
bool argument_dma_fill(struct call *call, unsigned n, struct value v, struct status *st);

#endif
