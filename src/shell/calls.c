/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/calls.h"

#include "base/text.h"
#include "machine/early.h"
#include "phys/down.h"
#include "shell/absent.h"
#include "shell/argument_dma.h"
#include "shell/arguments.h"
#include "shell/describe.h"
#include "shell/eval.h"
#include "slab/flag_names.h"
#include "slab/mempool.h"
#include "virt/dma_pool.h"

#include <inttypes.h>
#include <string.h>

/* An argument as it may be typed. */
static void put_argument(struct context *cx, enum param_type type, const struct value *arg, struct strbuf *form)
{
	const struct slab_system *s = &cx->session->machine.slab;

	if (arg->type == VALUE_GFP)
		gfp_format(cx->session->machine.config.gfp, (gfp_t)arg->number, form);
	else if (type == PARAM_CACHE && arg->type == VALUE_INT)
		strbuf_printf(form, "\"%s\"", s->cache[arg->number].name);
	else if (type == PARAM_POOL && arg->type == VALUE_INT)
		strbuf_printf(form, "0x%" PRIx64, s->pool[arg->number].at);
	else if (type == PARAM_DEVICE && arg->type == VALUE_INT)
		argument_dma_put_device(cx, (u32)arg->number, form);
	else if (type == PARAM_DMA_POOL && arg->type == VALUE_INT)
		strbuf_printf(form, "0x%" PRIx64, cx->session->machine.virt.pool[arg->number].at);
	else if (type == PARAM_DIRECTION)
		argument_dma_put_direction(arg->number, form);
	else if (type == PARAM_OUT)
		strbuf_printf(form, "&%s", value_text(arg));
	else if (type == PARAM_CTOR && arg->type == VALUE_INT)
		strbuf_puts(form, arguments_ctor((enum slab_ctor)arg->number));
	else if (type == PARAM_FLAGS && arg->type == VALUE_INT && s->config->rules)
		flag_names_format(s->config->rules, (u32)arg->number, form);
	else if (type == PARAM_PHYS && arg->type == VALUE_INT)
		strbuf_printf(form, "0x%" PRIx64, (u64)arg->number);
	else
		describe_brief(arg, form);
}

static void put_form(struct context *cx, const struct command_info *command, const struct value *args,
		     struct strbuf *form)
{
	strbuf_printf(form, "%s(", command->name);
	for (unsigned i = 0; i < commands_params(command); i++) {
		if (args[i].type == VALUE_NONE)
			continue;
		strbuf_puts(form, i ? ", " : "");
		put_argument(cx, command->param[i].type, &args[i], form);
	}
	strbuf_putc(form, ')');
}

static void free_args(struct value args[COMMAND_PARAMS])
{
	for (unsigned i = 0; i < COMMAND_PARAMS; i++)
		value_free(&args[i]);
}

static bool convert_all(struct context *cx, const struct command_info *command, const struct arguments *a,
			const struct value *from, struct value to[COMMAND_PARAMS])
{
	memset(to, 0, COMMAND_PARAMS * sizeof *to);
	for (unsigned i = 0; i < commands_params(command); i++)
		if (!arguments_convert(cx, &command->param[i], &from[i], a->start[i], &to[i]))
			return false;
	return true;
}

/* What only looks or reckons cannot be refused by the machine: there a state that is not right is a mistake. */
static bool acts_on_machine(const struct command_info *command)
{
	return command->class == COMMAND_CHANGES || command->class == COMMAND_WRITES;
}

/* Has the kernel met a BUG? */
static bool is_down(const struct context *cx)
{
	return down_is(&cx->session->machine.phys);
}

/* What a command does to a machine whose kernel it brings down stays done; undo takes it back. */
static void note_down(struct context *cx)
{
	cx->down = true;
	strbuf_puts(cx->out, _("The kernel is down. undo goes back to before, reset boots again.\n"));
}

/* One call with arguments that are no vectors, where those mean many calls. */
static bool do_once(struct context *cx, const struct node *node, const struct arguments *a, const struct value *from,
		    struct value *result, struct strbuf *form)
{
	struct call call = {
		.context = cx,
		.command = node->command,
		.list = a->list,
		.count = a->count,
		.shown = cx->shown == node,
	};
	struct status st = STATUS_INIT;
	size_t printed = cx->out->length;
	bool was_down = is_down(cx);
	bool ok = convert_all(cx, node->command, a, from, call.arg);

	if (ok && form)
		put_form(cx, node->command, call.arg, form);
	if (ok && !(node->command->run(&call, &st) && session_follow(cx->session, &st))) {
		ok = diag_status(cx->diag, node->start, &st);
		cx->diag->refused = st.code == STATUS_INVALID && acts_on_machine(node->command);
		cx->said = printed;
		cx->said_end = cx->out->length;
	}
	free_args(call.arg);
	if (ok && !was_down && is_down(cx))
		note_down(cx);
	if (!ok)
		value_free(&call.result);
	*result = call.result;
	return ok;
}

/* How many calls the vectors ask for. false: they differ in length. */
static bool count_calls(struct context *cx, const struct node *node, const struct arguments *a, bool *many,
			size_t *count)
{
	*many = false;
	for (unsigned i = 0; i < commands_params(node->command); i++) {
		const struct value *v = &a->value[i];

		if (v->type != VALUE_VECTOR || !arguments_maps(node->command->param[i].type))
			continue;
		if (*many && value_count(v) != *count)
			return diag_fail(cx->diag, a->start[i], STATUS_INVALID,
					 _("vectors that are used together must have equally many items: %zu and %zu"),
					 *count, value_count(v));
		*many = true;
		*count = value_count(v);
	}
	return true;
}

