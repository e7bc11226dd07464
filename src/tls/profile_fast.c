/* SPDX-License-Identifier: MIT */
#include "stint/tls.h"

/* BearSSL's fastest constant-time code for this machine. With AES in hardware AES-GCM is several
 * times as fast as ChaCha20-Poly1305; without, it is the other way round. */
static void set_suites(br_ssl_engine_context *engine)
{
    static const uint16_t suites[] = {
        BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        /* once more behind the others, for the machines that begin at the third */
        BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    };
    size_t first = br_aes_x86ni_ctr_get_vtable() != NULL ? 2 : 0;

    br_ssl_engine_set_suites(engine, suites + first, 6);
}

static void set_hash(br_ssl_client_context *client, br_x509_minimal_context *x509, int id,
                     const br_hash_class *hash)
{
    br_ssl_engine_set_hash(&client->eng, id, hash);
    br_x509_minimal_set_hash(x509, id, hash);
}

void stint_tls_profile_fast(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    br_ssl_engine_context *engine = &client->eng;

    set_suites(engine);
    set_hash(client, x509, br_sha256_ID, &br_sha256_vtable);
    set_hash(client, x509, br_sha384_ID, &br_sha384_vtable);
    set_hash(client, x509, br_sha512_ID, &br_sha512_vtable);
    br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
    br_ssl_engine_set_prf_sha384(engine, &br_tls12_sha384_prf);
    br_ssl_engine_set_default_rsavrfy(engine);
    br_ssl_engine_set_default_ecdsa(engine);
    br_ssl_engine_set_default_aes_gcm(engine);
    br_ssl_engine_set_default_chapol(engine);
    br_x509_minimal_set_rsa(x509, br_ssl_engine_get_rsavrfy(engine));
    br_x509_minimal_set_ecdsa(x509, br_ssl_engine_get_ec(engine), br_ssl_engine_get_ecdsa(engine));
}
