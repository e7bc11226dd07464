/* SPDX-License-Identifier: MIT */
#include "session/base64.h"

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
