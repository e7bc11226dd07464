/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_QUOTED_H
#define STINT_SRC_QUOTED_H

#include "message/writer.h"

/*
 * Quoted-printable (RFC 2045 6.7) for a text, and "Q" (RFC 2047 4.2) for the encoded words of a
 * field: an octet as it is, or as "=" and two digits.
 */

/* `text`, which is not empty, as encoded words of whole characters, one to a line, and a space in
 * front of each. */
void stint_put_encoded_words(struct stint_composer *composer, const char *text);

/* Is that the end of a line, or of the text? */
static inline bool stint_quoted_ends(char c)
{
    return c == '\0' || c == '\r' || c == '\n';
}

/* Does the octet at `c` stand for itself in a text? White space where a line ends does not. */
static inline bool stint_quoted_keeps(const char *c)
{
    return (uint8_t)(*c - '>') <= '~' - '>' || (uint8_t)(*c - '!') < '=' - '!' ||
           (*c == ' ' && (uint8_t)c[1] >= ' ');
}

/* Three octets: "=", and `c` as two digits. */
void stint_quote(char *to, char c);

/* The line at `next.text`, which moves to the one behind it. */
void stint_put_quoted_line(struct stint_composer *composer);

#endif
