/* SPDX-License-Identifier: MIT */
#include "unicode.h"

#define SURROGATE_11 (0xD800 >> 11) /* the upper bits of U+D800 to U+DFFF */

uint32_t stint_unicode_take(const char **text)
{
    uint32_t value = (uint8_t) * (*text)++;
    unsigned octets, i;

    if (value < 0x80) {
        return value;
    }
    octets = 1U + (value >= 0xE0) + (value >= 0xF0); /* to follow */
    if (value < 0xC2 || value > 0xF4) {
        return STINT_UNICODE_NONE;
    }
    value &= 0x3FU >> octets;
    for (i = 0; i < octets; i++) {
        if (((uint8_t) * *text & 0xC0) != 0x80) {
            return STINT_UNICODE_NONE;
        }
        value = value << 6 | ((uint8_t) * (*text)++ & 0x3FU);
    }
    if (value >> (5 * octets + 1) == 0 || value >> 11 == SURROGATE_11 || value > 0x10FFFF) {
        return STINT_UNICODE_NONE; /* the first: fewer octets would have done */
    }
    return value;
}

bool stint_unicode_is_sound(const char *text)
{
    while (*text != '\0') {
        if (stint_unicode_take(&text) == STINT_UNICODE_NONE) {
            return false;
        }
    }
    return true;
}
