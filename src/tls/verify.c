/* SPDX-License-Identifier: MIT */
#include "tls/verify.h"

#include "tls/certificate.h"

#include <string.h>

/* RFC 9325 4.5: RSA keys of at least 2,048 bits. */
#define RSA_MIN_OCTETS 256

/* BearSSL counts days from the year 0 (Gregorian); 1970-01-01 is day 719,528. */
#define DAYS_TO_1970    719528U
#define SECONDS_PER_DAY 86400U /* 675 * 128 */

/* `context` is the address of a struct stint_verify's first member. */
static struct stint_verify *verify_of(const br_x509_class **context)
{
    return (struct stint_verify *)(void *)context;
}

static void watch(const struct stint_verify *verify, enum stint_tls_chain_event event,
                  const uint8_t *data, size_t length)
{
    if (verify->tls->watch != NULL) {
        verify->tls->watch(verify->tls->watch_context, event, data, length);
    }
}

/* Now, as far as a certificate's end is concerned. Where only the key counts, all are still valid.
 */
static void set_time(struct stint_verify *verify)
{
    const struct stint_tls *tls = verify->tls;
    uint64_t now = tls->unix_time != 0 ? tls->unix_time : tls->floor_time;
    uint32_t days;

    now = verify->key_only ? 0 : now;
    days = (uint32_t)(now >> 7) / (SECONDS_PER_DAY >> 7); /* small machines divide 32 bits */
    br_x509_minimal_set_time(&verify->memory.minimal, DAYS_TO_1970 + days,
                             (uint32_t)now - days * SECONDS_PER_DAY);
}

/* The name is checked here and not by BearSSL's engine, which takes the subject's common name where
 * there is no other, and knows no addresses. */
static void start_chain(const br_x509_class **context, const char *server_name)
{
    struct stint_verify *verify = verify_of(context);

    (void)server_name;
    verify->index = 0;
    verify->refused = 0;
    verify->error = 0;
    br_x509_minimal_vtable.start_chain(&verify->memory.minimal.vtable, NULL);
}

/* What a server sends behind the certificate that an anchor vouches for is nobody's claim; and
 * where only the key counts, so is all behind the first one. */
static bool is_of_path(const struct stint_verify *verify)
{
    return verify->index == 0 ||
           (!verify->key_only && verify->memory.minimal.err != BR_ERR_X509_OK);
}

static void start_cert(const br_x509_class **context, uint32_t length)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_BEGIN, NULL, length);
    verify->is_of_path = is_of_path(verify);
    if (!verify->is_of_path) {
        return;
    }
    if (verify->error == 0 && verify->memory.minimal.err == 0) {
        verify->refused = verify->index;
    }
    set_time(verify);
    if (verify->tls->unix_time == 0 || verify->key_only) {
        /* No clock: only what ended before the floor is refused. BearSSL compares each of the two
         * dates as it comes by; so until notBefore has passed, now is later than any date. */
        br_x509_minimal_set_time(&verify->memory.minimal, INT32_MAX, 0);
    }
    stint_certificate_start(&verify->certificate, length);
    verify->certificate.hashes_key = verify->index == 0;
    br_x509_minimal_vtable.start_cert(&verify->memory.minimal.vtable, length);
}

static void append(const br_x509_class **context, const unsigned char *data, size_t length)
{
    struct stint_verify *verify = verify_of(context);
    size_t n;

    watch(verify, STINT_TLS_CERTIFICATE_DATA, data, length);
    for (; verify->is_of_path && length > 0; data += n, length -= n) {
        n = stint_certificate_octets(&verify->certificate, data, length);
        br_x509_minimal_vtable.append(&verify->memory.minimal.vtable, data, n);
        if (verify->certificate.has_begin) {
            set_time(verify);
        }
    }
}

static bool is_pinned(const struct stint_verify *verify)
{
    uint8_t hash[STINT_TLS_PIN_OCTETS];
    size_t i;

    br_sha256_out(&verify->certificate.key_hash, hash);
    for (i = 0; i < verify->tls->pin_count; i++) {
        if (memcmp(hash, verify->tls->pins[i], sizeof hash) == 0) {
            return true;
        }
    }
    return false;
}

/* The first thing that is wrong of what BearSSL's engine does not look at; 0: nothing. Where only
 * the key counts (RFC 7671 5.1), who holds it is the server, whatever the certificate says. */
static int fault_of(const struct stint_verify *verify)
{
    const struct stint_certificate *certificate = &verify->certificate;
    const bool is_leaf = verify->index == 0;

    if (certificate->is_damaged) {
        return BR_ERR_X509_UNEXPECTED;
    }
    if (is_leaf && verify->tls->pin_count > 0 && !is_pinned(verify)) {
        return STINT_TLS_ERROR_PIN;
    }
    if (verify->key_only) {
        return 0;
    }
    if (certificate->has_constraints) {
        return BR_ERR_X509_CRITICAL_EXTENSION; /* RFC 5280 4.2.1.10: enforce or refuse */
    }
    if (certificate->has_purposes && !certificate->is_for_servers) {
        return BR_ERR_X509_FORBIDDEN_KEY_USAGE;
    }
    return is_leaf && !certificate->names_host ? BR_ERR_X509_BAD_SERVER_NAME : 0;
}

static void end_cert(const br_x509_class **context)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_END, NULL, 0);
    if (verify->is_of_path) {
        if (verify->error == 0) {
            verify->error = fault_of(verify);
        }
        br_x509_minimal_vtable.end_cert(&verify->memory.minimal.vtable);
    }
    if (verify->index < UINT8_MAX) {
        verify->index++;
    }
}

/* What BearSSL finds comes first: of a chain that nobody vouches for the rest is only a claim. But
 * nobody need vouch for a key that is known. */
static unsigned end_chain(const br_x509_class **context)
{
    struct stint_verify *verify = verify_of(context);
    unsigned error = br_x509_minimal_vtable.end_chain(&verify->memory.minimal.vtable);

    if (error == BR_ERR_X509_NOT_TRUSTED && verify->key_only) {
        error = 0;
    }
    return error != 0 ? error : (unsigned)verify->error;
}

static const br_x509_pkey *get_pkey(const br_x509_class *const *context, unsigned *usages)
{
    const struct stint_verify *verify = (const struct stint_verify *)(const void *)context;

    return br_x509_minimal_vtable.get_pkey(&verify->memory.minimal.vtable, usages);
}

static const br_x509_class verify_class = {
    sizeof(struct stint_verify), start_chain, start_cert, append, end_cert, end_chain, get_pkey};

void stint_verify_start(struct stint_verify *verify, const struct stint_tls *tls, const char *host)
{
    verify->vtable = &verify_class;
    verify->tls = tls;
    verify->key_only = tls->anchor_count == 0 && tls->pin_count > 0;
    stint_certificate_host(&verify->certificate, host);
    br_x509_minimal_set_minrsa(&verify->memory.minimal, RSA_MIN_OCTETS);
}
