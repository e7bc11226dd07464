/* SPDX-License-Identifier: MIT */

/* Handshakes with tickets that were tampered with, or that no proper server makes: none succeeds,
 * and nothing is kept of them. */

#include "test.h"
#include "ticket_desk.h"
#include "tls/tls.h"

static struct ticket_desk desk;

/* The session that both know before the handshake that fails; empty: none. */
static struct stint_ticket known;
static br_ssl_session_parameters known_there;

static int set_up(void **state)
{
    (void)state;
    ticket_desk_set_up(&desk);
    memset(&known, 0, sizeof known);
    memset(&known_there, 0, sizeof known_there);
    ticket_desk_give(&desk, 180, 7200);
    return 0;
}

/* From now on handshakes resume a session, if it is not tampered with. */
static void get_known(void)
{
    desk.server.resumes = true;
    assert_false(ticket_desk_connect(&desk));
    known = desk.kept;
    known_there = desk.server.session;
}

static void again(void)
{
    desk.kept = known;
    desk.server.session = known_there;
    memcpy(desk.server.given, known.octets, known.length);
    desk.server.given_length = known.length;
}

/* ---- Records of the server's flight ---- */

static size_t number(const uint8_t *octets)
{
    return (size_t)octets[0] << 8 | octets[1];
}

/* Where the record with the handshake message of this type is, in what the server says now; `type`
 * 0: ChangeCipherSpec. Returns NULL if there is none. */
static uint8_t *find(unsigned type)
{
    uint8_t *at = desk.server.down, *end = at + desk.server.down_length;

    for (; at < end; at += TLS_HEAD + number(at + 3)) {
        if (type == 0 ? at[0] == TLS_CHANGE_CIPHER_SPEC
                      : at[0] == TLS_HANDSHAKE && at[TLS_HEAD] == type) {
            return at;
        }
        if (at[0] == TLS_CHANGE_CIPHER_SPEC) {
            return NULL;
        }
    }
    return NULL;
}

static void insert(uint8_t *at, const void *octets, size_t length)
{
    size_t offset = (size_t)(at - desk.server.down);

    assert_true(desk.server.down_length + length <= sizeof desk.server.down);
    memmove(at + length, at, desk.server.down_length - offset);
    memcpy(at, octets, length);
    desk.server.down_length += length;
}

static void take_out(uint8_t *at, size_t length)
{
    size_t offset = (size_t)(at - desk.server.down);

    memmove(at, at + length, desk.server.down_length - offset - length);
    desk.server.down_length -= length;
}

static size_t length_of(const uint8_t *record)
{
    return TLS_HEAD + number(record + 3);
}

/* ---- What is done to it ---- */

/* Of a flight that has the message named, or else nothing. */
#define CHANGE(name, type)                                                                         \
    static void name##_at(uint8_t *record);                                                        \
    static void name(struct ticket_desk *at)                                                       \
    {                                                                                              \
        uint8_t *record = find(type);                                                              \
        (void)at;                                                                                  \
        if (record != NULL) {                                                                      \
            name##_at(record);                                                                     \
        }                                                                                          \
    }                                                                                              \
    static void name##_at(uint8_t *record)

#define SERVER_HELLO   2
#define TICKET         4
#define CERTIFICATE    11
#define KEY_EXCHANGE   12
#define HELLO_DONE     14
#define CHANGE_CIPHERS 0

CHANGE(twice, TICKET)
{
    insert(record, record, length_of(record));
}

CHANGE(dropped, TICKET)
{
    take_out(record, length_of(record));
}

CHANGE(cut, TICKET)
{
    record[4]--;
    take_out(record + length_of(record), 1);
}

CHANGE(cut_to_its_header, TICKET)
{
    size_t length = length_of(record) - TLS_HEAD - 4;

    take_out(record + TLS_HEAD + 4, length);
    record[3] = 0;
    record[4] = 4;
}

CHANGE(said_longer, TICKET)
{
    record[TLS_HEAD + 9]++;
}

