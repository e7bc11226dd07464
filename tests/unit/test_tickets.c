/* SPDX-License-Identifier: MIT */

/* Resumption by session tickets and session IDs, with a server in memory that has its own opinion
 * of what was on the wire: what is resumed and what is not, and what is kept. */

#include "test.h"
#include "ticket_desk.h"
#include "tls/tls.h"

static struct ticket_desk desk;

static int set_up(void **state)
{
    (void)state;
    ticket_desk_set_up(&desk);
    return 0;
}

static int end(bool is_kept)
{
    int error = br_ssl_engine_last_error(&desk.tls.client.eng);

    if (is_kept) {
        stint_tls_keep(&desk.tls);
    }
    stint_tls_end(&desk.tls);
    return error;
}

/* ---- What is resumed ---- */

static void by_ticket(void **state)
{
    (void)state;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    assert_true(desk.server.asked);
    assert_int_equal(desk.server.offered_length, 0);
    assert_int_equal(desk.server.id_length, 0);
    desk.server.message = NULL;
    desk.server.resumes = true;
    assert_true(ticket_desk_connect(&desk));
    assert_int_equal(desk.server.offered_length, 180);
    assert_memory_equal(desk.server.offered, desk.message + 10, 180);
    assert_int_equal(desk.server.id_length, 32);
    assert_true(ticket_desk_connect(&desk));
}

static void by_id(void **state)
{
    (void)state;
    desk.server.gives_id = true;
    assert_false(ticket_desk_connect(&desk));
    desk.server.resumes = true;
    assert_true(ticket_desk_connect(&desk));
    assert_int_equal(desk.server.offered_length, 0);
    assert_memory_equal(desk.server.id, desk.kept.octets, 32);
    assert_true(ticket_desk_connect(&desk));
}

/* RFC 5077 3.4: the ticket counts. */
static void by_the_ticket_where_there_is_an_id_too(void **state)
{
    (void)state;
    desk.server.gives_id = true;
    ticket_desk_give(&desk, 100, 0);
    assert_false(ticket_desk_connect(&desk));
    desk.server.resumes = true;
    assert_true(ticket_desk_connect(&desk));
    assert_int_equal(desk.server.offered_length, 100);
}

static void a_new_ticket_takes_the_place_of_the_old(void **state)
{
    int i;

    (void)state;
    desk.server.resumes = true;
    for (i = 0; i < 4; i++) {
        ticket_desk_give(&desk, 100 + 40 * (size_t)i, 7200);
        assert_int_equal(ticket_desk_connect(&desk), i > 0);
        assert_int_equal(desk.kept.length, 100 + 40 * i);
        assert_memory_equal(desk.kept.octets, desk.message + 10, desk.kept.length);
    }
}

/* With whatever buffers, reads and records. */
static void however_the_octets_come(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 4, 5, 6, 7, 11, 64, 128, SIZE_MAX};
    static const size_t fragments[] = {0, 1, 2, 3, 4, 5, 7, 64, 200};
    size_t i, j, k;

    (void)state;
    for (k = 0; k < TICKET_DESK_LAYOUTS; k++) {
        desk.layout = &ticket_desk_layouts[k];
        for (i = 0; i < COUNT(pieces); i++) {
            for (j = 0; j <= COUNT(fragments); j++) {
                ticket_desk_forget(&desk);
                desk.piece = pieces[i];
                desk.is_joined = j == COUNT(fragments);
                desk.fragment = desk.is_joined ? 0 : fragments[j];
                desk.server.resumes = true;
                ticket_desk_give(&desk, 190, 7200);
                assert_false(ticket_desk_connect(&desk));
                ticket_desk_give(&desk, 160, 7200);
                assert_true(ticket_desk_connect(&desk));
                desk.server.message = NULL;
                assert_true(ticket_desk_connect(&desk));
            }
        }
    }
}

static void with_every_length_of_a_ticket(void **state)
{
    size_t length;

    (void)state;
    for (length = 32; length <= STINT_TICKET_MAX; length++) {
        ticket_desk_forget(&desk);
        desk.server.resumes = true;
        ticket_desk_give(&desk, length, 7200);
        assert_false(ticket_desk_connect(&desk));
        assert_true(ticket_desk_connect(&desk));
        assert_int_equal(desk.server.offered_length, length);
    }
}

