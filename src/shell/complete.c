/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/complete.h"

#include "machine/desc.h"
#include "procfs/procfs.h"
#include "procfs/slab_files.h"
#include "shell/commands.h"
#include "shell/constants.h"
#include "shell/filters.h"
#include "shell/help.h"
#include "shell/lexer.h"
#include "shell/queries.h"
#include "shell/scriptfile.h"
#include "shell/settings.h"
#include "slab/kmem_cache.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The words found so far, those that begin with `prefix`. */
struct matches {
	const char *prefix;
	size_t length; /* of prefix */
	char **words;
	size_t count, capacity;
};

static void add(struct matches *m, const char *word)
{
	if (strncmp(word, m->prefix, m->length) != 0)
		return;
	/* Room for one more, and for the NULL at the end. */
	if (m->count + 2 > m->capacity) {
		size_t capacity = m->capacity ? m->capacity * 2 : 16;
		char **words = realloc(m->words, capacity * sizeof *words);

		if (!words)
			return;
		m->words = words;
		m->capacity = capacity;
	}
	m->words[m->count] = strdup(word);
	if (m->words[m->count])
		m->count++;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each once, NULL at the end. */
static char **finish(struct matches *m)
{
	size_t kept = 0;

	if (!m->count) {
		free(m->words);
		return NULL;
	}
	qsort(m->words, m->count, sizeof *m->words, compare_words);
	for (size_t i = 1; i < m->count; i++) {
		if (strcmp(m->words[i], m->words[kept]) == 0)
			free(m->words[i]);
		else
			m->words[++kept] = m->words[i];
	}
	m->words[kept + 1] = NULL;
	return m->words;
}

/* ---------------------------------------------------------- vocabularies */

static void add_commands(struct matches *m, const struct session *s, bool statements)
{
	size_t count;
	const struct command_info *table = commands_table(&count);

	for (size_t i = 0; i < count; i++)
		if ((statements || commands_has_value(&table[i])) && commands_offered(&table[i], &s->machine))
			add(m, table[i].name);
}

static void add_values(struct matches *m, const struct session *s)
{
	size_t count;
	const struct query_info *queries = queries_table(&count);
	const char *name;

	for (size_t i = 0; (name = vars_name(&s->vars, i)); i++)
		add(m, name);
	for (size_t i = 0; (name = constants_name(&s->machine, i)); i++)
		add(m, name);
	for (size_t i = 0; i < count; i++) {
		char root[32];
		size_t length = strcspn(queries[i].path, ".[");

		/* With what must follow, so that the next completion goes on from there. */
		if (queries[i].path[length])
			length++;
		if (length < sizeof root) {
			memcpy(root, queries[i].path, length);
			root[length] = '\0';
			add(m, root);
		}
	}
}

static void add_labels(struct matches *m, const struct command_info *command)
{
	char label[64];

	for (const struct param *p = command->param; p->type != PARAM_NO; p++) {
		if (p->type > PARAM_INT || strlen(p->name) + 2 > sizeof label)
			continue;
		strcpy(label, p->name);
		strcat(label, "=");
		add(m, label);
		if (p->type == PARAM_ORDER)
			add(m, "size=");
	}
}

static void add_machines(struct matches *m)
{
	size_t count;
	const char *const *names = desc_names(&count);

	for (size_t i = 0; i < count; i++)
		add(m, names[i]);
}

static void add_topics(struct matches *m, const struct session *s)
{
	const char *name;

	add_commands(m, s, true);
	for (size_t i = 0; (name = help_topic(i)); i++)
		add(m, name);
}

static void add_settings(struct matches *m)
{
	const char *name, *meaning;

	for (size_t i = 0; settings_name(i, &name, &meaning); i++)
		add(m, name);
}

/* The files that begin with `below`. */
static void add_proc(struct matches *m, const struct session *s, const char *below)
{
	struct strbuf path = STRBUF_INIT;

	for (size_t n = 0; procfs_path(&s->machine, n, &path); n++) {
		if (strncmp(strbuf_str(&path), below, strlen(below)) == 0)
			add(m, strbuf_str(&path));
		strbuf_cut(&path, 0);
	}
	strbuf_free(&path);
}

/* The files of caches, folder by folder: they are too many to be told at once. */
static void add_slab_files(struct matches *m, const struct session *s)
{
	struct strbuf path = STRBUF_INIT;

	for (size_t n = 0; slab_files_step(&s->machine, m->prefix, n, &path); n++) {
		add(m, strbuf_str(&path));
		strbuf_cut(&path, 0);
	}
	strbuf_free(&path);
}

static bool is_folder(const char *folder, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	struct stat info;
	bool is;

	strbuf_printf(&path, "%s%s", folder, name);
	is = !path.failed && stat(path.text, &info) == 0 && S_ISDIR(info.st_mode);
	strbuf_free(&path);
	return is;
}

/* Files of the folder that the prefix names; folders with a '/' behind. */
static void add_files(struct matches *m)
{
	const char *slash = strrchr(m->prefix, '/');
	char *folder = slash ? strndup(m->prefix, (size_t)(slash + 1 - m->prefix)) : strdup("");
	DIR *dir = folder ? opendir(*folder ? folder : ".") : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct strbuf path = STRBUF_INIT;

		/* Hidden ones only when asked for. */
		if (entry->d_name[0] == '.' && !(m->length > strlen(folder) && m->prefix[strlen(folder)] == '.'))
			continue;
		strbuf_printf(&path, "%s%s%s", folder, entry->d_name, is_folder(folder, entry->d_name) ? "/" : "");
		if (!path.failed)
			add(m, path.text);
		strbuf_free(&path);
	}
	if (dir)
		closedir(dir);
	free(folder);
}

