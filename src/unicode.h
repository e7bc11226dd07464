/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_UNICODE_H
#define STINT_SRC_UNICODE_H

#include <stdbool.h>

/* Is it well-formed UTF-8 (RFC 3629 4)? */
bool stint_unicode_is_sound(const char *text);

#endif
