/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/argument_dma.h"

#include "base/nearest.h"
#include "base/text.h"
#include "shell/constants.h"
#include "shell/eval.h"
#include "shell/operators.h"
#include "shell/queries.h"
#include "virt/device.h"
#include "virt/dma_map.h"
#include "virt/dma_pool.h"

#include <inttypes.h>
#include <string.h>

static struct virt_system *virt_of(const struct context *cx)
{
	return &cx->session->machine.virt;
}

bool argument_dma_name(struct context *cx, const struct node *arg, struct value *v)
{
	const struct node *of = arg->kind == NODE_ADDRESS ? arg->a : arg, *name = of;

	while (name->kind == NODE_MEMBER)
		name = name->a;
	if (name->kind != NODE_NAME)
		return diag_fail(cx->diag, arg->start, STATUS_SYNTAX, _("the name of a variable is expected"));
	if (of->kind == NODE_MEMBER && vars_get(&cx->session->vars, name->name))
		return eval_expr(cx, name, v);
	*v = value_string(name->name, strlen(name->name));
	return v->type == VALUE_STRING || diag_no_memory(cx->diag, arg->start);
}

/* ------------------------------------------------------------- devices */

/* No device: what the kernel makes of it. */
static bool no_device(struct context *cx, size_t start, struct value *to)
{
	const struct virt_system *v = virt_of(cx);

	*to = value_int(0);
	if (!v->state || v->config->rule == VMAP_LIST)
		return true;
	cx->diag->refused = true;
	return diag_fail(cx->diag, start, STATUS_INVALID,
			 _("the device is NULL: this kernel would oops here; device() makes one"));
}

bool argument_dma_device(struct context *cx, const struct param *param, const struct value *from, size_t start,
			 struct value *to)
{
	const struct value *v = from;
	const struct virt_system *virt = virt_of(cx);
	struct nearest near = NEAREST_INIT(value_text(from));
	u32 number;

	if (value_is_null(v) || (v->type == VALUE_INT && !v->number))
		return no_device(cx, start, to);
	/* `&dev` of a variable. */
	if (v->type == VALUE_STRING && !device_by_name(virt, value_text(v)) &&
	    vars_get(&cx->session->vars, value_text(v)))
		v = vars_get(&cx->session->vars, value_text(v));
	if (v->type != VALUE_STRING)
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("\"%s\" cannot be %s; device() returns a device, and each has a name"), param->name,
				 operators_type(v));
	number = device_by_name(virt, value_text(v));
	*to = value_int(number);
	if (number)
		return true;
	for (u32 n = 1; n <= VIRT_DEVICES; n++)
		if (device_at(virt, n))
			nearest_try(&near, device_at(virt, n)->name);
	diag_fail(cx->diag, start, STATUS_INVALID, _("there is no device \"%s\"; device() makes one"), value_text(v));
	return diag_suggest(cx->diag, &near);
}

void argument_dma_put_device(const struct context *cx, u32 number, struct strbuf *out)
{
	const struct device *d = device_at(virt_of(cx), number);

	strbuf_puts(out, d ? d->name : "NULL");
}

void argument_dma_put_direction(s64 direction, struct strbuf *out)
{
	static const char *const names[] = {
		[DMA_BIDIRECTIONAL] = "DMA_BIDIRECTIONAL",
		[DMA_TO_DEVICE] = "DMA_TO_DEVICE",
		[DMA_FROM_DEVICE] = "DMA_FROM_DEVICE",
		[DMA_NONE] = "DMA_NONE",
	};

	if (direction >= 0 && direction <= DMA_NONE)
		strbuf_puts(out, names[direction]);
	else
		strbuf_printf(out, "%" PRId64, direction);
}

/* ------------------------------------------------------------- pools */

bool argument_dma_pool(struct context *cx, const struct param *param, const struct value *from, size_t start,
		       struct value *to)
{
	u32 pool = DMA_POOL_NONE;

	if (from->type == VALUE_ADDR)
		pool = dma_pool_by_address(virt_of(cx), (u64)from->number);
	else
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("\"%s\" cannot be %s; dma_pool_create() returns a pool"), param->name,
				 operators_type(from));
	*to = value_int(pool);
	if (pool != DMA_POOL_NONE)
		return true;
	cx->diag->refused = true;
	if (value_is_null(from))
		return diag_fail(cx->diag, start, STATUS_INVALID, _("the pool is NULL: the kernel would oops here"));
	return diag_fail(cx->diag, start, STATUS_INVALID,
			 _("there is no DMA pool at 0x%" PRIx64 "; the kernel would believe you"), (u64)from->number);
}

/* ------------------------------------------------------------- variables that are filled */

bool argument_dma_out(struct context *cx, const struct param *param, const struct value *from, size_t start,
		      struct value *to)
{
	const char *name = value_text(from);

	if (value_is_null(from)) {
		cx->diag->refused = true;
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("\"%s\" is NULL: the kernel would oops when it writes there"), param->name);
	}
	if (from->type != VALUE_STRING)
		return diag_fail(cx->diag, start, STATUS_INVALID, _("\"%s\" is a variable to be filled: &name"),
				 param->name);
	if (commands_find(name) || queries_is_root(name) || constants_reserved(name))
		return diag_fail(cx->diag, start, STATUS_INVALID, _("%s has a meaning; a variable needs another name"),
				 name);
	*to = value_copy(*from);
	return true;
}

bool argument_dma_fill(struct call *call, unsigned n, struct value v, struct status *st)
{
	struct context *cx = call->context;
	const char *name = value_text(&call->arg[n]);

	if (call->arg[n].type != VALUE_STRING)
		return true;
	if (!vars_set(&cx->session->vars, name, value_copy(v)))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (!cx->again && !cx->loops) {
		strbuf_printf(cx->out, "%s = ", name);
		value_format(&v, cx->out);
		strbuf_putc(cx->out, '\n');
	}
	return true;
}
