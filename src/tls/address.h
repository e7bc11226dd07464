/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_ADDRESS_H
#define STINT_SRC_ADDRESS_H

#include <stdint.h>

/* The octets of an IP address from its text: "192.0.2.1", "2001:db8::1", "fe80::1%zone". Returns 4
 * or 16, or 0 if `host` is no address but a name. */
uint8_t stint_address(const char *host, uint8_t address[16]);

#endif
