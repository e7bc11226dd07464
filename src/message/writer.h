/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_WRITER_H
#define STINT_SRC_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/message.h"

/*
 * A unit of a message, the header or a line of a body, is always made from its first octet on; what
 * of it was given out already, and what there is no room for, is dropped. So no function that makes
 * one has to stop in the middle and go on.
 */

/* RFC 2047 2: lines with encoded words have at most 76 octets; so have all others, then, where
 * there is a place to break them. */
#define STINT_LINE 76U

void stint_put(struct stint_composer *composer, const void *octets, size_t length);
void stint_put_char(struct stint_composer *composer, unsigned c);
void stint_put_string(struct stint_composer *composer, const char *string);

/* A space, in front of `length` octets without one: on a new line if this one has no room for them.
 */
void stint_put_space(struct stint_composer *composer, size_t length);

/* CRLF. */
void stint_put_line_end(struct stint_composer *composer);

#endif
