/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PART_H
#define STINT_SRC_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * What messages are made of. Each function is asked for the octet at `*offset` of the message: it
 * gives it if it lies in this part, or else says no, and takes the part's length off `*offset`. So
 * a message is its parts with || between, and any octet of it can be had without the others.
 */

static inline bool stint_part_octets(const char *octets, size_t length, size_t *offset,
                                     uint8_t *octet)
{
    if (*offset < length) {
        *octet = (uint8_t)octets[*offset];
        return true;
    }
    *offset -= length;
    return false;
}

static inline bool stint_part_text(const char *text, size_t *offset, uint8_t *octet)
{
    return stint_part_octets(text, strlen(text), offset, octet);
}

/* A name where "," and "=" mean something (saslname, RFC 5802 5.1). */
static inline bool stint_part_name(const char *name, size_t *offset, uint8_t *octet)
{
    bool found = false;

    for (; *name != '\0' && !found; name++) {
        found = *name == ','   ? stint_part_octets("=2C", 3, offset, octet)
                : *name == '=' ? stint_part_octets("=3D", 3, offset, octet)
                               : stint_part_octets(name, 1, offset, octet);
    }
    return found;
}

#endif
