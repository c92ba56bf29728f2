/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/warn.h"

#include "base/strbuf.h"
#include "slab/slab_common.h"

#include <stdarg.h>

bool warn_is_first(struct virt_system *v, enum warn_once what)
{
	bool first = !(v->state->warned & what);

	v->state->warned |= what;
	return first;
}

void warn_print(const struct virt_system *v, const char *where, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;

	va_start(args, format);
	strbuf_vprintf(&text, format, args);
	va_end(args);
	slab_common_warn(v->slab, where, "%s", strbuf_str(&text));
	strbuf_free(&text);
}
