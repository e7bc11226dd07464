/* SPDX-License-Identifier: MIT */
#ifndef STINT_SIGNER_H
#define STINT_SIGNER_H

#include <stddef.h>
#include <stdint.h>

#include "stint/tls.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A client certificate (RFC 5246 7.4.6) whose key does not leave where it lies, as in a secure
 * element: what is to be signed is handed to a function. It is set up in a profile (stint/tls.h):
 *
 *     static struct stint_signer signer = {.chain = chain, .chain_length = 2,
 *                                          .key_type = BR_KEYTYPE_EC, .sign = element_sign};
 *
 *     void profile(br_ssl_client_context *client, br_x509_minimal_context *x509)
 *     {
 *         stint_tls_profile_small(client, x509);
 *         stint_signer_use(&signer, client);
 *     }
 *
 * With a key in memory use BearSSL's br_ssl_client_set_single_ec or _rsa there instead. Optional;
 * not linked where nobody names it.
 */
struct stint_signer {
    const br_ssl_client_certificate_class *vtable; /* private */

    /* The certificate and those behind it, without the root; DER. Required. */
    const br_x509_certificate *chain;
    size_t chain_length;

    int key_type; /* BR_KEYTYPE_EC or BR_KEYTYPE_RSA */

    /*
     * Sign `hash` (32, 48 or 64 octets of the hash function `hash_id`: br_sha256_ID, br_sha384_ID
     * or br_sha512_ID) into `signature`, which has `room` octets. With EC the signature is the DER
     * of RFC 3279 2.2.3's ECDSA-Sig-Value, with RSA that of PKCS #1 v1.5 (RFC 8017 8.2). Returns
     * its length, or 0, or more than `room`, if it cannot: then the handshake fails
     * (STINT_ERROR_TLS). Required.
     */
    size_t (*sign)(void *context, int hash_id, const uint8_t *hash, uint8_t *signature,
                   size_t room);
    void *context;
};

/* To be called in a profile, each time: the client shows the certificate to a server that asks for
 * one, and says that it has none to a server that takes no such key. */
void stint_signer_use(struct stint_signer *signer, br_ssl_client_context *client);

#ifdef __cplusplus
}
#endif

#endif
