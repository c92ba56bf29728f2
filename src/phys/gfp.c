/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/gfp.h"

#include <inttypes.h>
#include <string.h>

/*
 * Values: 2.6.18's and 6.1's, as the recordings print them beside the names,
 * and as the kernels' own tracing shows them.
 */
static const struct gfp_bits bits[] = {
	[GFP_2_6] = {
		.dma = 0x1, .highmem = 0x2, .dma32 = 0x4, .wait = 0x10, .high = 0x20, .cold = 0x100,
		.nowarn = 0x200, .nofail = 0x800, .noretry = 0x1000, .comp = 0x4000, .zero = 0x8000,
		.nomemalloc = 0x10000,
	},
	[GFP_6_1] = {
		.dma = 0x1, .highmem = 0x2, .dma32 = 0x4, .movable = 0x8, .reclaimable = 0x10, .high = 0x20,
		.zero = 0x100, .atomic = 0x200, .wait = 0x400, .kswapd = 0x800, .nowarn = 0x2000, .nofail = 0x8000,
		.noretry = 0x10000, .memalloc = 0x20000, .comp = 0x40000, .nomemalloc = 0x80000,
	},
};

static const struct gfp_name names_2_6[] = {
	{ "GFP_HIGHUSER", 0x200d2 }, { "GFP_USER", 0x200d0 }, { "GFP_KERNEL", 0xd0 }, { "GFP_NOFS", 0x50 },
	{ "GFP_NOIO", 0x10 },	     { "GFP_ATOMIC", 0x20 },  { "GFP_DMA", 0x1 },     { "GFP_DMA32", 0x4 },
	{ "GFP_NOWAIT", 0 },
	{ "__GFP_DMA", 0x1 },	     { "__GFP_HIGHMEM", 0x2 }, { "__GFP_DMA32", 0x4 }, { "__GFP_WAIT", 0x10 },
	{ "__GFP_HIGH", 0x20 },	     { "__GFP_IO", 0x40 },     { "__GFP_FS", 0x80 },   { "__GFP_COLD", 0x100 },
	{ "__GFP_NOWARN", 0x200 },   { "__GFP_REPEAT", 0x400 }, { "__GFP_NOFAIL", 0x800 },
	{ "__GFP_NORETRY", 0x1000 }, { "__GFP_NO_GROW", 0x2000 }, { "__GFP_COMP", 0x4000 },
	{ "__GFP_ZERO", 0x8000 },    { "__GFP_NOMEMALLOC", 0x10000 }, { "__GFP_HARDWALL", 0x20000 },
};

static const struct gfp_name names_6_1[] = {
	{ "GFP_HIGHUSER_MOVABLE", 0x100cca }, { "GFP_HIGHUSER", 0x100cc2 }, { "GFP_USER", 0x100cc0 },
	{ "GFP_KERNEL_ACCOUNT", 0x400cc0 },   { "GFP_KERNEL", 0xcc0 },	    { "GFP_NOFS", 0xc40 },
	{ "GFP_NOIO", 0xc00 },		      { "GFP_ATOMIC", 0xa20 },	    { "GFP_NOWAIT", 0x800 },
	{ "GFP_DMA", 0x1 },		      { "GFP_DMA32", 0x4 },
	{ "__GFP_DMA", 0x1 },		      { "__GFP_HIGHMEM", 0x2 },	    { "__GFP_DMA32", 0x4 },
	{ "__GFP_MOVABLE", 0x8 },	      { "__GFP_RECLAIMABLE", 0x10 }, { "__GFP_HIGH", 0x20 },
	{ "__GFP_IO", 0x40 },		      { "__GFP_FS", 0x80 },	    { "__GFP_ZERO", 0x100 },
	{ "__GFP_ATOMIC", 0x200 },	      { "__GFP_RECLAIM", 0xc00 },   { "__GFP_DIRECT_RECLAIM", 0x400 },
	{ "__GFP_KSWAPD_RECLAIM", 0x800 },    { "__GFP_WRITE", 0x1000 },    { "__GFP_NOWARN", 0x2000 },
	{ "__GFP_RETRY_MAYFAIL", 0x4000 },    { "__GFP_NOFAIL", 0x8000 },   { "__GFP_NORETRY", 0x10000 },
	{ "__GFP_MEMALLOC", 0x20000 },	      { "__GFP_COMP", 0x40000 },    { "__GFP_NOMEMALLOC", 0x80000 },
	{ "__GFP_HARDWALL", 0x100000 },	      { "__GFP_THISNODE", 0x200000 }, { "__GFP_ACCOUNT", 0x400000 },
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
		if (!names[i].value || (names[i].value & left) != names[i].value)
			continue;
		if (left != mask)
			strbuf_putc(out, '|');
		strbuf_puts(out, names[i].name);
		left &= ~names[i].value;
	}
	if (left)
		strbuf_printf(out, "%s0x%" PRIx32, left == mask ? "" : "|", left);
}
