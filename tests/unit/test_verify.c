/* SPDX-License-Identifier: MIT */

/* The X.509 class as BearSSL's handshake drives it, with a certificate that is trusted directly or
 * pinned: so BearSSL itself has nothing against it, and only our rules can. */

#include "test.h"
#include "tls/verify.h"
#include "tls_server.h"

static struct stint_tls tls;

/* Judges a chain of one certificate, in pieces of a given size. */
static unsigned judge(const uint8_t *octets, size_t length, const char *host, size_t piece)
{
    const br_x509_class **class = &tls.verify.vtable;
    size_t offset;
    size_t n;

    br_x509_minimal_init(&tls.verify.memory.minimal, &br_sha256_vtable, tls.anchors,
                         tls.anchor_count);
    stint_tls_profile_fast(&tls.client, &tls.verify.memory.minimal);
    stint_verify_start(&tls.verify, &tls, host);
    (*class)->start_chain(class, host);
    (*class)->start_cert(class, (uint32_t)length);
    for (offset = 0; offset < length; offset += n) {
        n = length - offset < piece ? length - offset : piece;
        (*class)->append(class, octets + offset, n);
    }
    (*class)->end_cert(class);
    return (*class)->end_chain(class);
}

static int clear(void **state)
{
    (void)state;
    memset(&tls, 0, sizeof tls);
    tls.unix_time = TLS_SERVER_TIME;
    tls.anchors = &tls_server_anchor;
    tls.anchor_count = 1;
    return 0;
}

static void a_good_one_passes(void **state)
{
    size_t piece;

    (void)state;
    for (piece = 1; piece < 140; piece++) {
        assert_int_equal(
            judge(tls_server_certificate, tls_server_certificate_length, "mail.example.com", piece),
            0);
    }
    assert_int_equal(
        judge(tls_server_certificate, tls_server_certificate_length, "mail.example.org", 100),
        BR_ERR_X509_BAD_SERVER_NAME);
}

/* Without a clock: from the floor on, or from when the certificate begins, whichever is later. */
static void a_floor_does_for_a_clock(void **state)
{
    static const struct {
        uint64_t floor_time;
        unsigned error;
    } cases[] = {
        {1000000000, 0}, /* a year or more before it begins */
        {TLS_SERVER_TIME, 0},
        {5000000000U, BR_ERR_X509_EXPIRED}, /* behind its end */
    };
    size_t piece;
    size_t i;

    (void)state;
    tls.unix_time = 0;
    for (i = 0; i < COUNT(cases); i++) {
        tls.floor_time = cases[i].floor_time;
        for (piece = 1; piece < 140; piece++) {
            assert_int_equal(judge(tls_server_certificate, tls_server_certificate_length,
                                   "mail.example.com", piece),
                             cases[i].error);
        }
    }
}

static void a_clock_is_a_clock(void **state)
{
    (void)state;
    tls.unix_time = 1000000000;
    tls.floor_time = TLS_SERVER_TIME;
    assert_int_equal(
        judge(tls_server_certificate, tls_server_certificate_length, "mail.example.com", 100),
        BR_ERR_X509_EXPIRED);
}

/* Where `pattern` begins. */
static size_t find(const uint8_t *octets, size_t length, const void *pattern, size_t size)
{
    size_t i;

    for (i = 0; i + size <= length; i++) {
        if (memcmp(octets + i, pattern, size) == 0) {
            return i;
        }
    }
    fail_msg("the certificate has changed");
    return 0;
}

/* A length's last octet, which has room for it. */
static void lengthen(uint8_t *octet, size_t by)
{
    assert_true(*octet + by <= UINT8_MAX);
    *octet = (uint8_t)(*octet + by);
}

/* A copy of the certificate, in which something is put behind its names, or behind the extension
 * that they are. Nobody signed that; but who is trusted directly need not sign. */
struct copy {
    uint8_t octets[600];
    size_t length;
};

static void insert(struct copy *copy, const uint8_t *extra, size_t size, bool among_names)
{
    size_t oid, end;

    copy->length = tls_server_certificate_length;
    memcpy(copy->octets, tls_server_certificate, copy->length);
    oid = find(copy->octets, copy->length, "\x06\x03\x55\x1D\x11", 5);
    end = oid + 5 + 2 + copy->octets[oid + 6]; /* of the octet string with the names */
    memmove(copy->octets + end + size, copy->octets + end, copy->length - end);
    memcpy(copy->octets + end, extra, size);
    copy->length += size;
    if (among_names) {
        lengthen(copy->octets + oid + 8, size); /* GeneralNames */
        lengthen(copy->octets + oid + 6, size); /* its octet string */
        lengthen(copy->octets + oid - 1, size); /* Extension */
    }
    lengthen(copy->octets + oid - 3, size); /* Extensions */
    lengthen(copy->octets + oid - 5, size); /* [3] */
    lengthen(copy->octets + 7, size);       /* TBSCertificate */
    lengthen(copy->octets + 3, size);       /* Certificate */
}

/* Behind our name another one, whose length takes an octet more than it needs: BearSSL does not
 * mind, our reader cannot go on - and what follows, purposes for instance, would go unread. */
static void what_cannot_be_read_is_refused(void **state)
{
    static const uint8_t name[] = {0x82, 0x81, 0x01, 'a'};
    struct copy copy;

    (void)state;
    insert(&copy, name, sizeof name, true);
    assert_int_equal(judge(copy.octets, copy.length, "mail.example.com", 100),
                     BR_ERR_X509_UNEXPECTED);
}

/* Extensions that are not marked as critical, so that BearSSL passes over them. */
static void extensions_are_obeyed_though_not_critical(void **state)
{
    /* permitted: DNS names below "a" (RFC 5280 4.2.1.10) */
    static const uint8_t constraints[] = {0x30, 0x10, 0x06, 0x03, 0x55, 0x1D, 0x1E, 0x04, 0x09,
                                          0x30, 0x07, 0xA0, 0x05, 0x30, 0x03, 0x82, 0x01, 'a'};
    /* id-kp-clientAuth, and then id-kp-serverAuth (RFC 5280 4.2.1.12) */
    static uint8_t purposes[] = {0x30, 0x13, 0x06, 0x03, 0x55, 0x1D, 0x25, 0x04, 0x0C, 0x30, 0x0A,
                                 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02};
    struct copy copy;

    (void)state;
    insert(&copy, constraints, sizeof constraints, false);
    assert_int_equal(judge(copy.octets, copy.length, "mail.example.com", 100),
                     BR_ERR_X509_CRITICAL_EXTENSION);
    insert(&copy, purposes, sizeof purposes, false);
    assert_int_equal(judge(copy.octets, copy.length, "mail.example.com", 100),
                     BR_ERR_X509_FORBIDDEN_KEY_USAGE);
    purposes[sizeof purposes - 1] = 0x01;
    insert(&copy, purposes, sizeof purposes, false);
    assert_int_equal(judge(copy.octets, copy.length, "mail.example.com", 100), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_good_one_passes, clear),
        cmocka_unit_test_setup(a_floor_does_for_a_clock, clear),
        cmocka_unit_test_setup(a_clock_is_a_clock, clear),
        cmocka_unit_test_setup(what_cannot_be_read_is_refused, clear),
        cmocka_unit_test_setup(extensions_are_obeyed_though_not_critical, clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
