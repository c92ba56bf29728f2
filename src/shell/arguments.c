/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/arguments.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "shell/argument_dma.h"
#include "slab/kmem_cache.h"
#include "slab/mempool.h"
#include "shell/constants.h"
#include "shell/eval.h"
#include "shell/operators.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An argument that was evaluated and has no parameter yet. */
struct given {
	struct value value;
	const struct node *node;
};

/* Says what is wrong with a call, and how it should be written. */
static bool wrong_call(struct context *cx, const struct command_info *command, size_t start, const char *what)
{
	struct strbuf form = STRBUF_INIT;

	commands_signature(command, &form);
	diag_fail(cx->diag, start, STATUS_SYNTAX, "%s: %s", what, strbuf_str(&form));
	strbuf_free(&form);
	return false;
}

static bool missing(struct context *cx, const struct node *call, const struct param *param)
{
	struct strbuf what = STRBUF_INIT;

	strbuf_printf(&what, _("%s lacks its argument \"%s\""), call->command->name, param->name);
	wrong_call(cx, call->command, call->start, strbuf_str(&what));
	strbuf_free(&what);
	return false;
}

static bool surplus(struct context *cx, const struct node *call, const struct node *at)
{
	struct strbuf what = STRBUF_INIT;

	strbuf_printf(&what, _("an argument too many for %s"), call->command->name);
	wrong_call(cx, call->command, at->label ? at->label_start : at->start, strbuf_str(&what));
	strbuf_free(&what);
	return false;
}

/* ------------------------------------------------------------- by label */

static bool unknown_label(struct context *cx, const struct command_info *command, const struct node *arg)
{
	struct nearest near = NEAREST_INIT(arg->label);

	for (const struct param *p = command->param; p->type != PARAM_NO; p++) {
		nearest_try(&near, p->name);
		if (p->type == PARAM_ORDER)
			nearest_try(&near, "size");
	}
	diag_fail(cx->diag, arg->label_start, STATUS_SYNTAX, _("%s has no argument \"%s\""), command->name, arg->label);
	return diag_suggest(cx->diag, &near);
}

/* size= where an order is wanted. */
static bool size_to_order(struct context *cx, const struct node *arg, struct value *v)
{
	if (v->type != VALUE_INT || v->number < 0)
		return diag_fail(cx->diag, arg->start, STATUS_INVALID, _("a size in bytes is expected, not %s"),
				 operators_type(v));
	*v = value_int(page_get_order(&cx->session->machine.phys, (u64)v->number));
	return true;
}

static bool bind_label(struct context *cx, const struct node *call, const struct node *arg, struct value *v,
		       struct arguments *a)
{
	const struct command_info *command = call->command;

	for (unsigned i = 0; i < commands_params(command); i++) {
		bool as_size = command->param[i].type == PARAM_ORDER && strcmp(arg->label, "size") == 0;

		if (!as_size && strcmp(arg->label, command->param[i].name) != 0)
			continue;
		if (a->value[i].type != VALUE_NONE)
			return diag_fail(cx->diag, arg->label_start, STATUS_SYNTAX, _("%s is given twice"),
					 command->param[i].name);
		if (as_size && !size_to_order(cx, arg, v))
			return false;
		a->value[i] = *v;
		a->start[i] = arg->start;
		*v = VALUE_NOTHING;
		return true;
	}
	return unknown_label(cx, command, arg);
}

/* ---------------------------------------------- by place, and by type */

static void settle(struct arguments *a, unsigned param, struct given *g)
{
	a->value[param] = g->value;
	a->start[param] = g->node->start;
	g->value = VALUE_NOTHING;
}

/* The next parameter that has no argument; only those without a fallback if `needed`. */
static unsigned next_open(const struct command_info *command, const struct arguments *a, unsigned from, bool needed)
{
	while (from < commands_params(command) &&
	       (a->value[from].type != VALUE_NONE || (needed && command->param[from].fallback)))
		from++;
	return from;
}

/* The parameter that only this type of value can be meant for; PARAM_NO: any. */
static enum param_type type_wanted(const struct given *g)
{
	struct value first = value_at(&g->value, 0);

