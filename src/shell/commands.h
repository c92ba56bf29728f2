/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of all commands, made from commands.def: parser, completion, help,
 * manual page and shell completion come from it.
 */
#ifndef KM_SHELL_COMMANDS_H
#define KM_SHELL_COMMANDS_H

#include "base/strbuf.h"
#include "phys/gfp.h"
#include "session/value.h"
#include "shell/context.h"

#define COMMAND_PARAMS 6

enum param_type {
	PARAM_NO, /* behind the last parameter */
	/* Expressions. */
	PARAM_GFP, /* a gfp mask */
	PARAM_ORDER, /* an order; may be given as size= instead */
	PARAM_PAGE, /* a page, or the number of a page frame */
	PARAM_ADDR, /* a kernel address */
	PARAM_CACHE, /* a cache of objects: the address of its descriptor, or its name; becomes its slot */
	PARAM_POOL, /* a mempool: its address; becomes its slot */
	PARAM_DEVICE, /* a device: its name, or NULL; becomes its number, 0 for NULL */
	PARAM_DMA_POOL, /* a DMA pool: its address; becomes its slot */
	PARAM_BUS, /* a device's address of memory */
	PARAM_MASK, /* the addresses that a device reaches */
	PARAM_SIZE, /* bytes */
	PARAM_FLAGS, /* of kmem_cache_create() */
	PARAM_PHYS, /* a physical address; shown as one, in hexadecimal */
	PARAM_DIRECTION, /* of DMA: enum dma_direction */
	PARAM_INT,
	PARAM_OUT, /* `&name`: a variable that the function fills; becomes its name */
	PARAM_NAME, /* text; a bare word that is no variable is its own name */
	PARAM_CTOR, /* NULL, or the name of what a constructor writes; becomes a number of enum slab_ctor */
	PARAM_VALUE, /* anything; a vector as a whole */
	PARAM_VALUES, /* any number of them: struct call's list */
	PARAM_EXPRESSION, /* of a statement that is syntax: for help */
	/* Text: of the word form, as typed. */
	PARAM_WORD,
	PARAM_WORDS, /* any number of them, strings: struct call's list */
	PARAM_TEXT, /* the rest of the line */
};

struct param {
	const char *name;
	enum param_type type;
	const char *fallback; /* used if it is not given; "": nothing then; NULL: it must be given */
};

enum command_class {
	COMMAND_READS, /* changes nothing */
	COMMAND_WRITES, /* changes the machine where a word begins with '>': writes to a file of it */
	COMMAND_CHANGES, /* changes the machine: numbered, journalled, can be undone */
	COMMAND_TRAVELS, /* moves the session or the shell itself: only as a statement of its own */
	COMMAND_SYNTAX, /* a statement that the parser knows */
};

enum command_group {
	GROUP_KERNEL,
	GROUP_SLAB,
	GROUP_BOOT,
	GROUP_WORLD,
	GROUP_LOOK,
	GROUP_SESSION,
	GROUP_SCRIPT,
	GROUP_COUNT
};

/* Which kernels have it. */
enum command_kernels { KERNELS_ALL, KERNELS_2_6, KERNELS_6_1 };

/* A command that is being done. */
struct call {
	struct context *context;
	const struct command_info *command;
	struct value arg[COMMAND_PARAMS]; /* converted; VALUE_NONE: not given, and no fallback */
	const struct value *list; /* of PARAM_VALUES and PARAM_WORDS, which stand alone */
	size_t count;
	bool shown; /* it is a statement of its own: what comes of it is printed for the user */
	struct value result; /* VALUE_NONE at first; the caller's */
};

struct command_info {
	const char *name;
	enum command_group group;
	enum command_class class;
	enum command_kernels kernels;
	const char *result; /* C type of what it returns; "" if it returns nothing */
	bool (*run)(struct call *call, struct status *st); /* NULL for syntax */
	const char *summary; /* N_(): a line */
	const char *text; /* N_(): what it does, paragraphs separated by '\n' */
	const char *example; /* lines separated by '\n' */
	const char *see; /* names separated by ", " */
	struct param param[COMMAND_PARAMS + 1]; /* ends with PARAM_NO */
};

struct node;

/* All commands, by group and then as help lists them; *count of them. */
const struct command_info *commands_table(size_t *count);

/* The command called `name`; NULL: there is none. */
const struct command_info *commands_find(const char *name);

/* N_() title of a group. */
const char *commands_group(enum command_group group);

/* How many parameters a command has. */
unsigned commands_params(const struct command_info *command);

/* Does it return something, at least on some kernels? */
bool commands_has_value(const struct command_info *command);

/* Is it a function of the kernel? */
bool commands_is_function(const struct command_info *command);

/* Are its arguments words or text, taken as typed, and not expressions? */
bool commands_takes_text(const struct command_info *command);

/* Does this call, with these arguments, change the machine? */
bool commands_changes(const struct node *call);

/* Has a kernel with these gfp values this command? */
bool commands_available(const struct command_info *command, enum gfp_kernel kernel);

/* Has the machine's kernel it, and would it not be refused now, before the page allocator runs or since? */
bool commands_offered(const struct command_info *command, const struct machine *m);

/* Appends "struct page *alloc_pages(gfp_t gfp, unsigned int order)", or "undo [count]". */
void commands_signature(const struct command_info *command, struct strbuf *out);

/* Appends the word form: "alloc_pages [gfp] order". */
void commands_word_form(const struct command_info *command, struct strbuf *out);

#endif