CHANGE(said_shorter, TICKET)
{
    record[TLS_HEAD + 9]--;
}

CHANGE(said_short_of_its_length, TICKET)
{
    record[TLS_HEAD + 3] = 5;
}

CHANGE(said_endless, TICKET)
{
    record[TLS_HEAD + 1] = 0xFF;
}

CHANGE(of_another_version, TICKET)
{
    record[2] = 1;
}

CHANGE(in_a_record_too_large, TICKET)
{
    record[3] = 0x40;
    record[4] = 1;
}

CHANGE(with_other_octets, TICKET)
{
    record[TLS_HEAD + 50] ^= 1;
}

CHANGE(with_another_lifetime, TICKET)
{
    record[TLS_HEAD + 4] ^= 1;
}

CHANGE(octets_behind_it, TICKET)
{
    static const uint8_t stray[] = {0, 0};

    insert(record + length_of(record), stray, sizeof stray);
    record[4] = (uint8_t)(record[4] + sizeof stray);
}

CHANGE(in_clear_behind_it, TICKET)
{
    static const uint8_t finished[] = {22, 3, 3, 0, 16, 20, 0, 0,  12, 1, 2,
                                       3,  4, 5, 6, 7,  8,  9, 10, 11, 12};

    insert(record + length_of(record), finished, sizeof finished);
}

CHANGE(ciphers_in_the_middle_of_it, TICKET)
{
    static const uint8_t record_of_ciphers[] = {20, 3, 3, 0, 1, 1};
    const uint8_t head[] = {22, 3, 3, 0, (uint8_t)(record[4] - 60)};

    insert(record + TLS_HEAD + 60, head, sizeof head);
    insert(record + TLS_HEAD + 60, record_of_ciphers, sizeof record_of_ciphers);
    record[4] = 60;
}

CHANGE(ciphers_in_its_header, TICKET)
{
    static const uint8_t record_of_ciphers[] = {20, 3, 3, 0, 1, 1};
    const uint8_t head[] = {22, 3, 3, 0, (uint8_t)(record[4] - 2)};

    insert(record + TLS_HEAD + 2, head, sizeof head);
    insert(record + TLS_HEAD + 2, record_of_ciphers, sizeof record_of_ciphers);
    record[4] = 2;
}

static const uint8_t forged[] = {22, 3, 3, 0, 12, 4, 0, 0, 8, 0, 0, 1, 0, 0, 2, 0xAA, 0xBB};

CHANGE(one_before_everything, SERVER_HELLO)
{
    insert(record, forged, sizeof forged);
}

CHANGE(one_behind_the_hello, SERVER_HELLO)
{
    insert(record + length_of(record), forged, sizeof forged);
}

CHANGE(one_before_the_certificate, CERTIFICATE)
{
    insert(record, forged, sizeof forged);
}

CHANGE(one_behind_the_certificate, CERTIFICATE)
{
    insert(record + length_of(record), forged, sizeof forged);
}

CHANGE(one_in_the_certificate, CERTIFICATE)
{
    const size_t rest = length_of(record) - TLS_HEAD - 100;
    const uint8_t head[] = {22, 3, 3, (uint8_t)(rest >> 8), (uint8_t)rest};

    insert(record + TLS_HEAD + 100, head, sizeof head);
    insert(record + TLS_HEAD + 100, forged, sizeof forged);
    record[3] = 0;
    record[4] = 100;
}

CHANGE(one_behind_the_key_exchange, KEY_EXCHANGE)
{
    insert(record + length_of(record), forged, sizeof forged);
}

CHANGE(one_too_early, HELLO_DONE)
{
    insert(record + length_of(record), forged, sizeof forged);
}

CHANGE(one_in_the_record_of_the_end, HELLO_DONE)
{
    insert(record + length_of(record), forged + TLS_HEAD, sizeof forged - TLS_HEAD);
    record[4] = (uint8_t)(record[4] + sizeof forged - TLS_HEAD);
}