static void with_every_suite(void **state)
{
    static const uint16_t suites[] = {BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                      BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                                      BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(suites); i++) {
        ticket_desk_forget(&desk);
        ticket_desk_suite = suites[i];
        desk.server.resumes = true;
        ticket_desk_give(&desk, 180, 7200);
        assert_false(ticket_desk_connect(&desk));
        assert_true(ticket_desk_connect(&desk));
        assert_int_equal(stint_tls_suite(&desk.tls), ticket_desk_suite);
    }
}

/* ---- What is not ---- */

static void a_ticket_that_is_too_large_is_not_kept(void **state)
{
    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, STINT_TICKET_MAX + 1, 7200);
    assert_false(ticket_desk_connect(&desk));
    assert_true(ticket_desk_is_empty(&desk));
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    ticket_desk_give(&desk, 65535 - 60000, 7200);
    assert_true(ticket_desk_connect(&desk));
    assert_int_equal(desk.kept.length, 180); /* the old one is still good */
}

/* RFC 5077 3.3: the desk.server has decided otherwise. */
static void nor_is_an_empty_one(void **state)
{
    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, 0, 7200);
    assert_false(ticket_desk_connect(&desk));
    assert_true(ticket_desk_is_empty(&desk));
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    ticket_desk_give(&desk, 0, 7200);
    desk.server.given_length = 180;
    assert_true(ticket_desk_connect(&desk));
    assert_int_equal(desk.kept.length, 180);
}

static void a_server_without_either_leaves_nothing(void **state)
{
    (void)state;
    assert_false(ticket_desk_connect(&desk));
    assert_true(ticket_desk_is_empty(&desk));
    assert_false(ticket_desk_connect(&desk));
}

/* It does not know it, or not any more: the same connection goes on. */
static void a_ticket_that_the_server_refuses_is_forgotten(void **state)
{
    (void)state;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    desk.server.message = NULL;
    assert_false(ticket_desk_connect(&desk));
    assert_int_equal(desk.server.offered_length, 180);
    assert_true(ticket_desk_is_empty(&desk));
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    ticket_desk_give(&desk, 170, 7200);
    assert_false(ticket_desk_connect(&desk));
    assert_int_equal(desk.kept.length, 170);
}

/* Is the octet in use? What is said of the policy is written anew each time. */
static bool counts(const struct stint_ticket *ticket, size_t place)
{
    return place < offsetof(struct stint_ticket, policy) ||
           (place >= offsetof(struct stint_ticket, verified) &&
            place < offsetof(struct stint_ticket, octets) + ticket->length);
}

static void damage_at_any_octet_is_seen(void **state)
{
    struct stint_ticket good;
    size_t i;

    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    desk.server.message = NULL;
    good = desk.kept;
    for (i = 0; i < sizeof desk.kept; i++) {
        memcpy(&desk.kept, &good, sizeof desk.kept);
        ((uint8_t *)&desk.kept)[i] ^= 0x40;
        assert_int_equal(ticket_desk_connect(&desk), !counts(&good, i));
        assert_int_equal(desk.server.offered_length, counts(&good, i) ? 0 : 180);
    }
}

static void so_is_memory_that_nobody_wrote(void **state)
{
    uint32_t seed = 77;
    size_t i, round;

    (void)state;
    desk.server.resumes = true;
    for (round = 0; round < 50; round++) {
        for (i = 0; i < sizeof desk.kept; i++) {
            ((uint8_t *)&desk.kept)[i] = (uint8_t)test_random(&seed);
        }
        assert_false(ticket_desk_connect(&desk));
        assert_int_equal(desk.server.offered_length, 0);
    }
}

/* Changes one thing that a session is bound to. Returns false if there is no such. */
static bool change(unsigned which)
{
    static br_x509_trust_anchor other, two[2];
    static uint8_t pins[1][STINT_TLS_PIN_OCTETS];
    static const br_rsa_public_key rsa = {(unsigned char *)"\xC5\x01", 2,
                                          (unsigned char *)"\x01\x00\x01", 3};
    static struct stint_tls_binding binding;

    two[0] = tls_server_anchor;
    two[1] = tls_server_anchor;
    switch (which) {
    case 0: desk.account.host = "mail.example.org"; return true;
    case 1: desk.account.port = 465; return true;
    case 2: desk.account.security = STINT_SECURITY_IMPLICIT; return true;
    case 3: desk.tls.floor_time = desk.tls.unix_time, desk.tls.unix_time = 0; return true;
    case 4: desk.tls.anchors = two, desk.tls.anchor_count = 2; return true;
    case 5:
        two[1].pkey.key_type = BR_KEYTYPE_RSA;
        two[1].pkey.key.rsa = rsa;
        desk.tls.anchors = two, desk.tls.anchor_count = 2;
        return true;
    case 6:
        desk.tls.pins = (const uint8_t(*)[STINT_TLS_PIN_OCTETS])pins, desk.tls.pin_count = 1;
        return true;
    case 7:
        other = tls_server_anchor;
        other.flags = BR_X509_TA_CA;
        desk.tls.anchors = &other;
        return true;
    case 8: desk.resume.binding = &binding; return true;
    case 9:
        other = tls_server_anchor;
        other.dn.len--;
        desk.tls.anchors = &other;
        return true;
    case 10: desk.resume.now = TICKET_DESK_NOW + 86400; return true;
    case 11: desk.resume.now = TICKET_DESK_NOW + 7200; return true;
    case 12: desk.resume.now = TICKET_DESK_NOW - 1; return true;
    case 13: desk.resume.now = TICKET_DESK_NOW + 60, desk.resume.max_age = 60; return true;
    case 14: desk.resume.now = 0; return true;
    case 15: desk.tls.watch = stint_tls_binding_watch; return true;
    default: return false;
    }
}

