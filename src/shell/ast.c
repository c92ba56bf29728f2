/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/ast.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 8000 /* bytes; a longer string gets a chunk of its own */

struct ast_chunk {
	struct ast_chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

static void *ast_take(struct ast *ast, size_t bytes)
{
	struct ast_chunk *chunk = ast->chunks;
	size_t need = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	void *p;

	if (!chunk || chunk->size - chunk->used < need) {
		size_t size = need > CHUNK ? need : CHUNK;

		chunk = malloc(sizeof *chunk + size);
		if (!chunk)
			return NULL;
		*chunk = (struct ast_chunk){ .next = ast->chunks, .size = size };
		ast->chunks = chunk;
	}
	p = chunk->bytes + chunk->used;
	chunk->used += need;
	return p;
}

struct node *ast_node(struct ast *ast, enum node_kind kind, size_t start)
{
	struct node *n = ast_take(ast, sizeof *n);

	if (n)
		*n = (struct node){ .kind = kind, .height = 1, .start = start, .end = start };
	return n;
}

char *ast_copy(struct ast *ast, const char *bytes, size_t length)
{
	char *copy = ast_take(ast, length + 1);

	if (!copy)
		return NULL;
	if (length)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

void ast_free(struct ast *ast)
{
	while (ast->chunks) {
		struct ast_chunk *next = ast->chunks->next;

		free(ast->chunks);
		ast->chunks = next;
	}
}
