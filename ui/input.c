/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/input.h"

#include "ui/terminal.h"

#include <poll.h>
#include <unistd.h>

static void read_keys(struct input *in)
{
	while (in->count < INPUT_AHEAD) {
		struct keys_event *event = &in->ahead[(in->first + in->count) % INPUT_AHEAD];

		if (!keys_read(event))
			return;
		in->count++;
	}
}

unsigned input_wait(struct input *in, int timeout)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = terminal_signal_fd(), .events = POLLIN },
	};

	/* curses may hold keys that the terminal does not show any more. */
	read_keys(in);
	if (in->count > 0)
		timeout = 0;
	if (poll(fds, 2, timeout) > 0) {
		size_t before = in->count;

		read_keys(in);
		if (in->count == before && fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			in->gone = true;
	}
	return terminal_signals();
}

bool input_next(struct input *in, struct keys_event *event)
{
	if (in->count == 0)
		return false;
	*event = in->ahead[in->first];
	in->first = (in->first + 1) % INPUT_AHEAD;
	in->count--;
	return true;
}

const struct keys_event *input_peek(const struct input *in)
{
	return in->count > 0 ? &in->ahead[in->first] : NULL;
}

bool input_interrupted(struct input *in)
{
	for (size_t i = 0; i < in->count; i++) {
		if (in->ahead[(in->first + i) % INPUT_AHEAD].key != KEYS_CTRL('c'))
			continue;
		in->first = (in->first + i + 1) % INPUT_AHEAD;
		in->count -= i + 1;
		return true;
	}
	return false;
}