static void a_session_is_only_offered_where_it_was_verified(void **state)
{
    unsigned which = 0;
    bool is_changed = true;

    for (; is_changed; which++) {
        set_up(state);
        desk.server.resumes = true;
        ticket_desk_give(&desk, 180, 7200);
        assert_false(ticket_desk_connect(&desk));
        is_changed = change(which);
        ticket_server_start(&desk.server);
        assert_int_equal(stint_tls_start(&desk.tls, &desk.account, desk.in, sizeof desk.in,
                                         desk.out, sizeof desk.out),
                         STINT_ERROR_NONE);
        assert_int_equal(stint_tls_has_offered(&desk.tls), !is_changed);
        assert_int_equal(desk.kept.length, is_changed ? 0 : 180);
        stint_tls_end(&desk.tls);
        assert_true(ticket_desk_is_empty(&desk));
    }
    assert_int_equal(which, 17);
}

static void it_is_as_old_as_its_verification(void **state)
{
    unsigned i;

    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 3600);
    assert_false(ticket_desk_connect(&desk));
    desk.resume.max_age = 10000;
    for (i = 1; i < 4; i++) {
        desk.resume.now = TICKET_DESK_NOW + 3000 * i;
        ticket_desk_give(&desk, 180, 3600); /* which the server would take for another hour */
        assert_true(ticket_desk_connect(&desk));
    }
    desk.resume.now = TICKET_DESK_NOW + 9999;
    assert_true(ticket_desk_connect(&desk));
    desk.resume.now = TICKET_DESK_NOW + 10000;
    assert_false(ticket_desk_connect(&desk));
    desk.resume.now = TICKET_DESK_NOW + 19999;
    ticket_desk_give(&desk, 180, 0); /* not told for how long */
    assert_false(ticket_desk_connect(&desk));
    assert_true(ticket_desk_connect(&desk));
}

static void without_a_lifetime_our_own_counts(void **state)
{
    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 0);
    assert_false(ticket_desk_connect(&desk));
    desk.server.message = NULL;
    desk.resume.now = TICKET_DESK_NOW + 86399;
    assert_true(ticket_desk_connect(&desk));
    desk.resume.now = TICKET_DESK_NOW + 86400;
    assert_false(ticket_desk_connect(&desk));
}

/* ---- What is desk.kept ---- */

static void nothing_is_kept_of_a_handshake_that_fails(void **state)
{
    static const struct stint_ticket nothing;

    (void)state;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    desk.account.host = "other.example.com"; /* which the certificate does not name */
    assert_false(ticket_desk_shake_hands(&desk));
    assert_int_equal(end(false), BR_ERR_X509_BAD_SERVER_NAME);
    assert_memory_equal(&desk.kept, &nothing, sizeof desk.kept);
}

/* RFC 5246 7.2.2 */
static void nor_of_a_session_that_ends_with_an_error(void **state)
{
    static const uint8_t record[] = {TLS_APPLICATION_DATA, 3, 3, 0, 32};
    uint8_t *octets;
    size_t room;

    (void)state;
    ticket_desk_give(&desk, 180, 7200);
    assert_true(ticket_desk_shake_hands(&desk));
    stint_tls_keep(&desk.tls);
    assert_false(ticket_desk_is_empty(&desk));
    octets = stint_tls_record_in(&desk.tls, &room);
    memcpy(octets, record, sizeof record);
    stint_tls_record_in_ack(&desk.tls, sizeof record);
    octets = stint_tls_record_in(&desk.tls, &room);
    assert_int_equal(room, 32);
    memset(octets, 0, 32);
    stint_tls_record_in_ack(&desk.tls, 32);
    assert_int_equal(end(false), BR_ERR_BAD_MAC);
    assert_true(ticket_desk_is_empty(&desk));
}