	if (g->node->kind == NODE_ADDRESS)
		return PARAM_OUT;
	switch (first.type) {
	case VALUE_GFP:
		return PARAM_GFP;
	case VALUE_PAGE:
		return PARAM_PAGE;
	case VALUE_ADDR:
		return PARAM_ADDR;
	default:
		return PARAM_NO;
	}
}

/* Caches and pools are told by addresses, too; and anything may be meant where any value is right. */
static bool is_meant(enum param_type param, enum param_type type)
{
	return param == type || param == PARAM_VALUE ||
	       (type == PARAM_ADDR && (param == PARAM_CACHE || param == PARAM_POOL || param == PARAM_DMA_POOL ||
				       param == PARAM_BUS || param == PARAM_PHYS));
}

static void bind_by_type(const struct command_info *command, struct given *given, unsigned count, struct arguments *a)
{
	unsigned left = 0, needed = 0;

	for (unsigned i = 0; i < count; i++) {
		enum param_type type = type_wanted(&given[i]);

		for (unsigned p = 0; type != PARAM_NO && p < commands_params(command); p++) {
			if (is_meant(command->param[p].type, type) && a->value[p].type == VALUE_NONE) {
				settle(a, p, &given[i]);
				break;
			}
		}
		left += given[i].value.type != VALUE_NONE;
	}
	for (unsigned p = 0; p < commands_params(command); p++)
		needed += a->value[p].type == VALUE_NONE && !command->param[p].fallback;
	/* What is left goes where it is needed; if there is more than that, everywhere in order. */
	for (unsigned i = 0, p = 0; i < count; i++) {
		if (given[i].value.type == VALUE_NONE)
			continue;
		p = next_open(command, a, p, left <= needed);
		if (p < commands_params(command))
			settle(a, p, &given[i]);
	}
}

static void bind_by_place(const struct command_info *command, struct given *given, unsigned count, struct arguments *a)
{
	unsigned p = 0;

	for (unsigned i = 0; i < count; i++) {
		p = next_open(command, a, p, false);
		if (p < commands_params(command))
			settle(a, p, &given[i]);
	}
}

/* ------------------------------------------------------------- the rest */

static bool use_fallback(struct context *cx, const struct node *call, unsigned i, struct arguments *a)
{
	const struct param *param = &call->command->param[i];

	a->start[i] = call->start;
	if (!param->fallback)
		return missing(cx, call, param);
	if (*param->fallback && !constants_get(&cx->session->machine, param->fallback, &a->value[i]))
		a->value[i] = value_int(strtoll(param->fallback, NULL, 0));
	return true;
}

static bool bind_given(struct context *cx, const struct node *call, struct given *given, unsigned count,
		       struct arguments *a)
{
	if (call->words)
		bind_by_type(call->command, given, count, a);
	else
		bind_by_place(call->command, given, count, a);
	for (unsigned i = 0; i < count; i++)
		if (given[i].value.type != VALUE_NONE)
			return surplus(cx, call, given[i].node);
	for (unsigned i = 0; i < commands_params(call->command); i++)
		if (a->value[i].type == VALUE_NONE && !use_fallback(cx, call, i, a))
			return false;
	return true;
}

static const char *const ctors[CTOR_KINDS] = { "NULL", "zero", "count_up", "pattern" };

const char *arguments_ctor(enum slab_ctor ctor)
{
	return ctors[ctor];
}

/* The kind of constructor that is called so; CTOR_KINDS: none. */
static enum slab_ctor ctor_by_name(const char *name)
{
	unsigned n = 0;

	while (n < CTOR_KINDS && strcmp(ctors[n], name) != 0)
		n++;
	return (enum slab_ctor)n;
}

/* The type of the parameter that an argument is for; `count` arguments without a label stand before it. */
static enum param_type type_of(const struct command_info *command, const struct node *arg, unsigned count)
{
	for (unsigned i = 0; arg->label && i < commands_params(command); i++)
		if (strcmp(command->param[i].name, arg->label) == 0)
			return command->param[i].type;
	return command->param[count].type;
}

