/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events: each step inside an operation, with its reason.
 *
 * An observer is called at each event, synchronously, when the state is what
 * the event's sentence says.  Nobody watching costs one predictable branch.
 */
#ifndef KM_EVENT_EVENT_H
#define KM_EVENT_EVENT_H

#include "base/strbuf.h"
#include "base/types.h"

#define EVENT_ARGS 7

enum event_kind {
#define EVENT(name, fields, sentence) EV_##name,
#include "event/event.def"
#undef EVENT
	EV_COUNT
};

/* What a kernel takes memory for while it boots. */
enum boot_use {
#define USE(name, phrase) BOOT_USE_##name,
#include "event/boot_use.def"
#undef USE
	BOOT_USES
};

struct event {
	enum event_kind kind;
	u64 arg[EVENT_ARGS]; /* as `fields` in event.def says; the rest 0 */
};

struct observer {
	void (*see)(void *context, const struct event *e);
	void *context;
};

/* How to print what only the machine can name.  `context` is passed through. */
struct event_names {
	const void *context;
	void (*zone)(const void *context, u64 zone, struct strbuf *out);
	void (*gfp)(const void *context, u64 gfp, struct strbuf *out);
	void (*pcp_list)(const void *context, u64 list, struct strbuf *out);
	void (*free_list)(const void *context, u64 order, u64 type, struct strbuf *out);
	const void *cache_context;
	void (*cache)(const void *cache_context, u64 cache, struct strbuf *out);
	/* What reclaim knows: x v i of event.def. */
	void (*reclaim)(const void *context, char what, u64 number, struct strbuf *out);
};

/* "HANDED_OUT"; and its argument types, see event.def. */
const char *event_name(enum event_kind kind);
const char *event_fields(enum event_kind kind);

/* Appends the event's sentence, translated, without a newline. */
void event_sentence(const struct event *e, const struct event_names *names, struct strbuf *out);

/* The letter (U M R H C I) and the name ("Unmovable") of a migratetype, as /proc/pagetypeinfo has them. */
char migratetype_letter(unsigned type);
const char *migratetype_name(unsigned type);

/*
 * A place in the kernel's source as one number: a file of event/source_file.def
 * and a line, 0: it is not known which.  Of any other file, `command` is kept
 * instead: who called BUG() is a command of the user.
 */
u64 event_source(const char *file, unsigned line, u32 command);
/* Appends it: "mm/slab.c:2006", "mm/mempool.c", "command_14". */
void event_put_source(u64 source, struct strbuf *out);

/* "the page descriptors", translated. */
const char *event_boot_use(enum boot_use use);

/* EMIT(observer, NAME, args...): tells `observer`, if there is one. */
#define EMIT(observer, name, ...)                                                                            \
	do {                                                                                                 \
		if (__builtin_expect((observer) != NULL, 0))                                                 \
			(observer)->see((observer)->context, &(struct event){ EV_##name, { __VA_ARGS__ } }); \
	} while (0)

#endif
