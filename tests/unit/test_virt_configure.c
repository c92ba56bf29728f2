/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout of the address space that is computed from a machine's memory
 * equals, for every recording, what the real kernel's header says.
 */
#include "machine/virt_configure.h"
#include "session/recording.h"
#include "session/replay_header.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned compared;

/* Is there ` key=` in the line? Then *value, a number in this base. */
static bool number(const char *line, const char *key, int base, u64 *value)
{
	const char *at = line;
	size_t length = strlen(key);

	while ((at = strstr(at, key)) != NULL) {
		if (at[-1] == ' ' && at[length] == '=') {
			*value = strtoull(at + length + 1, NULL, base);
			return true;
		}
		at += length;
	}
	return false;
}

/* Every constant of the address space that stands in the lines must be the computed one. */
static void check_constants(const char *file, const char *lines, const struct phys_config *phys,
			    const struct virt_config *v)
{
	const struct {
		const char *key;
		int base;
		u64 value;
	} constants[] = {
		{ "PAGE_OFFSET", 16, v->page_offset },
		{ "high_memory", 16, v->high_memory },
		{ "VMALLOC_START", 16, v->vmalloc_start },
		{ "VMALLOC_END", 16, v->vmalloc_end },
		{ "FIXADDR_START", 16, v->fixaddr_start },
		{ "FIXADDR_TOP", 16, v->fixaddr_top },
		{ "PKMAP_BASE", 16, v->pkmap_base },
		{ "LAST_PKMAP", 10, v->last_pkmap },
		{ "FIX_KMAP_BEGIN", 10, v->fix_kmap_begin },
		{ "FIX_KMAP_END", 10, v->fix_kmap_begin + (u64)v->km_slots * phys->cpus - 1 },
		{ "kmap0", 16, v->fixaddr_top - ((u64)v->fix_kmap_begin << 12) },
		{ "KM_TYPE_NR", 10, v->km_slots },
		{ "KM_MAX_IDX", 10, v->km_slots },
		{ "IOREMAP_MAX_ORDER", 10, v->ioremap_max_shift },
		{ "sizeof_vm_struct", 10, v->sizeof_vm_struct },
		{ "sizeof_vmap_area", 10, v->sizeof_vmap_area },
		{ "mem_map", 16, v->mem_map },
		{ "sizeof_page", 10, v->struct_page },
		{ "max_low_pfn", 10, phys->direct_map_end },
		{ "highstart_pfn", 10, phys->direct_map_end },
		{ "highend_pfn", 10, phys->max_pfn },
		{ "num_physpages", 10, v->most_pages },
		{ "totalram", 10, phys->gfp == GFP_6_1 ? v->most_pages : 0 },
	};
	u64 recorded;

	for (size_t n = 0; n < ARRAY_SIZE(constants); n++) {
		if (!constants[n].value || !number(lines, constants[n].key, constants[n].base, &recorded))
			continue;
		ck_assert_msg(recorded == constants[n].value, "%s: %s is %" PRIx64 ", computed %" PRIx64, file,
			      constants[n].key, recorded, constants[n].value);
		compared++;
	}
}

static void check_file(const char *file)
{
	struct strbuf lines = STRBUF_INIT;
	struct status st = STATUS_INIT;
	struct recording_cursor c;
	struct replay_header h;
	struct virt_config virt;
	struct recording in;

	replay_header_init(&h);
	ck_assert_msg(recording_open(&in, file, &st), "%s", st.message);
	while (recording_next(&in, &st) == RECORDING_LINE && in.kind != LINE_SNAPSHOT) {
		c = recording_cursor(&in, &st);
		if (in.kind == LINE_CONSTANTS)
			strbuf_printf(&lines, "%s ", strbuf_str(&in.line));
		if (in.kind == LINE_CONSTANTS || in.kind == LINE_ZONE_CONSTANTS || in.kind == LINE_ZONE_LIST)
			ck_assert_msg(replay_header_line(&h, in.kind, c), "%s", st.message);
	}
	c = recording_cursor(&in, &st);
	ck_assert_msg(replay_header_finish(&h, &c), "%s", st.message);
	virt_configure(&h.config, &h.slab, &virt);
	ck_assert_msg(virt.rule != VMAP_ABSENT, "%s: no address space", file);
	check_constants(file, strbuf_str(&lines), &h.config, &virt);
	recording_close(&in);
	strbuf_free(&lines);
}

START_TEST(test_every_recording)
{
	char pattern[1024];
	glob_t files;

	snprintf(pattern, sizeof(pattern), "%s/data/recordings/*/*.rec.gz", getenv("srcdir") ? getenv("srcdir") : ".");
	ck_assert_int_eq(glob(pattern, 0, NULL, &files), 0);
	compared = 0;
	for (size_t n = 0; n < files.gl_pathc; n++)
		check_file(files.gl_pathv[n]);
	ck_assert_msg(files.gl_pathc > 100 && compared > 1500, "%zu recordings, %u constants", files.gl_pathc,
		      compared);
	globfree(&files);
}
END_TEST

START_TEST(test_no_pc)
{
	struct phys_config phys = { .page_shift = 12,
				    .page_offset = 0xc0000000,
				    .zones = 1,
				    .direct_map_end = 8192,
				    .zone = { { .name = "Normal" } } };
	struct slab_config slab = { .allocator = SLAB_SLAB, .word = 4 };
	struct virt_config virt;

	virt_configure(&phys, &slab, &virt);
	ck_assert_uint_eq(virt.rule, VMAP_ABSENT);
	strcpy(phys.zone[0].name, "DMA");
	virt_configure(&phys, &slab, &virt);
	ck_assert_uint_ne(virt.rule, VMAP_ABSENT);
	slab.allocator = SLAB_ABSENT;
	virt_configure(&phys, &slab, &virt);
	ck_assert_uint_eq(virt.rule, VMAP_ABSENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("virt_configure");
	TCase *tc = tcase_create("layout");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_every_recording);
	tcase_add_test(tc, test_no_pc);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
