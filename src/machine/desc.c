/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/desc.h"

#include "base/embedded.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "machine/boot_zones.h"
#include "machine/desc_keys.h"
#include "machine/virt_configure.h"

#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "machines/"
#define SUFFIX ".ini"

/* The machines compiled in, the default one first. */
static const char *const names[] = { "i386-2.6.18",     "i386-2.6.18-pae", "i386-6.1-slab",
				     "x86_64-6.1-slub", "embedded-6.1",    "textbook-1M" };

const char *const *desc_names(size_t *count)
{
	*count = ARRAY_SIZE(names);
	return names;
}

/* ------------------------------------------------------------- ini files */

struct reading {
	struct machine_desc *desc;
	struct status *st; /* the first bad value */
	FILE *file; /* or: */
	const char *text; /* what is left of it */
	int line; /* the number of the present one */
	int bad_line; /* with a bad value; 0: none */
	bool endless; /* it has more lines than a description can have */
};

/* Lines of a file that is a description. */
#define LINES_MOST 100000

/* Gives inih the next line, and counts. */
static char *next_line(char *line, int size, void *stream)
{
	struct reading *r = stream;
	size_t length;

	r->line++;
	r->endless = r->line > LINES_MOST;
	if (r->file)
		return r->endless ? NULL : fgets(line, size, r->file);
	length = strcspn(r->text, "\n");
	length += r->text[length] == '\n';
	if (!length || length >= (size_t)size)
		return NULL;
	memcpy(line, r->text, length);
	line[length] = '\0';
	r->text += length;
	return line;
}

/* Called for each line `key = value`; 0 makes inih remember the line. */
static int take_line(void *context, const char *section, const char *key, const char *value)
{
	struct reading *r = context;

	(void)section; /* sections group the keys for the reader's eye */
	if (!r->bad_line && !desc_keys_set(r->desc, key, value, r->st))
		r->bad_line = r->line;
	return !r->bad_line;
}

/* Reads all lines; `name` is for messages. */
static bool read_lines(struct reading *r, const char *name)
{
	int line = ini_parse_stream(next_line, r, take_line, r);
	struct status inner = *r->st;

	if (line < 0)
		return status_fail(r->st, STATUS_NO_MEMORY, _("out of memory"));
	if (r->endless)
		return status_fail(r->st, STATUS_FORMAT, _("%s is too long to describe a machine"), name);
	if (line > 0 && line == r->bad_line)
		return status_fail(r->st, STATUS_FORMAT, "%s:%d: %s", name, line, inner.message);
	if (line > 0)
		return status_fail(r->st, STATUS_FORMAT, _("%s:%d: this is no line of the form `key = value'"), name,
				   line);
	return true;
}

static bool read_embedded(struct machine_desc *desc, const char *name, struct status *st)
{
	struct reading r = { .desc = desc, .st = st };
	struct nearest near = NEAREST_INIT(name);
	struct strbuf path = STRBUF_INIT, known = STRBUF_INIT;
	const struct embedded_file *file;
	bool ok = false;

	strbuf_printf(&path, FOLDER "%s" SUFFIX, name);
	file = path.failed ? NULL : embedded_find(strbuf_str(&path));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		nearest_try(&near, names[i]);
		strbuf_printf(&known, "%s%s", i ? ", " : "", names[i]);
	}
	if (file) {
		r.text = (const char *)file->bytes;
		ok = read_lines(&r, strbuf_str(&path));
	} else if (near.best) {
		status_fail(st, STATUS_INVALID, _("there is no machine `%s'; did you mean %s?"), name, near.best);
	} else {
		status_fail(st, STATUS_INVALID, _("there is no machine `%s'; there are %s"), name, strbuf_str(&known));
	}
	strbuf_free(&path);
	strbuf_free(&known);
	return ok;
}

static bool read_file(struct machine_desc *desc, const char *path, struct status *st)
{
	struct reading r = { .desc = desc, .st = st };
	bool ok;

	r.file = fopen(path, "re");
	if (!r.file)
		return status_fail(st, STATUS_IO, _("cannot read %s: %s"), path, strerror(errno));
	errno = 0;
	ok = read_lines(&r, path);
	if (ferror(r.file))
		ok = status_fail(st, STATUS_IO, _("cannot read %s: %s"), path, strerror(errno));
	fclose(r.file);
	return ok;
}

static bool is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') || (length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0);
}

/* Names the machine after its file, and remembers where that is. */
static bool name_after_file(struct machine_desc *desc, const char *path, struct status *st)
{
	char *absolute = realpath(path, NULL);
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t length = strlen(base);
	bool ok = true;

	if (!absolute)
		return status_fail(st, STATUS_IO, _("cannot read %s: %s"), path, strerror(errno));
	if (length > strlen(SUFFIX) && strcmp(base + length - strlen(SUFFIX), SUFFIX) == 0)
		length -= strlen(SUFFIX);
	snprintf(desc->name, sizeof desc->name, "%.*s", (int)length, base);
	if (strlen(absolute) < sizeof desc->source)
		memcpy(desc->source, absolute, strlen(absolute) + 1);
	else
		ok = status_fail(st, STATUS_INVALID, _("%s: the path is too long; move the file nearer to the root"),
				 path);
	free(absolute);
	return ok;
}