/* A name: as text, or as a bare word. */
static bool evaluate_name(struct context *cx, const struct node *arg, struct value *v)
{
	if (arg->kind != NODE_NAME || vars_get(&cx->session->vars, arg->name) || constants_reserved(arg->name))
		return eval_value(cx, arg, v);
	*v = value_string(arg->name, strlen(arg->name));
	return v->type == VALUE_STRING || diag_no_memory(cx->diag, arg->start);
}

static bool evaluate_argument(struct context *cx, const struct node *call, const struct node *arg, unsigned count,
			      struct value *v)
{
	enum param_type type = type_of(call->command, arg, count);
	bool fills = type == PARAM_OUT && arg->kind == NODE_NAME && !constants_reserved(arg->name);

	if (fills || (arg->kind == NODE_ADDRESS && (call->words || type == PARAM_OUT || type == PARAM_DEVICE)))
		return argument_dma_name(cx, arg, v);
	if (type == PARAM_NAME || type == PARAM_CACHE || type == PARAM_CTOR || type == PARAM_DEVICE)
		return evaluate_name(cx, arg, v);
	return eval_value(cx, arg, v);
}

/* Each argument may move pages of those before it. */
static bool bind_single(struct context *cx, const struct node *call, struct arguments *a)
{
	struct given given[COMMAND_PARAMS] = { { VALUE_NOTHING, NULL } };
	struct moves *moves = &cx->session->moves;
	struct moves_held held[2 * COMMAND_PARAMS];
	unsigned count = 0;
	bool ok = true;

	for (unsigned i = 0; i < COMMAND_PARAMS; i++) {
		moves_hold(moves, &held[2 * i], &given[i].value);
		moves_hold(moves, &held[2 * i + 1], &a->value[i]);
	}
	for (const struct node *arg = call->first; ok && arg; arg = arg->next) {
		struct value v = VALUE_NOTHING;

		if (count >= commands_params(call->command)) {
			ok = surplus(cx, call, arg);
			break;
		}
		ok = evaluate_argument(cx, call, arg, count, &v);
		if (ok && arg->label)
			ok = bind_label(cx, call, arg, &v, a);
		else if (ok)
			given[count++] = (struct given){ v, arg };
		if (!ok)
			value_free(&v);
	}
	moves_release(moves, &held[0]);
	ok = ok && bind_given(cx, call, given, count, a);
	for (unsigned i = 0; i < count; i++)
		value_free(&given[i].value);
	return ok;
}

static bool bind_list(struct context *cx, const struct node *call, struct arguments *a)
{
	size_t count = 0;

	for (const struct node *arg = call->first; arg; arg = arg->next, count++)
		if (arg->label)
			return unknown_label(cx, call->command, arg);
	if (!count && !call->command->param[0].fallback)
		return missing(cx, call, &call->command->param[0]);
	a->list = calloc(count ? count : 1, sizeof *a->list);
	if (!a->list)
		return diag_no_memory(cx->diag, call->start);
	for (const struct node *arg = call->first; arg; arg = arg->next, a->count++)
		if (!eval_value(cx, arg, &a->list[a->count]))
			return false;
	return true;
}

bool arguments_bind(struct context *cx, const struct node *call, struct arguments *a)
{
	enum param_type type = call->command->param[0].type;

	memset(a, 0, sizeof *a);
	return type == PARAM_VALUES || type == PARAM_WORDS ? bind_list(cx, call, a) : bind_single(cx, call, a);
}

void arguments_free(struct arguments *a)
{
	for (unsigned i = 0; i < COMMAND_PARAMS; i++)
		value_free(&a->value[i]);
	for (size_t i = 0; i < a->count; i++)
		value_free(&a->list[i]);
	free(a->list);
}

/* ----------------------------------------------------------- conversion */

bool arguments_maps(enum param_type type)
{
	return type >= PARAM_GFP && type <= PARAM_INT;
}

