/* SPDX-License-Identifier: MIT */

/* Octets that somebody puts into the stream in clear: behind the 220 of STARTTLS (CVE-2021-22947),
 * into the handshake, and between the records of a session. None may be taken for the server's. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

/* What is put in, and what the handshake makes of it if it is there in time for that. */
struct injection {
    const char *octets;
    size_t length;
    enum stint_error error; /* STINT_ERROR_NONE: it does no harm */
    int tls_error;
};

#define INJECTION(octets, error, tls_error)                                                        \
    {                                                                                              \
        octets, sizeof(octets) - 1, error, tls_error                                               \
    }
#define FORGED_REPLY                                                                               \
    "\x17\x03\x03\x00\x08"                                                                         \
    "250 Ok\r\n"
#define RANDOM "0123456789abcdef0123456789abcdef"

static const struct injection injections[] = {
    /* one octet, which moves the head of the next record */
    INJECTION("2", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    INJECTION("\n", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    INJECTION("\0", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    INJECTION("\x16", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    /* replies */
    INJECTION("250 mx.example.org\r\n", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    INJECTION("250-mx\r\n250 AUTH PLAIN\r\n235 Ok\r\n", STINT_ERROR_TLS,
              BR_ERR_UNSUPPORTED_VERSION),
    INJECTION("421 4.3.2 Bye\r\n", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    /* records of TLS: application data, */
    INJECTION(FORGED_REPLY, STINT_ERROR_TLS, BR_ERR_UNEXPECTED),
    /* a change of keys, */
    INJECTION("\x14\x03\x03\x00\x01\x01", STINT_ERROR_TLS, BR_ERR_UNEXPECTED),
    /* a ServerHello, which the true one follows, */
    INJECTION("\x16\x03\x03\x00\x2A\x02\x00\x00\x26\x03\x03" RANDOM "\x00\xC0\x2B\x00",
              STINT_ERROR_TLS, BR_ERR_UNEXPECTED),
    /* alerts, fatal and not, */
    INJECTION("\x15\x03\x03\x00\x02\x02\x28", STINT_ERROR_TLS, BR_ERR_RECV_FATAL_ALERT + 40),
    INJECTION("\x15\x03\x03\x00\x02\x01\x00", STINT_ERROR_CLOSED, 0),
    INJECTION("\x15\x03\x03\x00\x02\x01\x5A", STINT_ERROR_NONE, 0),
    /* a HelloRequest, at which BearSSL's two ends reckon differently, */
    INJECTION("\x16\x03\x03\x00\x04\0\0\0\0", STINT_ERROR_CLOSED, 0),
    /* and a record with nothing in it */
    INJECTION("\x16\x03\x03\x00\x00", STINT_ERROR_NONE, 0),
};

/* ---- Behind the 220 ---- */

static const struct injection *injected;
/* Where what is sent comes in two pieces: counted from the 220's end. */
static long seam;

static bool inject_behind_220(struct tls_wire *w, enum tls_wire_point point)
{
    if (point != TLS_WIRE_STARTTLS) {
        return true;
    }
    tls_wire_reply(w);
    w->hold_at = (size_t)((long)w->reply_end[point] + seam);
    tls_wire_put(w, injected->octets, injected->length);
    return false;
}

static void run_starttls(const struct tls_wire_layout *layout, const struct injection *injection,
                         long split, size_t most)
{
    injected = injection;
    seam = split;
    tls_wire_set_up(&wire, layout);
    wire.account.security = STINT_SECURITY_STARTTLS;
    wire.answer = inject_behind_220;
    wire.most = most;
    tls_wire_run(&wire);
}

static void assert_seen(void)
{
    static const char said[] = "EHLO client.example.com\r\nSTARTTLS\r\n";

    assert_int_equal(wire.client.result.error, STINT_ERROR_INJECTION);
    assert_int_equal(wire.client.result.stage, STINT_STAGE_STARTTLS);
    assert_int_equal(wire.client.result.code, 0);
    assert_string_equal(wire.text, "");
    assert_int_equal(wire.entropy_asked, 0);
    assert_int_equal(wire.up_length, sizeof said - 1);
    assert_memory_equal(wire.up, said, sizeof said - 1);
    tls_wire_judge_unsecured(&wire, "injected");
}

/* However it comes, if any of it can be read when the 220 has been read: with the 220 in one piece,
 * or in two that are cut anywhere. */
static void with_the_220_it_is_seen(void **state)
{
    size_t i;
    size_t layout;
    long split;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(injections); i++) {
            for (split = -12; split <= (long)injections[i].length; split++) {
                if (split != 0) {
                    run_starttls(&tls_wire_layouts[layout], &injections[i], split, 0);
                    assert_seen();
                }
            }
        }
    }
}

/* Or in pieces of any size, none of which is waited for. */
static void piece_by_piece_it_is_seen(void **state)
{
    size_t i;
    size_t layout;
    size_t most;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(injections); i++) {
            for (most = 1; most < 40; most++) {
                run_starttls(&tls_wire_layouts[layout], &injections[i], 1000, most);
                assert_seen();
            }
        }
    }
}

static void judge_in_handshake(const struct injection *injection, size_t number)
{
    char how[50];

    sprintf(how, "injection %zu", number);
    tls_wire_judge(&wire, injection->error, injection->tls_error, how);
    if (injection->error != STINT_ERROR_NONE) {
        tls_wire_judge_unsecured(&wire, how);
        assert_int_equal(tls_wire_stage(&wire), STINT_STAGE_TLS);
    }
}

/* What comes when the handshake has begun is for TLS to judge, which takes nothing for a reply. */
static void one_step_later_it_breaks_the_handshake(void **state)
{
    static const size_t mosts[] = {0, 1, 3, 7};
    size_t i;
    size_t j;
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(injections); i++) {
            for (j = 0; j < COUNT(mosts); j++) {
                run_starttls(&tls_wire_layouts[layout], &injections[i], 0, mosts[j]);
                judge_in_handshake(&injections[i], i);
                assert_int_equal(wire.entropy_asked, 1);
            }
        }
    }
}

