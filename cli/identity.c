/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include "bundle.h"
#include "print.h"
#include "read.h"
#include "status.h"
#include "wipe.h"

#include "stint/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A chain has three or four, and then the server's would be too long, too. */
#define CHAIN_MAX 10

/* The text of a key of 4,096 bits has 3,300. */
#define KEY_FILE_MAX 16384

/* A profile has no context. */
static struct {
    br_x509_certificate chain[CHAIN_MAX];
    size_t chain_length;
    br_skey_decoder_context key;
} identity;

/* ---- The certificates ---- */

static int take_certificate(struct stint_posix_bundle *bundle, void *context)
{
    br_x509_certificate *certificate = &identity.chain[identity.chain_length];

    (void)context;
    if (identity.chain_length == CHAIN_MAX) {
        return stint_posix_bundle_fail(bundle, "it has more than %d certificates", CHAIN_MAX);
    }
    certificate->data = malloc(bundle->pem.der_length);
    if (certificate->data == NULL) {
        return stint_posix_bundle_fail(bundle, "out of memory");
    }
    certificate->data_len = bundle->pem.der_length;
    memcpy(certificate->data, bundle->pem.der, bundle->pem.der_length);
    identity.chain_length++;
    return 0;
}

static int read_chain(const char *path)
{
    char why[256];
    struct stint_posix_bundle bundle = {
        .path = path, .why = why, .why_size = sizeof why, .take = take_certificate};

    if (stint_posix_bundle_read(&bundle) == 0) {
        return STATUS_DONE;
    }
    complain("--client-cert: %s; nothing was sent", why);
    return bundle.is_unreadable ? STATUS_NO_INPUT : STATUS_USAGE;
}

/* ---- The key ---- */

static void key_octets(void *context, const void *data, size_t length)
{
    br_skey_decoder_push(context, data, length);
}

/* "PRIVATE KEY", "RSA PRIVATE KEY" or "EC PRIVATE KEY"; what else there is, such as the curve's
 * parameters, is passed over. */
static bool is_key(const char *name)
{
    size_t length = strlen(name);
    static const char end[] = "PRIVATE KEY";

    return length >= sizeof end - 1 && strcmp(name + length - (sizeof end - 1), end) == 0;
}

/* Returns why there is no key in `text`, or NULL. */
static const char *decode_key(const char *text, size_t length)
{
    br_pem_decoder_context pem;
    bool is_in_key = false;

    br_pem_decoder_init(&pem);
    br_skey_decoder_init(&identity.key);
    while (length > 0) {
        size_t n = br_pem_decoder_push(&pem, text, length);

        text += n;
        length -= n;
        switch (br_pem_decoder_event(&pem)) {
        case BR_PEM_BEGIN_OBJ:
            is_in_key = is_key(br_pem_decoder_name(&pem));
            if (strncmp(br_pem_decoder_name(&pem), "ENCRYPTED", 9) == 0) {
                return "the key is encrypted (openssl pkey writes one that is not)";
            }
            br_pem_decoder_setdest(&pem, is_in_key ? key_octets : NULL, &identity.key);
            break;
        case BR_PEM_END_OBJ:
            if (is_in_key) {
                return br_skey_decoder_last_error(&identity.key) == 0
                           ? NULL
                           : "the key is damaged, or of another kind than RSA and EC";
            }
            break;
        case BR_PEM_ERROR: return "it is no base64";
        default: break;
        }
    }
    return "there is no private key in it";
}

static int read_key(const char *path)
{
    char text[KEY_FILE_MAX];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor < 0 ? -1 : read_up_to('\0', descriptor, text, sizeof text);
    const char *why;

    if (descriptor >= 0) {
        warn_if_open_to_all(descriptor, path);
        close(descriptor);
    }
    if (length < 0) {
        complain("--client-key: %s: %s; nothing was sent", path, strerror(errno));
        return STATUS_NO_INPUT;
    }
    why = decode_key(text, (size_t)length);
    wipe(text, sizeof text);
    if (why != NULL) {
        complain("--client-key: %s: %s; nothing was sent", path, why);
        return STATUS_USAGE;
    }
    return STATUS_DONE;
}

/* ---- Do they belong together? ---- */

static bool is_rsa_pair(const br_rsa_public_key *public)
{
    unsigned char modulus[BR_RSA_KBUF_PUB_SIZE(4096)];
    const br_rsa_private_key *key = br_skey_decoder_get_rsa(&identity.key);
    size_t length = br_rsa_compute_modulus_get_default()(NULL, key);
    const unsigned char *n = public->n;
    size_t n_length = public->nlen;

    while (n_length > 0 && *n == 0) {
        n++;
        n_length--;
    }
    return length == n_length && length <= sizeof modulus &&
           br_rsa_compute_modulus_get_default()(modulus, key) == length &&
           memcmp(modulus, n, length) == 0;
}

static bool is_ec_pair(const br_ec_public_key *public)
{
    unsigned char point[BR_EC_KBUF_PUB_MAX_SIZE];
    const br_ec_private_key *key = br_skey_decoder_get_ec(&identity.key);
    size_t length = br_ec_compute_pub(br_ec_get_default(), NULL, point, key);

    return key->curve == public->curve && length == public->qlen &&
           memcmp(point, public->q, length) == 0;
}

static bool is_pair(void)
{
    br_x509_decoder_context certificate;
    const br_x509_pkey *public;

    br_x509_decoder_init(&certificate, NULL, NULL);
    br_x509_decoder_push(&certificate, identity.chain[0].data, identity.chain[0].data_len);
    public = br_x509_decoder_get_pkey(&certificate);
    if (public == NULL || public->key_type != br_skey_decoder_key_type(&identity.key)) {
        return false;
    }
    return public->key_type == BR_KEYTYPE_RSA ? is_rsa_pair(&public->key.rsa)
                                              : is_ec_pair(&public->key.ec);
}

int identity_read(const char *certificates, const char *key)
{
    int status = read_chain(certificates);

    if (status == STATUS_DONE) {
        status = read_key(key);
    }
    if (status == STATUS_DONE && !is_pair()) {
        complain("--client-key: it is not the key of the first certificate in %s; nothing was sent",
                 certificates);
        status = STATUS_USAGE;
    }
    return status;
}

void identity_profile(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    stint_tls_profile_fast(client, x509);
    if (br_skey_decoder_key_type(&identity.key) == BR_KEYTYPE_RSA) {
        br_ssl_client_set_single_rsa(client, identity.chain, identity.chain_length,
                                     br_skey_decoder_get_rsa(&identity.key),
                                     br_rsa_pkcs1_sign_get_default());
    } else {
        br_ssl_client_set_single_ec(client, identity.chain, identity.chain_length,
                                    br_skey_decoder_get_ec(&identity.key), BR_KEYTYPE_SIGN, 0,
                                    br_ec_get_default(), br_ecdsa_sign_asn1_get_default());
    }
}

void identity_wipe(void)
{
    for (size_t i = 0; i < identity.chain_length; i++) {
        free(identity.chain[i].data);
    }
    wipe(&identity, sizeof identity);
}
