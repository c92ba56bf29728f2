/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/help.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/units.h"
#include "procfs/procfs.h"
#include "procfs/slab_files.h"
#include "shell/absent.h"
#include "shell/commands.h"
#include "shell/concepts.h"
#include "shell/constants.h"
#include "shell/filters.h"
#include "shell/lessons.h"
#include "shell/queries.h"
#include "shell/settings.h"

#include <string.h>

/* Columns of the longest path of a query, and of the longest name of a machine. */
#define FILTER_WIDTH 34
#define QUERY_WIDTH 31
#define MACHINE_WIDTH 15

#define SLAB_FOLDER "/sys/kernel/slab/"

/* Appends words to the lines of `out`, each line indented, none too long. *column is where the last one ends. */
static void put_word(const char *word, size_t length, int indent, size_t *column, struct strbuf *out)
{
	if (*column && *column + 1 + length > HELP_COLUMNS) {
		strbuf_putc(out, '\n');
		*column = 0;
	}
	if (*column) {
		strbuf_putc(out, ' ');
		*column += 1;
	} else {
		strbuf_printf(out, "%*s", indent, "");
		*column = (size_t)indent;
	}
	strbuf_add(out, word, length);
	*column += length;
}

/* Appends text whose paragraphs are divided by '\n', from `column` of a line on. */
static void put_text(const char *text, int indent, size_t column, struct strbuf *out)
{
	while (*text) {
		size_t length = strcspn(text, " \n");

		if (length)
			put_word(text, length, indent, &column, out);
		text += length;
		if (*text == '\n') {
			strbuf_putc(out, '\n');
			column = 0;
		}
		text += *text != '\0';
	}
	strbuf_putc(out, '\n');
}

