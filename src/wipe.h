/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_WIPE_H
#define STINT_SRC_WIPE_H

#include <stddef.h>
#include <stdint.h>

/* Zeroes that the compiler must not leave out although nobody reads them again. */
static inline void stint_wipe(void *octets, size_t length)
{
    volatile uint8_t *next = octets;

    while (length-- > 0) {
        *next++ = 0;
    }
}

#endif
