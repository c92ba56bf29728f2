/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/warn.h"

#include <inttypes.h>

#define TASK_PID 1

bool warn_is_first(struct virt_system *v, enum warn_once what)
{
	bool first = !(v->state->warned & what);

	v->state->warned |= what;
	return first;
}

void warn_print(const struct virt_system *v, const char *file, const char *function, const char *text)
{
	const struct slab_system *s = v->slab;

	if (v->config->rule == VMAP_LIST) {
		if (*text)
			slab_printk(s, "%s", text);
		slab_printk(s, "BUG: warning at %s/%s()", file, function);
		return;
	}
	slab_printk(s, "------------[ cut here ]------------");
	if (*text)
		slab_printk(s, "%s", text);
	slab_printk(s, "WARNING: CPU: %" PRIu32 " PID: %d at %s %s", s->phys->state->cpu, TASK_PID, file, function);
	slab_printk(s, "---[ end trace 0000000000000000 ]---");
}
