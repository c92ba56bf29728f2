/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A parsed text as a tree. All nodes and names of a text live in one pool and are freed together. */
#ifndef KM_SHELL_AST_H
#define KM_SHELL_AST_H

#include "base/types.h"

struct command_info;

/* A tree higher than this is refused, so that walking it cannot overflow the stack. */
#define AST_HEIGHT 1000

enum node_kind {
	/* Expressions. */
	NODE_NUMBER, /* number; a size or an address that only fits unsigned too */
	NODE_STRING, /* name, length */
	NODE_NAME, /* a variable, a constant, the beginning of a query */
	NODE_CALL, /* command; arguments from `first` on */
	NODE_MEMBER, /* of `a`: name */
	NODE_INDEX, /* of `a`: b */
	NODE_SLICE, /* of `a`: b, c, d, each may be NULL */
	NODE_VECTOR, /* items from `first` on */
	NODE_UNARY, /* op, a; '*' is what a points to */
	NODE_ADDRESS, /* &a: a variable that a function fills, or a part of a device */
	NODE_BINARY, /* op, a, b */
	NODE_CHOICE, /* a ? b : c */
	NODE_SIZEOF, /* type, or that of expression a; what it is of stands at label_start */
	NODE_CAST, /* (type) a */
	NODE_ASSIGN, /* a = b; with op: a op= b; with number: its value is what was in a before */
	/* Statements; an expression is one too. */
	NODE_DECLARE, /* variable name has this type */
	NODE_APPEND, /* name[] = a */
	NODE_REPEAT, /* a times b */
	NODE_CONTEXT, /* a, in the context `number` (enum preempt_context) */
	NODE_FOR, /* for name in a: b */
	NODE_BLOCK, /* statements from `first` on */
	NODE_EXPECT, /* a */
	NODE_REFUSED, /* expect that statement a is refused */
	NODE_PIPE, /* a, and what it prints goes through the filters from `first` on */
	NODE_FILTER, /* name, and its words from `first` on */
	NODE_IF, /* if (a) b else c; c may be NULL */
	NODE_WHILE, /* while (a) b */
	NODE_DO, /* do b while (a) */
	NODE_LOOP, /* for (a; b; c) d; all but d may be NULL */
	NODE_BREAK,
	NODE_CONTINUE,
	NODE_RETURN, /* a, or nothing if that is NULL */
};

struct node {
	enum node_kind kind;
	int op; /* token kind of the operator */
	u32 height; /* 1: a leaf */
	bool changes; /* doing it may change the machine or the variables */
	bool words; /* of a call: written in words, not in C form */
	bool brackets; /* of an expression: stands in parentheses */
	size_t start, end; /* bytes in the text */
	const char *name; /* NUL terminated */
	size_t length; /* of name */
	u64 number;
	const char *type; /* as ctypes_size() takes it; of an assignment: what the variable is declared as, or NULL */
	const struct command_info *command;
	const char *label; /* of an argument: the parameter it is given to, or NULL */
	size_t label_start;
	struct node *a, *b, *c, *d;
	struct node *first; /* of a list */
	struct node *next; /* in a list */
};

struct ast {
	struct ast_chunk *chunks;
};

#define AST_INIT     \
	{            \
		NULL \
	}

/* A zeroed node, a copy of bytes with a NUL behind it. NULL: out of memory. */
struct node *ast_node(struct ast *ast, enum node_kind kind, size_t start);
char *ast_copy(struct ast *ast, const char *bytes, size_t length);
void ast_free(struct ast *ast);

#endif
