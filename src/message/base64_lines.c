/* SPDX-License-Identifier: MIT */
#include "message/base64_lines.h"

#include <string.h>

uint32_t stint_base64_size(uint32_t octets)
{
    uint32_t rest = octets % STINT_BASE64_OCTETS;
    uint32_t size = octets / STINT_BASE64_OCTETS * STINT_BASE64_LINE;

    return rest > 0 ? size + (rest + 2) / 3 * 4 + 2 : size;
}

/* Nothing of it is secret, so a table does. `to` is volatile so that compilers do not gather the
 * four to a word, which takes longer than to store them. */
static void encode(volatile char *to, const uint8_t *octets)
{
    static const char table[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t first = octets[0];
    size_t second = octets[1];
    size_t third = octets[2];

    to[0] = table[first >> 2];
    to[1] = table[(first << 4 & 0x30) | second >> 4];
    to[2] = table[(second << 2 & 0x3C) | third >> 6];
    to[3] = table[third & 0x3F];
}

void stint_put_base64_line(struct stint_composer *composer, const uint8_t *octets, size_t length)
{
    char line[STINT_BASE64_LINE];
    char *to = line;
    const uint8_t *end = octets + length / 3 * 3;
    uint8_t last[3] = {0, 0, 0};

    for (; octets < end; octets += 3) {
        encode(to, octets);
        to += 4;
    }
    length %= 3;
    if (length > 0) {
        memcpy(last, octets, length);
        encode(to, last);
        to[2] = length == 1 ? '=' : to[2];
        to[3] = '=';
        to += 4;
    }
    to[0] = '\r';
    to[1] = '\n';
    stint_put(composer, line, (size_t)(to + 2 - line));
}