CHANGE(one_before_the_ciphers, CHANGE_CIPHERS)
{
    insert(record, forged, sizeof forged);
}

CHANGE(an_end_with_a_body, HELLO_DONE)
{
    insert(record + length_of(record), "x", 1);
    record[4]++;
    record[TLS_HEAD + 3] = 1;
}

CHANGE(another_hello, SERVER_HELLO)
{
    insert(record, record, length_of(record));
}

CHANGE(a_request_behind_the_hello, SERVER_HELLO)
{
    static const uint8_t request[] = {22, 3, 3, 0, 4, 0, 0, 0, 0};

    insert(record + length_of(record), request, sizeof request);
}

CHANGE(a_type_that_there_is_not, SERVER_HELLO)
{
    insert(record, "\x19\x03\x03\x00\x01x", 6);
}

CHANGE(a_fatal_alert, SERVER_HELLO)
{
    insert(record, "\x15\x03\x03\x00\x02\x02\x28", 7);
}

/* The last extension is the server's agreement. */
CHANGE(the_agreement_twice, SERVER_HELLO)
{
    insert(record + length_of(record), "\x00\x23\x00", 4);
    record[4] = (uint8_t)(record[4] + 4);
    record[TLS_HEAD + 3] = (uint8_t)(record[TLS_HEAD + 3] + 4);
    record[TLS_HEAD + 4 + 34 + 1 + record[TLS_HEAD + 4 + 34] + 3 + 1] += 4;
}

CHANGE(the_agreement_with_a_body, SERVER_HELLO)
{
    record[length_of(record) - 1] = 1;
    insert(record + length_of(record), "x", 1);
    record[4]++;
    record[TLS_HEAD + 3]++;
    record[TLS_HEAD + 4 + 34 + 1 + record[TLS_HEAD + 4 + 34] + 3 + 1]++;
}

CHANGE(the_agreement_too_long, SERVER_HELLO)
{
    record[length_of(record) - 1] = 7;
}

CHANGE(the_agreement_as_something_else, SERVER_HELLO)
{
    record[length_of(record) - 3] = 10;
}

CHANGE(the_agreement_as_what_there_is_not, SERVER_HELLO)
{
    record[length_of(record) - 4] = 0x23;
}

CHANGE(the_id_in_another_suite, SERVER_HELLO)
{
    record[TLS_HEAD + 4 + 34 + 1 + 32 + 1] ^= 4; /* C02B, C02F */
}

CHANGE(the_id_longer_than_there_is, SERVER_HELLO)
{
    record[TLS_HEAD + 4 + 34] = 0xFF;
}

