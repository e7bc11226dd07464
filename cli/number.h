/* SPDX-License-Identifier: MIT */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <stdint.h>

/* The number that `value` begins with, of 1 to `most`. Returns what is behind it; NULL: there is
 * none, or it is too large. */
const char *number_read(uint32_t *number, const char *value, uint32_t most);

#endif
