/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/gfp.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/*
 * Values: 2.6.18's and 6.1's, as the recordings print them beside the names,
 * and as the kernels' own tracing shows them.
 */
static const struct gfp_bits bits[] = {
	[GFP_2_6] = {
		.dma = 0x1, .highmem = 0x2, .dma32 = 0x4, .wait = 0x10, .high = 0x20, .cold = 0x100,
		.io = 0x40, .fs = 0x80, .nowarn = 0x200, .retry = 0x400, .nofail = 0x800, .noretry = 0x1000,
		.comp = 0x4000, .zero = 0x8000, .nomemalloc = 0x10000, .hardwall = 0x20000,
	},
	[GFP_6_1] = {
		.dma = 0x1, .highmem = 0x2, .dma32 = 0x4, .movable = 0x8, .reclaimable = 0x10, .high = 0x20,
		.io = 0x40, .fs = 0x80, .zero = 0x100, .atomic = 0x200, .wait = 0x400, .kswapd = 0x800,
		.nowarn = 0x2000, .retry = 0x4000, .nofail = 0x8000, .noretry = 0x10000, .memalloc = 0x20000,
		.comp = 0x40000, .nomemalloc = 0x80000, .hardwall = 0x100000, .thisnode = 0x200000,
	},
};

/*
 * In the order in which a mask is written: as 6.1 prints masks, and the
 * recordings of both kernels have them.  The first name that fits is taken, so
 * composed names precede their parts.
 */
static const struct gfp_name names_2_6[] = {
	{ "GFP_HIGHUSER", 0x200d2 },   { "GFP_USER", 0x200d0 },   { "GFP_KERNEL", 0xd0 },
	{ "GFP_NOFS", 0x50 },          { "GFP_ATOMIC", 0x20 },    { "GFP_NOIO", 0x10 },
	{ "GFP_NOWAIT", 0 },           { "GFP_DMA", 0x1 },        { "__GFP_HIGHMEM", 0x2 },
	{ "GFP_DMA32", 0x4 },          { "__GFP_HIGH", 0x20 },    { "__GFP_IO", 0x40 },
	{ "__GFP_FS", 0x80 },          { "__GFP_COLD", 0x100 },   { "__GFP_NOWARN", 0x200 },
	{ "__GFP_REPEAT", 0x400 },     { "__GFP_NOFAIL", 0x800 }, { "__GFP_NORETRY", 0x1000 },
	{ "__GFP_COMP", 0x4000 },      { "__GFP_ZERO", 0x8000 },  { "__GFP_NOMEMALLOC", 0x10000 },
	{ "__GFP_HARDWALL", 0x20000 }, { "__GFP_WAIT", 0x10 },    { "__GFP_NO_GROW", 0x2000 },
	{ "__GFP_DMA", 0x1 },          { "__GFP_DMA32", 0x4 },    { "GFP_ZONEMASK", 0x7 },
	{ "GFP_LEVEL_MASK", 0x37ff0 },
};

static const struct gfp_name names_6_1[] = {
	{ "GFP_TRANSHUGE", 0x1c24ca },
	{ "GFP_TRANSHUGE_LIGHT", 0x1c20ca },
	{ "GFP_HIGHUSER_MOVABLE", 0x100cca },
	{ "GFP_HIGHUSER", 0x100cc2 },
	{ "GFP_USER", 0x100cc0 },
	{ "GFP_KERNEL_ACCOUNT", 0x400cc0 },
	{ "GFP_KERNEL", 0xcc0 },
	{ "GFP_NOFS", 0xc40 },
	{ "GFP_ATOMIC", 0xa20 },
	{ "GFP_NOIO", 0xc00 },
	{ "GFP_NOWAIT", 0x800 },
	{ "GFP_DMA", 0x1 },
	{ "__GFP_HIGHMEM", 0x2 },
	{ "GFP_DMA32", 0x4 },
	{ "__GFP_HIGH", 0x20 },
	{ "__GFP_ATOMIC", 0x200 },
	{ "__GFP_IO", 0x40 },
	{ "__GFP_FS", 0x80 },
	{ "__GFP_NOWARN", 0x2000 },
	{ "__GFP_RETRY_MAYFAIL", 0x4000 },
	{ "__GFP_NOFAIL", 0x8000 },
	{ "__GFP_NORETRY", 0x10000 },
	{ "__GFP_COMP", 0x40000 },
	{ "__GFP_ZERO", 0x100 },
	{ "__GFP_NOMEMALLOC", 0x80000 },
	{ "__GFP_MEMALLOC", 0x20000 },
	{ "__GFP_HARDWALL", 0x100000 },
	{ "__GFP_THISNODE", 0x200000 },
	{ "__GFP_RECLAIMABLE", 0x10 },
	{ "__GFP_MOVABLE", 0x8 },
	{ "__GFP_ACCOUNT", 0x400000 },
	{ "__GFP_WRITE", 0x1000 },
	{ "__GFP_RECLAIM", 0xc00 },
	{ "__GFP_DIRECT_RECLAIM", 0x400 },
	{ "__GFP_KSWAPD_RECLAIM", 0x800 },
	{ "__GFP_ZEROTAGS", 0x800000 },
	{ "__GFP_DMA", 0x1 },
	{ "__GFP_DMA32", 0x4 },
	{ "GFP_ZONEMASK", 0xf },
	/* Worth something only in kernels built with lock debugging, or with tags in hardware. */
	{ "__GFP_NOLOCKDEP", 0 },
	{ "__GFP_SKIP_ZERO", 0 },
	{ "__GFP_SKIP_KASAN_POISON", 0 },
	{ "__GFP_SKIP_KASAN_UNPOISON", 0 },
};

