/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_header_slab.h"

#include "base/text.h"
#include "machine/slab_configure.h"

#include <string.h>

/* Bytes of a cache line where the header does not tell: that of every processor that 6.1 was recorded on. */
#define CACHE_LINE 64

static bool number_if(const struct recording_cursor *c, const char *key, u32 *value)
{
	u64 number = *value;

	if (!recording_key_if(c, key, UINT32_MAX, &number))
		return false;
	*value = (u32)number;
	return true;
}

/* The kernel's command line: one word of it. */
static bool has_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = line; (at = strstr(at, word)) != NULL; at += length)
		if ((at == line || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

bool replay_header_slab_line(struct slab_config *config, const struct recording_cursor *c)
{
	struct recording_cursor value;
	u32 debug = config->debug;

	if (recording_find(c, "cmdline", &value)) {
		config->no_merge = has_word(value.at, "slab_nomerge") || has_word(value.at, "slub_nomerge");
		return true;
	}
	if (recording_find(c, "allocator", &value)) {
		if (strncmp(value.at, "SLAB", 4) == 0)
			config->allocator = SLAB_SLAB;
		else if (strncmp(value.at, "SLUB", 4) == 0)
			config->allocator = SLAB_SLUB;
		else
			return recording_expected(&value, _("an allocator that is modelled (SLAB or SLUB)"));
	}
	if (!number_if(c, "DEBUG_SLAB", &debug) || !number_if(c, "HZ", &config->hz) ||
	    !number_if(c, "cache_line_size", &config->cache_line) || !number_if(c, "cpus", &config->cpu_ids) ||
	    !number_if(c, "sizeof_kmem_cache", &config->cache_bytes) ||
	    !number_if(c, "sizeof_kmem_cache_node", &config->node_bytes) ||
	    !number_if(c, "sizeof_kmem_list3", &config->node_bytes) ||
	    !number_if(c, "sizeof_array_cache", &config->array_bytes) ||
	    !number_if(c, "sizeof_slab", &config->slab_bytes) ||
	    !number_if(c, "sizeof_kmem_bufctl_t", &config->index_bytes))
		return false;
	config->debug = debug;
	if (config->cache_line & (config->cache_line - 1))
		return recording_expected(c, _("a cache line that is a power of two"));
	if (!recording_key_if(c, "totalram", UINT64_MAX, &config->low_pages))
		return false;
	return recording_key_if(c, "num_physpages", UINT64_MAX, &config->low_pages);
}

void replay_header_slab_finish(struct slab_config *config, const struct phys_config *phys)
{
	struct slab_config told;

	if (!config->cache_line)
		config->cache_line = CACHE_LINE;
	config->cache_line_at_boot = config->cache_line;
	config->word = phys->page_offset >> 32 ? 8 : 4;
	config->rules = rules_of(config->allocator, phys->gfp);
	if (!config->rules)
		config->allocator = SLAB_ABSENT;
	/* What the header does not tell follows from the kernel. */
	told = *config;
	slab_configure_sizes(config, phys);
	if (told.cache_bytes)
		config->cache_bytes = told.cache_bytes;
	if (told.node_bytes)
		config->node_bytes = told.node_bytes;
	if (told.array_bytes)
		config->array_bytes = told.array_bytes;
	if (told.slab_bytes)
		config->slab_bytes = told.slab_bytes;
	if (told.index_bytes)
		config->index_bytes = told.index_bytes;
}

void replay_header_slab_boot(struct slab_config *config, const struct recording_block *snapshot)
{
	for (size_t n = 0; n < snapshot->count; n++) {
		const char *text = recording_block_text(snapshot, n);
		const char *colour = strstr(text, " colour_off=");

		/* The least of kmalloc()'s caches has no alignment of its own that is larger. */
		if (snapshot->line[n].kind != LINE_CACHE || !colour || !strstr(text, " kname=size-32 "))
			continue;
		config->cache_line_at_boot = 0;
		for (colour += strlen(" colour_off="); *colour >= '0' && *colour <= '9'; colour++)
			config->cache_line_at_boot = config->cache_line_at_boot * 10 + (u32)(*colour - '0');
	}
}