/* What the server did not say so, or what is out of place. */
static const struct {
    const char *name;
    void (*edit)(struct ticket_desk *desk);
    int full, resumed; /* BR_ERR_* that must come of it; -1: any; -2: does not apply */
} cases[] = {
    {"a ticket that comes twice", twice, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"that does not come", dropped, BR_ERR_BAD_FINISHED, BR_ERR_BAD_FINISHED},
    {"that is cut", cut, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"of which the header is left", cut_to_its_header, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"longer than its message", said_longer, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"shorter than its message", said_shorter, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"in a message that is too short", said_short_of_its_length, -1, -1},
    {"in a message of 16 million octets", said_endless, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"in a record of another version", of_another_version, BR_ERR_BAD_VERSION, BR_ERR_BAD_VERSION},
    {"in a record that is too large", in_a_record_too_large, BR_ERR_BAD_LENGTH, BR_ERR_BAD_LENGTH},
    {"that was changed", with_other_octets, BR_ERR_BAD_FINISHED, BR_ERR_BAD_FINISHED},
    {"with another lifetime", with_another_lifetime, BR_ERR_BAD_FINISHED, BR_ERR_BAD_FINISHED},
    {"with octets behind it", octets_behind_it, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"with a message in clear behind it", in_clear_behind_it, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"ChangeCipherSpec in a ticket", ciphers_in_the_middle_of_it, BR_ERR_UNEXPECTED,
     BR_ERR_UNEXPECTED},
    {"in the header of one", ciphers_in_its_header, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"a forged ticket before everything", one_before_everything, BR_ERR_UNEXPECTED,
     BR_ERR_UNEXPECTED},
    {"behind ServerHello", one_behind_the_hello, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"before Certificate", one_before_the_certificate, BR_ERR_UNEXPECTED, -2},
    {"behind Certificate", one_behind_the_certificate, BR_ERR_UNEXPECTED, -2},
    {"in Certificate", one_in_the_certificate, -1, -2},
    {"behind ServerKeyExchange", one_behind_the_key_exchange, BR_ERR_UNEXPECTED, -2},
    {"behind ServerHelloDone", one_too_early, -1, -2},
    {"in the record of that", one_in_the_record_of_the_end, BR_ERR_UNEXPECTED, -2},
    {"before ChangeCipherSpec", one_before_the_ciphers, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"ServerHelloDone with a body", an_end_with_a_body, BR_ERR_UNEXPECTED, -2},
    {"two ServerHellos", another_hello, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"HelloRequest behind ServerHello", a_request_behind_the_hello, -2, BR_ERR_UNEXPECTED},
    {"a record of an unknown type", a_type_that_there_is_not, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"a fatal alert", a_fatal_alert, BR_ERR_RECV_FATAL_ALERT + 40, BR_ERR_RECV_FATAL_ALERT + 40},
    {"two agreements", the_agreement_twice, BR_ERR_EXTRA_EXTENSION, BR_ERR_EXTRA_EXTENSION},
    {"an agreement with a body", the_agreement_with_a_body, BR_ERR_UNEXPECTED, BR_ERR_UNEXPECTED},
    {"one longer than the message", the_agreement_too_long, BR_ERR_BAD_PARAM, BR_ERR_BAD_PARAM},
    {"by another number", the_agreement_as_something_else, -1, -1},
    {"by a number that nobody asked for", the_agreement_as_what_there_is_not,
     BR_ERR_EXTRA_EXTENSION, BR_ERR_EXTRA_EXTENSION},
    {"the session in another suite", the_id_in_another_suite, -2, BR_ERR_BAD_CIPHER_SUITE},
    {"an ID longer than the message", the_id_longer_than_there_is, BR_ERR_OVERSIZED_ID,
     BR_ERR_OVERSIZED_ID},
};

static void check(size_t which, int wanted)
{
    int error;

    if (wanted == -2) {
        return;
    }
    desk.edit = cases[which].edit;
    error = ticket_desk_fail(&desk);
    desk.edit = NULL;
    if (wanted != -1 && error != wanted) {
        fail_msg("%s: error %d, not %d", cases[which].name, error, wanted);
    }
}

static void in_a_full_handshake(void **state)
{
    size_t i;

    (void)state;
    for (desk.piece = 1; desk.piece < 200; desk.piece += 99) {
        for (i = 0; i < COUNT(cases); i++) {
            ticket_desk_give(&desk, 180, 7200);
            check(i, cases[i].full);
        }
    }
}

static void in_a_resumed_one(void **state)
{
    size_t i;

    (void)state;
    get_known();
    for (desk.piece = 1; desk.piece < 200; desk.piece += 99) {
        for (i = 0; i < COUNT(cases); i++) {
            again();
            check(i, cases[i].resumed);
        }
    }
    again();
    assert_true(ticket_desk_connect(&desk));
}

/* ---- A server of that kind ---- */

/* That has not agreed to any. */
static void a_ticket_unasked_is_refused(void **state)
{
    (void)state;
    desk.server.agrees = false;
    assert_int_equal(ticket_desk_fail(&desk), BR_ERR_UNEXPECTED);
}

/* To a client without resumption. */
static void an_agreement_unasked_is_refused(void **state)
{
    (void)state;
    desk.tls.resume = NULL;
    assert_int_equal(ticket_desk_fail(&desk), BR_ERR_EXTRA_EXTENSION);
}

