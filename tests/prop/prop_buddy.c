/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The buddy system against a naive model: lists are plain arrays that are
 * searched from end to end, so that what it does is easy to see.  After every
 * random operation the result and every list must be equal, entry by entry.
 *
 * SEED=n repeats a run, OPS=n sets its length.
 */
#include "phys/buddy.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "tests/prop/environment.h"

#include "base/rng.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 512
#define ORDERS 8
#define HELD 256

struct naive {
	const struct phys_config *config;
	pfn_t list[ORDERS][FRAMES]; /* head first */
	unsigned count[ORDERS];
};

static int naive_find(const struct naive *n, unsigned order, pfn_t pfn)
{
	for (unsigned i = 0; i < n->count[order]; i++)
		if (n->list[order][i] == pfn)
			return (int)i;
	return -1;
}

static void naive_remove(struct naive *n, unsigned order, unsigned at)
{
	memmove(&n->list[order][at], &n->list[order][at + 1], (n->count[order] - at - 1) * sizeof(pfn_t));
	n->count[order]--;
}

static void naive_insert(struct naive *n, unsigned order, pfn_t pfn, bool tail)
{
	unsigned at = tail ? n->count[order] : 0;

	if (n->config->list_rule == LIST_BY_ADDRESS)
		for (at = 0; at < n->count[order] && n->list[order][at] < pfn;)
			at++;
	memmove(&n->list[order][at + 1], &n->list[order][at], (n->count[order] - at) * sizeof(pfn_t));
	n->list[order][at] = pfn;
	n->count[order]++;
}

static pfn_t naive_alloc(struct naive *n, unsigned order)
{
	for (unsigned o = order; o < ORDERS; o++) {
		pfn_t pfn;

		if (!n->count[o])
			continue;
		pfn = n->list[o][0];
		naive_remove(n, o, 0);
		while (o-- > order)
			naive_insert(n, o, pfn + (1u << o), false);
		return pfn;
	}
	return PFN_NONE;
}

static void naive_free(struct naive *n, pfn_t pfn, unsigned order)
{
	bool tail;
	int at;

	while (order + 1 < ORDERS && (at = naive_find(n, order, pfn ^ (1u << order))) >= 0) {
		naive_remove(n, order, (unsigned)at);
		pfn &= ~(1u << order);
		order++;
	}
	tail = n->config->merge_to_tail && order + 2 < ORDERS &&
	       naive_find(n, order + 1, (pfn & ~(1u << order)) ^ (2u << order)) >= 0;
	naive_insert(n, order, pfn, tail);
}

static bool equal(const struct naive *n, const struct phys *p)
{
	u32 free = 0;

	for (unsigned o = 0; o < ORDERS; o++) {
		const struct block_list *list = &p->zone[0].list[o][0];
		pfn_t pfn = list->head;

		if (list->count != n->count[o] || p->zone[0].nr_free[o] != n->count[o]) {
			printf("order %u: %u blocks, the naive model has %u\n", o, list->count, n->count[o]);
			return false;
		}
		for (unsigned i = 0; i < n->count[o]; i++) {
			if (pfn != n->list[o][i]) {
				printf("order %u, entry %u: 0x%" PRIx32 ", the naive model has 0x%" PRIx32 "\n", o, i,
				       pfn, n->list[o][i]);
				return false;
			}
			pfn = blocklist_next(p, o, pfn);
		}
		free += n->count[o] << o;
	}
	return free == p->zone[0].free;
}

struct held {
	pfn_t pfn;
	unsigned order;
};

/* One random operation on both. false: they differ. */
static bool operate(struct rng *r, struct naive *n, struct phys *p, struct held *held, unsigned *count)
{
	struct status st = STATUS_INIT;

	if (*count < HELD && (*count == 0 || rng_below(r, 2))) {
		unsigned order = (unsigned)(rng_below(r, 4) ? rng_below(r, 3) : rng_below(r, ORDERS));
		pfn_t got = page_alloc(p, 0, order), expected = naive_alloc(n, order);

		if (got != expected) {
			printf("order %u: 0x%" PRIx32 ", the naive model gives 0x%" PRIx32 "\n", order, got, expected);
			return false;
		}
		if (got != PFN_NONE)
			held[(*count)++] = (struct held){ got, order };
	} else if (rng_below(r, 16) == 0) {
		/* What must be refused: a frame of random number with a random order that nobody holds so. */
		pfn_t pfn = (pfn_t)rng_below(r, FRAMES + 64);
		unsigned order = (unsigned)rng_below(r, ORDERS);

		for (unsigned i = 0; i < *count; i++)
			if (held[i].pfn == pfn && held[i].order == order)
				return true;
		if (page_free(p, pfn, order, &st)) {
			printf("0x%" PRIx32 " of order %u was freed, and nobody held it\n", pfn, order);
			return false;
		}
	} else {
		unsigned i = (unsigned)rng_below(r, *count);

		if (!page_free(p, held[i].pfn, held[i].order, &st)) {
			printf("%s\n", st.message);
			return false;
		}
		naive_free(n, held[i].pfn, held[i].order);
		held[i] = held[--*count];
	}
	return equal(n, p);
}

static bool run(const struct phys_config *config, u64 seed, u64 operations, const char *title)
{
	struct arena arena;
	struct phys p;
	struct status st = STATUS_INIT;
	struct rng r = { seed };
	struct held held[HELD];
	unsigned count = 0;
	bool good;
	static struct naive n;

	memset(&n, 0, sizeof n);
	n.config = config;
	good = arena_init(&arena, phys_arena_size(config), phys_root_size(config), &st) &&
	       phys_init(&p, config, &arena, &st);
	for (pfn_t pfn = 0; good && pfn < config->zone[0].spanned; pfn += 1u << (ORDERS - 1)) {
		good = load_free_block(&p, 0, pfn, ORDERS - 1, 0, &st);
		naive_insert(&n, ORDERS - 1, pfn, true);
	}
	if (!good)
		printf("%s\n", st.message);
	for (u64 i = 0; good && i < operations; i++) {
		good = operate(&r, &n, &p, held, &count);
		if (!good)
			printf("%s: operation %" PRIu64 " of SEED=%" PRIu64 "\n", title, i, seed);
	}
	arena_free(&arena);
	return good;
}

int main(void)
{
	u64 seed = from_environment("SEED", 20061), operations = from_environment("OPS", 3400000);
	struct phys_config config = {
		.page_shift = 12,
		.orders = ORDERS,
		.pageblock_order = ORDERS - 1,
		.types = 1,
		.cpus = 1,
		.nodes = 1,
		.zones = 1,
		.max_pfn = FRAMES,
		.zone = { { .name = "Memory", .spanned = FRAMES, .present = FRAMES, .managed = FRAMES } },
	};
	bool good;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 "\n", seed, operations);
	good = run(&config, seed, operations, "head only");
	config.merge_to_tail = true;
	good = run(&config, seed + 1, operations, "likely merges at the tail") && good;
	config.list_rule = LIST_BY_ADDRESS;
	good = run(&config, seed + 2, operations, "by address") && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
