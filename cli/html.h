/* SPDX-License-Identifier: MIT */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include <stdbool.h>

/* Where `html` says "cid:" and a picture's name, let it say its ID. Returns a copy that is the
 * caller's to free, and whether there is such a place; NULL if there is no memory. */
char *html_with_id(const char *html, const char *name, const char *id, bool *is_shown);

#endif