/* Names that 2.6.18 does not have. */
static const struct gfp_elsewhere not_in_2_6[] = {
	{ "GFP_HIGHUSER_MOVABLE", "6.1", "GFP_HIGHUSER", N_("this kernel does not group pages by mobility") },
	{ "GFP_TRANSHUGE", "6.1", NULL, N_("this kernel has no transparent huge pages") },
	{ "GFP_TRANSHUGE_LIGHT", "6.1", NULL, N_("this kernel has no transparent huge pages") },
	{ "GFP_KERNEL_ACCOUNT", "6.1", "GFP_KERNEL", N_("this kernel has no control groups to charge") },
	{ "GFP_TEMPORARY", "2.6.24 to 4.13", "GFP_KERNEL", N_("this kernel does not group pages by mobility") },
	{ "GFP_THISNODE", "2.6.19 to 3.19", NULL, N_("this kernel always goes on to other nodes") },
	{ "GFP_IOFS", "2.6.35 to 4.3", "GFP_KERNEL", N_("it was __GFP_IO|__GFP_FS") },
	{ "__GFP_ACCOUNT", "6.1", NULL, N_("this kernel has no control groups to charge") },
	{ "__GFP_ATOMIC", "6.1", "__GFP_HIGH", N_("what cannot wait is urgent here without being marked so") },
	{ "__GFP_DIRECT_RECLAIM", "6.1", "__GFP_WAIT", N_("later kernels divided __GFP_WAIT in two") },
	{ "__GFP_KSWAPD_RECLAIM", "6.1", NULL, N_("here every request wakes kswapd") },
	{ "__GFP_RECLAIM", "6.1", "__GFP_WAIT", N_("later kernels divided __GFP_WAIT in two") },
	{ "__GFP_RETRY_MAYFAIL", "6.1", "__GFP_REPEAT", N_("it was renamed in 4.13") },
	{ "__GFP_MEMALLOC", "6.1", NULL, N_("here only a task with PF_MEMALLOC may use all memory") },
	{ "__GFP_MOVABLE", "6.1", NULL, N_("this kernel does not group pages by mobility") },
	{ "__GFP_RECLAIMABLE", "6.1", NULL, N_("this kernel does not group pages by mobility") },
	{ "__GFP_THISNODE", "6.1", NULL, N_("this kernel always goes on to other nodes") },
	{ "__GFP_WRITE", "6.1", NULL, N_("this kernel does not spread dirty pages over zones") },
	{ "__GFP_ZEROTAGS", "6.1", "__GFP_ZERO", N_("this kernel knows no memory tags") },
	{ "__GFP_SKIP_ZERO", "6.1", NULL, N_("this kernel knows no memory tags") },
	{ "__GFP_SKIP_KASAN_POISON", "6.1", NULL, N_("this kernel knows no memory tags") },
	{ "__GFP_SKIP_KASAN_UNPOISON", "6.1", NULL, N_("this kernel knows no memory tags") },
	{ "__GFP_NOLOCKDEP", "6.1", NULL, N_("this kernel cannot leave a request out of its lock checks") },
	{ "__GFP_NO_KSWAPD", "2.6.38 to 4.3", NULL, N_("here every request wakes kswapd") },
	{ "__GFP_OTHER_NODE", "2.6.39 to 4.9", NULL, N_("it only changed how a page was counted") },
	{ "__GFP_NOTRACK", "2.6.31 to 4.14", NULL, N_("it was for kmemcheck, a debugging tool") },
};

