/* SPDX-License-Identifier: MIT */
#ifndef CLI_WIPE_H
#define CLI_WIPE_H

#include <stddef.h>
#include <string.h>

/* Zeroes, through volatile: or the compiler drops it as a write to memory that nobody reads again.
 */
static inline void wipe(void *octets, size_t length)
{
    void *(*volatile fill)(void *, int, size_t) = memset;

    fill(octets, 0, length);
}

#endif