static void the_wrong_secret_fails_once(void **state)
{
    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    desk.server.session.master_secret[5] ^= 1; /* the server's, which is the same for this side */
    assert_int_equal(ticket_desk_fail(&desk), BR_ERR_BAD_MAC);
    assert_false(ticket_desk_connect(&desk));
}

static void the_channel_binding_is_kept_along(void **state)
{
    static struct stint_tls_binding binding;
    uint8_t octets[64];

    (void)state;
    memset(&binding, 0, sizeof binding);
    binding.tls = &desk.tls;
    desk.tls.watch = stint_tls_binding_watch;
    desk.tls.watch_context = &binding;
    desk.resume.binding = &binding;
    desk.tls.binding = &binding; /* as SCRAM has it, which forgets that of another connection */
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    assert_int_equal(binding.length, 32);
    memcpy(octets, binding.octets, sizeof octets);
    memset(&binding, 0xEE, sizeof binding);
    assert_true(ticket_desk_connect(&desk));
    assert_int_equal(binding.length, 32);
    assert_memory_equal(binding.octets, octets, 32);
}

static void padded(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    stint_tls_profile_fast(client, x509);
    client->min_clienthello_len = 600;
}

/* A ClientHello of two records. */
static void where_the_hello_cannot_be_changed_nothing_is(void **state)
{
    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    desk.tls.profile = padded;
    desk.layout = &ticket_desk_layouts[1];
    ticket_server_start(&desk.server);
    assert_int_equal(
        stint_tls_start(&desk.tls, &desk.account, desk.in, STINT_IN_MIN, desk.out, STINT_OUT_MIN),
        STINT_ERROR_NONE);
    end(true);
    assert_true(ticket_desk_is_empty(&desk));
}

static void a_ticket_without_room_for_it_is_not_offered(void **state)
{
    (void)state;
    desk.server.resumes = true;
    ticket_desk_give(&desk, STINT_TICKET_MAX, 7200);
    assert_false(ticket_desk_connect(&desk));
    desk.layout = &ticket_desk_layouts[1]; /* an output buffer of 597 octets */
    assert_false(ticket_desk_connect(&desk));
    assert_true(desk.server.asked);
    assert_int_equal(desk.server.offered_length, 0);
    desk.layout = &ticket_desk_layouts[0];
    assert_true(ticket_desk_connect(&desk));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(by_ticket, set_up),
        cmocka_unit_test_setup(by_id, set_up),
        cmocka_unit_test_setup(by_the_ticket_where_there_is_an_id_too, set_up),
        cmocka_unit_test_setup(a_new_ticket_takes_the_place_of_the_old, set_up),
        cmocka_unit_test_setup(however_the_octets_come, set_up),
        cmocka_unit_test_setup(with_every_length_of_a_ticket, set_up),
        cmocka_unit_test_setup(with_every_suite, set_up),
        cmocka_unit_test_setup(a_ticket_that_is_too_large_is_not_kept, set_up),
        cmocka_unit_test_setup(nor_is_an_empty_one, set_up),
        cmocka_unit_test_setup(a_server_without_either_leaves_nothing, set_up),
        cmocka_unit_test_setup(a_ticket_that_the_server_refuses_is_forgotten, set_up),
        cmocka_unit_test_setup(damage_at_any_octet_is_seen, set_up),
        cmocka_unit_test_setup(so_is_memory_that_nobody_wrote, set_up),
        cmocka_unit_test_setup(a_session_is_only_offered_where_it_was_verified, set_up),
        cmocka_unit_test_setup(it_is_as_old_as_its_verification, set_up),
        cmocka_unit_test_setup(without_a_lifetime_our_own_counts, set_up),
        cmocka_unit_test_setup(nothing_is_kept_of_a_handshake_that_fails, set_up),
        cmocka_unit_test_setup(nor_of_a_session_that_ends_with_an_error, set_up),
        cmocka_unit_test_setup(the_wrong_secret_fails_once, set_up),
        cmocka_unit_test_setup(the_channel_binding_is_kept_along, set_up),
        cmocka_unit_test_setup(where_the_hello_cannot_be_changed_nothing_is, set_up),
        cmocka_unit_test_setup(a_ticket_without_room_for_it_is_not_offered, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
