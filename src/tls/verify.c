/* SPDX-License-Identifier: MIT */
#include "tls/verify.h"

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

/* The name to check is ours: the handshake's is the one that it sent as SNI, or none. */
static void start_chain(const br_x509_class **context, const char *server_name)
{
    struct stint_verify *verify = verify_of(context);

    (void)server_name;
    br_x509_minimal_vtable.start_chain(&verify->minimal.vtable, verify->host);
}

static void start_cert(const br_x509_class **context, uint32_t length)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_BEGIN, NULL, length);
    br_x509_minimal_vtable.start_cert(&verify->minimal.vtable, length);
}

static void append(const br_x509_class **context, const unsigned char *data, size_t length)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_DATA, data, length);
    br_x509_minimal_vtable.append(&verify->minimal.vtable, data, length);
}

static void end_cert(const br_x509_class **context)
{
    struct stint_verify *verify = verify_of(context);

    watch(verify, STINT_TLS_CERTIFICATE_END, NULL, 0);
    br_x509_minimal_vtable.end_cert(&verify->minimal.vtable);
}

static unsigned end_chain(const br_x509_class **context)
{
    return br_x509_minimal_vtable.end_chain(&verify_of(context)->minimal.vtable);
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
    verify->host = host;
    br_x509_minimal_set_minrsa(&verify->minimal, RSA_MIN_OCTETS);
    br_x509_minimal_set_time(&verify->minimal,
                             DAYS_TO_1970 + (uint32_t)(tls->unix_time / SECONDS_PER_DAY),
                             (uint32_t)(tls->unix_time % SECONDS_PER_DAY));
}
