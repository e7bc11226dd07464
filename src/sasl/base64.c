/* SPDX-License-Identifier: MIT */
#include "sasl/base64.h"

#include "stint/private.h"

#include <string.h>

/* By arithmetic: a table would be read at places that depend on the password. */
static char character(unsigned value)
{
    unsigned c = value + 'A';

    c += (25 - value) >> 8 & ('a' - 'Z' - 1U);
    c -= (51 - value) >> 8 & ('z' + 1U - '0');
    c -= (61 - value) >> 8 & ('9' + 1U - '+');
    c += (62 - value) >> 8 & ('/' - '+' - 1U);
    return (char)c;
}

void stint_base64_quantum(char characters[4], const uint8_t octets[3], size_t length)
{
    uint32_t bits = (uint32_t)octets[0] << 16;

    bits |= length > 1 ? (uint32_t)octets[1] << 8 : 0;
    bits |= length > 2 ? octets[2] : 0;
    characters[0] = character(bits >> 18);
    characters[1] = character(bits >> 12 & 63);
    characters[2] = length > 1 ? character(bits >> 6 & 63) : '=';
    characters[3] = length > 2 ? character(bits & 63) : '=';
}

bool stint_base64_character(uint8_t octet)
{
    return (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z') ||
           (octet >= '0' && octet <= '9') || octet == '+' || octet == '/' || octet == '=';
}

#if STINT_SCRAM

size_t stint_base64_encode(char *characters, const uint8_t *octets, size_t length)
{
    uint8_t group[3];
    size_t made = 0;
    size_t i;
    size_t n;

    for (i = 0; i < length; i += 3) {
        n = length - i < 3 ? length - i : 3;
        memset(group, 0, sizeof group);
        memcpy(group, octets + i, n);
        stint_base64_quantum(characters + made, group, n);
        made += 4;
    }
    return made;
}

#endif

#if STINT_SASL_COMPUTES || STINT_OAUTH

/* 64: none. */
static unsigned value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (unsigned)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (unsigned)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0') + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static bool has_values(const char *characters, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (value(characters[i]) > 63) {
            return false;
        }
    }
    return true;
}

bool stint_base64_decode(const char *characters, size_t length, uint8_t *octets, size_t *count)
{
    uint32_t bits = 0;
    size_t padding = 0;
    size_t made = 0;
    size_t i;

    while (padding < 2 && padding < length && characters[length - 1 - padding] == '=') {
        padding++;
    }
    if (length % 4 != 0 || !has_values(characters, length - padding)) {
        return false;
    }
    for (i = 0; i < length - padding; i++) {
        bits = bits << 6 | value(characters[i]);
        if (i % 4 > 0) {
            octets[made++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
        }
    }
    *count = made;
    return true;
}

#endif
