/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHAIN_H
#define CLI_CHAIN_H

#include "certificate.h"

#include "stint/tls.h"

#define CHAIN_CERTIFICATE_MAX 16384
#define CHAIN_REMEMBERED      10
#define CHAIN_NAME_MAX        200

/* The certificates that the server sends, put together as they stream by. */
struct chain {
    /* Optional: called for each one; `certificate` is NULL if it cannot be read. */
    void (*show)(void *context, const struct certificate *certificate, size_t length);
    void *show_context;

    unsigned count;
    struct {
        char subject[CHAIN_NAME_MAX];
        char issuer[CHAIN_NAME_MAX];
        char not_before[CERTIFICATE_TIME_OCTETS];
        char not_after[CERTIFICATE_TIME_OCTETS];
    } names[CHAIN_REMEMBERED]; /* of the first ones, cut where they are longer; "": not readable */

    size_t expected; /* octets of the certificate being received */
    size_t have;
    uint8_t der[CHAIN_CERTIFICATE_MAX];
};

/* For `watch` in struct stint_tls; the context is a struct chain, zero at first. */
void chain_watch(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                 size_t length);

#endif
