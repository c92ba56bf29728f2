/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/settings.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/units.h"
#include "machine/desc.h"

#include <string.h>

struct setting {
	const char *name;
	const char *meaning;
	/* NULL: it is the host's. */
	bool (*set)(struct session *s, const char *value, struct status *st);
	void (*get)(const struct session *s, struct strbuf *out);
};

static bool read_size(const char *name, const char *value, u64 *bytes, struct status *st)
{
	return units_parse(value, bytes) ||
	       status_fail(st, STATUS_INVALID, _("%s is a size such as 512M, not \"%s\""), name, value);
}

static void put_size(u64 bytes, struct strbuf *out)
{
	char text[UNITS_MAX];

	strbuf_puts(out, units_format(bytes, text));
}

static bool set_memory_limit(struct session *s, const char *value, struct status *st)
{
	return read_size("memory_limit", value, &s->memory_limit, st);
}

static void get_memory_limit(const struct session *s, struct strbuf *out)
{
	put_size(s->memory_limit, out);
}

static bool set_undo_memory(struct session *s, const char *value, struct status *st)
{
	return read_size("undo_memory", value, &s->past_budget, st);
}

static void get_undo_memory(const struct session *s, struct strbuf *out)
{
	put_size(s->past_budget, out);
}

static bool read_switch(const char *name, const char *value, bool *on, struct status *st)
{
	bool given = strcmp(value, "on") == 0;

	if (!given && strcmp(value, "off") != 0)
		return status_fail(st, STATUS_INVALID, _("%s is on or off, not \"%s\""), name, value);
	*on = given;
	return true;
}

static bool set_check(struct session *s, const char *value, struct status *st)
{
	return read_switch("check", value, &s->check, st);
}

static void get_check(const struct session *s, struct strbuf *out)
{
	strbuf_puts(out, s->check ? "on" : "off");
}

static bool set_keep_going(struct session *s, const char *value, struct status *st)
{
	return read_switch("keep_going", value, &s->keep_going, st);
}

static void get_keep_going(const struct session *s, struct strbuf *out)
{
	strbuf_puts(out, s->keep_going ? "on" : "off");
}

static const struct setting table[] = {
	{ "memory_limit", N_("most memory that the machine's state may take up; 0: no limit"), set_memory_limit,
	  get_memory_limit },
	{ "undo_memory", N_("memory for going back without running again"), set_undo_memory, get_undo_memory },
	{ "check", N_("on: walk over all lists and counters after each command"), set_check, get_check },
	{ "keep_going", N_("on: a script goes on after an error; off: it stops there"), set_keep_going,
	  get_keep_going },
	{ "step", N_("screen: on: stop at each step of a command"), NULL, NULL },
	{ "theme", N_("screen: colours"), NULL, NULL },
	{ "glyphs", N_("screen: utf8, lines or ascii"), NULL, NULL },
	{ "mouse", N_("screen: on or off"), NULL, NULL },
};

bool settings_name(size_t n, const char **name, const char **meaning)
{
	if (n >= ARRAY_SIZE(table))
		return false;
	*name = table[n].name;
	*meaning = table[n].meaning;
	return true;
}

static const struct setting *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static bool unknown(const char *name, struct status *st)
{
	struct nearest near = NEAREST_INIT(name);
	size_t length = strcspn(name, "=");
	const char *key;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		nearest_try(&near, table[i].name);
	for (size_t n = 0; (key = desc_key(n, NULL)); n++)
		if (strlen(key) == length && strncmp(key, name, length) == 0)
			return status_fail(
			    st, STATUS_INVALID,
			    _("%s is of the machine, and fixed when it boots: reset %s=VALUE boots another"), key, key);
	if (near.best)
		return status_fail(st, STATUS_INVALID, _("there is no setting \"%s\"; did you mean %s?"), name,
				   near.best);
	return status_fail(st, STATUS_INVALID, _("there is no setting \"%s\"; \"help settings\" lists them"), name);
}

bool settings_change(struct context *cx, const char *name, const char *value, struct status *st)
{
	const struct setting *setting = find(name);

	if (!setting)
		return unknown(name, st);
	if (setting->set)
		return setting->set(cx->session, value, st);
	if (!cx->host.set)
		return status_fail(st, STATUS_INVALID, _("%s belongs to the screen, and there is none here"), name);
	return cx->host.set(cx->host.context, name, value, st);
}

static void list_one(const struct session *s, const struct setting *setting, struct strbuf *out)
{
	struct strbuf value = STRBUF_INIT;

	setting->get(s, &value);
	strbuf_printf(out, "%-14s %-8s %s\n", setting->name, strbuf_str(&value), _(setting->meaning));
	strbuf_free(&value);
}

bool settings_list(const struct session *s, const char *name, struct strbuf *out, struct status *st)
{
	if (name && !find(name))
		return unknown(name, st);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (name && strcmp(table[i].name, name) != 0)
			continue;
		if (table[i].get)
			list_one(s, &table[i], out);
		else
			strbuf_printf(out, "%-14s %-8s %s\n", table[i].name, "", _(table[i].meaning));
	}
	return true;
}