static bool wrong_type(struct context *cx, const struct param *param, const struct value *v, size_t start,
		       const char *hint)
{
	return diag_fail(cx->diag, start, STATUS_INVALID, _("\"%s\" cannot be %s%s%s"), param->name, operators_type(v),
			 *hint ? "; " : "", hint);
}

static bool to_page(struct context *cx, const struct param *param, const struct value *v, size_t start,
		    struct value *to)
{
	if (value_is_null(v)) {
		cx->diag->refused = true;
		return diag_fail(cx->diag, start, STATUS_INVALID, _("the page is NULL: the kernel would oops here"));
	}
	if (v->type == VALUE_ADDR)
		return wrong_type(cx, param, v, start, _("virt_to_page() finds its page"));
	if (v->type != VALUE_PAGE && v->type != VALUE_INT)
		return wrong_type(cx, param, v, start, "");
	if (v->number < 0 || v->number >= PHYS_PFN_LIMIT)
		return diag_fail(cx->diag, start, STATUS_INVALID, _("there is no such page frame"));
	*to = value_page((pfn_t)v->number);
	return true;
}

static bool to_address(struct context *cx, const struct param *param, const struct value *v, size_t start,
		       struct value *to)
{
	if (value_is_null(v))
		*to = value_addr(0);
	else if (v->type == VALUE_ADDR || v->type == VALUE_INT)
		*to = value_addr((u64)v->number);
	else if (v->type == VALUE_PAGE)
		return wrong_type(cx, param, v, start, _("page_address() gives its address"));
	else
		return wrong_type(cx, param, v, start, "");
	return true;
}

/* The slot of a cache, by the address of its descriptor or by its name. */
static bool to_cache(struct context *cx, const struct param *param, const struct value *v, size_t start,
		     struct value *to)
{
	const struct slab_system *s = &cx->session->machine.slab;
	const struct kmem_cache *cache = NULL;
	struct nearest near = NEAREST_INIT(value_text(v));

	if (value_is_null(v)) {
		cx->diag->refused = true;
		return diag_fail(cx->diag, start, STATUS_INVALID, _("the cache is NULL: the kernel would oops here"));
	}
	if (v->type == VALUE_ADDR)
		cache = kmem_cache_by_address(s, (u64)v->number);
	else if (v->type == VALUE_STRING)
		cache = kmem_cache_by_name(s, value_text(v));
	else
		return wrong_type(cx, param, v, start, _("kmem_cache_create() returns one, and each has a name"));
	*to = value_int(cache ? slab_slot(s, cache) : 0);
	if (cache)
		return true;
	if (v->type == VALUE_ADDR) {
		cx->diag->refused = true;
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("there is no cache at 0x%" PRIx64 "; the kernel would believe you"), (u64)v->number);
	}
	for (cache = kmem_cache_first(s); cache; cache = kmem_cache_next(s, cache))
		nearest_try(&near, cache->name);
	diag_fail(cx->diag, start, STATUS_INVALID, _("there is no cache \"%s\""), value_text(v));
	return diag_suggest(cx->diag, &near);
}

/* The slot of a mempool, by its address. */
static bool to_pool(struct context *cx, const struct param *param, const struct value *v, size_t start,
		    struct value *to)
{
	u32 slot;

	if (v->type != VALUE_ADDR)
		return wrong_type(cx, param, v, start, _("mempool_create() returns one"));
	if (!mempool_by_address(&cx->session->machine.slab, (u64)v->number, &slot)) {
		cx->diag->refused = true;
		if (value_is_null(v))
			return diag_fail(cx->diag, start, STATUS_INVALID,
					 _("the pool is NULL: the kernel would oops here"));
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("there is no mempool at 0x%" PRIx64 "; the kernel would believe you"),
				 (u64)v->number);
	}
	*to = value_int(slot);
	return true;
}

static bool to_ctor(struct context *cx, const struct param *param, const struct value *v, size_t start,
		    struct value *to)
{
	enum slab_ctor ctor = CTOR_NONE;

