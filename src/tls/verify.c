/* SPDX-License-Identifier: MIT */
#include "tls/verify.h"

#include "tls/certificate.h"

#include <string.h>

/* RFC 9325 4.5: RSA keys of at least 2,048 bits. */
#define RSA_MIN_OCTETS 256

/* BearSSL counts days from the year 0 (Gregorian); 1970-01-01 is day 719,528. */
#define DAYS_TO_1970    719528U
#define SECONDS_PER_DAY 86400U

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

static void refuse(struct stint_verify *verify, int error)
{
    if (verify->error == 0) {
        verify->error = error;
    }
}

/* Without anchors the pins alone decide (RFC 7671 5.1): who holds the key is the server, whatever
 * the certificate says. */
static bool only_the_key_counts(const struct stint_verify *verify)
{
    return verify->tls->anchor_count == 0 && verify->tls->pin_count > 0;
}

static void set_time(struct stint_verify *verify, uint64_t unix_time)
{
    br_x509_minimal_set_time(&verify->minimal,
                             DAYS_TO_1970 + (uint32_t)(unix_time / SECONDS_PER_DAY),
                             (uint32_t)(unix_time % SECONDS_PER_DAY));
}

/* Without a clock only what ended before the floor is refused. BearSSL compares each of a
 * certificate's two dates as it comes by: so it is told that now is later than any date until the
 * first one, notBefore, has passed, and that it is the floor from there on. */
static bool has_clock(const struct stint_verify *verify)
{
    return verify->tls->unix_time != 0 && !only_the_key_counts(verify);
}

static void set_floor(struct stint_verify *verify)
{
    set_time(verify, only_the_key_counts(verify) ? 0 : verify->tls->floor_time);
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
    br_x509_minimal_vtable.start_chain(&verify->minimal.vtable, NULL);
}

/* What a server sends behind the certificate that an anchor vouches for is nobody's claim; and
 * where only the key counts, so is all behind the first one. */
static bool is_of_path(const struct stint_verify *verify)
{
    return verify->index == 0 ||
           (!only_the_key_counts(verify) && verify->minimal.err != BR_ERR_X509_OK);
}

static void start_cert(const br_x509_class **context, uint32_t length)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_BEGIN, NULL, length);
    verify->is_of_path = is_of_path(verify);
    if (!verify->is_of_path) {
        return;
    }
    if (verify->error == 0 && verify->minimal.err == 0) {
        verify->refused = verify->index;
    }
    if (!has_clock(verify)) {
        br_x509_minimal_set_time(&verify->minimal, INT32_MAX, 0);
    }
    stint_certificate_start(&verify->certificate, length);
    verify->certificate.hashes_key = verify->index == 0;
    br_x509_minimal_vtable.start_cert(&verify->minimal.vtable, length);
}

static void append(const br_x509_class **context, const unsigned char *data, size_t length)
{
    struct stint_verify *verify = verify_of(context);
    size_t n;

    watch(verify, STINT_TLS_CERTIFICATE_DATA, data, length);
    for (; verify->is_of_path && length > 0; data += n, length -= n) {
        n = stint_certificate_octets(&verify->certificate, data, length);
        br_x509_minimal_vtable.append(&verify->minimal.vtable, data, n);
        if (verify->certificate.has_begin && !has_clock(verify)) {
            set_floor(verify);
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

/* What BearSSL's engine does not look at. */
static void judge(struct stint_verify *verify)
{
    const struct stint_certificate *certificate = &verify->certificate;

    if (certificate->is_damaged) {
        refuse(verify, BR_ERR_X509_UNEXPECTED);
    }
    if (verify->index == 0 && verify->tls->pin_count > 0 && !is_pinned(verify)) {
        refuse(verify, STINT_TLS_ERROR_PIN);
    }
    if (only_the_key_counts(verify)) {
        return;
    }
    if (certificate->has_constraints) {
        refuse(verify, BR_ERR_X509_CRITICAL_EXTENSION); /* RFC 5280 4.2.1.10: enforce or refuse */
    }
    if (certificate->has_purposes && !certificate->is_for_servers) {
        refuse(verify, BR_ERR_X509_FORBIDDEN_KEY_USAGE);
    }
    if (verify->index == 0 && !certificate->names_host) {
        refuse(verify, BR_ERR_X509_BAD_SERVER_NAME);
    }
}

static void end_cert(const br_x509_class **context)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_END, NULL, 0);
    if (verify->is_of_path) {
        judge(verify);
        br_x509_minimal_vtable.end_cert(&verify->minimal.vtable);
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
    unsigned error = br_x509_minimal_vtable.end_chain(&verify->minimal.vtable);

    if (error == BR_ERR_X509_NOT_TRUSTED && only_the_key_counts(verify)) {
        error = 0;
    }
    return error != 0 ? error : (unsigned)verify->error;
}

static const br_x509_pkey *get_pkey(const br_x509_class *const *context, unsigned *usages)
{
    const struct stint_verify *verify = (const struct stint_verify *)(const void *)context;

    return br_x509_minimal_vtable.get_pkey(&verify->minimal.vtable, usages);
}

static const br_x509_class verify_class = {
    sizeof(struct stint_verify), start_chain, start_cert, append, end_cert, end_chain, get_pkey};

void stint_verify_start(struct stint_verify *verify, const struct stint_tls *tls, const char *host)
{
    verify->vtable = &verify_class;
    verify->tls = tls;
    stint_certificate_host(&verify->certificate, host);
    br_x509_minimal_set_minrsa(&verify->minimal, RSA_MIN_OCTETS);
    set_time(verify, tls->unix_time);
}
