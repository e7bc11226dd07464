/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_UNICODE_H
#define STINT_SRC_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STINT_SURROGATE_11 (0xD800 >> 11) /* the upper bits of U+D800 to U+DFFF */

/* The character that `text`, which must not be at its end, begins with. Returns what is behind it;
 * NULL: that is no well-formed UTF-8 (RFC 3629 4). Each of its two callers is smaller with it in.
 */
static inline const char *stint_unicode_take(const char *text, uint32_t *character)
{
    uint32_t value = (uint8_t)*text++;
    unsigned octets = 1U + (value >= 0xE0) + (value >= 0xF0); /* to follow */
    unsigned i;

    *character = value;
    if (value < 0x80) {
        return text;
    }
    if (value < 0xC2 || value > 0xF4) {
        return NULL;
    }
    value &= 0x3FU >> octets;
    for (i = 0; i < octets; i++) {
        if (((uint8_t)*text & 0xC0) != 0x80) {
            return NULL;
        }
        value = value << 6 | ((uint8_t)*text++ & 0x3FU);
    }
    if (value >> (5 * octets + 1) == 0 || value >> 11 == STINT_SURROGATE_11 || value > 0x10FFFF) {
        return NULL; /* the first: fewer octets would have done */
    }
    *character = value;
    return text;
}

/* Is it well-formed UTF-8? */
bool stint_unicode_is_sound(const char *text);

#endif
