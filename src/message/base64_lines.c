/* SPDX-License-Identifier: MIT */
#include "message/base64_lines.h"

#include <string.h>

uint32_t stint_base64_size(uint32_t octets)
{
    uint32_t rest = octets % STINT_BASE64_OCTETS;
    uint32_t size = octets / STINT_BASE64_OCTETS * STINT_BASE64_LINE;

    return rest > 0 ? size + (rest + 2) / 3 * 4 + 2 : size;
}

const char stint_base64_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void stint_base64_last(char *to, const uint8_t *octets, size_t length)
{
    uint8_t last[3] = {0, 0, 0};

    memcpy(last, octets, length);
    stint_base64_encode(to, last);
    to[2] = length == 1 ? '=' : to[2];
    to[3] = '=';
}

void stint_put_base64_line(struct stint_composer *composer, const uint8_t *octets, size_t length)
{
    char line[STINT_BASE64_LINE];
    char *to = line;
    const uint8_t *end = octets + length / 3 * 3;

    for (; octets < end; octets += 3) {
        stint_base64_encode(to, octets);
        to += 4;
    }
    length %= 3;
    if (length > 0) {
        stint_base64_last(to, octets, length);
        to += 4;
    }
    to[0] = '\r';
    to[1] = '\n';
    stint_put(composer, line, (size_t)(to + 2 - line));
}