	if (v->type == VALUE_STRING)
		ctor = ctor_by_name(value_text(v));
	else if (!value_is_null(v) && !(v->type == VALUE_INT && !v->number))
		return wrong_type(cx, param, v, start, _("it is NULL, zero, count_up or pattern"));
	if (ctor == CTOR_KINDS)
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("there is no constructor \"%s\": it is NULL, zero, count_up or pattern"),
				 value_text(v));
	*to = value_int(ctor);
	return true;
}

/* An address stands where a number is wanted; it may also be a number that is too large to be any other. */
static bool no_number(struct context *cx, const struct param *param, const struct value *v, size_t start)
{
	const char *wanted = param->type == PARAM_SIZE ? _("a number of bytes") : _("a number");

	if (v->type == VALUE_ADDR && !value_is_null(v))
		return diag_fail(cx->diag, start, STATUS_INVALID,
				 _("\"%s\" must be %s; 0x%" PRIx64 " is too large for one, it is an address"),
				 param->name, wanted, (u64)v->number);
	return diag_fail(cx->diag, start, STATUS_INVALID, _("\"%s\" must be %s, not %s"), param->name, wanted,
			 operators_type(v));
}

static bool to_number(struct context *cx, const struct param *param, const struct value *v, size_t start, s64 least,
		      s64 most, struct value *to)
{
	bool page = v->type == VALUE_PAGE && param->type == PARAM_INT && !value_is_null(v);

	if (v->type != VALUE_INT && !page)
		return no_number(cx, param, v, start);
	if (v->number < least || v->number > most)
		return diag_fail(cx->diag, start, STATUS_INVALID, _("\"%s\" is out of range"), param->name);
	*to = value_int(v->number);
	return true;
}

/* What an unsigned long holds; physical memory, which boot divides, may be larger. */
static s64 most_bytes(const struct context *cx)
{
	const struct machine *m = &cx->session->machine;

	return m->virt_config.word == 4 && !m->early ? UINT32_MAX : INT64_MAX;
}

bool arguments_convert(struct context *cx, const struct param *param, const struct value *from, size_t start,
		       struct value *to)
{
	*to = VALUE_NOTHING;
	if (from->type == VALUE_NONE)
		return true;
	switch (param->type) {
	case PARAM_GFP:
		if (from->type == VALUE_GFP)
			*to = *from;
		else if (to_number(cx, param, from, start, 0, UINT32_MAX, to))
			*to = value_gfp((u64)from->number);
		else
			return false;
		return true;
	case PARAM_ORDER:
		return to_number(cx, param, from, start, 0, INT32_MAX, to);
	case PARAM_PAGE:
		return to_page(cx, param, from, start, to);
	case PARAM_ADDR:
	case PARAM_BUS:
	case PARAM_MASK:
		return to_address(cx, param, from, start, to);
	case PARAM_CACHE:
		return to_cache(cx, param, from, start, to);
	case PARAM_POOL:
		return to_pool(cx, param, from, start, to);
	case PARAM_CTOR:
		return to_ctor(cx, param, from, start, to);
	case PARAM_DEVICE:
		return argument_dma_device(cx, param, from, start, to);
	case PARAM_DMA_POOL:
		return argument_dma_pool(cx, param, from, start, to);
	case PARAM_OUT:
		return argument_dma_out(cx, param, from, start, to);
	case PARAM_SIZE:
		return to_number(cx, param, from, start, 0, most_bytes(cx), to);
	case PARAM_FLAGS:
		return to_number(cx, param, from, start, 0, UINT32_MAX, to);
	case PARAM_PHYS:
		/* That of a device is one, too. */
		if (from->type == VALUE_ADDR)
			return to_address(cx, param, from, start, to);
		return to_number(cx, param, from, start, INT64_MIN, INT64_MAX, to);
	case PARAM_INT:
	case PARAM_DIRECTION:
		return to_number(cx, param, from, start, INT64_MIN, INT64_MAX, to);
	case PARAM_NAME:
	case PARAM_WORD:
	case PARAM_TEXT:
		if (from->type != VALUE_STRING)
			return wrong_type(cx, param, from, start, _("it is text, in quotes"));
		break;
	default:
		break;
	}
	*to = value_copy(*from);
	return true;
}
