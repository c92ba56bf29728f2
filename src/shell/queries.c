/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/queries.h"

#include "base/text.h"
#include "machine/tunables.h"
#include "phys/mapping.h"
#include "shell/answers.h"
#include "slab/kmem_cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct query_info table[] = {
#define QUERY(path, function, meaning) { path, answers_##function, meaning },
#include "shell/queries.def"
#undef QUERY
};

static const char type_letters[] = "UMRHCI";

const struct query_info *queries_table(size_t *count)
{
	*count = ARRAY_SIZE(table);
	return table;
}

bool queries_is_root(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const char *path = table[i].path;

		if (strncmp(path, name, length) == 0 && (path[length] == '.' || path[length] == '[' || !path[length]))
			return true;
	}
	return false;
}

/* ------------------------------------------------------------- matching */

/* A piece of a path of the table. */
struct piece {
	char text[24]; /* "zone", "ZONE", "ORDER" */
	bool index; /* stood in brackets */
	bool last;
};

static bool next_piece(const char **path, struct piece *piece)
{
	size_t length;

	if (!**path)
		return false;
	piece->index = **path == '[';
	if (**path == '[' || **path == '.')
		(*path)++;
	length = strcspn(*path, ".[]");
	snprintf(piece->text, sizeof piece->text, "%.*s", (int)length, *path);
	*path += length;
	if (**path == ']')
		(*path)++;
	piece->last = !**path;
	return true;
}

/* What a path was found to mean. */
struct match {
	size_t used; /* steps that fit */
	bool complete;
	struct piece missing; /* if not: what does not fit */
	const struct query_step *zone, *type, *index, *cpu, *file, *task, *cache,
	    *tunable; /* the steps that stand for these; NULL: left out */
	bool all; /* the last index was left out */
};

static bool is_zone(const struct machine *m, const struct query_step *step)
{
	return !step->name || phys_zone_by_name(&m->phys, step->name) >= 0;
}

static bool fits_name(const struct machine *m, const struct piece *piece, const struct query_step *step,
		      struct match *match)
{
	if (strcmp(piece->text, "ZONE") == 0) {
		match->zone = step;
		return is_zone(m, step);
	}
	if (strcmp(piece->text, "CACHE") == 0) {
		match->cache = step;
		return true;
	}
	if (!step->name)
		return false;
	if (strcmp(piece->text, "TYPE") == 0) {
		match->type = step;
		return strlen(step->name) == 1 && strchr(type_letters, step->name[0]);
	}
	if (strcmp(piece->text, "TUNABLE") == 0) {
		match->tunable = step;
		return true;
	}
	if (strcmp(piece->text, "FILE") == 0) {
		match->file = step;
		return true;
	}
	if (strcmp(piece->text, "TASK") == 0) {
		match->task = step;
		return true;
	}
	return strcmp(piece->text, step->name) == 0;
}

/* An index that is left out: is that allowed? */
static bool may_be_left_out(const struct piece *piece, struct match *match)
{
	if (strcmp(piece->text, "CPU") == 0)
		return true;
	match->all = piece->last && (strcmp(piece->text, "ORDER") == 0 || strcmp(piece->text, "N") == 0);
	return match->all;
}

static struct match match_path(const struct machine *m, const char *path, const struct query_step *steps, size_t count)
{
	struct match match = { 0 };
	struct piece piece;

	while (next_piece(&path, &piece)) {
		const struct query_step *step = match.used < count ? &steps[match.used] : NULL;
		bool fits;

		if (piece.index && (!step || step->name)) {
			if (may_be_left_out(&piece, &match))
				continue;
			fits = false;
		} else if (piece.index) {
			if (strcmp(piece.text, "CPU") == 0)
				match.cpu = step;
			else
				match.index = step;
			fits = true;
		} else {
			fits = step && fits_name(m, &piece, step, &match);
		}
		if (!fits) {
			match.missing = piece;
			return match;
		}
		match.used++;
	}
	match.complete = true;
	return match;
}

