/* SPDX-License-Identifier: MIT */

/*
 * The POSIX port's readers of certificates and of their text.
 *
 * Input: a certificate, or a file of them.
 * Promise: what BearSSL's decoder takes for a certificate with a key that it can use is one, with
 * the same name, key and purpose; what lies in a file lies in it.
 */

#include "fuzz.h"

#include "anchor.h"
#include "pem.h"

#define LONGEST  65535 /* of an element */
#define RSA_MOST 512

struct name {
    uint8_t octets[LONGEST];
    size_t length;
};

static void append(void *context, const void *octets, size_t length)
{
    struct name *name = context;

    PROMISE(length <= sizeof name->octets - name->length);
    memcpy(name->octets + name->length, octets, length);
    name->length += length;
}

static bool same(const uint8_t *octets, size_t length, const uint8_t *others, size_t others_length)
{
    return length == others_length && memcmp(octets, others, length) == 0;
}

static void compare_keys(const br_x509_pkey *key, const br_x509_pkey *expected)
{
    PROMISE(key->key_type == expected->key_type);
    if (key->key_type == BR_KEYTYPE_EC) {
        PROMISE(key->key.ec.curve == expected->key.ec.curve);
        PROMISE(same(key->key.ec.q, key->key.ec.qlen, expected->key.ec.q, expected->key.ec.qlen));
    } else {
        PROMISE(
            same(key->key.rsa.n, key->key.rsa.nlen, expected->key.rsa.n, expected->key.rsa.nlen));
        PROMISE(
            same(key->key.rsa.e, key->key.rsa.elen, expected->key.rsa.e, expected->key.rsa.elen));
    }
}

static void read_certificate(const uint8_t *der, size_t length)
{
    static struct name name;
    br_x509_decoder_context decoder;
    br_x509_trust_anchor anchor;
    uint8_t *copy = exact_copy(der, length);
    enum stint_posix_anchor_status status = stint_posix_anchor_read(&anchor, copy, length);
    const br_x509_pkey *key;

    name.length = 0;
    br_x509_decoder_init(&decoder, append, &name);
    br_x509_decoder_push(&decoder, der, length);
    key = br_x509_decoder_last_error(&decoder) == 0 ? br_x509_decoder_get_pkey(&decoder) : NULL;
    if (key != NULL && (key->key_type == BR_KEYTYPE_EC || key->key.rsa.nlen <= RSA_MOST)) {
        PROMISE(status == STINT_POSIX_ANCHOR_READ);
        PROMISE(same(anchor.dn.data, anchor.dn.len, name.octets, name.length));
        PROMISE((anchor.flags == BR_X509_TA_CA) == (br_x509_decoder_isCA(&decoder) != 0));
        compare_keys(&anchor.pkey, key);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stint_posix_pem pem = {.text = exact_copy(data, size), .length = size};

    if (size <= LONGEST) {
        read_certificate(data, size);
    }
    while (stint_posix_pem_next(&pem) == STINT_POSIX_PEM_CERTIFICATE) {
        PROMISE(pem.der >= pem.text && pem.der + pem.der_length <= pem.text + pem.at);
        read_certificate(pem.der, pem.der_length);
    }
    free(pem.text);
    return 0;
}