static void add_lessons(struct matches *m)
{
	struct strbuf name = STRBUF_INIT;

	for (size_t i = 0; scriptfile_lesson(i, &name); i++) {
		add(m, strbuf_str(&name));
		strbuf_clear(&name);
	}
	strbuf_free(&name);
}

static void add_filters(struct matches *m)
{
	const char *name, *form, *text;

	for (size_t i = 0; (name = filters_name(i, &form, &text)); i++)
		add(m, name);
}

/* --------------------------------------------------------------- context */

/* What the cursor is in. */
struct place {
	char name[64]; /* of the command whose arguments these are; "" if none */
	size_t statement; /* where the statement begins */
	size_t first; /* where the first argument begins */
	size_t word; /* where the word at the cursor begins */
	bool in_string, in_comment;
	bool called; /* in C form */
};

/* Finds where the statement begins: behind the last ';', brace or newline that is not in quotes, or in parentheses. */
static void find_statement(const char *line, size_t cursor, struct place *place)
{
	unsigned depth = 0;
	char quote = 0;

	for (size_t i = 0; i < cursor; i++) {
		char c = line[i];

		if (quote) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = 0;
		} else if (c == '\n') {
			place->in_comment = false;
			place->statement = i + 1;
		} else if (place->in_comment) {
			continue;
		} else if (c == '"') {
			quote = c;
		} else if (c == '#' || (c == '/' && line[i + 1] == '/')) {
			place->in_comment = true;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && depth) {
			depth--;
		} else if ((c == ';' && !depth) || c == '{' || c == '}') {
			place->statement = i + 1;
		}
	}
	place->in_string = quote != 0;
}

static size_t skip_spaces(const char *line, size_t at, size_t cursor)
{
	while (at < cursor && (line[at] == ' ' || line[at] == '\t'))
		at++;
	return at;
}

/* Behind the parenthesis that closes the one at `at`; `cursor` if that comes first. */
static size_t skip_parentheses(const char *line, size_t at, size_t cursor)
{
	unsigned depth = 0;

	for (; at < cursor; at++) {
		depth += line[at] == '(';
		depth -= line[at] == ')';
		if (!depth)
			return at + 1;
	}
	return cursor;
}

/* Does `word`, with `behind` or a blank behind it, stand at `at`? */
static bool at_word(const char *line, size_t at, size_t cursor, const char *word, char behind)
{
	size_t length = strlen(word);

	return cursor - at > length && memcmp(line + at, word, length) == 0 &&
	       (line[at + length] == ' ' || line[at + length] == behind);
}

/* Behind a word that has a statement behind it, and its parentheses or its number; `at` if there is none. */
static size_t skip_control(const char *line, size_t at, size_t cursor)
{
	static const char *const with_parentheses[] = { "if", "while", "for" }, *const alone[] = { "else", "do" };
	size_t i;

	for (size_t n = 0; n < ARRAY_SIZE(with_parentheses); n++) {
		if (!at_word(line, at, cursor, with_parentheses[n], '('))
			continue;
		i = skip_spaces(line, at + strlen(with_parentheses[n]), cursor);
		i = i < cursor && line[i] == '(' ? skip_parentheses(line, i, cursor) : cursor;
		return i < cursor ? i : at;
	}
	for (size_t n = 0; n < ARRAY_SIZE(alone); n++)
		if (at_word(line, at, cursor, alone[n], ' '))
			return at + strlen(alone[n]);
	if (!at_word(line, at, cursor, "repeat", ' '))
		return at;
	i = skip_spaces(line, at + 7, cursor);
	while (i < cursor && line[i] != ' ')
		i++;
	return i < cursor ? i : at;
}

