/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/warn.h"

#include "base/strbuf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define TASK_PID 1

bool warn_is_first(struct virt_system *v, enum warn_once what)
{
	bool first = !(v->state->warned & what);

	v->state->warned |= what;
	return first;
}

void warn_print(const struct virt_system *v, const char *where, const char *format, ...)
{
	const struct slab_system *s = v->slab;
	bool old = v->config->rule == VMAP_LIST;
	int file = (int)strcspn(where, " ");
	struct strbuf text = STRBUF_INIT;
	va_list args;

	va_start(args, format);
	strbuf_vprintf(&text, format, args);
	va_end(args);
	if (!old)
		slab_printk(s, "------------[ cut here ]------------");
	if (text.length)
		slab_printk(s, "%s", strbuf_str(&text));
	if (old) {
		slab_printk(s, "BUG: warning at %.*s/%s()", file, where, where + file + 1);
	} else {
		slab_printk(s, "WARNING: CPU: %" PRIu32 " PID: %d at %s", s->phys->state->cpu, TASK_PID, where);
		slab_printk(s, "---[ end trace 0000000000000000 ]---");
	}
	strbuf_free(&text);
}
