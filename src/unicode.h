/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_UNICODE_H
#define STINT_SRC_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* The character that `*text` begins with, which must not be at its end; goes on behind it.
 * STINT_UNICODE_NONE: it is no well-formed UTF-8 (RFC 3629 4). */
#define STINT_UNICODE_NONE UINT32_MAX
uint32_t stint_unicode_take(const char **text);

/* Is it well-formed UTF-8? */
bool stint_unicode_is_sound(const char *text);

#endif
