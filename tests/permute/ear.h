/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_EAR_H
#define STINT_PERMUTE_EAR_H

#include <stdbool.h>
#include <stddef.h>

/* Cuts what a client says into commands: lines (RFC 5321 4.1.1), the message behind DATA's 354, and
 * BDAT with its octets (RFC 3030 2). */

enum ear_event {
    EAR_MORE,  /* nothing to tell yet */
    EAR_LINE,  /* `line` is a command */
    EAR_BDAT,  /* `line` is BDAT's; `chunk_left` octets belong to it */
    EAR_OCTET, /* one of the message */
    EAR_END    /* the last one of it, or of the chunk */
};

#define EAR_LINE_MAX 1200

struct ear {
    char line[EAR_LINE_MAX]; /* with its end */
    size_t length;
    size_t chunk_left;
    bool is_last;    /* BDAT LAST */
    bool in_message; /* set by whoever hears the 354 */
    bool is_told;    /* the line: the next octet begins another */
};

enum ear_event ear_hear(struct ear *ear, char octet);

/* Is it `command`, or does it begin so? */
bool ear_is(const struct ear *ear, const char *command);
bool ear_begins(const struct ear *ear, const char *start);

/* Has it heard a part of something? */
bool ear_is_between(const struct ear *ear);

#endif
