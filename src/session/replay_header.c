/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_header.h"

#include "base/text.h"
#include "session/replay_header_slab.h"

#include <string.h>

/* A batch or a high mark above this is no figure of a kernel. */
#define PCP_MAX (UINT32_C(1) << 24)

void replay_header_init(struct replay_header *h)
{
	memset(h, 0, sizeof(*h));
	memset(h->list_zone, HEADER_NO_ZONE, sizeof(h->list_zone));
	h->config.nodes = 1;
	h->config.pcp_scale_max = 5;
	h->config.list_rule = LIST_KERNEL;
}

/* Everything that was decided differently in 2.6. */
static void rules_2_6(struct phys_config *config)
{
	config->gfp = GFP_2_6;
	config->types = 1;
	config->reserve_by_first_zone = true;
	config->handlers_interruptible = true;
	config->watermark_rule = WATERMARK_BY_ORDER;
	config->pcp_rule = PCP_HOT_COLD;
	config->pcp_orders = 1;
}

static void rules_6_1(struct phys_config *config)
{
	config->gfp = GFP_6_1;
	config->warns_of_orders = true;
	config->types = MT_COUNT;
	config->merge_to_tail = true;
	config->watermark_rule = WATERMARK_ANY_BLOCK;
	config->pcp_rule = PCP_BY_TYPE;
	config->pcp_orders = 4;
}

static bool kernel_line(struct replay_header *h, const struct recording_cursor *kernel,
			const struct recording_cursor *c)
{
	u64 cpus;

	if (strncmp(kernel->at, "2.6.", 4) == 0)
		rules_2_6(&h->config);
	else if (strncmp(kernel->at, "6.1.", 4) == 0)
		rules_6_1(&h->config);
	else
		return recording_expected(kernel, _("a kernel that is modelled (2.6.x or 6.1.x)"));
	if (!recording_key(c, "cpus", PHYS_CPUS, &cpus))
		return false;
	if (cpus == 0)
		return recording_expected(c, _("at least one CPU"));
	h->config.cpus = (unsigned)cpus;
	h->kernel = true;
	return true;
}

static bool layout_line(struct replay_header *h, const struct recording_cursor *c)
{
	u64 page_size, orders, pageblock;

	if (!recording_key(c, "PAGE_SIZE", UINT64_C(1) << 24, &page_size) ||
	    !recording_key_hex(c, "PAGE_OFFSET", &h->config.page_offset) ||
	    !recording_key_hex(c, "high_memory", &h->high_memory) ||
	    !recording_key(c, "MAX_ORDER", PHYS_ORDERS, &orders))
		return false;
	if (page_size < 512 || (page_size & (page_size - 1)))
		return recording_expected(c, _("a page size that is a power of two"));
	if (orders == 0)
		return recording_expected(c, _("at least one order"));
	h->config.page_shift = (unsigned)__builtin_ctzll(page_size);
	h->config.orders = (unsigned)orders;
	pageblock = orders - 1;
	if (!recording_key_if(c, "pageblock_order", orders - 1, &pageblock))
		return false;
	h->config.pageblock_order = (unsigned)pageblock;
	h->layout = true;
	return true;
}

static bool constants_line(struct replay_header *h, struct recording_cursor c)
{
	struct recording_cursor value;
	u64 disabled, scale = h->config.pcp_scale_max;

	if (!replay_header_slab_line(&h->slab, &c))
		return false;
	c.at += strspn(c.at, " ");
	/* The command line is quoted as it was typed; its words are no constants. */
	if (recording_skip(&c, "cmdline="))
		return true;
	if (recording_find(&c, "kernel", &value) && !kernel_line(h, &value, &c))
		return false;
	if (recording_find(&c, "PAGE_SIZE", &value) && !layout_line(h, &c))
		return false;
	if (recording_find(&c, "page_group_by_mobility_disabled", &value)) {
		if (!recording_key(&c, "page_group_by_mobility_disabled", 1, &disabled))
			return false;
		h->config.mobility_disabled = disabled;
		h->mobility = true;
	}
	if (!recording_key_if(&c, "PCP_BATCH_SCALE_MAX", 16, &scale))
		return false;
	h->config.pcp_scale_max = (unsigned)scale;
	return true;
}

/* A number of a Z line, as u32. */
static bool zone_number(const struct recording_cursor *c, const char *key, u64 most, u32 *value)
{
	u64 number;

	if (!recording_key(c, key, most, &number))
		return false;
	*value = (u32)number;
	return true;
}

