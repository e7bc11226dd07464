/* SPDX-License-Identifier: MIT */

/* Pins: the hash of the server's key, alone and on top of a chain; in BearSSL's X.509 class, and in
 * a whole session. */

#include "desk.h"
#include "test.h"
#include "tls/verify.h"

static struct stint_tls tls;
static uint8_t pins[2][STINT_TLS_PIN_OCTETS];
static const uint8_t another[STINT_TLS_PIN_OCTETS] = {1, 2, 3};

#define NOW        TLS_SERVER_TIME
#define LONG_AGO   1000000000U
#define FAR_AHEAD  5000000000U
#define OUR_NAME   "mail.example.com"
#define OTHER_NAME "mail.example.org"

/* The SubjectPublicKeyInfo in the certificate: 91 octets, of a key on P-256 (RFC 5480). */
static const uint8_t *find_key(const uint8_t *octets)
{
    static const uint8_t start[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86};

    while (memcmp(octets, start, sizeof start) != 0) {
        octets++;
    }
    return octets;
}

static void hash_key(const uint8_t *certificate, uint8_t *hash)
{
    br_sha256_context context;

    br_sha256_init(&context);
    br_sha256_update(&context, find_key(certificate), 91);
    br_sha256_out(&context, hash);
}

static int set_up(void **state)
{
    (void)state;
    memset(&tls, 0, sizeof tls);
    tls.unix_time = NOW;
    tls.pins = (const uint8_t(*)[STINT_TLS_PIN_OCTETS])pins;
    tls.pin_count = 1;
    hash_key(tls_server_certificate, pins[0]);
    memcpy(pins[1], another, sizeof another);
    return 0;
}

static void trust_a_chain(void)
{
    tls.anchors = &tls_server_anchor;
    tls.anchor_count = 1;
}

static void give(const uint8_t *octets, size_t length, size_t piece)
{
    const br_x509_class **class = &tls.verify.vtable;
    size_t offset, n;

    (*class)->start_cert(class, (uint32_t)length);
    for (offset = 0; offset < length; offset += n) {
        n = length - offset < piece ? length - offset : piece;
        (*class)->append(class, octets + offset, n);
    }
    (*class)->end_cert(class);
}

static void start(const char *host)
{
    const br_x509_class **class = &tls.verify.vtable;

    br_x509_minimal_init(&tls.verify.memory.minimal, &br_sha256_vtable, tls.anchors,
                         tls.anchor_count);
    stint_tls_profile_fast(&tls.client, &tls.verify.memory.minimal);
    stint_verify_start(&tls.verify, &tls, host);
    (*class)->start_chain(class, host);
}

static unsigned end(void)
{
    const br_x509_class **class = &tls.verify.vtable;
    unsigned error = (*class)->end_chain(class);

    /* With a key there must be one to use. */
    assert_true(error != 0 || (*class)->get_pkey(&tls.verify.vtable, NULL) != NULL);
    return error;
}

static unsigned judge(const char *host, size_t piece)
{
    start(host);
    give(tls_server_certificate, tls_server_certificate_length, piece);
    return end();
}

static void a_pinned_key_is_enough(void **state)
{
    size_t piece;

    (void)state;
    for (piece = 1; piece < 140; piece++) {
        assert_int_equal(judge(OUR_NAME, piece), 0);
    }
}

static void any_of_the_pins_will_do(void **state)
{
    (void)state;
    tls.pin_count = 2;
    assert_int_equal(judge(OUR_NAME, 100), 0);
    memcpy(pins[1], pins[0], sizeof pins[0]);
    memcpy(pins[0], another, sizeof another);
    assert_int_equal(judge(OUR_NAME, 100), 0);
    tls.pin_count = 1;
    assert_int_equal(judge(OUR_NAME, 100), STINT_TLS_ERROR_PIN);
}

static void every_octet_of_a_pin_counts(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < STINT_TLS_PIN_OCTETS; i++) {
        pins[0][i] ^= 1;
        assert_int_equal(judge(OUR_NAME, 100), STINT_TLS_ERROR_PIN);
        pins[0][i] ^= 1;
    }
}

static void alone_nothing_else_counts(void **state)
{
    static const uint64_t times[] = {0, LONG_AGO, NOW, FAR_AHEAD};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(times); i++) {
        tls.unix_time = times[i];
        tls.floor_time = FAR_AHEAD;
        assert_int_equal(judge(OTHER_NAME, 100), 0);
    }
}

static void on_top_of_a_chain_both_count(void **state)
{
    (void)state;
    trust_a_chain();
    assert_int_equal(judge(OUR_NAME, 100), 0);
    assert_int_equal(judge(OTHER_NAME, 100), BR_ERR_X509_BAD_SERVER_NAME);
    tls.unix_time = FAR_AHEAD;
    assert_int_equal(judge(OUR_NAME, 100), BR_ERR_X509_EXPIRED);
    tls.unix_time = NOW;
    memcpy(pins[0], another, sizeof another);
    assert_int_equal(judge(OUR_NAME, 100), STINT_TLS_ERROR_PIN);
}