/* Where what is assigned begins, or the statement of a loop: behind `NAME =`, `NAME[] =`, `repeat N`, `if (...)`. */
static size_t skip_front(const char *line, size_t at, size_t cursor)
{
	size_t i;

	at = skip_spaces(line, at, cursor);
	for (i = skip_control(line, at, cursor); i != at; i = skip_control(line, at, cursor))
		at = skip_spaces(line, i, cursor);
	for (i = at; i < cursor && line[i] != '='; i++)
		if (!lexer_name_part(line[i]) && !strchr(" \t*[]", line[i]))
			return at;
	/* Not the '=' of "alloc_pages order=3": in front of it is one name, or a declaration. */
	if (i >= cursor || line[i + 1] == '=')
		return at;
	if (i > at && lexer_name_part(line[i - 1]) && memchr(line + at, ' ', i - at))
		return at;
	return skip_spaces(line, i + 1, cursor);
}

/* A command of two words, `show cache`, if the cursor is behind both. */
static void find_second_word(const char *line, size_t cursor, struct place *place)
{
	size_t end = place->first, length = strlen(place->name);
	char both[sizeof place->name];

	while (end < cursor && lexer_name_part(line[end]))
		end++;
	if (place->called || end == place->first || end >= cursor || line[end] != ' ')
		return;
	if (length + 1 + end - place->first >= sizeof place->name)
		return;
	memcpy(both, place->name, length);
	both[length] = ' ';
	memcpy(both + length + 1, line + place->first, end - place->first);
	both[length + 1 + end - place->first] = '\0';
	if (!commands_find(both))
		return;
	strcpy(place->name, both);
	place->first = skip_spaces(line, end, cursor);
}

/* The command whose name begins at `at`, if the cursor is behind it. */
static void find_command(const char *line, size_t at, size_t cursor, struct place *place)
{
	size_t end = at;

	while (end < cursor && lexer_name_part(line[end]))
		end++;
	place->first = at;
	if (end == at || end >= cursor || end - at >= sizeof place->name)
		return;
	memcpy(place->name, line + at, end - at);
	place->name[end - at] = '\0';
	place->called = line[end] == '(';
	place->first = skip_spaces(line, end, cursor);
	find_second_word(line, cursor, place);
}

/* --------------------------------------------------------------- queries */

static void add_next(void *context, const char *name)
{
	struct matches *m = context;

	if (strcmp(name, "[") != 0)
		add(m, name);
}

/* Where the path at the cursor begins: back over names, dots and indexes. */
static size_t path_start(const char *line, size_t from, size_t at)
{
	while (at > from) {
		char c = line[at - 1];

		if (lexer_name_part(c) || c == '.') {
			at--;
		} else if (c == ']') {
			size_t open = at - 1;

			while (open > from && line[open] != '[')
				open--;
			if (line[open] != '[')
				break;
			at = open;
		} else {
			break;
		}
	}
	return at;
}

/* Splits line[from .. to) into the steps of a path, whose names go to `names`. */
static size_t split_path(const char *line, size_t from, size_t to, struct query_step steps[QUERIES_STEPS], char *names)
{
	size_t count = 0;

	while (from < to && count < QUERIES_STEPS) {
		size_t length = 0;

		if (line[from] == '[') {
			while (from < to && line[from] != ']')
				from++;
			from++;
			steps[count++] = (struct query_step){ NULL, value_int(0), 0 };
			continue;
		}
		if (line[from] == '.')
			from++;
		while (from + length < to && lexer_name_part(line[from + length]))
			length++;
		if (!length)
			break;
		memcpy(names, line + from, length);
		names[length] = '\0';
		steps[count++] = (struct query_step){ names, VALUE_NOTHING, 0 };
		names += length + 1;
		from += length;
	}
	return count;
}

/* Members of the path that ends in front of the word; of a variable, those of a page. */
static void add_members(struct matches *m, const struct session *s, const char *line, size_t from, size_t dot)
{
	char *names = malloc(dot - from + 2);
	struct query_step steps[QUERIES_STEPS] = { { NULL, VALUE_NOTHING, 0 } };
	static const struct query_step frame[] = { { "frame", { VALUE_NONE, { 0 } }, 0 },
						   { NULL, { VALUE_INT, { 0 } }, 0 } };
	size_t count = names ? split_path(line, from, dot, steps, names) : 0;

	if (count && steps[0].name && !queries_is_root(steps[0].name))
		queries_next(&s->machine, frame, ARRAY_SIZE(frame), add_next, m);
	else if (count)
		queries_next(&s->machine, steps, count, add_next, m);
	free(names);
}

/* ---------------------------------------------------------------- the whole */

