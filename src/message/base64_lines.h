/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_BASE64_LINES_H
#define STINT_SRC_BASE64_LINES_H

#include "message/writer.h"

/* Octets of a line of base64 (RFC 2045 6.8). */
#define STINT_BASE64_OCTETS 57U
#define STINT_BASE64_LINE   (STINT_LINE + 2) /* what they become, with CRLF */

/* A line of at most so many octets, which must be so many unless it is the last. */
void stint_put_base64_line(struct stint_composer *composer, const uint8_t *octets, size_t length);

/* How long the lines of so many octets are. */
uint32_t stint_base64_size(uint32_t octets);

#endif
