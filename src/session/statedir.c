/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/statedir.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool statedir_path(struct strbuf *out, struct status *st)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	/* The XDG rules: a path that is not absolute is to be ignored. */
	if (state && state[0] == '/')
		strbuf_printf(out, "%s/kmemlab", state);
	else if (home && home[0] == '/')
		strbuf_printf(out, "%s/.local/state/kmemlab", home);
	else
		return status_fail(st, STATUS_IO, _("there is no folder for journals: HOME is not set"));
	if (out->failed)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	return true;
}

/* Makes every folder of `path`, which is changed in between and is as it was afterwards. */
static bool make_folders(char *path)
{
	for (char *slash = path;;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return false;
		if (!slash)
			return true;
		*slash = '/';
	}
}

bool statedir_make(struct strbuf *out, struct status *st)
{
	if (!statedir_path(out, st))
		return false;
	if (!make_folders(out->text))
		return status_fail(st, STATUS_IO, _("cannot make the folder %s: %s"), strbuf_str(out), strerror(errno));
	return true;
}
