/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_BASE64_H
#define STINT_SRC_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Base64 (RFC 4648 4). Whole texts only where challenges are listened to. */

/* Four characters for `length` (1 to 3) octets, padded with "=". */
void stint_base64_quantum(char characters[4], const uint8_t octets[3], size_t length);

/* All of `octets`. Returns how many characters that makes. */
size_t stint_base64_encode(char *characters, const uint8_t *octets, size_t length);

/* May `octet` stand in base64 text, "=" included? */
bool stint_base64_character(uint8_t octet);

/* What `length` characters stand for. `octets` may lie where they do. Returns false, and writes
 * nothing, if they are no base64 text: whole quanta, "=" only at the end. */
bool stint_base64_decode(const char *characters, size_t length, uint8_t *octets, size_t *count);

#endif
