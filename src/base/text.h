/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every string a user can read passes through _() where it is used, or N_()
 * where it stands in a table and passes through _() later.  A translation is
 * then a message catalogue and no change of the code.
 */
#ifndef KM_BASE_TEXT_H
#define KM_BASE_TEXT_H

#define N_(s) s
#define _(s) text_of(s)

/* The translation of `s`, or `s` itself; never freed, never NULL. */
const char *text_of(const char *s) __attribute__((format_arg(1)));

/* The same where a number decides: the singular for n = 1 in English, as the language has it in others. */
const char *text_of_n(const char *singular, const char *plural, unsigned long n)
    __attribute__((format_arg(1), format_arg(2)));

#endif
