/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_WIPE_H
#define STINT_SRC_WIPE_H

#include <stddef.h>
#include <string.h>

/* Zeroes that the compiler must not leave out although nobody reads them again: it cannot know
 * which function a volatile pointer leads to. */
static inline void stint_wipe(void *octets, size_t length)
{
    void *(*volatile fill)(void *, int, size_t) = memset;

    fill(octets, 0, length);
}

#endif
