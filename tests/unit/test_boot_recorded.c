/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every recording of a boot, against a machine that is booted from what that
 * boot was given: the firmware's map of the RAM, the kernel's command line,
 * where its image lies and how much of it is freed, from the console text.
 * Of the recording itself only the line that tells how the emulator was
 * started is used as an input; zones, watermarks, reserves, per-CPU figures and
 * page blocks must follow.
 */
#include "base/units.h"
#include "machine/boot.h"
#include "machine/early.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/pageblock.h"
#include "session/recording.h"
#include "session/replay_header.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PAGE UINT64_C(4096)

static struct status st;
static const char *file;

/* What was recorded. */
static struct {
	struct replay_header header;
	u64 min_free_kbytes, total, page_offset, vmalloc_start, vmalloc_end;
	char blocks[PHYS_ZONES][8192]; /* letters of the page blocks, by zone */
} was;

/* What the boot was given. */
static struct {
	char build[32], memory[24], options[256], cpus[8];
	char ram[256];
	u64 image_start, image_end, initrd, freed;
	bool initrd_moved; /* it did not lie in low memory */
	u64 available; /* kB that the page allocator had when it took over */
} given;

/* What the boot-time allocator gave, in order. */
static struct {
	u64 bytes, address;
} gave[128];
static unsigned gifts, requests, available_seen;

/* ------------------------------------------------------------- the recording */

static u64 key(const char *line, const char *name, int base)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, base) : 0;
}

/* Copies what stands behind `name`, up to one of `ends`. */
static void copy_key(const char *line, const char *name, const char *ends, char *to, size_t size)
{
	const char *at = strstr(line, name);

	if (!at)
		return;
	at += strlen(name);
	snprintf(to, size, "%.*s", (int)strcspn(at, ends), at);
}

static void constants(const char *line)
{
	if (strstr(line, "totalram="))
		was.total = key(line, "totalram=", 10);
	if (strstr(line, " min_free_kbytes="))
		was.min_free_kbytes = key(line, " min_free_kbytes=", 10);
	if (strstr(line, "PAGE_OFFSET=")) {
		was.page_offset = key(line, "PAGE_OFFSET=", 16);
		was.vmalloc_start = key(line, "VMALLOC_START=", 16);
		was.vmalloc_end = key(line, "VMALLOC_END=", 16);
	}
}

static void comment(const char *line)
{
	if (strncmp(line, "#@", 2) != 0)
		return;
	copy_key(line, "build=", " ", given.build, sizeof given.build);
	copy_key(line, " mem=", " ", given.memory, sizeof given.memory);
	copy_key(line, "append=\"", "\"", given.options, sizeof given.options);
	copy_key(line, "smp=", " ", given.cpus, sizeof given.cpus);
}

/* B Normal 4096: UMM... */
static void page_blocks(const char *line)
{
	const struct phys_config *c = &was.header.config;
	char zone[16];
	int read = 0;

	ck_assert_msg(sscanf(line, "B %15s %*u: %n", zone, &read) == 1, "%s: %s", file, line);
	for (unsigned z = 0; z < c->zones; z++)
		if (strcmp(c->zone[z].name, zone) == 0)
			snprintf(was.blocks[z], sizeof was.blocks[z], "%s", line + read);
}

static void read_recording(void)
{
	struct recording in;

	memset(&was, 0, sizeof was);
	memset(&given, 0, sizeof given);
	replay_header_init(&was.header);
	ck_assert_msg(recording_open(&in, file, &st), "%s", st.message);
	while (recording_next(&in, &st) == RECORDING_LINE && in.kind != LINE_SNAPSHOT_END) {
		struct recording_cursor c = recording_cursor(&in, &st);
		const char *line = strbuf_str(&in.line);

		if (in.kind == LINE_CONSTANTS || in.kind == LINE_ZONE_CONSTANTS || in.kind == LINE_ZONE_LIST)
			ck_assert_msg(replay_header_line(&was.header, in.kind, c), "%s", st.message);
		if (in.kind == LINE_CONSTANTS)
			constants(line);
		else if (in.kind == LINE_COMMENT)
			comment(line);
		else if (in.kind == LINE_BLOCKS)
			page_blocks(line);
		if (in.kind == LINE_SNAPSHOT)
			ck_assert_msg(replay_header_finish(&was.header, &c), "%s", st.message);
	}
	ck_assert_msg(st.code == STATUS_OK, "%s", st.message);
	recording_close(&in);
}

