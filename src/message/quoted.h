/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_QUOTED_H
#define STINT_SRC_QUOTED_H

#include "message/writer.h"

/*
 * Quoted-printable (RFC 2045 6.7) for a text, and "Q" (RFC 2047 4.2) for the encoded words of a
 * field: UTF-8 as ASCII, an octet as it is or as "=" and two digits. A character is never divided.
 */

/* `text`, which is not empty, as encoded words, one to a line, and a space in front of each. */
void stint_put_encoded_words(struct stint_composer *composer, const char *text);

/* Does the octet at `c` stand for itself in a text? White space at a line's end does not. */
static inline bool stint_quoted_keeps(const char *c)
{
    return ((uint8_t)(*c - '!') <= '~' - '!' && *c != '=') || (*c == ' ' && (uint8_t)c[1] > ' ');
}

/* The line at `next.text`, which moves to the one behind it. */
void stint_put_quoted_line(struct stint_composer *composer);

#endif
