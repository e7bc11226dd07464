/* SPDX-License-Identifier: MIT */
#ifndef CLI_VOUCHING_H
#define CLI_VOUCHING_H

#include "chain.h"
#include "roots.h"

#include "stint/tls.h"

/* The certificates of one connection, kept. Zero it first. */
struct received {
    size_t count;
    struct {
        uint8_t *der;
        size_t length;
        struct certificate certificate; /* points into it */
    } all[CHAIN_REMEMBERED];
};

/* Keep a copy of the next one. Returns false if there is no room or no memory. */
bool received_add(struct received *received, const struct certificate *certificate);
void received_free(struct received *received);

/* The root that alone is enough for the chain that a connection has just accepted, with the
 * algorithms of `profile`; of several the one that is met first from the leaf on. NULL: none. */
const struct root *vouching_root(const struct roots *roots, const struct received *received,
                                 stint_tls_profile profile);

#endif
