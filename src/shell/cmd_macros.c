/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_macros.h"

#include "base/text.h"
#include "shell/cmd_slab.h"
#include "shell/ctypes.h"
#include "shell/operators.h"
#include "shell/pointer.h"

#include <inttypes.h>
#include <stdio.h>

/* The highest errno that a pointer can stand for, as the kernel's MAX_ERRNO. */
#define ERRNO_MAX 4095

static struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
}

/* What stands for the file that a line of C is in: the command, as for callers in /proc/vmallocinfo. */
static const char *place_of(const struct call *call, char place[32])
{
	snprintf(place, 32, "command_%zu", session_number(call->context->session) + 1);
	return place;
}

/* ------------------------------------------------------------ BUG and WARN */

bool cmd_macros_bug(struct call *call, struct status *st)
{
	struct machine *m = machine_of(call);
	char place[32];

	if (!m->slab.state)
		return status_fail(st, STATUS_UNSUPPORTED, _("this machine has no kernel that could stop"));
	slab_bug(&m->slab, place_of(call, place), 0);
	return true;
}

bool cmd_macros_bug_on(struct call *call, struct status *st)
{
	return !operators_true(&call->arg[0]) || cmd_macros_bug(call, st);
}

/* The form of 2.6.18, and that of later kernels; without the trace of calls. */
bool cmd_macros_warn_on(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	struct strbuf *out = call->context->out;
	bool truth = operators_true(&call->arg[0]);
	char place[32];

	(void)st;
	call->result = value_bool(truth);
	if (!truth)
		return true;
	if (m->config.gfp == GFP_2_6)
		strbuf_printf(out, "BUG: warning at %s\n", place_of(call, place));
	else
		strbuf_printf(out,
			      "------------[ cut here ]------------\n"
			      "WARNING: CPU: %" PRIu32 " PID: 1 at %s\n"
			      "---[ end trace 0000000000000000 ]---\n",
			      m->phys.state->cpu, place_of(call, place));
	return true;
}

bool cmd_macros_likely(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_bool(operators_true(&call->arg[0]));
	return true;
}

/* --------------------------------------------------- errors as pointers */

/* The error that a pointer stands for, as a number below 0; 0: it is a pointer. */
static s64 error_of(const struct call *call)
{
	const struct value *v = &call->arg[0];
	bool narrow = machine_of(call)->slab_config.word == 4;
	s64 number = narrow ? (s32)(u32)v->number : v->number;

	return v->type != VALUE_PAGE && number < 0 && number >= -ERRNO_MAX ? number : 0;
}

bool cmd_macros_is_err(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_bool(error_of(call) != 0);
	return true;
}

bool cmd_macros_ptr_err(struct call *call, struct status *st)
{
	if (!error_of(call) && !value_is_null(&call->arg[0]))
		return status_fail(st, STATUS_INVALID, _("this is no error; IS_ERR() tells"));
	call->result = value_int(error_of(call));
	return true;
}

bool cmd_macros_err_ptr(struct call *call, struct status *st)
{
	s64 number = call->arg[0].number;

	if (number >= 0 || number < -ERRNO_MAX)
		return status_fail(st, STATUS_INVALID, _("errors are -1 to -%d"), ERRNO_MAX);
	call->result = value_addr(pointer_extend(machine_of(call), (u64)number));
	return true;
}

/* ----------------------------------------------------------- KMEM_CACHE */

bool cmd_macros_kmem_cache(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	const char *name = value_text(&call->arg[0]);
	struct strbuf type = STRBUF_INIT;
	struct call create = *call;
	u32 bytes;
	bool known;

	strbuf_printf(&type, "struct %s", name);
	known = ctypes_size(m, strbuf_str(&type), &bytes);
	strbuf_free(&type);
	if (!known)
		return status_fail(st, STATUS_INVALID,
				   _("how large a struct %s is on this machine is not known: it is "
				     "kmem_cache_create(\"%s\", SIZE, 0, FLAGS, NULL)"),
				   name, name);
	create.arg[1] = value_int(bytes);
	create.arg[2] = value_int(m->slab_config.word);
	create.arg[3] = call->arg[1];
	create.arg[4] = value_int(CTOR_NONE);
	create.result = VALUE_NOTHING;
	if (!cmd_slab_create(&create, st))
		return false;
	call->result = create.result;
	return true;
}
