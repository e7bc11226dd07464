/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_ADDRESS_H
#define STINT_SRC_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "stint/config.h"

/* Hosts that are IP addresses; may be left out (STINT_ADDRESSES). */

#if STINT_ADDRESSES

/* The octets of an address from its text: "192.0.2.1", "2001:db8::1", "fe80::1%zone". Returns 4 or
 * 16, or 0 if `host` is a name. */
uint8_t stint_address(const char *host, uint8_t address[16]);

static inline bool stint_address_is_left_out(const char *host)
{
    (void)host;
    return false;
}

#else

static inline uint8_t stint_address(const char *host, uint8_t address[16])
{
    (void)host, (void)address;
    return 0;
}

/* An address has a colon, or nothing but digits and dots; no name has (RFC 3696 2). */
static inline bool stint_address_is_left_out(const char *host)
{
    while (*host == '.' || (*host >= '0' && *host <= '9')) {
        host++;
    }
    return *host == '\0' || memchr(host, ':', strlen(host)) != NULL;
}

#endif

#endif