/* RFC 5077 3.4, RFC 5246 7.4.1.3: of what it can do that the session could not. */
static void the_session_in_another_suite_is_refused(void **state)
{
    (void)state;
    get_known();
    desk.server.other_suite = BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
    assert_int_equal(ticket_desk_fail(&desk), BR_ERR_BAD_CIPHER_SUITE);
}

static void both_suites(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    static const uint16_t suites[] = {BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                      BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256};

    stint_tls_profile_fast(client, x509);
    br_ssl_engine_set_suites(&client->eng, suites, 2);
}

static void so_it_is_if_both_know_that(void **state)
{
    (void)state;
    get_known();
    desk.tls.profile = both_suites;
    desk.server.other_suite = BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
    assert_int_equal(ticket_desk_fail(&desk), BR_ERR_RESUME_MISMATCH);
}

/* Some servers send them, against RFC 5246 7.4.1.4.1. */
static void extensions_that_are_skipped_may_come_too(void **state)
{
    static const uint8_t before[] = {0, 13, 0, 2, 1, 2, 0, 11, 0, 2, 1, 0};

    (void)state;
    desk.server.extensions = before;
    desk.server.extensions_length = sizeof before;
    desk.server.resumes = true;
    assert_false(ticket_desk_connect(&desk));
    assert_true(ticket_desk_connect(&desk));
}

/* ---- On the way: one change at every octet in clear ---- */

enum way { WAY_BIT, WAY_GONE, WAY_TWICE, WAYS };
static enum way way;
static size_t place, passed;
static bool is_done;

static void change(struct ticket_desk *at)
{
    uint8_t *octet;
    size_t clear = (size_t)(find(CHANGE_CIPHERS) - desk.server.down);

    clear = find(CHANGE_CIPHERS) != NULL ? clear : desk.server.down_length;
    if (place >= passed && place - passed < clear) {
        octet = at->server.down + (place - passed);
        is_done = true;
        if (way == WAY_BIT) {
            *octet ^= (uint8_t)(1U << place % 8);
        } else if (way == WAY_GONE) {
            take_out(octet, 1);
        } else {
            insert(octet, octet, 1);
        }
    }
    passed += clear;
}

static void every_change_is_seen(bool resumes)
{
    size_t changes = 0;

    for (way = WAY_BIT; way < WAYS; way++) {
        is_done = true;
        for (place = 0; is_done; place++) {
            ticket_desk_give(&desk, 180, 7200);
            if (resumes) {
                again();
            }
            is_done = false;
            passed = 0;
            desk.edit = change;
            if (ticket_desk_shake_hands(&desk) && is_done) {
                fail_msg("change %d of octet %zu was not seen", (int)way, place);
            }
            stint_tls_end(&desk.tls);
            assert_true(ticket_desk_is_empty(&desk));
            changes += is_done;
        }
    }
    assert_true(changes > 3 * 250);
}

static void every_change_of_a_full_handshake_is_seen(void **state)
{
    (void)state;
    every_change_is_seen(false);
}

static void every_change_of_a_resumed_one_is_seen(void **state)
{
    (void)state;
    get_known();
    every_change_is_seen(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_a_full_handshake, set_up),
        cmocka_unit_test_setup(in_a_resumed_one, set_up),
        cmocka_unit_test_setup(a_ticket_unasked_is_refused, set_up),
        cmocka_unit_test_setup(an_agreement_unasked_is_refused, set_up),
        cmocka_unit_test_setup(the_session_in_another_suite_is_refused, set_up),
        cmocka_unit_test_setup(so_it_is_if_both_know_that, set_up),
        cmocka_unit_test_setup(extensions_that_are_skipped_may_come_too, set_up),
        cmocka_unit_test_setup(every_change_of_a_full_handshake_is_seen, set_up),
        cmocka_unit_test_setup(every_change_of_a_resumed_one_is_seen, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
