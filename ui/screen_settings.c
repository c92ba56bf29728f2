/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen_settings.h"

#include "base/strbuf.h"
#include "base/text.h"
#include "ui/terminal.h"

#include <string.h>

static bool read_switch(const char *name, const char *value, bool *on, struct status *st)
{
	if (strcmp(value, "on") == 0 || strcmp(value, "1") == 0 || strcmp(value, "yes") == 0)
		*on = true;
	else if (strcmp(value, "off") == 0 || strcmp(value, "0") == 0 || strcmp(value, "no") == 0)
		*on = false;
	else
		return status_fail(st, STATUS_INVALID, _("%s is on or off, not \"%s\""), name, value);
	return true;
}

static bool set_step(struct screen_settings *s, const char *value, struct status *st)
{
	bool on;

	if (!read_switch("step", value, &on, st))
		return false;
	step_set(s->step, on);
	return true;
}

static bool set_mouse(struct screen_settings *s, const char *value, struct status *st)
{
	bool on;

	(void)s;
	if (!read_switch("mouse", value, &on, st))
		return false;
	terminal_mouse(on);
	return true;
}

static bool set_theme(struct screen_settings *s, const char *value, struct status *st)
{
	const struct theme *theme = theme_find(value);
	struct strbuf names = STRBUF_INIT;

	if (theme == NULL) {
		for (size_t i = 0; theme_name(i) != NULL; i++)
			strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", theme_name(i));
		status_fail(st, STATUS_INVALID, _("there is no theme \"%s\"; there are %s"), value, strbuf_str(&names));
		strbuf_free(&names);
		return false;
	}
	if (s->stage->backend.colours == 0 && !theme_is_mono(theme))
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("theme %s needs colours, and this terminal has none, or NO_COLOR is set"), value);
	backend_curses_theme(&s->stage->backend, theme);
	return true;
}

static bool set_glyphs(struct screen_settings *s, const char *value, struct status *st)
{
	static const struct {
		const char *name;
		enum glyph_set set;
	} sets[] = { { "utf8", GLYPHS_UTF8 }, { "lines", GLYPHS_LINES }, { "ascii", GLYPHS_ASCII } };

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		if (strcmp(sets[i].name, value) != 0)
			continue;
		s->stage->view.glyphs = sets[i].set;
		return true;
	}
	return status_fail(st, STATUS_INVALID, _("glyphs are utf8, lines or ascii, not \"%s\""), value);
}

bool screen_settings_set(struct screen_settings *s, const char *name, const char *value, struct status *st)
{
	static const struct {
		const char *name;
		bool (*set)(struct screen_settings *s, const char *value, struct status *st);
	} table[] = { { "step", set_step }, { "theme", set_theme }, { "glyphs", set_glyphs }, { "mouse", set_mouse } };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].set(s, value, st);
	return status_fail(st, STATUS_INVALID,
			   _("the screen has no setting \"%s\": there are step, theme, glyphs, mouse"), name);
}
