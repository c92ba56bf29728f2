/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings of a real kernel's allocators, read line by line.
 *
 * The format is that of kmemlab-recording(5).  The reader knows the words that
 * lines begin with and where each may stand; what follows the word is left to
 * recording_parse.h.  The lines of a text of /proc may be anything.
 */
#ifndef KM_SESSION_RECORDING_H
#define KM_SESSION_RECORDING_H

#include "base/status.h"
#include "base/strbuf.h"
#include "base/types.h"

/* Bytes of the longest line that is accepted, and of all lines of one operation or snapshot. */
#define RECORDING_LINE_MAX (UINT32_C(16) << 20)
#define RECORDING_BLOCK_MAX (UINT32_C(256) << 20)

enum line_kind {
	LINE_FORMAT, /* mmrec 1 */
	LINE_COMMENT, /* # and #@ */
	LINE_CONSTANTS, /* K */
	LINE_ZONE_CONSTANTS, /* Z */
	LINE_ZONE_LIST, /* ZL */
	LINE_SNAPSHOT, /* SNAP */
	LINE_TUNABLES, /* T */
	LINE_ZONE, /* ZONE */
	LINE_BLOCKS, /* B */
	LINE_MOVABLE, /* L */
	LINE_FREE_LIST, /* F */
	LINE_PCP, /* PC */
	LINE_PCP_LIST, /* P */
	LINE_STATE, /* S */
	LINE_SNAPSHOT_END, /* ENDSNAP */
	LINE_CHECK, /* CHECK */
	LINE_OPERATION, /* op */
	LINE_RESULT, /* r */
	LINE_CHANGE, /* c */
	LINE_MOVED, /* m */
	LINE_NOTE, /* n */
	LINE_DUMP, /* x */
	LINE_DRIFT, /* drift */
	LINE_AFTER, /* s */
	LINE_CMA, /* CMA */
	LINE_CACHE, /* CACHE: what a cache was made with and what followed from it */
	LINE_CACHE_COUNTS, /* C */
	LINE_CACHE_ARRAY, /* AC: a CPU's array of objects */
	LINE_CACHE_SHARED, /* SH: the array that CPUs share */
	LINE_CACHE_CPU, /* CPU: what a CPU holds of a cache */
	LINE_CACHE_NODE, /* NODE */
	LINE_SLAB, /* SL: one slab */
	LINE_AREA, /* VA, PK, PKN: vmalloc areas and pkmap */
	LINE_TEXT, /* TEXT */
	LINE_TEXT_LINE, /* a line of it */
	LINE_TEXT_END, /* ENDTEXT */
	LINE_END, /* END */
};

struct recording {
	void *file; /* zlib's handle */
	const char *path; /* not owned; outlives this */
	char *chunk; /* read and not yet taken: bytes next .. filled-1 */
	size_t next, filled;
	struct strbuf line; /* the present one, without its newline */
	u64 number; /* of the present line, from 1 */
	enum line_kind kind; /* of the present line */
	unsigned place; /* where in the file it stands */
	unsigned text_place; /* where the present text of /proc stands */
	u64 text_number; /* of its first line */
	u64 operations; /* `op` lines so far */
	bool at_end; /* of the file */
};

enum recording_next {
	RECORDING_LINE, /* there is a line: kind, number, line */
	RECORDING_END, /* the END line was read, and nothing followed */
	RECORDING_ERROR, /* status says what is wrong, with file and line */
};

/* Opens a recording, plain or gzip.  false with a message; `r` is then closed. `path` must live as long. */
bool recording_open(struct recording *r, const char *path, struct status *st);

/* Reads the next line. */
enum recording_next recording_next(struct recording *r, struct status *st);

void recording_close(struct recording *r);

struct recording_block_line {
	size_t offset; /* in the block's text; NUL terminated */
	u64 number;
	enum line_kind kind;
};

/* Lines kept together: those of one operation, or of one snapshot. */
struct recording_block {
	struct strbuf text;
	struct recording_block_line *line;
	size_t count, capacity;
};

/* Appends `text` as a line.  false with a message that begins with `path`: no memory, or more than RECORDING_BLOCK_MAX.
 */
bool recording_block_put(struct recording_block *block, const char *text, struct recording_block_line line,
			 const char *path, struct status *st);

/* Appends the present line of `r`.  false with a message: no memory, or more than RECORDING_BLOCK_MAX. */
bool recording_block_add(struct recording_block *block, const struct recording *r, struct status *st);

static inline const char *recording_block_text(const struct recording_block *block, size_t n)
{
	return block->text.text + block->line[n].offset;
}

void recording_block_clear(struct recording_block *block);
void recording_block_free(struct recording_block *block);

#endif