/* ------------------------------------------------------------- the console's text */

static void add_ram(u64 start, u64 end)
{
	size_t used = strlen(given.ram);

	snprintf(given.ram + used, sizeof given.ram - used, "%s0x%" PRIx64 "-0x%" PRIx64, used ? ", " : "", start, end);
}

/* What boot had reserved before it allocated anything: a range above 1 MiB that is no initrd is the kernel. */
static void reserved(u64 start, u64 last)
{
	if (start >= MIB && !given.image_end) {
		given.image_start = start;
		given.image_end = last + 1;
	}
}

/* Freeing ...: 524K, or ...: 100k freed */
static void freed(const char *line)
{
	const char *size = strrchr(line, ':');

	if (strncmp(line, "Freeing", 7) == 0 && !strstr(line, "initrd") && size)
		given.freed += strtoull(size + 1, NULL, 10) * KIB;
}

static void gift(u64 bytes, u64 address)
{
	ck_assert_uint_lt(gifts, ARRAY_SIZE(gave));
	gave[gifts].bytes = bytes;
	gave[gifts++].address = address;
}

/* 2.6 prints a request and what came of it in a line, 6.1 in two, and what it takes for CMA without the first. */
static void boot_memory_line(const char *line)
{
	static u64 wanted;
	const char *at = strstr(line, " -> ");
	u64 bytes, start, end;
	char function[64];

	if (sscanf(line, "BOOTMEM alloc size=%" SCNu64, &bytes) == 1 && at)
		gift(bytes, strtoull(at + 4, NULL, 16));
	else if (sscanf(line, "memblock_%63[a-z_]: %" SCNu64 " bytes", function, &bytes) == 2)
		wanted = bytes;
	else if (strstr(line, "memblock_alloc_range_nid") &&
		 sscanf(line, "memblock_reserve: [%" SCNx64 "-%" SCNx64 "]", &start, &end) == 2) {
		gift(wanted ? wanted : end + 1 - start, start);
		wanted = 0;
	}
}

static void console_line(const char *line)
{
	u64 start, end, page;
	int read = 0;

	boot_memory_line(line);

	if (sscanf(line, " BIOS-e820: %" SCNx64 " - %" SCNx64 " %n", &start, &end, &read) == 2 && read) {
		if (strncmp(line + read, "(usable)", 8) == 0)
			add_ram(start, end);
	} else if (sscanf(line, "BIOS-e820: [mem %" SCNx64 "-%" SCNx64 "] %n", &start, &end, &read) == 2 && read) {
		if (strncmp(line + read, "usable", 6) == 0)
			add_ram(start, end + 1);
	} else if (sscanf(line, "BOOTMEM init map at page %" SCNu64, &page) == 1) {
		given.image_start = MIB;
		given.image_end = page * PAGE;
	} else if (sscanf(line, " reserved[%*x] [%" SCNx64 "-%" SCNx64 "]", &start, &end) == 2) {
		reserved(start, end);
	} else if (sscanf(line, "RAMDISK: [mem %" SCNx64 "-%" SCNx64 "]", &start, &end) == 2) {
		given.initrd = end + 1 - start;
	} else if (strncmp(line, "Allocated new RAMDISK", 21) == 0) {
		given.initrd_moved = true;
	} else if (strncmp(line, "Memory: ", 8) == 0) {
		given.available = strtoull(line + 8, NULL, 10);
	} else {
		freed(line);
	}
}

static void read_console(void)
{
	char path[512], line[1024];
	size_t length = strlen(file) - strlen(".rec.gz");
	gzFile text;

	gifts = 0;
	snprintf(path, sizeof path, "%.*s.dmesg.txt.gz", (int)length, file);
	text = gzopen(path, "rb");
	ck_assert_msg(text != NULL, "%s: there is no console text", path);
	while (gzgets(text, line, sizeof line))
		console_line(line);
	gzclose(text);
	ck_assert_msg(given.ram[0] && given.image_end && given.available, "%s: something is missing", path);
}

/* ------------------------------------------------------------- the description */

static struct machine_desc desc;

__attribute__((format(printf, 1, 2))) static void set(const char *format, ...)
{
	char setting[320];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(setting, sizeof setting, format, arguments);
	va_end(arguments);
	ck_assert_msg(desc_set(&desc, setting, &st), "%s: %s: %s", file, setting, st.message);
}

