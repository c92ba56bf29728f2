/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_common.h"

#include "base/strbuf.h"
#include "phys/gfp.h"
#include "slab/rules.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define TASK_PID 1

const char *slab_common_tainted(const struct slab_system *s)
{
	/* A column for each of 19 flags; 'G': no module that is not free. */
	static const char *const text[] = {
		"Not tainted",
		"Tainted: G    B             ",
		"Tainted: G        W         ",
		"Tainted: G    B   W         ",
	};

	return text[s->state->tainted & (TAINT_BAD_PAGE | TAINT_WARN)];
}

void slab_common_warn(struct slab_system *s, const char *where, const char *format, ...)
{
	bool old = s->phys->config->gfp == GFP_2_6;
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
	strbuf_free(&text);
	if (old) {
		slab_printk(s, "BUG: warning at %.*s/%s()", file, where, where + file + 1);
		return;
	}
	slab_printk(s, "WARNING: CPU: %" PRIu32 " PID: %d at %s", s->phys->state->cpu, TASK_PID, where);
	slab_printk(s, "---[ end trace 0000000000000000 ]---");
	if (s->state)
		s->state->tainted |= TAINT_WARN;
}

void slab_common_warn_not_large(struct slab_system *s, u64 address)
{
	if (s->state->warned)
		return;
	s->state->warned = 1;
	slab_common_warn(s, "mm/slab_common.c free_large_kmalloc", "%s", "");
	slab_printk(s, "object pointer: 0x%0*" PRIx64, (int)(2 * s->config->word), address);
}

void slab_common_not_created(struct slab_system *s, const char *name, u32 flags, int error)
{
	if (!(flags & s->config->rules->flag->panic)) {
		slab_printk(s, "kmem_cache_create_usercopy(%s) failed with error -%d", name, error);
		return;
	}
	slab_printk(s,
		    "Kernel panic - not syncing: kmem_cache_create_usercopy: Failed to create slab '%s'. "
		    "Error -%d",
		    name, error);
	EMIT(s->phys->observer, CACHE_NEEDED, 0);
	down_by(s->phys, DOWN_PANIC);
}

void slab_common_divide_error(struct slab_system *s)
{
	slab_printk(s, "divide error: 0000 [#1]");
	down_by(s->phys, DOWN_DIVIDE);
}

gfp_t slab_common_fix_gfp(struct slab_system *s, gfp_t gfp)
{
	gfp_t bad = gfp & (s->phys->gfp->highmem | s->phys->gfp->dma32);
	struct strbuf wrong = STRBUF_INIT, right = STRBUF_INIT;

	if (!bad)
		return gfp;
	gfp_format(s->phys->config->gfp, bad, &wrong);
	gfp_format(s->phys->config->gfp, gfp & ~bad, &right);
	slab_printk(s, "Unexpected gfp: %#x (%s). Fixing up to gfp: %#x (%s). Fix your code!", (unsigned)bad,
		    strbuf_str(&wrong), (unsigned)(gfp & ~bad), strbuf_str(&right));
	strbuf_free(&wrong);
	strbuf_free(&right);
	return gfp & ~bad;
}