static void without_anchors_and_pins_nobody_is_trusted(void **state)
{
    (void)state;
    tls.pin_count = 0;
    assert_int_equal(judge(OUR_NAME, 100), BR_ERR_X509_NOT_TRUSTED);
}

/* Whoever has copied the pinned certificate may show it behind one of his own. */
static void the_pinned_key_must_be_the_servers_own(void **state)
{
    uint8_t theirs[600];
    size_t length = tls_server_certificate_length;

    (void)state;
    memcpy(theirs, tls_server_certificate, length);
    theirs[find_key(theirs) - theirs + 90] ^= 1;
    start(OUR_NAME);
    give(theirs, length, 100);
    give(tls_server_certificate, length, 100);
    assert_int_equal(end(), STINT_TLS_ERROR_PIN);
}

/* Somebody who has seen the pinned certificate shows the start of it, or it with other octets
 * behind the key: what BearSSL cannot read is refused, although the key's hash is right. */
static void a_copy_that_cannot_be_read_is_refused(void **state)
{
    size_t behind_key = (size_t)(find_key(tls_server_certificate) - tls_server_certificate) + 91;
    const size_t behind_signed = 8U + 256U * tls_server_certificate[6] + tls_server_certificate[7];
    uint8_t copy[600];
    size_t length;

    (void)state;
    memcpy(copy, tls_server_certificate, tls_server_certificate_length);
    for (length = 0; length < tls_server_certificate_length; length++) {
        start(OUR_NAME);
        give(copy, length, 100);
        assert_int_not_equal(end(), 0);
    }
    copy[behind_key + 1]++; /* the length of the extensions */
    start(OUR_NAME);
    give(copy, tls_server_certificate_length, 100);
    assert_int_not_equal(end(), 0);
    copy[behind_key + 1]--;
    copy[behind_signed] = 0x31; /* the signature's algorithm: a SET, which only BearSSL minds */
    start(OUR_NAME);
    give(copy, tls_server_certificate_length, 100);
    assert_int_not_equal(end(), 0);
}

static void what_follows_the_pinned_key_does_not_matter(void **state)
{
    static const uint8_t junk[] = {0x30, 0x80, 1, 2, 3};

    (void)state;
    start(OTHER_NAME);
    give(tls_server_certificate, tls_server_certificate_length, 100);
    give(tls_server_certificate, tls_server_certificate_length, 100);
    assert_int_equal(end(), 0);
    start(OUR_NAME);
    give(tls_server_certificate, tls_server_certificate_length, 100);
    give(junk, sizeof junk, 2);
    assert_int_equal(end(), 0);
}

/* ---- In a session ---- */

static struct desk desk;

static void sit_down(void)
{
    desk_set_up(&desk, "== TLS ==\n" DESK_SESSION);
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.tls.anchors = NULL;
    desk.tls.anchor_count = 0;
    desk.tls.unix_time = 0;
    desk.tls.pins = (const uint8_t(*)[STINT_TLS_PIN_OCTETS])pins;
    desk.tls.pin_count = 1;
}

static void a_mail_is_sent_to_who_holds_the_key(void **state)
{
    (void)state;
    sit_down();
    desk.account.host = "192.0.2.7";
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
}

static void nothing_is_sent_to_who_does_not(void **state)
{
    (void)state;
    sit_down();
    memcpy(pins[0], another, sizeof another);
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_CERTIFICATE, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.tls_error, STINT_TLS_ERROR_PIN);
    assert_int_equal(desk.client.result.certificate, 0);
}

static void neither_anchors_nor_pins_is_no_account(void **state)
{
    (void)state;
    sit_down();
    desk.tls.pin_count = 0;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_CONFIG, STINT_STAGE_START, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.field, STINT_FIELD_ANCHORS);
    desk.tls.pin_count = 1;
    desk.tls.pins = NULL;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_CONFIG, STINT_STAGE_START, STINT_FATE_NOT_ACCEPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_pinned_key_is_enough, set_up),
        cmocka_unit_test_setup(any_of_the_pins_will_do, set_up),
        cmocka_unit_test_setup(every_octet_of_a_pin_counts, set_up),
        cmocka_unit_test_setup(alone_nothing_else_counts, set_up),
        cmocka_unit_test_setup(on_top_of_a_chain_both_count, set_up),
        cmocka_unit_test_setup(without_anchors_and_pins_nobody_is_trusted, set_up),
        cmocka_unit_test_setup(the_pinned_key_must_be_the_servers_own, set_up),
        cmocka_unit_test_setup(a_copy_that_cannot_be_read_is_refused, set_up),
        cmocka_unit_test_setup(what_follows_the_pinned_key_does_not_matter, set_up),
        cmocka_unit_test_setup(a_mail_is_sent_to_who_holds_the_key, set_up),
        cmocka_unit_test_setup(nothing_is_sent_to_who_does_not, set_up),
        cmocka_unit_test_setup(neither_anchors_nor_pins_is_no_account, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
