/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/extfrag_files.h"

#include "phys/extfrag.h"

static void print_zone(const struct machine *m, unsigned zone, struct strbuf *out)
{
	const struct zone_config *zc = &m->config.zone[zone];

	strbuf_printf(out, "Node %u, zone %8s ", zc->node, zc->name);
}

void extfrag_files_print_unusable(const struct machine *m, struct strbuf *out)
{
	for (unsigned z = 0; z < m->config.zones; z++) {
		print_zone(m, z, out);
		for (unsigned o = 0; o < m->config.orders; o++) {
			unsigned index = extfrag_unusable(m->phys.zone[z].nr_free, m->config.orders, o);

			strbuf_printf(out, "%u.%03u ", index / 1000, index % 1000);
		}
		strbuf_putc(out, '\n');
	}
}

void extfrag_files_print_index(const struct machine *m, struct strbuf *out)
{
	for (unsigned z = 0; z < m->config.zones; z++) {
		print_zone(m, z, out);
		for (unsigned o = 0; o < m->config.orders; o++) {
			int index = extfrag_index(m->phys.zone[z].nr_free, m->config.orders, o);

			/* Divided as the kernel does: what lies between -1 and 0 comes out as 0.-500. */
			strbuf_printf(out, "%2d.%03d ", index / 1000, index % 1000);
		}
		strbuf_putc(out, '\n');
	}
}