/* Only a name that is a word can be written behind a dot; others stand as strings in brackets. */
static void tell_caches(const struct slab_system *s, void (*found)(void *context, const char *name), void *context)
{
	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		if (c->name[strspn(c->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0')
			found(context, c->name);
}

/* Tells a candidate for a piece that is missing. */
static void tell_piece(const struct machine *m, const struct piece *piece,
		       void (*found)(void *context, const char *name), void *context)
{
	if (piece->index) {
		found(context, "[");
	} else if (strcmp(piece->text, "ZONE") == 0) {
		for (unsigned z = 0; z < m->config.zones; z++)
			if (m->config.zone[z].node == 0)
				found(context, m->config.zone[z].name);
	} else if (strcmp(piece->text, "FILE") == 0 || strcmp(piece->text, "TASK") == 0) {
		u32 kind = piece->text[0] == 'F' ? OWNER_FILE : OWNER_PROCESS;

		for (unsigned n = 0; m->phys.reclaim && n < RECLAIM_OWNERS; n++)
			if (m->phys.reclaim->owner[n].kind == kind)
				found(context, m->phys.reclaim->owner[n].name);
	} else if (strcmp(piece->text, "TUNABLE") == 0) {
		const char *name;

		for (size_t n = 0; (name = tunables_name(m, n)); n++)
			found(context, name + strlen("vm/"));
	} else if (strcmp(piece->text, "CACHE") == 0) {
		tell_caches(&m->slab, found, context);
	} else if (strcmp(piece->text, "TYPE") == 0) {
		static const char *const letters[] = { "U", "M", "R", "H", "C", "I" };

		for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
			found(context, letters[i]);
	} else {
		found(context, piece->text);
	}
}

void queries_next(const struct machine *m, const struct query_step *steps, size_t count,
		  void (*found)(void *context, const char *name), void *context)
{
	char before[sizeof(struct piece){ 0 }.text] = "";

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct match match = match_path(m, table[i].path, steps, count);

		/* Paths that go on in the same way stand together in the table. */
		if (match.complete || match.used < count || strcmp(match.missing.text, before) == 0)
			continue;
		tell_piece(m, &match.missing, found, context);
		snprintf(before, sizeof before, "%s", match.missing.text);
	}
}

/* --------------------------------------------------------------- errors */

struct names {
	struct strbuf list;
	struct strbuf kept; /* the names, each with its NUL: queries_next() tells short-lived ones */
	struct nearest near;
};

static void names_add(void *context, const char *name)
{
	struct names *n = context;

	strbuf_printf(&n->list, "%s%s", n->list.length ? ", " : "", strcmp(name, "[") == 0 ? _("an index") : name);
	strbuf_add(&n->kept, name, strlen(name) + 1);
}

static void path_text(const struct query_step *steps, size_t count, struct strbuf *out)
{
	for (size_t i = 0; i < count; i++) {
		if (!steps[i].name)
			strbuf_puts(out, "[]");
		else
			strbuf_printf(out, "%s%s", i ? "." : "", steps[i].name);
	}
}

/* No query goes beyond `good` steps. */
static bool no_query(const struct machine *m, const struct query_step *steps, size_t count, size_t good,
		     struct diag *diag)
{
	struct names names = { STRBUF_INIT, STRBUF_INIT, NEAREST_INIT("") };
	struct strbuf path = STRBUF_INIT;

	path_text(steps, good, &path);
	queries_next(m, steps, good, names_add, &names);
	if (good == count) {
		diag_fail(diag, steps[good - 1].start, STATUS_INVALID, _("%s is not a value; of it there are: %s"),
			  strbuf_str(&path), strbuf_str(&names.list));
	} else {
		names.near.word = steps[good].name ? steps[good].name : "[";
		for (size_t at = 0; at < names.kept.length; at += strlen(names.kept.text + at) + 1)
			nearest_try(&names.near, names.kept.text + at);
		if (steps[good].name)
			diag_fail(diag, steps[good].start, STATUS_INVALID, _("%s has no \"%s\""), strbuf_str(&path),
				  steps[good].name);
		else
			diag_fail(diag, steps[good].start, STATUS_INVALID, _("%s has no index here; there are: %s"),
				  strbuf_str(&path), strbuf_str(&names.list));
		if (steps[good].name && !names.near.best && names.list.length) {
			size_t used = strlen(diag->status.message);

			snprintf(diag->status.message + used, sizeof diag->status.message - used, _("; there are: %s"),
				 strbuf_str(&names.list));
		}
		diag_suggest(diag, &names.near);
	}
	strbuf_free(&path);
	strbuf_free(&names.list);
	strbuf_free(&names.kept);
	return false;
}

/* --------------------------------------------------------------- asking */

static bool step_number(const struct query_step *step, u64 limit, const char *what, u64 *number, struct diag *diag)
{
	const struct value *v = &step->index;
	bool page = v->type == VALUE_PAGE && !value_is_null(v);

	if (v->type != VALUE_INT && !page)
		return diag_fail(diag, step->start, STATUS_INVALID, _("a number is expected here: the %s"), what);
	if (v->number < 0 || (u64)v->number >= limit)
		return diag_fail(diag, step->start, STATUS_INVALID, _("the %s must be 0 to %" PRIu64), what, limit - 1);
	*number = (u64)v->number;
	return true;
}

static bool resolve_zone(const struct machine *m, const struct query_step *step, struct query *q, struct diag *diag)
{
	int zone;

	if (!step->name && step->index.type != VALUE_STRING) {
		u64 number = 0;

		if (!step_number(step, m->config.zones, _("zone's number"), &number, diag))
			return false;
		q->zone = (unsigned)number;
		return true;
	}
	zone = phys_zone_by_name(&m->phys, step->name ? step->name : value_text(&step->index));
	if (zone < 0)
		return diag_fail(diag, step->start, STATUS_INVALID, _("this machine has no zone of that name"));
	q->zone = (unsigned)zone;
	return true;
}

/* How many there are of what an [ORDER] or [N] counts. */
static u64 index_count(const struct machine *m, const char *path)
{
	if (strstr(path, "[ORDER]"))
		return m->config.orders;
	if (strstr(path, "lowmem_reserve"))
		return PHYS_ZONE_TYPES;
	return m->config.pcp_rule == PCP_BY_TYPE ? m->config.pcp_orders * MT_PCPTYPES : PHYS_PCP_LISTS;
}

/* What the index in a path counts, and below which number it must be. */
static bool resolve_index(const struct machine *m, const char *path, const struct query_step *step, struct query *q,
			  struct diag *diag)
{
	if (strstr(path, "[ORDER]"))
		return step_number(step, index_count(m, path), _("order"), &q->index, diag);
	if (strstr(path, "[PFN]"))
		return step_number(step, (u64)PHYS_PFN_LIMIT, _("page frame"), &q->index, diag);
	if (strstr(path, "FILE") || strstr(path, "TASK"))
		return step_number(step, RECLAIM_PAGES, _("page"), &q->index, diag);
	if (strstr(path, "lowmem_reserve"))
		return step_number(step, index_count(m, path), _("zone's number"), &q->index, diag);
	return step_number(step, index_count(m, path), _("list's number"), &q->index, diag);
}

/* Nothing is known of a file or process that there is not, as of one that has ended. */
static bool resolve_owner(const struct machine *m, const struct query_step *step, enum owner_kind kind, struct query *q,
			  struct diag *diag)
{
	if (!reclaim_exists(&m->phys))
		return diag_fail(diag, step->start, STATUS_INVALID, _("this machine knows of no files and processes"));
	q->owner = mapping_find(&m->phys, kind, step->name);
	return true;
}

/* A cache: by its name, behind a dot or as a string in brackets, or by its address. */
static bool resolve_cache(const struct machine *m, const struct query_step *step, struct query *q, struct diag *diag)
{
	const struct slab_system *s = &m->slab;
	const char *name = step->name ? step->name : value_text(&step->index);
	struct nearest near = NEAREST_INIT(name);

	if (!s->config->rules)
		return diag_fail(diag, step->start, STATUS_INVALID, _("this machine has no allocator of objects"));
	q->cache = !step->name && step->index.type == VALUE_ADDR ? kmem_cache_by_address(s, (u64)step->index.number)
								 : kmem_cache_by_name(s, name);
	if (q->cache)
		return true;
	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		nearest_try(&near, c->name);
	diag_fail(diag, step->start, STATUS_INVALID, _("there is no cache \"%s\""), name);
	return diag_suggest(diag, &near);
}

static bool resolve(const struct machine *m, const char *path, const struct match *match, struct query *q,
		    struct diag *diag)
{
	u64 cpu = m->phys.state->cpu;

	if (match->cache && !resolve_cache(m, match->cache, q, diag))
		return false;
	if (match->zone && !resolve_zone(m, match->zone, q, diag))
		return false;
	if (match->cpu && !step_number(match->cpu, m->config.cpus, "CPU", &cpu, diag))
		return false;
	q->cpu = (unsigned)cpu;
	if (match->tunable)
		q->tunable = match->tunable->name;
	if (match->file && !resolve_owner(m, match->file, OWNER_FILE, q, diag))
		return false;
	if (match->task && !resolve_owner(m, match->task, OWNER_PROCESS, q, diag))
		return false;
	if (match->type)
		q->type = (unsigned)(strchr(type_letters, match->type->name[0]) - type_letters);
	return !match->index || resolve_index(m, path, match->index, q, diag);
}

static bool get_all(const struct query_info *info, struct query *q, struct value *v, struct status *st)
{
	u64 count = index_count(q->machine, info->path);

	*v = value_vector();
	for (q->index = 0; q->index < count; q->index++) {
		struct value one = VALUE_NOTHING;

		if (!info->get(q, &one, st))
			return false;
		if (!value_append(v, one))
			return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	return true;
}

bool queries_get(const struct session *s, const struct query_step *steps, size_t count, size_t *used, struct value *v,
		 struct diag *diag)
{
	struct query q = { .session = s, .machine = &s->machine };
	const struct query_info *best = NULL;
	struct match best_match = { 0 };
	struct status st = STATUS_INIT;
	size_t good = 1;
	bool ok;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct match match = match_path(q.machine, table[i].path, steps, count);

		if (match.used > good)
			good = match.used;
		if (match.complete && (!best || match.used > best_match.used)) {
			best = &table[i];
			best_match = match;
		}
	}
	/* A member that is left over belongs to no query; an index may be one into the answer. */
	if (!best || (best_match.used < count && steps[best_match.used].name))
		return no_query(q.machine, steps, count, best ? best_match.used : good, diag);
	if (!resolve(q.machine, best->path, &best_match, &q, diag))
		return false;
	*used = best_match.used;
	ok = best_match.all ? get_all(best, &q, v, &st) : best->get(&q, v, &st);
	if (!ok) {
		value_free(v);
		return diag_status(diag, steps[0].start, &st);
	}
	return true;
}
