/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/constants_virt.h"

#include <string.h>

#define ALL 0x3
#define OLD 0x1 /* 2.6 */
#define NEW 0x2 /* 6.1 */

/* Directions and masks as the kernels' DMA-API documents have them. */
static const struct {
	const char *name;
	unsigned kernels;
	bool mask; /* shown as an address */
	u64 value;
} table[] = {
	{ "DMA_BIDIRECTIONAL", ALL, false, 0 },
	{ "DMA_TO_DEVICE", ALL, false, 1 },
	{ "DMA_FROM_DEVICE", ALL, false, 2 },
	{ "DMA_NONE", ALL, false, 3 },
	{ "DMA_MAPPING_ERROR", NEW, true, UINT64_MAX }, /* of 32 bits where dma_addr_t has them */
	{ "PCI_DMA_BIDIRECTIONAL", OLD, false, 0 },
	{ "PCI_DMA_TODEVICE", OLD, false, 1 },
	{ "PCI_DMA_FROMDEVICE", OLD, false, 2 },
	{ "PCI_DMA_NONE", OLD, false, 3 },
	{ "DMA_64BIT_MASK", OLD, true, UINT64_MAX },
	{ "DMA_40BIT_MASK", OLD, true, (UINT64_C(1) << 40) - 1 },
	{ "DMA_39BIT_MASK", OLD, true, (UINT64_C(1) << 39) - 1 },
	{ "DMA_32BIT_MASK", OLD, true, UINT32_MAX },
	{ "DMA_31BIT_MASK", OLD, true, (1 << 30) - 1 + (1 << 30) },
	{ "DMA_30BIT_MASK", OLD, true, (1 << 30) - 1 },
	{ "DMA_29BIT_MASK", OLD, true, (1 << 29) - 1 },
	{ "DMA_28BIT_MASK", OLD, true, (1 << 28) - 1 },
	{ "DMA_24BIT_MASK", OLD, true, (1 << 24) - 1 },
};

static bool has(const struct machine *m, size_t n)
{
	return m->virt_config.rule != VMAP_ABSENT && (table[n].kernels & (m->config.gfp == GFP_2_6 ? OLD : NEW));
}

bool constants_virt_get(const struct machine *m, const char *name, struct value *v)
{
	for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
		if (strcmp(table[n].name, name) != 0 || !has(m, n))
			continue;
		*v = value_int((s64)table[n].value);
		if (table[n].mask)
			*v = value_addr(table[n].kernels == NEW && m->virt_config.word == 4 ? UINT32_MAX : table[n].value);
		return true;
	}
	return false;
}

bool constants_virt_reserved(const char *name)
{
	for (size_t n = 0; n < sizeof table / sizeof *table; n++)
		if (strcmp(table[n].name, name) == 0)
			return true;
	return false;
}

const char *constants_virt_name(const struct machine *m, size_t n)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (has(m, i) && !n--)
			return table[i].name;
	return NULL;
}
