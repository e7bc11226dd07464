/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_BASE64_H
#define STINT_SRC_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Base64 (RFC 4648 4), a quantum at a time. */

/* Four characters for `length` (1 to 3) octets, padded with "=". */
void stint_base64_quantum(char characters[4], const uint8_t octets[3], size_t length);

/* May `octet` stand in base64 text, "=" included? */
bool stint_base64_character(uint8_t octet);

#endif