/* Appends lines as they are, indented. */
static void put_lines(const char *text, struct strbuf *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		strbuf_printf(out, "  %.*s\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

static void put_row(const char *name, int width, const char *meaning, struct strbuf *out)
{
	size_t before = out->length;

	strbuf_printf(out, "  %-*s", width, name);
	/* A name may be wider than its column. */
	put_text(meaning, width + 3, out->length - before, out);
}

/* --------------------------------------------------------------- topics */

/* The overview has a line of each kind, but all that belong to the session: help commands lists them all. */
static bool is_enough(const struct command_info *command, size_t column)
{
	return command->group != GROUP_SESSION && column + strlen(command->name) > 70;
}

/* What can be used now; nothing if there is no such command. */
static void put_group(const struct machine *m, enum command_group group, struct strbuf *out)
{
	size_t count, column = 0, before = out->length, title;
	const struct command_info *table = commands_table(&count);

	strbuf_printf(out, "%s\n", _(commands_group(group)));
	title = out->length;
	for (size_t i = 0; i < count; i++) {
		if (table[i].group != group || !commands_offered(&table[i], m))
			continue;
		if (is_enough(&table[i], column)) {
			strbuf_puts(out, " ...");
			break;
		}
		put_word(table[i].name, strlen(table[i].name), 2, &column, out);
	}
	if (out->length == title)
		strbuf_cut(out, before);
	else
		strbuf_putc(out, '\n');
}

/* On the line below the topics. */
static void put_concepts(struct strbuf *out)
{
	size_t count, column = 0;
	const struct concept *table = concepts_table(&count);

	for (size_t i = 0; i < count; i++)
		put_word(table[i].name, strlen(table[i].name), 2, &column, out);
	strbuf_putc(out, '\n');
}

static void help_overview(const struct machine *m, struct strbuf *out)
{
	for (unsigned group = 0; group < GROUP_COUNT; group++)
		put_group(m, group, out);
	strbuf_puts(out, _("Topics\n  commands language queries constants machines lessons settings proc filters\n"));
	put_concepts(out);
	strbuf_puts(out, _("Try\n"
			   "  p = alloc_pages(GFP_KERNEL, 3)   get 8 page frames, and see them go\n"
			   "  why                              what happened, step by step\n"
			   "  help alloc_pages                 what a command does, with an example\n"));
}

static void help_commands(const struct machine *m, struct strbuf *out)
{
	size_t count;
	const struct command_info *table = commands_table(&count);

	(void)m;
	for (unsigned group = 0; group < GROUP_COUNT; group++) {
		strbuf_printf(out, "%s\n", _(commands_group(group)));
		for (size_t i = 0; i < count; i++)
			if (table[i].group == group)
				put_row(table[i].name, 18, _(table[i].summary), out);
	}
}

static void help_language(const struct machine *m, struct strbuf *out)
{
	(void)m;
	strbuf_puts(out, _("A line is a statement; ';' divides several. # and // start comments.\n"
			   "\n"
			   "  alloc_pages(GFP_KERNEL, 3)         a command in C form\n"
			   "  alloc_pages 3 GFP_ATOMIC           in words: arguments are found by type,\n"
			   "  alloc_pages order=3                or named; defaults are filled in\n"
			   "  p = alloc_pages 3                  a variable gets the result\n"
			   "  struct page *p = alloc_page(GFP_KERNEL);   as it stands in a C text\n"
			   "  repeat 100 objs[] = alloc_page     100 times; objs grows into a vector\n"
			   "  for p in objs[::2] __free_page(p)  each second item\n"
			   "  for (i = 0; i < 9; i++) v[i] = kmalloc(64, GFP_KERNEL);   also as in C;\n"
			   "  if (!p) return -ENOMEM;            so are if, else, while, do, break\n"
			   "  irq { alloc_page(GFP_ATOMIC) }     as in an interrupt; also softirq, atomic\n"
			   "  __free_pages(objs[1::2], 0)        a vector: once for each item\n"
			   "  dma_alloc_coherent(dev, 8K, &bus)  &: a variable that the function fills\n"
			   "  zone.Normal.nr_free[3]             a question about the state\n"
			   "  p                                  a value: shown with what is known of it\n"
			   "\n"
			   "Numbers: 42 0x2a 052 'a', sizes 128K 3.6M (bytes, rounded up). Strings: \"text\".\n"
			   "Vectors: [a, b], v[0], v[-1], v[1:4], v[::2], len(v).\n"
			   "Operators are C's, = += ++ too. A page plus 1 is the next page. *p and p[3] are\n"
			   "memory, read and written: as p was declared (int *p), else a byte.\n"
			   "sizeof knows int, u64, void *, struct page, *p ...; else write the bytes.\n"
			   "In words a blank before and none behind - * & ( or [ begins the next argument.\n"
			   "A statement that fails changes nothing. In a loop that is all its rounds.\n"));
}

static void help_queries(const struct machine *m, struct strbuf *out)
{
	size_t count;
	const struct query_info *table = queries_table(&count);

	strbuf_puts(out, _("Questions about the state; they can stand wherever a value can.\n"
			   "ZONE is one of:"));
	for (unsigned z = 0; z < m->config.zones; z++)
		if (m->config.zone[z].node == 0)
			strbuf_printf(out, " %s", m->config.zone[z].name);
	strbuf_puts(out, _("\nThe [CPU] may be left out; so may a last [ORDER] or [N]: a vector of all.\n"));
	for (size_t i = 0; i < count; i++)
		put_row(table[i].path, QUERY_WIDTH, _(table[i].meaning), out);
	strbuf_puts(out, _("Of a page or an address p, p.order is frame[p].order, and so on.\n"));
}

static void help_constants(const struct machine *m, struct strbuf *out)
{
	const char *name;
	struct value v;

	for (size_t i = 0; (name = constants_name(m, i)); i++) {
		if (!constants_get(m, name, &v))
			continue;
		strbuf_printf(out, "  %-22s ", name);
		value_format(&v, out);
		value_free(&v);
		strbuf_putc(out, '\n');
	}
}

static void help_machines(const struct machine *m, struct strbuf *out)
{
	size_t count;
	const char *const *names = desc_names(&count);

	for (size_t i = 0; i < count; i++) {
		struct machine_desc desc;
		struct status ignored = STATUS_INIT;

		if (desc_load(&desc, names[i], &ignored))
			put_row(names[i], MACHINE_WIDTH, desc.title, out);
	}
	strbuf_printf(out, _("This is %s. "), m->desc.name);
	strbuf_puts(out, _("\"reset NAME\" boots one; \"reset NAME mem=512M\" changes it.\n"));
}

static void help_lessons(const struct machine *m, struct strbuf *out)
{
	(void)m;
	lessons_list(out);
	strbuf_puts(out, _("\"source NAME\" plays one on a machine of its own; so does kmemlab NAME.\n"));
}

static void help_settings(const struct machine *m, struct strbuf *out)
{
	const char *name, *meaning;

	(void)m;
	for (size_t i = 0; settings_name(i, &name, &meaning); i++)
		put_row(name, 14, _(meaning), out);
	strbuf_puts(out, _("\"set\" shows them, \"set NAME VALUE\" changes one.\n"));
}

/* Each cache of SLUB has a folder, and all folders have the same files. */
static void put_slab_files(const struct machine *m, struct strbuf *out)
{
	struct strbuf name = STRBUF_INIT;
	size_t column = 0;

	if (!slab_files_has(m, SLAB_FOLDER))
		return;
	strbuf_printf(out, _("In each folder %sCACHE:\n"), SLAB_FOLDER);
	for (size_t n = 0; slab_files_name(m, n, &name); n++) {
		put_word(strbuf_str(&name), name.length, 2, &column, out);
		strbuf_clear(&name);
	}
	strbuf_putc(out, '\n');
	strbuf_free(&name);
}

/* A line each, as they are typed. */
static void help_proc(const struct machine *m, struct strbuf *out)
{
	size_t before;

	strbuf_puts(out, _("Files of this machine, for cat and echo:\n"));
	for (size_t n = 0;; n++) {
		before = out->length;
		strbuf_puts(out, "  ");
		if (!procfs_path(m, n, out))
			break;
		strbuf_putc(out, '\n');
	}
	strbuf_cut(out, before);
	put_slab_files(m, out);
	strbuf_puts(out, _("echo m > /proc/sysrq-trigger prints the memory.\n"));
}

static void help_filters(const struct machine *m, struct strbuf *out)
{
	const char *form, *text;

	(void)m;
	strbuf_puts(out, _("What a command prints can go through filters, as in a shell:\n"
			   "  cat /proc/slabinfo | grep size- | sort -k3 -n -r | head -5\n"));
	for (size_t i = 0; filters_name(i, &form, &text); i++)
		put_row(form, FILTER_WIDTH, text, out);
	strbuf_puts(out, _("In an expression | is the operator, unless a filter's name follows.\n"));
}

static const struct topic {
	const char *name;
	void (*show)(const struct machine *m, struct strbuf *out);
} topics[] = {
	{ "commands", help_commands },   { "language", help_language }, { "queries", help_queries },
	{ "constants", help_constants }, { "machines", help_machines }, { "lessons", help_lessons },
	{ "settings", help_settings },   { "proc", help_proc },         { "filters", help_filters },
};

const char *help_topic(size_t n)
{
	size_t count;
	const struct concept *concepts = concepts_table(&count);

	if (n < ARRAY_SIZE(topics))
		return topics[n].name;
	n -= ARRAY_SIZE(topics);
	return n < count ? concepts[n].name : NULL;
}

/* ------------------------------------------------------- one thing only */

static void put_see_also(const char *see, struct strbuf *out)
{
	size_t before = out->length;

	if (!*see)
		return;
	strbuf_puts(out, _("See also:"));
	put_text(see, 2, out->length - before, out);
}

/* Where one finds a command that this machine's kernel has not. */
static void put_where(const struct machine *m, const struct command_info *command, struct strbuf *out)
{
	struct strbuf machines = STRBUF_INIT;

	if (commands_available(command, m->config.gfp))
		return;
	absent_machines(command, &machines);
	strbuf_printf(out, _("Not in the kernel of this machine, but in that of %s.\n"), strbuf_str(&machines));
	strbuf_free(&machines);
}

static void help_command(const struct machine *m, const struct command_info *command, struct strbuf *out)
{
	struct strbuf line = STRBUF_INIT;

	commands_signature(command, &line);
	strbuf_printf(out, "%s\n", strbuf_str(&line));
	strbuf_clear(&line);
	commands_word_form(command, &line);
	if (commands_is_function(command))
		strbuf_printf(out, _("in words: %s\n"), strbuf_str(&line));
	strbuf_free(&line);
	put_text(_(command->summary), 2, 0, out);
	strbuf_putc(out, '\n');
	put_text(_(command->text), 0, 0, out);
	put_where(m, command, out);
	strbuf_putc(out, '\n');
	put_lines(command->example, out);
	put_see_also(command->see, out);
}

static void help_concept(const struct concept *concept, struct strbuf *out)
{
	put_text(_(concept->text), 0, 0, out);
	put_see_also(concept->see, out);
}

/* Commands of two words that begin with this one: "show cache". */
static void help_longer(const struct machine *m, const char *name, struct strbuf *out)
{
	size_t count, length = strlen(name);
	const struct command_info *table = commands_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (strncmp(table[i].name, name, length) != 0 || table[i].name[length] != ' ')
			continue;
		strbuf_putc(out, '\n');
		help_command(m, &table[i], out);
	}
}

/* A query's root, or a constant. */
static bool help_name(const struct machine *m, const char *name, struct strbuf *out)
{
	size_t count, length = strlen(name);
	const struct query_info *table = queries_table(&count);
	struct value v;

	if (constants_get(m, name, &v)) {
		strbuf_printf(out, "%s = ", name);
		value_format(&v, out);
		value_free(&v);
		strbuf_putc(out, '\n');
		return true;
	}
	if (!queries_is_root(name))
		return false;
	for (size_t i = 0; i < count; i++)
		if (strncmp(table[i].path, name, length) == 0 && strchr(".[", table[i].path[length]))
			put_row(table[i].path, QUERY_WIDTH, _(table[i].meaning), out);
	return true;
}

static bool unknown_topic(const struct machine *m, const char *topic, struct status *st)
{
	struct nearest near = NEAREST_INIT(topic);
	size_t count;
	const struct command_info *table = commands_table(&count);
	const char *name, *reason = absent_reason(topic);

	if (reason)
		return status_fail(st, STATUS_INVALID, _("kmemlab has no %s: %s"), topic, reason);
	for (size_t i = 0; i < count; i++)
		nearest_try(&near, table[i].name);
	for (size_t i = 0; (name = help_topic(i)); i++)
		nearest_try(&near, name);
	for (size_t i = 0; (name = constants_name(m, i)); i++)
		nearest_try(&near, name);
	if (near.best)
		return status_fail(st, STATUS_INVALID, _("there is no help for \"%s\"; did you mean %s?"), topic,
				   near.best);
	return status_fail(st, STATUS_INVALID, _("there is no help for \"%s\"; \"help\" lists what there is"), topic);
}

bool help_show(const struct machine *m, const char *topic, struct strbuf *out, struct status *st)
{
	const struct command_info *command;
	const struct concept *concept;

	if (!topic || !*topic) {
		help_overview(m, out);
		return true;
	}
	command = commands_find(topic);
	concept = concepts_find(topic);
	/* A word may be all of it: a thing to know, a command, and something to ask about. */
	if (concept)
		help_concept(concept, out);
	if (concept && (command || queries_is_root(topic)))
		strbuf_putc(out, '\n');
	if (command) {
		help_command(m, command, out);
		help_longer(m, topic, out);
	}
	if (command || (concept && !queries_is_root(topic)))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(topics); i++) {
		if (strcmp(topics[i].name, topic) == 0) {
			topics[i].show(m, out);
			return true;
		}
	}
	return help_name(m, topic, out) || unknown_topic(m, topic, st);
}
