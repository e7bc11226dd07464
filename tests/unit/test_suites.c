/* SPDX-License-Identifier: MIT */

/* What each profile offers, read from its ClientHello: RFC 9325 4.2's suites, and no other. */

#include "stint/stint.h"
#include "test.h"
#include "tls/tls.h"

static uint8_t in[STINT_IN_SMALL], out[STINT_OUT_MIN];

static int give(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    memset(buffer, 0x5A, length);
    return 1;
}

static uint16_t number(const uint8_t *octets)
{
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

/* RFC 5246 7.4.1.2: the list's length and the list, behind the record's header, the message's, the
 * version, the random octets and the session's id. */
static const uint8_t *suites_of(const uint8_t *hello, size_t length)
{
    const size_t id = 5 + 4 + 2 + 32;

    assert_true(length > id + 1);
    assert_int_equal(hello[0], 22); /* handshake */
    assert_int_equal(hello[5], 1);  /* client_hello */
    assert_true(length > id + 1 + hello[id] + 2 + number(hello + id + 1 + hello[id]));
    return hello + id + 1 + hello[id];
}

static bool is_sound(uint16_t suite)
{
    static const uint16_t sound[] = {
        BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    };
    size_t i;

    for (i = 0; i < COUNT(sound) && sound[i] != suite; i++) {
    }
    return i < COUNT(sound);
}

/* Among them, one for either kind of key. */
static void offers(void (*profile)(br_ssl_client_context *client, br_x509_minimal_context *x509),
                   unsigned count)
{
    static const struct stint_account account = {.host = "mail.example.com"};
    static struct stint_tls tls;
    const uint8_t *hello, *suites;
    unsigned i, ecdsa = 0, rsa = 0;
    size_t length;
    uint16_t suite;

    memset(&tls, 0, sizeof tls);
    tls.profile = profile;
    tls.entropy = give;
    assert_int_equal(stint_tls_start(&tls, &account, in, sizeof in, out, sizeof out),
                     STINT_ERROR_NONE);
    hello = stint_tls_record_out(&tls, &length);
    assert_non_null(hello);
    suites = suites_of(hello, length);
    assert_int_equal(number(suites), 2 * count);
    for (i = 1; i <= count; i++) {
        suite = number(suites + 2 * i);
        assert_true(is_sound(suite));
        ecdsa += suite == BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
        rsa += suite == BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
    }
    assert_int_equal(ecdsa, 1);
    assert_int_equal(rsa, 1);
}

static void the_small_profile_offers_two(void **state)
{
    (void)state;
    offers(stint_tls_profile_small, 2);
}

static void the_fast_profile_offers_six(void **state)
{
    (void)state;
    offers(stint_tls_profile_fast, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_small_profile_offers_two),
        cmocka_unit_test(the_fast_profile_offers_six),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
