/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pictures of a panel are taken of: a machine, a shell to give it commands, a view, and keys for the panel. */
#ifndef KM_TESTS_PANEL_STAGE_H
#define KM_TESTS_PANEL_STAGE_H

#include "shell/shell.h"
#include "tests/panel/picture.h"

struct stage {
	struct session session;
	struct shell *shell;
	struct view view;
	struct strbuf output;
};

/* A picture, or several of other sizes. */
struct stage_picture {
	const char *name; /* of the file, "-SIZE.txt" is added */
	const char *machine;
	const char *setting; /* NULL: none */
	const char *commands; /* a line each */
	const int *keys; /* for the panel on a screen of 80x24; the end is 0; NULL: none */
	enum glyph_set glyphs;
	int focus;
	struct {
		int cols, rows;
	} size[4];
};

/* Sizes of pictures: all, and the smallest. */
#define STAGE_ALL_SIZES                  \
	{                                \
		{ 80, 24 }, { 120, 40 }, \
		{                        \
			200, 60          \
		}                        \
	}
#define STAGE_SMALL            \
	{                      \
		{              \
			80, 24 \
		}              \
	}

/* false: counted as a failure. What is open is to be closed. */
bool stage_start(struct stage *s, const char *machine, const char *setting, enum glyph_set glyphs);
void stage_end(struct stage *s);

/* A command, as the screen runs it; several, a line each. One that fails is counted as a failure. */
void stage_run(struct stage *s, const char *line);
void stage_run_all(struct stage *s, const char *lines);

/* Keys, the end is 0, for a panel on a screen of 80x24. One that the panel does not know is counted as a failure. */
void stage_press(struct stage *s, int panel, const int *keys);

/* Takes all pictures of one; keys are for `panel`. Returns how many. */
int stage_take(const struct stage_picture *p, int panel);

/* Draws the screen at all kinds of sizes while keys, the end is 0, come in, and what was done is taken back and done
 * again. */
void stage_all_sizes(const char *machine, const char *commands, int panel, const int *keys);

#endif
