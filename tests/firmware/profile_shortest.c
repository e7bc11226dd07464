/* SPDX-License-Identifier: MIT */
#include "profiles.h"

/* br_ec_prime_i31 knows no trick for a curve: it is a third of br_ec_p256_m31's code, takes twice
 * its time, and a kilobyte more of stack. The rest is as in stint_tls_profile_small. */
void profile_shortest(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    static const uint16_t suites[] = {BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                      BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256};
    br_ssl_engine_context *engine = &client->eng;

    br_ssl_engine_set_suites(engine, suites, sizeof suites / sizeof suites[0]);
    br_ssl_engine_set_hash(engine, br_sha256_ID, &br_sha256_vtable);
    br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
    br_ssl_engine_set_ec(engine, &br_ec_prime_i31);
    br_ssl_engine_set_rsavrfy(engine, &br_rsa_i31_pkcs1_vrfy);
    br_ssl_engine_set_ecdsa(engine, &br_ecdsa_i31_vrfy_asn1);
    br_ssl_engine_set_gcm(engine, &br_sslrec_in_gcm_vtable, &br_sslrec_out_gcm_vtable);
    br_ssl_engine_set_aes_ctr(engine, &br_aes_ct_ctr_vtable);
    br_ssl_engine_set_ghash(engine, &br_ghash_ctmul);

    br_x509_minimal_set_hash(x509, br_sha256_ID, &br_sha256_vtable);
    br_x509_minimal_set_rsa(x509, &br_rsa_i31_pkcs1_vrfy);
    br_x509_minimal_set_ecdsa(x509, &br_ec_prime_i31, &br_ecdsa_i31_vrfy_asn1);
}
