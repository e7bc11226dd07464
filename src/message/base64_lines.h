/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_BASE64_LINES_H
#define STINT_SRC_BASE64_LINES_H

#include "message/writer.h"

/* Octets of a line of base64 (RFC 2045 6.8). */
#define STINT_BASE64_OCTETS 57U
#define STINT_BASE64_LINE   (STINT_LINE + 2) /* what they become, with CRLF */

extern const char stint_base64_alphabet[];

/* Three octets to four characters. Nothing of it is secret, so a table does. `to` is volatile so
 * that compilers do not gather the four to a word, which takes longer than to store them. */
static inline void stint_base64_encode(volatile char *to, const uint8_t *octets)
{
    size_t first = octets[0];
    size_t second = octets[1];
    size_t third = octets[2];

    to[0] = stint_base64_alphabet[first >> 2];
    to[1] = stint_base64_alphabet[(first << 4 & 0x30) | second >> 4];
    to[2] = stint_base64_alphabet[(second << 2 & 0x3C) | third >> 6];
    to[3] = stint_base64_alphabet[third & 0x3F];
}

/* The same for the last, of which there are but one or two. */
void stint_base64_last(char *to, const uint8_t *octets, size_t length);

/* A line of at most so many octets, which must be so many unless it is the last. */
void stint_put_base64_line(struct stint_composer *composer, const uint8_t *octets, size_t length);

/* How long the lines of so many octets are. */
uint32_t stint_base64_size(uint32_t octets);

#endif
