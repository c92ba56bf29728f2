/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/absent.h"

#include "base/text.h"
#include "machine/desc.h"

#include <string.h>

#define PROCESS N_("processes and their memory are not modelled")
#define COUNT N_("reference counts of pages are not modelled")
#define LOCK N_("locks are not modelled; a block \"atomic { ... }\" stands for one")

/* By kind; the names are those that texts on the kernel use. */
static const struct {
	const char *name;
	const char *reason;
} table[] = {
	{ "brk", PROCESS },
	{ "sbrk", PROCESS },
	{ "mmap", PROCESS },
	{ "munmap", PROCESS },
	{ "mremap", PROCESS },
	{ "mprotect", PROCESS },
	{ "mlock", PROCESS },
	{ "fork", PROCESS },
	{ "malloc", PROCESS },
	{ "calloc", PROCESS },
	{ "realloc", PROCESS },
	{ "copy_to_user", PROCESS },
	{ "copy_from_user", PROCESS },
	{ "get_user_pages", PROCESS },
	{ "get_page", COUNT },
	{ "put_page", COUNT },
	{ "page_count", COUNT },
	{ "spin_lock", LOCK },
	{ "spin_unlock", LOCK },
	{ "spin_lock_irqsave", LOCK },
	{ "spin_unlock_irqrestore", LOCK },
	{ "local_irq_disable", LOCK },
	{ "local_irq_enable", LOCK },
	{ "preempt_disable", LOCK },
	{ "preempt_enable", LOCK },
};

const char *absent_reason(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return _(table[i].reason);
	return NULL;
}

const char *absent_name(size_t n)
{
	return n < ARRAY_SIZE(table) ? table[n].name : NULL;
}

void absent_machines(const struct command_info *command, struct strbuf *out)
{
	size_t count, shown = 0;
	const char *const *names = desc_names(&count);

	for (size_t i = 0; i < count; i++) {
		struct machine_desc desc;
		struct status ignored = STATUS_INIT;

		/* A textbook machine has no kernel that one could look for. */
		if (!desc_load(&desc, names[i], &ignored) || desc.boot == BOOT_TEXTBOOK ||
		    !commands_available(command, desc.boot == BOOT_2_6 ? GFP_2_6 : GFP_6_1))
			continue;
		strbuf_printf(out, "%s%s", shown++ ? ", " : "", names[i]);
	}
}