bool desc_load(struct machine_desc *desc, const char *name, struct status *st)
{
	struct machine_desc new = { .page_size = 4096, .cpus = 1, .nodes = 1 };
	bool ok;

	if (is_path(name)) {
		ok = read_file(&new, name, st) && name_after_file(&new, name, st);
	} else {
		ok = read_embedded(&new, name, st);
		snprintf(new.name, sizeof new.name, "%s", name);
		snprintf(new.source, sizeof new.source, "%s", name);
	}
	if (ok && !desc_check(&new, st)) {
		struct status inner = *st;

		ok = status_fail(st, STATUS_FORMAT, "%s: %s", name, inner.message);
	}
	if (ok)
		*desc = new;
	return ok;
}

bool desc_set(struct machine_desc *desc, const char *setting, struct status *st)
{
	struct machine_desc new = *desc;
	size_t used = strlen(new.settings);
	const char *equals = strchr(setting, '=');
	char key[32];

	if (!equals || equals == setting)
		return status_fail(st, STATUS_INVALID, _("`%s' is no setting; write KEY=VALUE, for example mem=512M"),
				   setting);
	if ((size_t)(equals - setting) >= sizeof key || strchr(setting, '\n'))
		return status_fail(st, STATUS_INVALID, _("a machine has no key `%.*s'"), (int)(equals - setting),
				   setting);
	memcpy(key, setting, (size_t)(equals - setting));
	key[equals - setting] = '\0';
	if (!desc_keys_set(&new, key, equals + 1, st))
		return false;
	if ((size_t)snprintf(new.settings + used, sizeof new.settings - used, "%s\n", setting) >=
	    sizeof new.settings - used)
		return status_fail(st, STATUS_INVALID,
				   _("there are too many settings; put them into a file of your own"));
	*desc = new;
	return true;
}

/* ------------------------------------------------------------- checks */

static bool is_power_of_two(u64 x)
{
	return x && !(x & (x - 1));
}

static bool check_ranges(const char *key, const struct desc_ranges *ranges, u64 page_size, struct status *st)
{
	for (unsigned i = 0; i < ranges->count; i++) {
		const struct desc_range *r = &ranges->range[i];

		if (r->end / page_size >= PHYS_PFN_LIMIT)
			return status_fail(st, STATUS_INVALID, _("%s: 0x%" PRIx64 " is beyond the last page frame"),
					   key, r->end);
		if (i && r->start < ranges->range[i - 1].end)
			return status_fail(st, STATUS_INVALID, _("%s: the ranges must ascend and not overlap"), key);
	}
	return true;
}

/* What is freed at the end of boot was taken before, and is freed once: it is a part of the kernel. */
static bool check_freed(const struct machine_desc *d, struct status *st)
{
	for (unsigned i = 0; i < d->kernel_freed.count; i++) {
		const struct desc_range *r = &d->kernel_freed.range[i];
		bool inside = false;

		for (unsigned n = 0; n < d->kernel_image.count && !inside; n++)
			inside = r->start >= d->kernel_image.range[n].start && r->end <= d->kernel_image.range[n].end;
		if (!inside)
			return status_fail(st, STATUS_INVALID,
					   _("kernel_freed: 0x%" PRIx64 "-0x%" PRIx64 " is no part of kernel_image"),
					   r->start, r->end);
		for (unsigned n = 0; n < i; n++)
			if (r->start < d->kernel_freed.range[n].end && r->end > d->kernel_freed.range[n].start)
				return status_fail(st, STATUS_INVALID, _("kernel_freed: the ranges must not overlap"));
	}
	return true;
}

static bool check_memory(const struct machine_desc *d, struct status *st)
{
	char text[UNITS_MAX], other[UNITS_MAX];
	u64 hole = d->boot == BOOT_TEXTBOOK ? 0 : 4 * GIB;

	if (!d->mem && !d->memory.count)
		return status_fail(st, STATUS_INVALID, _("the machine has no RAM: set mem, for example mem=512M"));
	if (!check_ranges("memory", &d->memory, d->page_size, st))
		return false;
	if (d->mem % d->page_size)
		return status_fail(st, STATUS_INVALID,
				   _("mem = %s is not a whole number of pages: take %" PRIu64 ", or another page_size"),
				   units_format(d->mem, text), d->mem - d->mem % d->page_size + d->page_size);
	if ((d->mem + hole) / d->page_size >= PHYS_PFN_LIMIT)
		return status_fail(st, STATUS_INVALID,
				   _("mem = %s has too many pages of %s: take less, or a larger page_size"),
				   units_format(d->mem, text), units_format(d->page_size, other));
	return true;
}

/* Is there a zone that ends where low memory does, and one above it? */
static bool has_border(const struct machine_desc *d)
{
	for (unsigned i = 0; i + 1 < d->zones.count; i++)
		if (d->zones.zone[i].end == DESC_TO_LOWMEM)
			return true;
	return false;
}

