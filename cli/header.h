/* SPDX-License-Identifier: MIT */
#ifndef CLI_HEADER_H
#define CLI_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is there UTF-8 beyond ASCII in the header of the message that begins with these octets (RFC
 * 6532)? If other 8-bit octets are in it, that is not what it is. */
bool header_is_utf8(const uint8_t *octets, size_t length);

#endif
