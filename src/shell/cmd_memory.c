/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_memory.h"

#include "base/text.h"
#include "base/units.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "shell/bytes.h"
#include "shell/cmd_virt.h"
#include "virt/kmap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST (64 * MIB) /* bytes at once: each page that is written takes memory of the host */
#define KM_USER0 3 /* the slot of 2.6 that clear_highpage() uses */

static struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
}

static u64 page_bytes(const struct call *call)
{
	return UINT64_C(1) << machine_of(call)->config.page_shift;
}

static bool few_enough(u64 bytes, struct status *st)
{
	return bytes <= MOST || status_fail(st, STATUS_UNSUPPORTED, _("64M can be written at once"));
}

/* Writes the same byte to all of it. */
static bool fill(struct call *call, u64 address, u8 byte, u64 bytes, struct status *st)
{
	u8 part[4096];

	if (!few_enough(bytes, st) || !bytes_find_to_write(machine_of(call), address, bytes, st))
		return false;
	memset(part, byte, sizeof part);
	for (u64 done = 0; done < bytes; done += sizeof part) {
		size_t size = bytes - done < sizeof part ? (size_t)(bytes - done) : sizeof part;

		if (!bytes_write(machine_of(call), address + done, part, size, st))
			return false;
	}
	return true;
}

/* Copies all of it as if it were read first. */
static bool copy(struct call *call, u64 to, u64 from, u64 bytes, struct status *st)
{
	void *held;
	bool ok;

	if (!few_enough(bytes, st) || !bytes_find(machine_of(call), from, bytes, st) ||
	    !bytes_find_to_write(machine_of(call), to, bytes, st))
		return false;
	held = malloc((size_t)bytes + 1);
	if (!held)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	bytes_read(machine_of(call), from, held, (size_t)bytes);
	ok = bytes_write(machine_of(call), to, held, (size_t)bytes, st);
	free(held);
	return ok;
}

bool cmd_memory_set(struct call *call, struct status *st)
{
	call->result = call->arg[0];
	return fill(call, (u64)call->arg[0].number, (u8)call->arg[1].number, (u64)call->arg[2].number, st);
}

bool cmd_memory_copy(struct call *call, struct status *st)
{
	u64 to = (u64)call->arg[0].number;
	const struct value *from = &call->arg[1];
	s64 bytes = call->arg[2].number;

	call->result = call->arg[0];
	if (from->type == VALUE_STRING) {
		if ((u64)bytes > value_length(from) + 1)
			return status_fail(st, STATUS_INVALID, _("the text has %zu bytes, with its end"),
					   value_length(from) + 1);
		return bytes_find_to_write(machine_of(call), to, (u64)bytes, st) &&
		       bytes_write(machine_of(call), to, value_text(from), (size_t)bytes, st);
	}
	if (from->type != VALUE_ADDR && from->type != VALUE_INT)
		return status_fail(st, STATUS_SYNTAX, _("what is copied is an address, or text in quotes"));
	return copy(call, to, (u64)from->number, (u64)bytes, st);
}

/* Bytes of the text at an address, with its end. false: it runs into what faults, or does not end. */
static bool text_length(struct call *call, u64 address, u64 *bytes, struct status *st)
{
	u8 byte = 1;

	for (*bytes = 0; byte; ++*bytes) {
		if (!few_enough(*bytes + 1, st) || !bytes_find(machine_of(call), address + *bytes, 1, st))
			return false;
		bytes_read(machine_of(call), address + *bytes, &byte, 1);
	}
	return true;
}

bool cmd_memory_strcpy(struct call *call, struct status *st)
{
	const struct value *from = &call->arg[1];
	u64 bytes = value_length(from) + 1;

	if (from->type != VALUE_STRING && (from->type == VALUE_ADDR || from->type == VALUE_INT) &&
	    !text_length(call, (u64)from->number, &bytes, st))
		return false;
	call->arg[2] = value_int((s64)bytes);
	return cmd_memory_copy(call, st);
}

bool cmd_memory_compare(struct call *call, struct status *st)
{
	u64 a = (u64)call->arg[0].number, b = (u64)call->arg[1].number, bytes = (u64)call->arg[2].number;
	int difference = 0;

	if (!few_enough(bytes, st) || !bytes_find(machine_of(call), a, bytes, st) ||
	    !bytes_find(machine_of(call), b, bytes, st))
		return false;
	for (u64 n = 0; n < bytes && !difference; n++) {
		u8 one, other;

		bytes_read(machine_of(call), a + n, &one, 1);
		bytes_read(machine_of(call), b + n, &other, 1);
		difference = one - other;
	}
	call->result = value_int(difference);
	return true;
}

bool cmd_memory_clear_page(struct call *call, struct status *st)
{
	return fill(call, (u64)call->arg[0].number, 0, page_bytes(call), st);
}

bool cmd_memory_copy_page(struct call *call, struct status *st)
{
	return copy(call, (u64)call->arg[0].number, (u64)call->arg[1].number, page_bytes(call), st);
}

/* Through a slot of the CPU, as the kernel does it: of 2.6 KM_USER0, else one that lets the task sleep. */
bool cmd_memory_clear_highpage(struct call *call, struct status *st)
{
	struct machine *m = machine_of(call);
	pfn_t pfn = (pfn_t)call->arg[0].number;
	bool old = m->config.gfp == GFP_2_6;
	u64 address;

	if (!cmd_virt_exists(call, st))
		return false;
	if (frame_describe(&m->phys, pfn).state == FRAME_NO_MEMORY)
		return status_fail(st, STATUS_INVALID, _("there is no page 0x%" PRIx32), pfn);
	address = kmap_atomic_map(&m->virt, pfn, KM_USER0, old, st);
	if (!address)
		return false;
	page_clear(&m->phys, pfn, 1);
	EMIT(m->phys.observer, ZEROED, pfn, 1);
	return kmap_atomic_unmap(&m->virt, address, old, st);
}
