/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * All that Stint, BearSSL and lwIP want of libc, in a sixth of newlib's octets, which are built for
 * speed. What takes time here is arithmetic.
 */

void *memcpy(void *to, const void *from, size_t length)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    while (length-- > 0) {
        *target++ = *source++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t length)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    if (target <= source) {
        return memcpy(to, from, length);
    }
    while (length-- > 0) {
        target[length] = source[length];
    }
    return to;
}

void *memset(void *to, int octet, size_t length)
{
    uint8_t *target = to;

    while (length-- > 0) {
        *target++ = (uint8_t)octet;
    }
    return to;
}

int memcmp(const void *one, const void *other, size_t length)
{
    const uint8_t *left = one, *right = other;

    while (length-- > 0) {
        int difference = *left++ - *right++;

        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}

void *memchr(const void *where, int octet, size_t length)
{
    const uint8_t *at = where;

    while (length-- > 0) {
        if (*at == (uint8_t)octet) {
            return (void *)(uintptr_t)at;
        }
        at++;
    }
    return NULL;
}

size_t strlen(const char *text)
{
    const char *at = text;

    while (*at != '\0') {
        at++;
    }
    return (size_t)(at - text);
}
