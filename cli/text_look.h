/* SPDX-License-Identifier: MIT */
#ifndef CLI_TEXT_LOOK_H
#define CLI_TEXT_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "stint/letter.h"

enum line_end { LINE_END_LF = 1, LINE_END_CRLF = 2, LINE_END_CR = 4 };

/* What a file holds that may be a text. */
struct text_look {
    uint8_t line_ends; /* those of enum line_end that there are */
    bool holds_nul;
    bool is_utf8; /* all of it */

    /* Private. */
    uint8_t last, least, most; /* the last octet, and between what the next one must be, */
    uint8_t left;              /* for so many of a character */
};

/* Look at all octets of `part`, which are read. Returns 0, or what `read` failed with. */
int text_look_at(struct text_look *look, const struct stint_part *part);

/* Is it UTF-8 without NUL whose line ends are all LF, or all CRLF? From such a one with CRLF
 * whoever stores it can get the file back. */
bool text_look_is_plain(const struct text_look *look);

#endif