/* ---- Inside TLS ---- */

/* Nothing is in clear any more, and so everything is wrong; with the records' numbers, no record of
 * before can be replayed either. */
static const struct injection later_injections[] = {
    INJECTION("\x17", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    INJECTION("250 Ok\r\n", STINT_ERROR_TLS, BR_ERR_UNSUPPORTED_VERSION),
    INJECTION(FORGED_REPLY, STINT_ERROR_TLS, BR_ERR_BAD_LENGTH),
    INJECTION("\x17\x03\x03\x00\x00", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH),
    INJECTION("\x17\x03\x03\x00\x20" RANDOM, STINT_ERROR_TLS, BR_ERR_BAD_MAC),
    INJECTION("\x17\x03\x01\x00\x20" RANDOM, STINT_ERROR_TLS, BR_ERR_BAD_VERSION),
    INJECTION("\x15\x03\x03\x00\x02\x01\x00", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH),
    INJECTION("\x15\x03\x03\x00\x20" RANDOM, STINT_ERROR_TLS, BR_ERR_BAD_MAC),
};

static enum tls_wire_point injected_at;

static bool inject_at_point(struct tls_wire *w, enum tls_wire_point point)
{
    if (point == injected_at) {
        tls_wire_put(w, injected->octets, injected->length);
    }
    return true;
}

static void inside_tls_it_ends_the_session(void **state)
{
    size_t i;
    size_t layout;
    char how[50];

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(later_injections); i++) {
            for (injected_at = TLS_WIRE_GREETING; injected_at < TLS_WIRE_OVER; injected_at++) {
                injected = &later_injections[i];
                tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                wire.answer = inject_at_point;
                tls_wire_go_on(&wire);
                sprintf(how, "injection %zu at %u", i, (unsigned)injected_at);
                tls_wire_judge(&wire, injected->error, injected->tls_error, how);
                assert_int_equal(wire.point, injected_at + 1);
            }
        }
    }
}

/* A reply that was true once is not true again: here the last record that came down. */
static bool replay_at_point(struct tls_wire *w, enum tls_wire_point point)
{
    size_t start = point == TLS_WIRE_EHLO ? w->secured_end : w->reply_end[point - 2];
    size_t end = w->reply_end[point - 1];

    if (point == injected_at) {
        tls_wire_put(w, w->down + start, end - start);
    }
    return true;
}

static void a_replayed_record_ends_the_session(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (injected_at = TLS_WIRE_EHLO; injected_at < TLS_WIRE_OVER; injected_at++) {
            tls_wire_secure(&wire, &tls_wire_layouts[layout]);
            wire.answer = replay_at_point;
            tls_wire_go_on(&wire);
            tls_wire_judge(&wire, STINT_ERROR_TLS, BR_ERR_BAD_MAC, "replay");
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_the_220_it_is_seen),
        cmocka_unit_test(piece_by_piece_it_is_seen),
        cmocka_unit_test(one_step_later_it_breaks_the_handshake),
        cmocka_unit_test(inside_tls_it_ends_the_session),
        cmocka_unit_test(a_replayed_record_ends_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
