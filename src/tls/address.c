/* SPDX-License-Identifier: MIT */
#include "tls/address.h"

#if STINT_ADDRESSES

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define NO_GAP 17U

static unsigned digit_value(char character)
{
    unsigned c = (uint8_t)character;

    if (c - '0' <= 9) {
        return c - '0';
    }
    c |= 0x20;
    return c - 'a' <= 5 ? c - 'a' + 10 : 16;
}

/* A number of 1 to `digits` digits. Returns what follows it, or NULL if there is none. */
static const char *number(const char *text, unsigned base, unsigned digits, uint16_t *value)
{
    const char *end = text;

    for (*value = 0; digits > 0 && digit_value(*end) < base; digits--, end++) {
        *value = (uint16_t)(*value * base + digit_value(*end));
    }
    return end > text ? end : NULL;
}

/* Four decimal numbers without leading zeroes, which some read as octal. */
static const char *ipv4(const char *text, uint8_t address[4])
{
    const char *end;
    uint16_t value;
    unsigned i;

    for (i = 0; i < 4; i++) {
        end = number(text, 10, 3, &value);
        if (end == NULL || value > 255 || (*text == '0' && end - text > 1)) {
            return NULL;
        }
        if (i < 3 && *end++ != '.') {
            return NULL;
        }
        address[i] = (uint8_t)value;
        text = end;
    }
    return text;
}

/* One group, or IPv4's form for the last two: written at address[*n]. Returns what follows. */
static const char *group(const char *text, uint8_t address[16], size_t *n)
{
    uint16_t value;
    const char *end = number(text, 16, 4, &value);

    if (end == NULL || *n > 14) {
        return NULL;
    }
    if (*end == '.') {
        end = *n <= 12 ? ipv4(text, address + *n) : NULL;
        *n += 4;
        return end != NULL && *end != ':' ? end : NULL;
    }
    address[*n] = (uint8_t)(value >> 8);
    address[*n + 1] = (uint8_t)value;
    *n += 2;
    return end;
}

/* RFC 4291 2.2: groups of 16 bits between colons, "::" once for a run of zeroes. A zone may follow.
 */
static bool ipv6(const char *text, uint8_t address[16])
{
    size_t gap = NO_GAP;
    size_t n = 0;
    bool more = true;

    if (text[0] == ':' && text[1] == ':') {
        gap = 0;
        text += 2;
        more = digit_value(*text) < 16;
    }
    while (more) {
        text = group(text, address, &n);
        if (text == NULL) {
            return false;
        }
        more = *text == ':';
        if (more) {
            text++;
        }
        if (more && *text == ':' && gap == NO_GAP) {
            gap = n;
            text++;
            more = digit_value(*text) < 16;
        }
    }
    if ((*text != '\0' && *text != '%') || (gap == NO_GAP ? n != 16 : n > 14)) {
        return false;
    }
    if (gap != NO_GAP) {
        memmove(address + 16 - (n - gap), address + gap, n - gap);
        memset(address + gap, 0, 16 - n);
    }
    return true;
}

uint8_t stint_address(const char *host, uint8_t address[16])
{
    const char *end = ipv4(host, address);

    if (end != NULL && *end == '\0') {
        return 4;
    }
    return memchr(host, ':', strlen(host)) != NULL && ipv6(host, address) ? 16 : 0;
}

#endif
