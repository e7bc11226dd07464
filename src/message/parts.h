/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PARTS_H
#define STINT_SRC_PARTS_H

#include "message/writer.h"
#include "stint/letter.h"

/*
 * The parts of a multipart that are no texts (RFC 2046 5.1).
 *
 * A boundary is "=_" and a digit, its level: neither base64 nor quoted-printable ever has a "=" in
 * front of a "_", and nothing else begins a line of a body, so it is in no part.
 */

/* The composer is the first member of a letter's. */
static inline struct stint_letter_composer *stint_letter_composer(struct stint_composer *composer)
{
    return (struct stint_letter_composer *)(void *)composer;
}

/* What `next.text` is in front of a body that is not begun. */
extern const char stint_parts_begin[];

/* The composer's parts become these. Returns what is wrong with them, but for their names. */
enum stint_message_fault stint_parts_set(struct stint_letter_composer *composer,
                                         const struct stint_part *parts, uint16_t count);

/* As stint_compose_units, with parts. */
enum stint_message_fault stint_parts_compose(struct stint_letter_composer *composer,
                                             const struct stint_message *message,
                                             void (*unit)(struct stint_composer *composer));

/* "--" and the boundary, and `end` behind them: "", or "--" behind the last part. */
void stint_parts_put_boundary(struct stint_composer *composer, unsigned level, const char *end);

/* A unit of the part number `next.item`, which moves to the next part behind the last of them. In
 * front of it there is a boundary, if `level` is not 0. */
void stint_parts_put_unit(struct stint_composer *composer, unsigned level);

/* Pass over that part. */
void stint_parts_skip(struct stint_composer *composer);

#endif
