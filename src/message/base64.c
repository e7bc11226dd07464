/* SPDX-License-Identifier: MIT */
#include "message/base64.h"

#define LINE_END_OCTETS 2U

uint32_t stint_base64_size(uint32_t octets)
{
    uint32_t rest = octets % STINT_BASE64_OCTETS;
    uint32_t size = octets / STINT_BASE64_OCTETS * (STINT_LINE + LINE_END_OCTETS);

    return rest > 0 ? size + (rest + 2) / 3 * 4 + LINE_END_OCTETS : size;
}

/* Nothing of it is secret, so a table does. */
static char *encode(char *to, const uint8_t *octets)
{
    static const char table[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = (uint32_t)octets[0] << 16 | (uint32_t)octets[1] << 8 | octets[2];

    to[0] = table[bits >> 18];
    to[1] = table[bits >> 12 & 63];
    to[2] = table[bits >> 6 & 63];
    to[3] = table[bits & 63];
    return to + 4;
}

void stint_put_base64_line(struct stint_composer *composer, const uint8_t *octets, size_t length)
{
    char line[STINT_LINE];
    char *to = line;
    uint8_t last[3] = {0, 0, 0};
    size_t i;

    for (; length >= 3; length -= 3) {
        to = encode(to, octets);
        octets += 3;
    }
    if (length > 0) {
        for (i = 0; i < length; i++) {
            last[i] = octets[i];
        }
        to = encode(to, last);
        to[-1] = '=';
        to[-2] = length == 1 ? '=' : to[-2];
    }
    stint_put(composer, line, (size_t)(to - line));
    stint_put_line_end(composer);
}