/* Names that 6.1 does not have. */
static const struct gfp_elsewhere not_in_6_1[] = {
	{ "GFP_TEMPORARY", "2.6.24 to 4.13", "GFP_KERNEL", N_("nobody could say what temporary means") },
	{ "GFP_THISNODE", "2.6.19 to 3.19", "__GFP_THISNODE", N_("it held other flags, too") },
	{ "GFP_IOFS", "2.6.35 to 4.3", "GFP_KERNEL", N_("it was __GFP_IO|__GFP_FS") },
	{ "__GFP_WAIT", "2.6.18", "__GFP_DIRECT_RECLAIM",
	  N_("it was divided in 4.4: __GFP_KSWAPD_RECLAIM is the other part") },
	{ "__GFP_REPEAT", "2.6.18", "__GFP_RETRY_MAYFAIL", N_("it was renamed in 4.13") },
	{ "__GFP_COLD", "2.6.18", NULL, N_("there are no cold lists any more") },
	{ "__GFP_NO_GROW", "2.6.18", NULL, N_("it was slab's own affair") },
	{ "GFP_LEVEL_MASK", "2.6.18", NULL, N_("it was slab's own affair") },
	{ "__GFP_NO_KSWAPD", "2.6.38 to 4.3", NULL, N_("now __GFP_KSWAPD_RECLAIM is left out instead") },
	{ "__GFP_OTHER_NODE", "2.6.39 to 4.9", NULL, N_("it only changed how a page was counted") },
	{ "__GFP_NOTRACK", "2.6.31 to 4.14", NULL, N_("it was for kmemcheck, a debugging tool") },
};

const struct gfp_bits *gfp_bits(enum gfp_kernel kernel)
{
	return &bits[kernel];
}

const struct gfp_name *gfp_names(enum gfp_kernel kernel, size_t *count)
{
	if (kernel == GFP_2_6) {
		*count = ARRAY_SIZE(names_2_6);
		return names_2_6;
	}
	*count = ARRAY_SIZE(names_6_1);
	return names_6_1;
}

bool gfp_by_name(enum gfp_kernel kernel, const char *name, gfp_t *value)
{
	size_t count;
	const struct gfp_name *names = gfp_names(kernel, &count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i].name, name) == 0) {
			*value = names[i].value;
			return true;
		}
	}
	return false;
}

const struct gfp_elsewhere *gfp_elsewhere(enum gfp_kernel kernel, const char *name)
{
	const struct gfp_elsewhere *table = kernel == GFP_2_6 ? not_in_2_6 : not_in_6_1;
	size_t count = kernel == GFP_2_6 ? ARRAY_SIZE(not_in_2_6) : ARRAY_SIZE(not_in_6_1);

	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

/* Is what is `left` of the mask written with this name? */
static bool fits(const struct gfp_bits *g, const struct gfp_name *name, gfp_t mask, gfp_t left)
{
	if (!name->value || (name->value & left) != name->value)
		return false;
	/* In 2.6 GFP_ATOMIC is __GFP_HIGH alone, but it says that the caller cannot wait. */
	return name->value != g->high || !(mask & g->wait) || name->name[0] == '_';
}

void gfp_format(enum gfp_kernel kernel, gfp_t mask, struct strbuf *out)
{
	size_t count;
	const struct gfp_name *names = gfp_names(kernel, &count);
	gfp_t left = mask;

	if (!mask) {
		strbuf_puts(out, kernel == GFP_2_6 ? "GFP_NOWAIT" : "0");
		return;
	}
	/* The table is ordered so that the first name that fits covers most. */
	for (size_t i = 0; i < count && left; i++) {
		if (!fits(&bits[kernel], &names[i], mask, left))
			continue;
		if (left != mask)
			strbuf_putc(out, '|');
		strbuf_puts(out, names[i].name);
		left &= ~names[i].value;
	}
	if (left)
		strbuf_printf(out, "%s0x%" PRIx32, left == mask ? "" : "|", left);
}
