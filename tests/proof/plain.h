/* SPDX-License-Identifier: MIT */
#ifndef STINT_PROOF_PLAIN_H
#define STINT_PROOF_PLAIN_H

#include <stddef.h>
#include <string.h>

/*
 * In front of the sources of SASL, plain C for what Eva does not see through: a pointer to a
 * function that may change at any time (wipe.h), and where memchr found something.
 */

#define STINT_SRC_WIPE_H

static inline void stint_wipe(void *octets, size_t length)
{
    memset(octets, 0, length);
}

static inline const void *stint_proof_find(const void *octets, int c, size_t length)
{
    const unsigned char *at = octets;
    size_t i;

    for (i = 0; i < length; i++) {
        if (at[i] == c) {
            return at + i;
        }
    }
    return NULL;
}

#define memchr stint_proof_find

#endif