/* The allocator of small objects, and what it has to know. */
static bool check_objects(const struct machine_desc *d, struct status *st)
{
	if (d->allocator == SLAB_ABSENT)
		return true;
	if (d->boot == BOOT_TEXTBOOK)
		return status_fail(st, STATUS_INVALID,
				   _("a textbook's machine has no allocator of small objects: set allocator=none"));
	if (d->allocator == SLAB_SLUB && d->boot == BOOT_2_6)
		return status_fail(st, STATUS_INVALID, _("2.6.18 has no SLUB: set allocator=slab"));
	if (!is_power_of_two(d->cache_line) || (d->cache_line_at_boot && !is_power_of_two(d->cache_line_at_boot)))
		return status_fail(st, STATUS_INVALID, _("cache_line = %u is not a power of two"),
				   (unsigned)(is_power_of_two(d->cache_line) ? d->cache_line_at_boot : d->cache_line));
	return d->hz || status_fail(st, STATUS_INVALID, _("hz is not set: most machines have hz=100"));
}

#define VMALLOC_LEAST (24 * MIB) /* of 2.6: the slots of kmap() and fixed addresses are counted with it */

/* The kernel's option vmalloc=: it has to leave a direct map, and something behind that. */
static bool check_vmalloc(const struct machine_desc *d, struct status *st)
{
	char text[UNITS_MAX];
	u64 most;

	if (!d->vmalloc)
		return true;
	if (!has_border(d) || d->allocator == SLAB_ABSENT || !d->page_offset || d->page_offset > UINT32_MAX)
		return status_fail(
		    st, STATUS_INVALID,
		    _("vmalloc = %s: only the kernel of a 32-bit PC knows this option: leave vmalloc out"),
		    units_format(d->vmalloc, text));
	if (d->boot == BOOT_2_6 && d->vmalloc < VMALLOC_LEAST)
		return status_fail(st, STATUS_INVALID,
				   _("vmalloc = %s: slots of kmap() and fixed addresses are in it, too: set "
				     "vmalloc=%" PRIu64 "M or more"),
				   units_format(d->vmalloc, text), VMALLOC_LEAST / MIB);
	if (virt_configure_lowmem(d) >= BOOT_ZONES_LOWMEM_LEAST)
		return true;
	for (most = (4 * GIB - d->page_offset) / MIB; most > 0; most--) {
		struct machine_desc less = *d;

		less.vmalloc = most * MIB;
		if (virt_configure_lowmem(&less) >= BOOT_ZONES_LOWMEM_LEAST)
			break;
	}
	return status_fail(st, STATUS_INVALID,
			   _("vmalloc = %s leaves less than 64M to the direct map: set vmalloc=%" PRIu64 "M or less"),
			   units_format(d->vmalloc, text), most);
}

bool desc_check(const struct machine_desc *d, struct status *st)
{
	if (!is_power_of_two(d->page_size))
		return status_fail(st, STATUS_INVALID, _("page_size = %" PRIu64 " is not a power of two"),
				   d->page_size);
	if (d->boot != BOOT_TEXTBOOK && d->page_size != 4096)
		return status_fail(
		    st, STATUS_INVALID,
		    _("page_size = %" PRIu64 ": a PC has pages of 4096 bytes; a textbook machine can have others"),
		    d->page_size);
	if (!check_memory(d, st))
		return false;
	if (!d->zones.count)
		return status_fail(st, STATUS_INVALID,
				   _("the machine has no zones: set zones, for example zones=Normal"));
	if ((d->boot != BOOT_TEXTBOOK || d->migratetypes) && !d->orders)
		return status_fail(st, STATUS_INVALID, _("orders is not set: most kernels have orders=11"));
	if (d->migratetypes && d->pageblock_order >= d->orders)
		return status_fail(
		    st, STATUS_INVALID,
		    _("pageblock_order = %u is not below orders = %u: set pageblock_order=%u or more orders"),
		    d->pageblock_order, d->orders, d->orders - 1);
	if (d->highmem && !has_border(d))
		return status_fail(st, STATUS_INVALID,
				   _("this machine's zones know no high memory: leave highmem out"));
	if (d->pae && (d->boot != BOOT_2_6 || !has_border(d) || !d->page_offset))
		return status_fail(st, STATUS_INVALID,
				   _("pae: only of the kernel 2.6.18 of a 32-bit PC it is known how: leave pae out"));
	if (!check_vmalloc(d, st))
		return false;
	if (d->early && d->boot == BOOT_TEXTBOOK)
		return status_fail(st, STATUS_INVALID,
				   _("a textbook's machine has no boot that could be stepped through"));
	if (d->early && d->state.zones)
		return status_fail(
		    st, STATUS_INVALID,
		    _("a machine that goes on from a server's state has no boot to step through: reset first"));
	if (d->cma && d->boot != BOOT_6_1)
		return status_fail(st, STATUS_INVALID,
				   _("this machine's kernel has no contiguous memory areas: leave cma out"));
	return check_objects(d, st) && check_ranges("kernel_image", &d->kernel_image, d->page_size, st) &&
	       check_ranges("reserved", &d->reserved, d->page_size, st) && check_freed(d, st);
}
