/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/commands.h"

#include "base/text.h"
#include "machine/early.h"
#include "shell/ast.h"
#include "shell/cmd_addresses.h"
#include "shell/cmd_boot.h"
#include "shell/cmd_bytes.h"
#include "shell/cmd_compare.h"
#include "shell/cmd_cache.h"
#include "shell/cmd_contig.h"
#include "shell/cmd_dma.h"
#include "shell/cmd_dma_pool.h"
#include "shell/cmd_files.h"
#include "shell/cmd_fixmap.h"
#include "shell/cmd_gfp.h"
#include "shell/cmd_kmalloc.h"
#include "shell/cmd_leaks.h"
#include "shell/cmd_macros.h"
#include "shell/cmd_memory.h"
#include "shell/cmd_mempool.h"
#include "shell/cmd_node.h"
#include "shell/cmd_pages.h"
#include "shell/cmd_printk.h"
#include "shell/cmd_reclaim.h"
#include "shell/cmd_script.h"
#include "shell/cmd_session.h"
#include "shell/cmd_show.h"
#include "shell/cmd_shrinker.h"
#include "shell/cmd_slab.h"
#include "shell/cmd_slabtop.h"
#include "shell/cmd_translate.h"
#include "shell/cmd_tlb.h"
#include "shell/cmd_trend.h"
#include "shell/cmd_virt.h"
#include "shell/cmd_walk.h"
#include "shell/cmd_where.h"

#include <string.h>

static const struct command_info table[] = {
#define NO_PARAM                     \
	{                            \
		NULL, PARAM_NO, NULL \
	}
#define PARAM(name, type, fallback)          \
	{                                    \
		name, PARAM_##type, fallback \
	}
#define COMMAND(name, group, class, kernels, result, run, summary, text, example, see, ...)       \
	{ name,    GROUP_##group, COMMAND_##class, KERNELS_##kernels, result, run, summary, text, \
	  example, see,           { __VA_ARGS__ } },
#include "shell/commands.def"
#undef COMMAND
#undef PARAM
#undef NO_PARAM
};

static const char *const groups[GROUP_COUNT] = {
	[GROUP_KERNEL] = N_("Kernel functions"),
	[GROUP_SLAB] = N_("Kernel functions for objects smaller than a page, and for addresses"),
	[GROUP_BOOT] = N_("Kernel functions before the page allocator runs"),
	[GROUP_WORLD] = N_("Files, processes, time"),
	[GROUP_LOOK] = N_("Looking"),
	[GROUP_SESSION] = N_("The session"),
	[GROUP_SCRIPT] = N_("Scripts"),
};

static const char *const c_types[] = {
	[PARAM_NO] = "",
	[PARAM_GFP] = "gfp_t ",
	[PARAM_ORDER] = "unsigned int ",
	[PARAM_PAGE] = "struct page *",
	[PARAM_ADDR] = "unsigned long ",
	[PARAM_CACHE] = "struct kmem_cache *",
	[PARAM_POOL] = "mempool_t *",
	[PARAM_DEVICE] = "struct device *",
	[PARAM_DMA_POOL] = "struct dma_pool *",
	[PARAM_BUS] = "dma_addr_t ",
	[PARAM_MASK] = "u64 ",
	[PARAM_OUT] = "dma_addr_t *",
	[PARAM_SIZE] = "unsigned long ",
	[PARAM_FLAGS] = "unsigned long ",
	[PARAM_PHYS] = "phys_addr_t ",
	[PARAM_DIRECTION] = "enum dma_data_direction ",
	[PARAM_INT] = "unsigned long ",
	[PARAM_NAME] = "const char *",
	[PARAM_CTOR] = "void (*)() ",
	[PARAM_VALUE] = "",
	[PARAM_VALUES] = "",
	[PARAM_EXPRESSION] = "",
	[PARAM_WORD] = "",
	[PARAM_WORDS] = "",
	[PARAM_TEXT] = "",
};

const struct command_info *commands_table(size_t *count)
{
	*count = ARRAY_SIZE(table);
	return table;
}

const struct command_info *commands_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const char *commands_group(enum command_group group)
{
	return groups[group];
}

unsigned commands_params(const struct command_info *command)
{
	unsigned n = 0;

	while (command->param[n].type != PARAM_NO)
		n++;
	return n;
}

bool commands_has_value(const struct command_info *command)
{
	return *command->result && strcmp(command->result, "void") != 0;
}

bool commands_is_function(const struct command_info *command)
{
	return command->group <= GROUP_BOOT;
}

bool commands_takes_text(const struct command_info *command)
{
	return command->param[0].type >= PARAM_WORD;
}

bool commands_changes(const struct node *call)
{
	if (call->command->class != COMMAND_WRITES)
		return call->command->class == COMMAND_CHANGES;
	for (const struct node *word = call->first; word; word = word->next)
		if (word->kind == NODE_STRING && word->name[0] == '>')
			return true;
	return false;
}

bool commands_available(const struct command_info *command, enum gfp_kernel kernel)
{
	return command->kernels == KERNELS_ALL || (command->kernels == KERNELS_2_6) == (kernel == GFP_2_6);
}

bool commands_offered(const struct command_info *command, const struct machine *m)
{
	if (!commands_available(command, m->config.gfp))
		return false;
	if (command->class != COMMAND_CHANGES || command->group == GROUP_SESSION)
		return true;
	return (command->group == GROUP_BOOT) == early_is(m);
}

void commands_word_form(const struct command_info *command, struct strbuf *out)
{
	strbuf_puts(out, command->name);
	for (const struct param *p = command->param; p->type != PARAM_NO; p++) {
		bool many = p->type == PARAM_VALUES || p->type == PARAM_WORDS;

		strbuf_printf(out, p->fallback ? " [%s%s]" : " %s%s", p->name, many ? " ..." : "");
	}
}

void commands_signature(const struct command_info *command, struct strbuf *out)
{
	size_t length = strlen(command->result);

	if (!commands_is_function(command)) {
		commands_word_form(command, out);
		return;
	}
	strbuf_printf(out, "%s%s%s(", command->result, command->result[length - 1] == '*' ? "" : " ", command->name);
	for (const struct param *p = command->param; p->type != PARAM_NO; p++)
		strbuf_printf(out, "%s%s%s", p == command->param ? "" : ", ", c_types[p->type], p->name);
	strbuf_puts(out, command->param[0].type == PARAM_NO ? "void)" : ")");
}
