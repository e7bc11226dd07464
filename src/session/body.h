/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_BODY_H
#define STINT_SRC_BODY_H

#include "stint/private.h"

/*
 * The message on its way: line ends become CRLF (RFC 5321 2.3.8), for DATA a dot at the start of a
 * line is doubled (4.5.2; not for BDAT, RFC 3030 2), and what no text holds is refused: NUL, lines
 * over 998 octets (4.5.3.1.6), 8-bit octets that were not agreed on (RFC 6152). In place, whatever
 * the pieces.
 */

/* Before the first octet of a message. With `eight_bit`, octets over 127 pass; with `dots`, one at
 * a line's start is doubled. */
void stint_body_start(struct stint_body *body, bool eight_bit, bool dots);

/*
 * Convert the `length` octets at `octets` + `gap` and write the result from `octets` on. Needs
 * `gap` >= `length`: the output is at most twice the input, at every prefix and from any state,
 * because no octet is ever held back - a CR goes out as CRLF at once, and the LF that may follow
 * it, even in the next piece, is swallowed.
 * Returns the length of the result, or -1 for content that must not be sent.
 */
int stint_body_convert(struct stint_body *body, uint8_t *octets, size_t gap, size_t length);

/* Is the message so far empty, or its last line ended? If not, a CRLF must go before the dot. */
bool stint_body_at_line_start(const struct stint_body *body);

#endif