/* Arguments that are words; false: the command has none. */
static bool complete_text(struct matches *m, const struct session *s, const char *line, const struct place *place)
{
	const struct command_info *command = commands_find(place->name);
	bool first = place->word == place->first;

	if (!command || !commands_takes_text(command) || place->called)
		return false;
	if (strcmp(place->name, "cat") == 0) {
		add_proc(m, s, "/");
		add_slab_files(m, s);
	} else if (strcmp(place->name, "echo") == 0) {
		if (memchr(line + place->first, '>', place->word - place->first)) {
			add(m, "/proc/sysrq-trigger");
			add_proc(m, s, "/proc/sys/");
			add_slab_files(m, s);
		}
	} else if (strcmp(place->name, "help") == 0) {
		add_topics(m, s);
	} else if (strcmp(place->name, "set") == 0 && first) {
		add_settings(m);
	} else if (strcmp(place->name, "reset") == 0 && first) {
		add_machines(m);
	} else if (command->param[0].type == PARAM_WORD || strcmp(place->name, "load") == 0) {
		add_files(m);
		if (strcmp(place->name, "source") == 0 || strcmp(place->name, "include") == 0)
			add_lessons(m);
	}
	return true;
}

/* What stands behind the first word in the commands of two. */
static void add_second_words(struct matches *m, const char *name)
{
	size_t count, length = strlen(name);
	const struct command_info *table = commands_table(&count);

	for (size_t i = 0; i < count; i++)
		if (strncmp(table[i].name, name, length) == 0 && table[i].name[length] == ' ')
			add(m, table[i].name + length + 1);
}

/* Is it the first argument of a command in words, and a cache? Its name may stand there as it is. */
static bool at_cache(const struct command_info *command, const struct place *place, const char *line, size_t cursor)
{
	if (!command || command->param[0].type != PARAM_CACHE || place->called || cursor < place->first)
		return false;
	return strcspn(line + place->first, " ,;.[") >= cursor - place->first;
}

static void add_caches(struct matches *m, const struct session *s)
{
	const struct slab_system *slab = &s->machine.slab;

	if (!slab->state || !slab->config->rules)
		return;
	for (const struct kmem_cache *c = kmem_cache_first(slab); c; c = kmem_cache_next(slab, c))
		add(m, c->name);
}

static void complete_expression(struct matches *m, const struct session *s, const char *line, const struct place *place)
{
	const struct command_info *command = commands_find(place->name);
	size_t path = path_start(line, place->statement, place->word);

	if (place->word > path && line[place->word - 1] == '.') {
		add_members(m, s, line, path, place->word - 1);
		return;
	}
	add_values(m, s);
	if (command && command->param[0].type == PARAM_CACHE && place->word == place->first && !place->called)
		add_caches(m, s);
	add_commands(m, s, place->word == place->first || place->word == place->statement);
	if (command && place->word >= place->first)
		add_labels(m, command);
	if (command && place->word == place->first && !place->called)
		add_second_words(m, place->name);
}

/* Does the word stand behind a '|' and a blank, where a filter may be meant? */
static bool behind_pipe(const char *line, const struct place *place)
{
	size_t at = place->word;

	while (at > place->statement && (line[at - 1] == ' ' || line[at - 1] == '\t'))
		at--;
	return at < place->word && at > place->statement && line[at - 1] == '|';
}

static size_t word_start(const char *line, size_t from, size_t cursor, bool text)
{
	while (cursor > from) {
		char c = line[cursor - 1];

		if (text ? c == ' ' || c == '\t' || c == '>' : !lexer_name_part(c))
			break;
		cursor--;
	}
	return cursor;
}

char **complete_line(const struct session *s, const char *line, size_t cursor, size_t *start)
{
	struct place place = { .statement = 0 };
	const struct command_info *command;
	struct matches m = { .words = NULL };
	char *prefix;
	bool text;

	cursor = strnlen(line, cursor);
	find_statement(line, cursor, &place);
	place.statement = skip_spaces(line, place.statement, cursor);
	if (place.in_string || place.in_comment)
		return NULL;
	find_command(line, skip_front(line, place.statement, cursor), cursor, &place);
	command = commands_find(place.name);
	text = command && commands_takes_text(command) && !place.called;
	place.word =
	    at_cache(command, &place, line, cursor) ? place.first : word_start(line, place.first, cursor, text);
	*start = place.word;
	prefix = strndup(line + place.word, cursor - place.word);
	if (!prefix)
		return NULL;
	m.prefix = prefix;
	m.length = strlen(prefix);
	if (behind_pipe(line, &place))
		add_filters(&m);
	if (!(text && m.count) && !complete_text(&m, s, line, &place))
		complete_expression(&m, s, line, &place);
	free(prefix);
	return finish(&m);
}
