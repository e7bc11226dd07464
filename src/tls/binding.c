/* SPDX-License-Identifier: MIT */
#include "stint/tls.h"

#include "tls/der.h"

#include <string.h>

#define TAG_OID 0x06

/* The first octets of signature algorithms' identifiers; the one behind them names the hash. */
static const uint8_t with_rsa[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01};
static const uint8_t with_ecdsa[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03};
static const uint8_t with_ecdsa_and_sha1[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01};

enum { RSA_MD5 = 4, RSA_SHA1 = 5, RSA_SHA256 = 11, RSA_SHA384, RSA_SHA512 };
enum { ECDSA_SHA256 = 2, ECDSA_SHA384, ECDSA_SHA512 };

static void begin(struct stint_tls_binding *binding, size_t length)
{
    int id;

    binding->length = 0;
    binding->oid_length = 0;
    binding->is_read = false;
    stint_der_start(&binding->der, (uint32_t)length);
    br_multihash_zero(&binding->hash);
    for (id = br_sha256_ID; id <= br_sha512_ID; id++) {
        br_multihash_setimpl(&binding->hash, id,
                             br_multihash_getimpl(&binding->tls->client.eng.mhash, id));
    }
    br_multihash_init(&binding->hash);
}

/* The first object identifier in a certificate is that of its signature algorithm (RFC 5280
 * 4.1.2.3). Nothing more is read of it. */
static void read_octet(struct stint_tls_binding *binding, uint8_t octet)
{
    switch (stint_der_octet(&binding->der, octet)) {
    case STINT_DER_HEADER: return;
    case STINT_DER_BEGIN: break;
    case STINT_DER_CONTENT:
        if (binding->der.tag == TAG_OID && binding->oid_length < sizeof binding->oid) {
            binding->oid[binding->oid_length++] = octet;
        }
        break;
    case STINT_DER_BAD: binding->is_read = true; return;
    }
    binding->is_read = binding->oid_length > 0 && stint_der_has_ended(&binding->der);
    while (stint_der_end(&binding->der)) {
    }
}

static void more(struct stint_tls_binding *binding, const uint8_t *data, size_t length)
{
    size_t i;

    br_multihash_update(&binding->hash, data, length);
    for (i = 0; i < length && !binding->is_read; i++) {
        read_octet(binding, data[i]);
    }
}

static bool oid_is(const struct stint_tls_binding *binding, const uint8_t *start, size_t length)
{
    return binding->oid_length >= length && memcmp(binding->oid, start, length) == 0;
}

/* RFC 5929 4.1: that of the signature; SHA-256 for what is weaker. 0: not defined. */
static int hash_of_rsa(unsigned last)
{
    switch (last) {
    case RSA_MD5:
    case RSA_SHA1:
    case RSA_SHA256: return br_sha256_ID;
    case RSA_SHA384: return br_sha384_ID;
    case RSA_SHA512: return br_sha512_ID;
    default: return 0;
    }
}

static int hash_of_ecdsa(unsigned last)
{
    switch (last) {
    case ECDSA_SHA256: return br_sha256_ID;
    case ECDSA_SHA384: return br_sha384_ID;
    case ECDSA_SHA512: return br_sha512_ID;
    default: return 0;
    }
}

static int hash_of_signature(const struct stint_tls_binding *binding)
{
    if (binding->oid_length == sizeof with_rsa + 1 && oid_is(binding, with_rsa, sizeof with_rsa)) {
        return hash_of_rsa(binding->oid[sizeof with_rsa]);
    }
    if (binding->oid_length == sizeof with_ecdsa + 1 &&
        oid_is(binding, with_ecdsa, sizeof with_ecdsa)) {
        return hash_of_ecdsa(binding->oid[sizeof with_ecdsa]);
    }
    return binding->oid_length == sizeof with_ecdsa_and_sha1 &&
                   oid_is(binding, with_ecdsa_and_sha1, sizeof with_ecdsa_and_sha1)
               ? br_sha256_ID
               : 0;
}

static void end(struct stint_tls_binding *binding)
{
    int id = hash_of_signature(binding);

    if (id != 0) {
        binding->length = (uint8_t)br_multihash_out(&binding->hash, id, binding->octets);
    }
}

void stint_tls_binding_watch(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                             size_t length)
{
    struct stint_tls_binding *binding = context;

    if (binding->tls->verify.index > 0) {
        return; /* the leaf alone counts */
    }
    switch (event) {
    case STINT_TLS_CERTIFICATE_BEGIN: begin(binding, length); break;
    case STINT_TLS_CERTIFICATE_DATA: more(binding, data, length); break;
    case STINT_TLS_CERTIFICATE_END: end(binding); break;
    }
}
