/* SPDX-License-Identifier: MIT */

/* A server that is not the one that the account names, or that nobody vouches for, is told nothing:
 * not a word leaves but the ClientHello. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

/* Another key, on the same curve: what somebody else would be trusted by. */
static uint8_t other_key[65];

static void make_other_key(void)
{
    static const uint8_t secret[32] = {1};
    const br_ec_private_key key = {BR_EC_secp256r1, (uint8_t *)(uintptr_t)secret, sizeof secret};
    br_ec_public_key public;

    assert_int_equal(br_ec_compute_pub(br_ec_get_default(), &public, other_key, &key),
                     sizeof other_key);
}

static const struct {
    const char *name;
    const char *host;
    uint64_t unix_time;
    bool is_known; /* by its key */
    bool is_authority;
    int tls_error;
} impostors[] = {
    {"another host", "mail.example.org", TLS_SERVER_TIME, true, false, BR_ERR_X509_BAD_SERVER_NAME},
    {"the domain", "example.com", TLS_SERVER_TIME, true, false, BR_ERR_X509_BAD_SERVER_NAME},
    {"a host below", "a.mail.example.com", TLS_SERVER_TIME, true, false,
     BR_ERR_X509_BAD_SERVER_NAME},
    {"a longer name", "mail.example.com.org", TLS_SERVER_TIME, true, false,
     BR_ERR_X509_BAD_SERVER_NAME},
    {"an address", "192.0.2.1", TLS_SERVER_TIME, true, false, BR_ERR_X509_BAD_SERVER_NAME},
    {"a key nobody knows", "mail.example.com", TLS_SERVER_TIME, false, false,
     BR_ERR_X509_NOT_TRUSTED},
    {"no authority's signature", "mail.example.com", TLS_SERVER_TIME, false, true,
     BR_ERR_X509_NOT_TRUSTED},
    {"not yet valid", "mail.example.com", 1700000000, true, false, BR_ERR_X509_EXPIRED},
    {"no more valid", "mail.example.com", 5000000000, true, false, BR_ERR_X509_EXPIRED},
};

static void meet(size_t impostor, const struct tls_wire_layout *layout, uint8_t security)
{
    static br_x509_trust_anchor anchor;

    anchor = tls_server_anchor;
    if (!impostors[impostor].is_known) {
        anchor.pkey.key.ec.q = other_key;
    }
    anchor.flags = impostors[impostor].is_authority ? BR_X509_TA_CA : 0;
    tls_wire_set_up(&wire, layout);
    wire.account.security = security;
    wire.account.host = impostors[impostor].host;
    wire.tls.unix_time = impostors[impostor].unix_time;
    wire.tls.anchors = &anchor;
    tls_wire_run(&wire);
}

static void an_impostor_is_told_nothing(void **state)
{
    static const uint8_t securities[] = {STINT_SECURITY_IMPLICIT, STINT_SECURITY_STARTTLS};
    size_t i;
    size_t j;
    size_t layout;

    (void)state;
    make_other_key();
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(securities); i++) {
            for (j = 0; j < COUNT(impostors); j++) {
                meet(j, &tls_wire_layouts[layout], securities[i]);
                tls_wire_judge(&wire, STINT_ERROR_CERTIFICATE, impostors[j].tls_error,
                               impostors[j].name);
                assert_int_equal(wire.client.result.stage, STINT_STAGE_TLS);
                tls_wire_judge_unsecured(&wire, impostors[j].name);
                assert_int_equal(wire.heard_records[TLS_HANDSHAKE], 1);
                assert_int_equal(wire.heard_records[TLS_CHANGE_CIPHER_SPEC], 0);
            }
        }
    }
}

/* The certificate is public. Who has no key to it cannot sign the key exchange. */
static bool sign_with_nothing(struct tls_wire *w, enum tls_wire_message message,
                              const uint8_t *record, size_t length)
{
    uint8_t copy[300];

    if (message != TLS_WIRE_KEY_EXCHANGE) {
        return true;
    }
    assert_true(length < sizeof copy);
    memcpy(copy, record, length);
    copy[length - 1] ^= 1;
    tls_wire_put(w, copy, length);
    return false;
}

static void a_stolen_certificate_is_not_enough(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        tls_wire_set_up(&wire, &tls_wire_layouts[layout]);
        wire.handshake = sign_with_nothing;
        tls_wire_run(&wire);
        tls_wire_judge(&wire, STINT_ERROR_TLS, BR_ERR_BAD_SIGNATURE, "no key");
        tls_wire_judge_unsecured(&wire, "no key");
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_impostor_is_told_nothing),
        cmocka_unit_test(a_stolen_certificate_is_not_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
