/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_COMPOSED_H
#define STINT_TEST_COMPOSED_H

#include "stint/letter.h"

#define COMPOSED_MAX 200000

/* What a composer makes. */
struct composed {
    size_t length;
    char octets[COMPOSED_MAX + 1]; /* with a NUL behind them */
};

/* Reads the composer's source from its beginning to its end, `room` octets at a time at most, each
 * in front of a guard page. Fails the test if the source does. */
void composed_read(struct composed *composed, struct stint_composer *composer, size_t room);

/* The message is good: it is of the size that is told, in the same octets whatever the room and
 * when it is read again, its lines end in CRLF and are no longer than 76 octets, or `longest` if
 * that is more. What it is is left in `composed`. */
void composed_check(struct composed *composed, struct stint_composer *composer, size_t longest);

/* The value of a field, unfolded, without the white space in front; NULL: there is none. In memory
 * that lives until the next call. */
const char *composed_field(const struct composed *composed, const char *name);

/* Where the body begins. */
const char *composed_body(const struct composed *composed);

/* Undo RFC 2047's "Q" and "B" in the value of a field. Fails the test if an encoded word is longer
 * than 75 octets or has a part of a character. In memory as above. */
const char *composed_decode_words(const char *value);

/* Undo quoted-printable; fails the test where it is not. Returns the length. */
size_t composed_decode_quoted(const char *quoted, size_t length, char *text);

/* An entropy callback, whose context is a uint32_t that is not 0. */
int composed_entropy(void *state, uint8_t *buffer, size_t length);

#endif
