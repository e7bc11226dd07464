/* SPDX-License-Identifier: MIT */
#include "profiles.h"

/*
 * The curves: P-256 by code of its own, which is fast, as nearly every key exchange is on it; P-384
 * and P-521 by the code for all. br_ec_all_m31 has X25519 besides, for another 2.5 KB of code; a
 * server that can do it can do P-256.
 */
static const br_ec_impl *code_for(int curve)
{
    return curve == BR_EC_secp256r1 ? &br_ec_p256_m31 : &br_ec_prime_i31;
}

static const unsigned char *generator(int curve, size_t *length)
{
    return br_ec_prime_i31.generator(curve, length);
}

static const unsigned char *order(int curve, size_t *length)
{
    return br_ec_prime_i31.order(curve, length);
}

static size_t x_offset(int curve, size_t *length)
{
    return br_ec_prime_i31.xoff(curve, length);
}

static uint32_t multiply(unsigned char *point, size_t point_length, const unsigned char *x,
                         size_t x_length, int curve)
{
    return code_for(curve)->mul(point, point_length, x, x_length, curve);
}

static size_t multiply_generator(unsigned char *point, const unsigned char *x, size_t x_length,
                                 int curve)
{
    return code_for(curve)->mulgen(point, x, x_length, curve);
}

static uint32_t multiply_and_add(unsigned char *point, const unsigned char *other, size_t length,
                                 const unsigned char *x, size_t x_length, const unsigned char *y,
                                 size_t y_length, int curve)
{
    return code_for(curve)->muladd(point, other, length, x, x_length, y, y_length, curve);
}

static const br_ec_impl curves = {
    (uint32_t)1 << BR_EC_secp256r1 | (uint32_t)1 << BR_EC_secp384r1 |
        (uint32_t)1 << BR_EC_secp521r1,
    generator,
    order,
    x_offset,
    multiply,
    multiply_generator,
    multiply_and_add,
};

static void set_hash(br_ssl_client_context *client, br_x509_minimal_context *x509, int id,
                     const br_hash_class *hash)
{
    br_ssl_engine_set_hash(&client->eng, id, hash);
    br_x509_minimal_set_hash(x509, id, hash);
}

void profile_standard(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    static const uint16_t suites[] = {BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                                      BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                                      BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                      BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                                      BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                                      BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384};
    br_ssl_engine_context *engine = &client->eng;

    br_ssl_engine_set_suites(engine, suites, sizeof suites / sizeof suites[0]);
    set_hash(client, x509, br_sha256_ID, &br_sha256_vtable);
    set_hash(client, x509, br_sha384_ID, &br_sha384_vtable);
    set_hash(client, x509, br_sha512_ID, &br_sha512_vtable);
    br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
    br_ssl_engine_set_prf_sha384(engine, &br_tls12_sha384_prf);
    br_ssl_engine_set_ec(engine, &curves);
    br_ssl_engine_set_rsavrfy(engine, &br_rsa_i31_pkcs1_vrfy);
    br_ssl_engine_set_ecdsa(engine, &br_ecdsa_i31_vrfy_asn1);
    br_ssl_engine_set_gcm(engine, &br_sslrec_in_gcm_vtable, &br_sslrec_out_gcm_vtable);
    br_ssl_engine_set_aes_ctr(engine, &br_aes_ct_ctr_vtable);
    br_ssl_engine_set_ghash(engine, &br_ghash_ctmul);
    br_ssl_engine_set_chapol(engine, &br_sslrec_in_chapol_vtable, &br_sslrec_out_chapol_vtable);
    br_ssl_engine_set_chacha20(engine, &br_chacha20_ct_run);
    br_ssl_engine_set_poly1305(engine, &br_poly1305_ctmul_run);

    br_x509_minimal_set_rsa(x509, &br_rsa_i31_pkcs1_vrfy);
    br_x509_minimal_set_ecdsa(x509, &curves, &br_ecdsa_i31_vrfy_asn1);
}
