/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_report.h"

#include "base/strbuf.h"
#include "slab/slab_common.h"

#include <inttypes.h>

#define POISON_FREE 0x6b

void slab_report_error(struct slab_system *s, const struct kmem_cache *cache, const char *function, const char *what)
{
	slab_printk(s, "slab error in %s(): cache `%s': %s", function, cache->name, what);
	s->state->tainted |= TAINT_BAD_PAGE;
}

static int digits(const struct slab_system *s)
{
	return (int)s->config->word * 2;
}

/* ------------------------------------------------------------- 2.6.18 */

static void corruption_2_6(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	slab_printk(s, "Slab corruption: start=%0*" PRIx64 ", len=%u", digits(s), object, (unsigned)cache->object_size);
}

static void object_2_6(struct slab_system *s, const struct slab_report_object *o)
{
	if (o->red_zone)
		slab_printk(s, "Redzone: 0x%" PRIx64 "/0x%" PRIx64 ".", o->red[0], o->red[1]);
	if (o->store_user)
		slab_printk(s, "Last user: [<%0*" PRIx64 ">]", digits(s), o->user);
}

static void line_2_6(struct slab_system *s, u32 offset, const u8 *bytes, u32 length)
{
	struct strbuf line = STRBUF_INIT;

	strbuf_printf(&line, "%03x:", (unsigned)offset);
	for (u32 n = 0; n < length; n++)
		strbuf_printf(&line, " %02x", bytes[n]);
	slab_printk(s, "%s", strbuf_str(&line));
	strbuf_free(&line);
}

const struct slab_report slab_report_2_6 = {
	.red_inactive = 0x5a2cf071,
	.red_active = 0x170fc2a5,
	.red_bytes = 4,
	.user_bytes = 4,
	.destroy = "slab_destroy_objs",
	.freed_ends_with_dot = true,
	.corruption = corruption_2_6,
	.object = object_2_6,
	.line = line_2_6,
};

/* ------------------------------------------------------------- 6.1 */

static void corruption_6_1(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	slab_printk(s, "Slab corruption (%s): %s start=%0*" PRIx64 ", len=%u", slab_common_tainted(s), cache->name,
		    digits(s), object, (unsigned)cache->object_size);
}

static void object_6_1(struct slab_system *s, const struct slab_report_object *o)
{
	if (o->red_zone)
		slab_printk(s, "Redzone: 0x%" PRIx64 "/0x%" PRIx64, o->red[0], o->red[1]);
	if (o->store_user)
		slab_printk(s, "Last user: (0x%" PRIx64 ")", o->user);
}

/* One byte that differs from the poison by one bit is the memory's fault. */
static bool is_single_bit(const u8 *bytes, u32 length)
{
	u32 bad = 0, bits = 0;

	for (u32 n = 0; n < length; n++) {
		if (bytes[n] != POISON_FREE) {
			bad++;
			bits = bytes[n] ^ POISON_FREE;
		}
	}
	return bad == 1 && (bits & (bits - 1)) == 0;
}

static void line_6_1(struct slab_system *s, u32 offset, const u8 *bytes, u32 length)
{
	struct strbuf line = STRBUF_INIT;

	strbuf_printf(&line, "%03x: ", (unsigned)offset);
	for (u32 n = 0; n < length; n++)
		strbuf_printf(&line, "%02x ", bytes[n]);
	/* The letters begin in the same column in every line. */
	strbuf_printf(&line, "%*s", (int)(3 * (REPORT_LINE - length) + 1), "");
	for (u32 n = 0; n < length; n++)
		strbuf_putc(&line, bytes[n] >= 0x20 && bytes[n] < 0x7f ? (char)bytes[n] : '.');
	slab_printk(s, "%s", strbuf_str(&line));
	strbuf_free(&line);
	if (is_single_bit(bytes, length)) {
		slab_printk(s, "Single bit error detected. Probably bad RAM.");
		slab_printk(s, "Run memtest86+ or a similar memory test tool.");
	}
}

const struct slab_report slab_report_6_1 = {
	.red_inactive = 0x09f911029d74e35b,
	.red_active = 0xd84156c5635688c0,
	.red_bytes = 8,
	.user_bytes = 8,
	.destroy = "slab_destroy_debugcheck",
	.corruption = corruption_6_1,
	.object = object_6_1,
	.line = line_6_1,
};
