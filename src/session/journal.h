/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: the session as a text file that grows as commands complete, so
 * that a killed session is recovered whole.
 *
 * Its form, which kmemlab-session(5) tells users:
 *
 *	# kmemlab session 1
 *	# machine i386-2.6.18
 *	# set mem=512M
 *	# seed 42
 *	# /proc: Node 0, zone DMA 1 0 0 0 2 1 1 0 1 1 3
 *	p = alloc_pages(GFP_KERNEL, 3)
 *	repeat 4 {
 *		alloc_page
 *	}
 *	goto 1
 *	#= 0123456789abcdef
 *	# end
 *
 * - The first line names the form and its version, 1.
 * - The header tells the machine (once), its settings (a line each) and the
 *   seed; and the lines of /proc that the machine was loaded from, if it was.
 *   What is not told is the default.
 * - A command stands as it was typed.  A line that begins with a tab continues
 *   the command above it; the tab is not part of the command.
 * - "goto N" is there when the session went back or forth (undo, redo, goto):
 *   to the state after command N, counted from 1, of those that were not
 *   overwritten by going back and doing something else.
 * - "#=" and 16 hexadecimal digits: the hash of the machine's state here.
 *   Every 16 commands, and at the end.
 * - "# end": the session was closed.  Without it, it was killed.
 * - Other lines that begin with # or //, and empty lines, say nothing.
 * - A last line without a newline was being written when the session died; it
 *   is left out.
 *
 * So a journal is also a script; `kmemlab run` and `source` read it.
 */
#ifndef KM_SESSION_JOURNAL_H
#define KM_SESSION_JOURNAL_H

#include "base/status.h"
#include "base/strbuf.h"
#include "base/types.h"
#include "machine/desc.h"

#define JOURNAL_HASH_EVERY 16 /* commands */

/* The journal that is being written. All zero: none. */
struct journal {
	char *path; /* NULL: this session is not journalled */
	int fd; /* locked while the session lives */
	u64 length; /* bytes that are whole lines */
	bool empty; /* no command was written yet */
	struct status trouble; /* why nothing is written any more */
	bool told; /* the user knows */
};

/* The header of a journal, or of a script. */
struct journal_header {
	bool journal; /* has the line "# kmemlab session 1" */
	unsigned version; /* of it */
	char machine[256]; /* "": not told */
	struct strbuf settings; /* "key=value\n" each */
	struct strbuf state; /* lines of /proc, see machine/desc_state.h */
	bool has_seed;
	u64 seed;
};

/* Takes a line (without newline) in if it belongs to a header; false: it does not. */
bool journal_header_line(struct journal_header *h, const char *line);
void journal_header_free(struct journal_header *h);

/* Does the line say nothing: is it empty, or does it begin with # or //? */
bool journal_is_remark(const char *line);

/* The description that the header asks for; `machine` (may be NULL) is taken where it names none. */
bool journal_header_desc(const struct journal_header *h, const char *machine, struct machine_desc *desc,
			 struct status *st);

/* What stands in a journal, in order. */
struct journal_entry {
	char *text; /* the command */
	bool has_hash;
	u64 hash; /* of the state after it */
};

struct journal_file {
	struct journal_header header;
	struct journal_entry *entries;
	size_t count;
	bool ended; /* "# end" is the last line */
	bool torn; /* something at the end was left out */
	u64 whole; /* bytes before that */
};

/* Reads the journal at `path`. false with a message; free `f` in any case. */
bool journal_read(struct journal_file *f, const char *path, struct status *st);
void journal_file_free(struct journal_file *f);

/* Is the entry a "goto N"? */
bool journal_entry_goto(const struct journal_entry *e, size_t *n);

/* Appends the parts of a journal to `out`. */
void journal_put_header(struct strbuf *out, const struct machine_desc *desc, u64 seed);
void journal_put_command(struct strbuf *out, const char *text);
void journal_put_hash(struct strbuf *out, u64 hash);
void journal_put_end(struct strbuf *out);

/* Makes a new journal in the state folder and locks it; `j` is empty before. false: not possible, `j` is empty. */
bool journal_open(struct journal *j, struct status *st);

/*
 * Appends whole lines.  Where they cannot be written (a full disk) the file is
 * cut back to what it was, and journalling ends with the reason in `trouble`.
 */
void journal_append(struct journal *j, const struct strbuf *lines);

/* Begins again with these lines. */
void journal_restart(struct journal *j, const struct strbuf *lines);

/* Closes the file, after these lines; a journal without a command is removed. */
void journal_close(struct journal *j, const struct strbuf *lines);

/* Closes the file as it is: the session can be recovered. */
void journal_leave(struct journal *j);

#endif
