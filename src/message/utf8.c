/* SPDX-License-Identifier: MIT */
#include "message/utf8.h"

#define SURROGATE_11 (0xD800 >> 11) /* the upper bits of U+D800 to U+DFFF */

enum stint_message_fault stint_utf8_fault(const char *text, uint8_t least)
{
    uint32_t value;
    unsigned octets, i;

    if (text == NULL) {
        return STINT_MESSAGE_MISSING;
    }
    while (*text != '\0') {
        value = (uint8_t)*text++;
        if (value < least) {
            return STINT_MESSAGE_CONTROL;
        }
        if (value < 0x80) {
            continue;
        }
        octets = 1U + (value >= 0xE0) + (value >= 0xF0); /* to follow */
        if (value < 0xC2 || value > 0xF4) {
            return STINT_MESSAGE_NOT_UTF8;
        }
        value &= 0x3FU >> octets;
        for (i = 0; i < octets; i++) {
            if (((uint8_t)*text & 0xC0) != 0x80) {
                return STINT_MESSAGE_NOT_UTF8;
            }
            value = value << 6 | ((uint8_t)*text++ & 0x3FU);
        }
        if (value >> (5 * octets + 1) == 0 || value >> 11 == SURROGATE_11 || value > 0x10FFFF) {
            return STINT_MESSAGE_NOT_UTF8; /* the first: fewer octets would have done */
        }
    }
    return STINT_MESSAGE_GOOD;
}
