/* SPDX-License-Identifier: MIT */
#include "unicode.h"

#include <stdint.h>

#define SURROGATE_11 (0xD800 >> 11) /* the upper bits of U+D800 to U+DFFF */

bool stint_unicode_is_sound(const char *text)
{
    uint32_t value;
    unsigned octets, i;

    while (*text != '\0') {
        value = (uint8_t)*text++;
        if (value < 0x80) {
            continue;
        }
        octets = 1U + (value >= 0xE0) + (value >= 0xF0); /* to follow */
        if (value < 0xC2 || value > 0xF4) {
            return false;
        }
        value &= 0x3FU >> octets;
        for (i = 0; i < octets; i++) {
            if (((uint8_t)*text & 0xC0) != 0x80) {
                return false;
            }
            value = value << 6 | ((uint8_t)*text++ & 0x3FU);
        }
        if (value >> (5 * octets + 1) == 0 || value >> 11 == SURROGATE_11 || value > 0x10FFFF) {
            return false; /* the first: fewer octets would have done */
        }
    }
    return true;
}
