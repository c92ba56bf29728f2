/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/constants_virt.h"

#include "virt/fixmap.h"

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

/* Slots of kmap_atomic() of 2.6, by number (constants of the recordings' headers). */
static const char *const km_types[] = {
	"KM_BOUNCE_READ",
	"KM_SKB_SUNRPC_DATA",
	"KM_SKB_DATA_SOFTIRQ",
	"KM_USER0",
	"KM_USER1",
	"KM_BIO_SRC_IRQ",
	"KM_BIO_DST_IRQ",
	"KM_PTE0",
	"KM_PTE1",
	"KM_IRQ0",
	"KM_IRQ1",
	"KM_SOFTIRQ0",
	"KM_SOFTIRQ1",
	"KM_TYPE_NR",
};

static bool has_km_types(const struct machine *m)
{
	return m->virt_config.rule == VMAP_LIST;
}

static bool has(const struct machine *m, size_t n)
{
	return m->virt_config.rule != VMAP_ABSENT && (table[n].kernels & (m->config.gfp == GFP_2_6 ? OLD : NEW));
}

bool constants_virt_get(const struct machine *m, const char *name, struct value *v)
{
	u32 slot = fixmap_by_name(&m->virt_config, name);

	if (slot != FIXMAP_NONE) {
		*v = value_int(slot);
		return true;
	}
	for (size_t n = 0; has_km_types(m) && n < ARRAY_SIZE(km_types); n++) {
		if (strcmp(km_types[n], name) == 0) {
			*v = value_int((s64)n);
			return true;
		}
	}
	for (size_t n = 0; n < ARRAY_SIZE(table); n++) {
		if (strcmp(table[n].name, name) != 0 || !has(m, n))
			continue;
		*v = value_int((s64)table[n].value);
		if (table[n].mask)
			*v = value_addr(table[n].kernels == NEW && m->virt_config.word == 4 ? UINT32_MAX
											    : table[n].value);
		return true;
	}
	return false;
}

bool constants_virt_reserved(const char *name)
{
	for (size_t n = 0; n < ARRAY_SIZE(table); n++)
		if (strcmp(table[n].name, name) == 0)
			return true;
	for (size_t n = 0; n < ARRAY_SIZE(km_types); n++)
		if (strcmp(km_types[n], name) == 0)
			return true;
	return fixmap_is_name(name);
}

const char *constants_virt_name(const struct machine *m, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (has(m, i) && !n--)
			return table[i].name;
	if (has_km_types(m) && n < ARRAY_SIZE(km_types))
		return km_types[n];
	return fixmap_name(&m->virt_config, n - (has_km_types(m) ? ARRAY_SIZE(km_types) : 0));
}