/* One of many calls: with the n-th items. */
static bool do_item(struct context *cx, const struct node *node, const struct arguments *a, size_t n,
		    struct value *result)
{
	struct value from[COMMAND_PARAMS];

	for (unsigned i = 0; i < COMMAND_PARAMS; i++) {
		bool maps = a->value[i].type == VALUE_VECTOR && arguments_maps(node->command->param[i].type);

		from[i] = maps ? value_at(&a->value[i], n) : a->value[i];
	}
	return do_once(cx, node, a, from, result, NULL);
}

/* Calls move pages that later ones need, or that earlier ones returned. */
static bool do_many(struct context *cx, const struct node *node, struct arguments *a, size_t count,
		    struct value *result)
{
	struct moves *moves = &cx->session->moves;
	struct moves_held held[COMMAND_PARAMS + 1];
	bool ok = true;
	bool returns = commands_has_value(node->command);

	*result = returns ? value_vector() : VALUE_NOTHING;
	for (unsigned i = 0; i < COMMAND_PARAMS; i++)
		moves_hold(moves, &held[i], &a->value[i]);
	moves_hold(moves, &held[COMMAND_PARAMS], result);
	for (size_t n = 0; ok && n < count && !cx->down; n++) {
		struct value one = VALUE_NOTHING;

		ok = context_goes_on(cx, node->start) && do_item(cx, node, a, n, &one);
		if (ok && returns && !value_append(result, one))
			ok = diag_no_memory(cx->diag, node->start);
	}
	moves_release(moves, &held[0]);
	/* What returns something on one kernel may return nothing on another. */
	if (!ok || (count && returns && !value_count(result))) {
		value_free(result);
		*result = VALUE_NOTHING;
	}
	return ok;
}

static bool check_kernel(struct context *cx, const struct node *node)
{
	const struct machine *m = &cx->session->machine;
	struct strbuf machines = STRBUF_INIT;

	if (commands_available(node->command, m->config.gfp))
		return true;
	absent_machines(node->command, &machines);
	diag_fail(cx->diag, node->start, STATUS_INVALID,
		  _("the kernel of this machine (%s) has no %s; it is in that of %s"),
		  *m->desc.kernel ? m->desc.kernel : m->desc.name, node->command->name, strbuf_str(&machines));
	strbuf_free(&machines);
	return false;
}

static bool refuse_early(struct context *cx, const struct node *n)
{
	diag_fail(cx->diag, n->start, STATUS_INVALID,
		  _("the page allocator does not run yet: mem_init() hands memory over to it"));
	cx->diag->refused = true;
	return false;
}

static bool refuse_down(struct context *cx, const struct node *n)
{
	struct strbuf why = STRBUF_INIT;

	down_why(&cx->session->machine.phys, &why);
	diag_fail(cx->diag, n->start, STATUS_INVALID,
		  _("the kernel is down (%s): undo goes back to before, reset boots again"), strbuf_str(&why));
	strbuf_free(&why);
	cx->diag->refused = true;
	return false;
}

/*
 * Before memory is handed over, only the boot-time allocator works, and there
 * is no /proc to write to.  Afterwards that allocator refuses by itself.
 */
static bool check_booted(struct context *cx, const struct node *node)
{
	const struct command_info *command = node->command;

	if (!early_is(&cx->session->machine) || !commands_changes(node) || command->group == GROUP_BOOT ||
	    command->group == GROUP_SESSION)
		return true;
	return refuse_early(cx, node);
}

/* After a BUG nothing runs any more. */
static bool check_up(struct context *cx, const struct node *node)
{
	if (!is_down(cx) || !commands_changes(node))
		return true;
	return refuse_down(cx, node);
}

bool calls_may_change(struct context *cx, const struct node *n)
{
	if (early_is(&cx->session->machine))
		return refuse_early(cx, n);
	return !is_down(cx) || refuse_down(cx, n);
}

/* Is the call shown as "alloc_pages(GFP_KERNEL, 3) = pfn 0x12348"? Other commands print what there is to say. */
static bool shows_form(const struct node *n)
{
	return n->kind == NODE_CALL && (commands_is_function(n->command) || n->command->class == COMMAND_CHANGES);
}

bool calls_evaluate(struct context *cx, const struct node *n, struct value *v, struct strbuf *form)
{
	const struct node *call = n;

	while (call->kind == NODE_CAST && strchr(call->type, '*'))
		call = call->a;
	if (call->kind == NODE_CALL)
		return calls_do(cx, call, v, shows_form(call) ? form : NULL);
	return eval_expr(cx, n, v);
}

void calls_put_result(const struct node *n, const struct value *v, struct strbuf *out)
{
	if (n->kind == NODE_CALL && v->type == VALUE_INT && strcmp(n->command->result, "phys_addr_t") == 0)
		strbuf_printf(out, "0x%" PRIx64, (u64)v->number);
	else
		describe_brief(v, out);
}

bool calls_do(struct context *cx, const struct node *call, struct value *result, struct strbuf *form)
{
	struct arguments a;
	size_t count = 0;
	bool many, ok;

	*result = VALUE_NOTHING;
	if (!check_kernel(cx, call) || !check_booted(cx, call) || !check_up(cx, call))
		return false;
	ok = arguments_bind(cx, call, &a) && count_calls(cx, call, &a, &many, &count);
	if (ok && many) {
		if (form)
			put_form(cx, call->command, a.value, form);
		ok = do_many(cx, call, &a, count, result);
	} else if (ok) {
		ok = do_once(cx, call, &a, a.value, result, form);
	}
	arguments_free(&a);
	return ok;
}