static bool zone_watermarks(const struct recording_cursor *c, struct zone_config *zc)
{
	struct recording_cursor reserve;

	if (!zone_number(c, "min", UINT32_MAX, &zc->wmark[WMARK_MIN]) ||
	    !zone_number(c, "low", UINT32_MAX, &zc->wmark[WMARK_LOW]) ||
	    !zone_number(c, "high", UINT32_MAX, &zc->wmark[WMARK_HIGH]))
		return false;
	if (!recording_find(c, "lowmem_reserve", &reserve))
		return recording_expected(c, _("lowmem_reserve="));
	return recording_numbers(&reserve, ',', zc->lowmem_reserve, PHYS_ZONE_TYPES,
				 _("four numbers with commas between them behind lowmem_reserve="));
}

static bool zone_pcp(const struct replay_header *h, const struct recording_cursor *c, struct zone_config *zc)
{
	if (h->config.pcp_rule == PCP_HOT_COLD)
		return zone_number(c, "hot_high", PCP_MAX, &zc->pcp_high[0]) &&
		       zone_number(c, "hot_batch", PCP_MAX, &zc->pcp_batch[0]) &&
		       zone_number(c, "cold_high", PCP_MAX, &zc->pcp_high[1]) &&
		       zone_number(c, "cold_batch", PCP_MAX, &zc->pcp_batch[1]);
	return zone_number(c, "pcp_high", PCP_MAX, &zc->pcp_high[0]) &&
	       zone_number(c, "pcp_batch", PCP_MAX, &zc->pcp_batch[0]);
}

/* A zone with memory: it lies above the zone before it. */
static bool zone_extent(struct replay_header *h, const struct recording_cursor *c, struct zone_config *zc)
{
	u64 managed;

	if (!zone_number(c, "start_pfn", PHYS_PFN_LIMIT, &zc->start_pfn) ||
	    !zone_number(c, "present", zc->spanned, &zc->present))
		return false;
	managed = zc->present;
	if (!recording_key_if(c, "managed", zc->present, &managed))
		return false;
	zc->managed = (u32)managed;
	if (zc->start_pfn < h->config.max_pfn || zc->spanned > PHYS_PFN_LIMIT - zc->start_pfn)
		return recording_expected(c,
					  _("a zone that begins behind the zone before it and ends where memory can"));
	h->config.max_pfn = zc->start_pfn + zc->spanned;
	return true;
}

/* What a `sysctl` recomputed before the first snapshot. */
static bool zone_again(struct replay_header *h, const struct recording_cursor *c, unsigned type)
{
	struct zone_config ignored;

	for (unsigned z = 0; z < h->config.zones; z++)
		if (h->config.zone[z].type == type)
			return zone_watermarks(c, &h->config.zone[z]);
	return zone_watermarks(c, &ignored);
}

static bool zone_line(struct replay_header *h, struct recording_cursor c)
{
	struct zone_config zc = { .node = 0 };
	struct recording_cursor value;
	u64 type, spanned;

	if (!h->kernel)
		return recording_expected(&c, _("a K line that tells the kernel before the zones"));
	if (!recording_word(&c, zc.name, sizeof(zc.name), _("the name of a zone")) ||
	    !recording_key(&c, "idx", PHYS_ZONE_TYPES - 1, &type))
		return false;
	zc.type = (u8)type;
	if (!recording_find(&c, "spanned", &value))
		return zone_again(h, &c, zc.type);
	if (h->zone_types >> type)
		return recording_expected(&c, _("an idx= higher than that of the zone before"));
	h->zone_types |= 1u << type;
	memcpy(h->type_name[type], zc.name, sizeof(zc.name));
	if (!recording_key(&c, "spanned", PHYS_PFN_LIMIT, &spanned) || !zone_watermarks(&c, &zc))
		return false;
	if (spanned == 0)
		return true;
	zc.spanned = (u32)spanned;
	if (!zone_extent(h, &c, &zc) || !zone_pcp(h, &c, &zc))
		return false;
	h->config.zone[h->config.zones++] = zc;
	return true;
}

/* ZL gfp_zone=2: HighMem Normal DMA (2.6). Later kernels' single list follows from the zones. */
static bool zone_list_line(struct replay_header *h, struct recording_cursor c)
{
	char word[24];
	u64 bits;

	c.at += strspn(c.at, " ");
	if (!recording_skip(&c, "gfp_zone="))
		return true;
	if (!recording_number(&c, 7, &bits, _("zone bits from 0 to 7")) || !recording_literal(&c, ":") ||
	    !recording_word(&c, word, sizeof(word), _("the zones of this list")))
		return false;
	for (unsigned type = 0; type < PHYS_ZONE_TYPES; type++) {
		if ((h->zone_types >> type & 1) && strcmp(h->type_name[type], word) == 0) {
			h->list_zone[bits] = (u8)type;
			h->lists_given = true;
			return true;
		}
	}
	return status_fail(c.st, STATUS_FORMAT, _("%s:%llu: there is no zone %s"), c.path, (unsigned long long)c.line,
			   word);
}