/* The kernel's machine is called differently here. */
static const char *machine_of_build(void)
{
	static const char *const builds[][2] = {
		{ "i386-2.6.18", "i386-2.6.18" },
		{ "i386-slab", "i386-6.1-slab" },
		{ "x86_64-slub", "x86_64-6.1-slub" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(builds); i++)
		if (strncmp(given.build, builds[i][0], strlen(builds[i][0])) == 0)
			return builds[i][1];
	ck_abort_msg("%s: unknown build %s", file, given.build);
	return NULL;
}

/*
 * Without vmalloc= low memory ends where the area for vmalloc(), of 128 MiB,
 * makes it end: 2.6 counts them down from 4 GiB, 6.1 from the end of the area.
 */
static void set_lowmem(void)
{
	if (was.page_offset <= UINT32_MAX)
		set("lowmem_limit=0x%" PRIx64,
		    (desc.boot == BOOT_2_6 ? 4 * GIB : was.vmalloc_end) - was.page_offset - 128 * MIB);
}

static void set_options(void)
{
	char options[sizeof given.options], *rest = options, *word;

	memcpy(options, given.options, sizeof options);
	while ((word = strsep(&rest, " ")) != NULL) {
		if (strncmp(word, "mem=", 4) == 0)
			set("mem_limit=%s", word + 4);
		else if (strncmp(word, "highmem=", 8) == 0 || strncmp(word, "cma=", 4) == 0 ||
			 strncmp(word, "vmalloc=", 8) == 0)
			set("%s", word);
		else if (strcmp(word, "iommu=off") == 0)
			set("swiotlb=0");
	}
}

/* Only how much of the image is freed is known here, not where; no figure depends on where. */
static void describe(void)
{
	ck_assert_msg(desc_load(&desc, machine_of_build(), &st), "%s", st.message);
	set("memory=%s", given.ram);
	if (given.cpus[0])
		set("cpus=%s", given.cpus);
	set("initrd=%" PRIu64, given.initrd);
	set("kernel_freed=");
	set("kernel_image=0x%" PRIx64 "-0x%" PRIx64, given.image_start, given.image_end);
	set("kernel_freed=0x%" PRIx64 "-0x%" PRIx64, given.image_start, given.image_start + given.freed);
	set_lowmem();
	set_options();
}

/* ------------------------------------------------------------- the comparison */

static void same(const char *what, const char *zone, u64 expected, u64 got)
{
	ck_assert_msg(expected == got, "%s: %s %s: the kernel has %" PRIu64 ", the machine %" PRIu64, file, zone, what,
		      expected, got);
}

static void compare_zone(const struct machine *m, unsigned n)
{
	const struct zone_config *e = &was.header.config.zone[n], *c = &m->config.zone[n];
	const struct zone *z = &m->phys.zone[n];

	ck_assert_str_eq(e->name, c->name);
	same("type", e->name, e->type, c->type);
	same("start_pfn", e->name, e->start_pfn, c->start_pfn);
	same("spanned", e->name, e->spanned, c->spanned);
	same("present", e->name, e->present, c->present);
	same("managed", e->name, e->managed, z->managed);
	for (unsigned w = 0; w < WMARK_COUNT; w++)
		same("watermark", e->name, e->wmark[w], z->wmark[w]);
	for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
		same("lowmem_reserve", e->name, e->lowmem_reserve[t], z->lowmem_reserve[t]);
	for (unsigned cpu = 0; cpu < m->config.cpus; cpu++) {
		for (unsigned s = 0; s < 2; s++) {
			same("high", e->name, e->pcp_high[s], phys_pcp(&m->phys, n, cpu)->set[s].high);
			same("batch", e->name, e->pcp_batch[s], phys_pcp(&m->phys, n, cpu)->set[s].batch);
		}
	}
}

/* How many page blocks, and which have memory; their types changed since boot. */
static void compare_blocks(const struct machine *m, unsigned n)
{
	const char *letters = was.blocks[n];

	if (m->config.types == 1)
		return;
	same("page blocks", m->config.zone[n].name, strlen(letters), pageblock_count(&m->phys, n));
	for (u32 b = 0; letters[b]; b++)
		same("page block with memory", m->config.zone[n].name, letters[b] != '-',
		     pageblock_type_at(&m->phys, n, b) != MT_NONE);
}

/* Before a 64-bit kernel counts what it has, it takes a page for each 512 GiB of the area for vmalloc(). */
static u64 taken_before_count(void)
{
	return was.page_offset > UINT32_MAX ? (was.vmalloc_end + 1 - was.vmalloc_start) / (512 * GIB) : 0;
}

/* When all is handed over that is free then, 2.6 prints what is on the buddy lists: not what the CPU's lists hold. */
static void see_hand_over(void *context, const struct event *e)
{
	const struct machine *m = context;
	u64 pages = 0;

	if (e->kind != EV_BOOT_MIN_FREE || desc.boot != BOOT_2_6)
		return;
	for (unsigned z = 0; z < m->config.zones; z++)
		pages += m->phys.zone[z].free;
	same("kB available", "", given.available, pages * 4);
	available_seen++;
}

/* Pages that the page allocator had when it took over, and in the end. */
static void compare_pages(const struct machine *m)
{
	struct boot_plan plan;
	struct phys_config c;
	u64 pages = 0, early = 0, on_lists = 0;

	ck_assert(boot_configure(&desc, &c, &plan, &st));
	for (unsigned i = 0; i < plan.count; i++) {
		u64 length = plan.range[i].end - plan.range[i].start;

		pages += length;
		early += plan.range[i].late || plan.range[i].way == BOOT_CMA ? 0 : length;
	}
	for (unsigned z = 0; z < m->config.zones; z++) {
		on_lists += m->phys.zone[z].free;
		for (unsigned s = 0; s < 2; s++)
			on_lists += phys_pcp(&m->phys, z, 0)->set[s].count;
	}
	same("pages in all", "", was.total, pages);
	same("pages on lists", "", was.total, on_lists);
	if (desc.boot == BOOT_6_1)
		same("kB available", "", given.available, (early - taken_before_count()) * 4);
}

/*
 * What the steps of boot ask for, they get where the kernel got it.  Small
 * things that the kernel asks for one by one are one step here.
 */
static void compare_steps(void)
{
	struct machine m = { 0 };
	struct observer observer = { see_hand_over, &m };
	struct boot_steps steps;
	unsigned n = 0;

	set("early=yes");
	ck_assert_msg(machine_boot(&m, &desc, &observer, &st), "%s: %s", file, st.message);
	early_steps(&m, &steps);
	while (early_is(&m))
		ck_assert_msg(early_step(&m, &st), "%s: %s", file, st.message);
	for (unsigned i = 0; i < steps.count; i++) {
		const struct boot_step *s = &steps.step[i];

		if (!s->bytes || s->use == BOOT_USE_FIRMWARE || s->use == BOOT_USE_PERCPU_TABLES ||
		    (s->use == BOOT_USE_INITRD && !given.initrd_moved))
			continue;
		while (n < gifts && gave[n].bytes != s->bytes)
			n++;
		ck_assert_msg(n < gifts, "%s: the kernel never asked for %" PRIu64 " bytes for %s", file, s->bytes,
			      event_boot_use(s->use));
		same("address", event_boot_use(s->use), gave[n++].address, m.early->progress.got[i].start);
		requests++;
	}
	machine_free(&m);
}

static void compare(const struct machine *m)
{
	same("zones", "", was.header.config.zones, m->config.zones);
	same("CPUs", "", was.header.config.cpus, m->config.cpus);
	same("mobility_disabled", "", was.header.config.mobility_disabled, m->config.mobility_disabled);
	same("min_free_kbytes", "", was.min_free_kbytes, m->phys.state->min_free_kbytes);
	for (unsigned n = 0; n < m->config.zones; n++) {
		compare_zone(m, n);
		compare_blocks(m, n);
	}
	compare_pages(m);
	ck_assert_msg(invariants_hold(m, &st), "%s: %s", file, st.message);
}

START_TEST(every_boot)
{
	const char *top = getenv("top_srcdir");
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/*/*boot-*.rec.gz", top ? top : ".");
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 18);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct machine m = { 0 };

		file = found.gl_pathv[i];
		read_recording();
		read_console();
		describe();
		ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s: %s", file, st.message);
		compare(&m);
		machine_free(&m);
		compare_steps();
	}
	printf("%zu boots, %u requests for boot memory\n", found.gl_pathc, requests);
	ck_assert_uint_ge(available_seen, 8);
	ck_assert_uint_ge(requests, 8 * found.gl_pathc);
	globfree(&found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("boot-recorded");
	TCase *tc = tcase_create("boot-recorded");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, every_boot);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
