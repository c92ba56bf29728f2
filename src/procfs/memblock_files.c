/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/memblock_files.h"

#include "machine/early.h"

#include <inttypes.h>

bool memblock_files_exist(const struct machine *m)
{
	return m->desc.boot == BOOT_6_1 && !m->desc.state.zones;
}

/* A physical address has as many digits as the kernel's type for it. */
static void print_ranges(const struct machine *m, const struct bootmem_ranges *r, struct strbuf *out)
{
	int digits = m->config.page_offset > UINT32_MAX ? 16 : 8;

	for (u64 i = 0; i < r->count; i++)
		strbuf_printf(out, "%4" PRIu64 ": 0x%0*" PRIx64 "..0x%0*" PRIx64 "\n", i, digits, r->range[i].start,
			      digits, r->range[i].end - 1);
}

void memblock_files_print_memory(const struct machine *m, struct strbuf *out)
{
	struct bootmem memory;

	if (early_memory(m, &memory))
		print_ranges(m, &memory.ram, out);
}

void memblock_files_print_reserved(const struct machine *m, struct strbuf *out)
{
	struct bootmem memory;

	if (early_memory(m, &memory))
		print_ranges(m, &memory.taken, out);
}