bool replay_header_line(struct replay_header *h, enum line_kind kind, struct recording_cursor c)
{
	switch (kind) {
	case LINE_CONSTANTS:
		return constants_line(h, c);
	case LINE_ZONE_CONSTANTS:
		return zone_line(h, c);
	default:
		return zone_list_line(h, c);
	}
}

/* The type of the zone called `name`; `otherwise` if this kernel has none. */
static u8 type_called(const struct replay_header *h, const char *name, u8 otherwise)
{
	for (unsigned type = 0; type < PHYS_ZONE_TYPES; type++)
		if ((h->zone_types >> type & 1) && strcmp(h->type_name[type], name) == 0)
			return (u8)type;
	return otherwise;
}

/* 2.6 has a zone list for each value of the lowest three bits of a mask; what is not listed goes by its lowest bit. */
static bool zones_by_list(struct replay_header *h, const struct recording_cursor *c)
{
	if (!h->lists_given || h->list_zone[0] == HEADER_NO_ZONE)
		return status_fail(c->st, STATUS_FORMAT, _("%s:%llu: the zone lists (ZL gfp_zone=) are missing"),
				   c->path, (unsigned long long)c->line);
	for (unsigned bits = 0; bits < ARRAY_SIZE(h->config.gfp_zone); bits++) {
		unsigned known = bits & 7;

		if (h->list_zone[known] == HEADER_NO_ZONE)
			known &= -known;
		if (h->list_zone[known] == HEADER_NO_ZONE)
			known = 0;
		h->config.gfp_zone[bits] = h->list_zone[known];
	}
	return true;
}

/* Since 2.6.24 the zone follows from the flags and from which zones the kernel was built with. */
static void zones_by_flags(struct replay_header *h)
{
	u8 normal = type_called(h, "Normal", 0);
	u8 dma = type_called(h, "DMA", normal);
	u8 dma32 = type_called(h, "DMA32", normal);
	u8 highmem = type_called(h, "HighMem", normal);
	u8 movable = type_called(h, "Movable", highmem);

	for (unsigned bits = 0; bits < ARRAY_SIZE(h->config.gfp_zone); bits++)
		h->config.gfp_zone[bits] = bits & 1            ? dma
					   : bits & 4          ? dma32
					   : (bits & 10) == 10 ? movable
					   : bits & 2          ? highmem
							       : normal;
}

static bool has_zone(const struct phys_config *config, const char *name)
{
	for (unsigned z = 0; z < config->zones; z++)
		if (strcmp(config->zone[z].name, name) == 0)
			return true;
	return false;
}

/*
 * Headers do not tell where RAM is.  A zone of a PC that has less than it spans
 * has a gap below 1 MiB, which is in its lowest zone and does not matter, or
 * below 4 GiB: there RAM ends early.
 */
static void lay_out_memory(struct phys_config *config)
{
	for (unsigned z = 0; z < config->zones; z++) {
		const struct zone_config *zc = &config->zone[z];
		u32 pages = z ? zc->present : zc->spanned;

		config->memory[config->memory_ranges++] = (struct phys_range){ zc->start_pfn, zc->start_pfn + pages };
	}
}

static bool missing(const struct recording_cursor *c, const char *what)
{
	return status_fail(c->st, STATUS_FORMAT, _("%s:%llu: the header ends without %s"), c->path,
			   (unsigned long long)c->line, what);
}

bool replay_header_finish(struct replay_header *h, const struct recording_cursor *c)
{
	struct phys_config *config = &h->config;
	u64 end;

	if (!h->kernel)
		return missing(c, "kernel=");
	if (!h->layout)
		return missing(c, "PAGE_SIZE=");
	if (config->zones == 0)
		return missing(c, _("a zone that has memory"));
	if (config->types > 1 && !h->mobility)
		return missing(c, "page_group_by_mobility_disabled=");
	if (config->pcp_orders > config->orders)
		return missing(c, _("the orders that have per-CPU lists"));
	end = h->high_memory - config->page_offset;
	if (h->high_memory < config->page_offset || end >> config->page_shift > PHYS_PFN_LIMIT)
		return missing(c, _("a possible high_memory="));
	config->direct_map_end = (pfn_t)(end >> config->page_shift);
	lay_out_memory(config);
	replay_header_slab_finish(&h->slab, config);
	if (config->gfp == GFP_2_6)
		return zones_by_list(h, c);
	zones_by_flags(h);
	config->fallback_nofragment = has_zone(config, "DMA32") && has_zone(config, "Normal");
	return true;
}
