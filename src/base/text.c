/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#if ENABLE_NLS
#include <libintl.h>
#endif

const char *text_of(const char *s)
{
#if ENABLE_NLS
	return gettext(s);
#else
	return s;
#endif
}

const char *text_of_n(const char *singular, const char *plural, unsigned long n)
{
#if ENABLE_NLS
	return ngettext(singular, plural, n);
#else
	return n == 1 ? singular : plural;
#endif
}
