/* SPDX-License-Identifier: MIT */

/* HelloRequests (RFC 5246 7.4.1.1), by which a server asks for a new handshake: one at each point
 * of a session, many at once, broken ones, and without end. Stint never renegotiates: it says so,
 * or leaves, and does neither forever. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

#define NO_RENEGOTIATION 100 /* RFC 5246 7.2.2 */

static const uint8_t hello_request[4] = {0, 0, 0, 0};

static struct {
    enum tls_wire_point point;
    unsigned count;
    bool behind; /* the reply, and not before it */
} request;

static bool ask_at_point(struct tls_wire *w, enum tls_wire_point point)
{
    unsigned i;

    if (point != request.point) {
        return true;
    }
    if (request.behind) {
        tls_wire_reply(w);
    }
    for (i = 0; i < request.count; i++) {
        tls_wire_seal(w, TLS_HANDSHAKE, hello_request, sizeof hello_request);
    }
    return !request.behind;
}

/* No handshake, and no word but of the mail and of the refusals. */
static void assert_not_renegotiated(const char *how)
{
    size_t said = wire.heard_records[TLS_HANDSHAKE];

    if (said != 3) { /* ClientHello, ClientKeyExchange, Finished */
        fail_msg("%s, with %s: %zu handshake messages", how, wire.layout->name, said);
    }
    assert_int_equal(wire.heard_records[TLS_CHANGE_CIPHER_SPEC], 1);
    assert_int_equal(wire.heard_records[TLS_ALERT], wire.alerts[NO_RENEGOTIATION] + wire.alerts[0]);
    assert_true(wire.alerts[0] <= 1);
}

/* What the session comes to: the mail arrives, and each request is refused. */
static void assert_refused_and_gone_on(unsigned count, const char *how)
{
    tls_wire_judge(&wire, STINT_ERROR_NONE, 0, how);
    assert_int_equal(wire.point, TLS_WIRE_OVER);
    assert_int_equal(wire.alerts[NO_RENEGOTIATION], count);
    assert_int_equal(wire.alerts[0], 1);
    assert_not_renegotiated(how);
}

static void at_every_point_it_is_refused(void **state)
{
    static const unsigned counts[] = {1, 2, 3, 10, 100};
    char how[80];
    size_t layout;
    size_t i;
    int behind;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(counts); i++) {
            for (behind = 0; behind < 2; behind++) {
                for (request.point = TLS_WIRE_GREETING; request.point < TLS_WIRE_OVER;
                     request.point++) {
                    request.count = counts[i];
                    request.behind = behind != 0;
                    tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                    wire.answer = ask_at_point;
                    tls_wire_go_on(&wire);
                    sprintf(how, "%u %s reply %u", counts[i], behind ? "behind" : "before",
                            (unsigned)request.point);
                    /* behind the last reply nobody is there any more */
                    assert_refused_and_gone_on(
                        behind && request.point == TLS_WIRE_QUIT ? 0 : counts[i], how);
                }
            }
        }
    }
}

/* ---- In the middle of the message ---- */

#define BODY_OCTETS 5000

static char body[BODY_OCTETS];

static void make_body(void)
{
    size_t i;

    for (i = 0; i < sizeof body; i++) {
        body[i] = (char)(i % 50 == 48 ? '\r' : i % 50 == 49 ? '\n' : 'a' + (int)(i % 26));
    }
}

static void start_with_body(const struct tls_wire_layout *layout)
{
    tls_wire_secure(&wire, layout);
    make_body();
    wire.source.text = body;
    wire.source.length = sizeof body;
}

static size_t pause_at;

/* The source has no more for now; then the requests come, and then the rest of the message. */
static uint32_t ask_in_the_pause(struct tls_wire *w)
{
    unsigned i;

    if (!w->source.hangs) {
        return 0;
    }
    for (i = 0; i < request.count && w->source.offset == pause_at; i++) {
        tls_wire_seal(w, TLS_HANDSHAKE, hello_request, sizeof hello_request);
    }
    w->source.hangs = w->read == w->down_length;
    w->source.length = w->source.hangs ? pause_at : sizeof body;
    return 10;
}

static void while_the_source_pauses_it_is_refused(void **state)
{
    static const unsigned counts[] = {1, 2, 20};
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(counts); i++) {
            for (pause_at = 0; pause_at <= sizeof body; pause_at += 500) {
                start_with_body(&tls_wire_layouts[layout]);
                request.count = counts[i];
                wire.source.hangs = true;
                wire.source.length = pause_at;
                wire.idle = ask_in_the_pause;
                tls_wire_go_on(&wire);
                assert_refused_and_gone_on(counts[i], "pause");
            }
        }
    }
}

/* ---- While the transport takes nothing ---- */

static size_t credit;
static bool has_asked;

static bool limit_credit(struct tls_wire *w, enum tls_wire_point point)
{
    tls_wire_reply(w);
    if (point == TLS_WIRE_DATA) {
        w->credit = credit;
    }
    return false;
}

/* It takes no more; the requests come; and then it takes everything. */
static uint32_t ask_while_blocked(struct tls_wire *w)
{
    unsigned i;

    if (w->credit != 0) {
        return 0;
    }
    if (!has_asked) {
        has_asked = true;
        for (i = 0; i < request.count; i++) {
            tls_wire_seal(w, TLS_HANDSHAKE, hello_request, sizeof hello_request);
        }
    } else {
        w->credit = SIZE_MAX;
    }
    return 10;
}

/* BearSSL can have one answer wait behind the record that does not leave. For a second request it
 * shuts all its doors, and for good: then the session ends. With one buffer nothing is read before
 * that record has left. */
static void judge_blocked(bool two_buffers)
{
    if (request.count > 1 && two_buffers) {
        tls_wire_judge(&wire, STINT_ERROR_PROTOCOL, 0, "blocked");
        assert_true(wire.alerts[NO_RENEGOTIATION] <= 1);
        assert_int_equal(wire.client.result.stage, STINT_STAGE_CONTENT);
        assert_not_renegotiated("blocked");
    } else {
        assert_refused_and_gone_on(request.count, "blocked");
    }
}

static void while_nothing_leaves_it_is_refused_or_ends_the_session(void **state)
{
    size_t layout;
    unsigned unknown = 0;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (request.count = 1; request.count < 5; request.count++) {
            for (credit = 0; credit < 5000; credit += 97) {
                start_with_body(&tls_wire_layouts[layout]);
                has_asked = false;
                wire.answer = limit_credit;
                wire.idle = ask_while_blocked;
                tls_wire_go_on(&wire);
                judge_blocked(tls_wire_layouts[layout].out_size > 0);
                unknown += wire.client.result.fate == STINT_FATE_UNKNOWN;
            }
        }
    }
    assert_true(unknown > 0); /* where it was the message's last record that waited */
}

/* ---- Messages of other kinds and shapes ---- */

#define MESSAGE(octets) octets, sizeof(octets) - 1

/* BearSSL answers no more than one in a record, and reads no further; with one buffer for both ways
 * not even that one can be answered. What cannot go on ends. */
static const struct message {
    const char *name;
    const char *octets;
    size_t length;
    size_t piece; /* in records of so many octets */
    enum stint_error error;
    int tls_error;
    unsigned refused; /* PROTOCOL: if there are two buffers */
} messages[] = {
    {"a HelloRequest", MESSAGE("\0\0\0\0"), 4, STINT_ERROR_NONE, 0, 1},
    {"in four records", MESSAGE("\0\0\0\0"), 1, STINT_ERROR_NONE, 0, 1},
    {"in two records", MESSAGE("\0\0\0\0"), 3, STINT_ERROR_NONE, 0, 1},
    {"two in one record", MESSAGE("\0\0\0\0\0\0\0\0"), 8, STINT_ERROR_PROTOCOL, 0, 1},
    {"two in three records", MESSAGE("\0\0\0\0\0\0\0\0"), 3, STINT_ERROR_PROTOCOL, 0, 1},
    {"half of one", MESSAGE("\0\0"), 2, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
    {"one and a half", MESSAGE("\0\0\0\0\0"), 5, STINT_ERROR_PROTOCOL, 0, 1},
    {"one that is not empty", MESSAGE("\0\0\0\1\0"), 5, STINT_ERROR_TLS, BR_ERR_BAD_HANDSHAKE, 0},
    {"one that is very long", MESSAGE("\0\xFF\xFF\xFF"), 4, STINT_ERROR_TLS, BR_ERR_BAD_HANDSHAKE,
     0},
    {"a ClientHello", MESSAGE("\1\0\0\0"), 4, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
    {"a ServerHello", MESSAGE("\2\0\0\x26\3\3"), 6, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
    {"a new ticket", MESSAGE("\4\0\0\6\0\0\0\0\0\0"), 10, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
    {"a Certificate", MESSAGE("\x0B\0\0\3\0\0\0"), 7, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
    {"a ServerHelloDone", MESSAGE("\x0E\0\0\0"), 4, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
    {"a Finished",
     MESSAGE("\x14\0\0\x0C"
             "0123456789ab"),
     16, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, 0},
};

static const struct message *message;

static bool say_message(struct tls_wire *w, enum tls_wire_point point)
{
    size_t i;
    size_t n;

    for (i = 0; point == request.point && i < message->length; i += n) {
        n = message->length - i < message->piece ? message->length - i : message->piece;
        tls_wire_seal(w, TLS_HANDSHAKE, message->octets + i, n);
    }
    if (point == request.point && message->error != STINT_ERROR_NONE) {
        tls_wire_reply_in_vain(w);
        return false;
    }
    return true;
}

static unsigned refusals(const struct message *said)
{
    return said->error == STINT_ERROR_PROTOCOL && wire.layout->out_size == 0 ? 0 : said->refused;
}

static void any_other_message_ends_the_session(void **state)
{
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(messages); i++) {
            for (request.point = TLS_WIRE_GREETING; request.point < TLS_WIRE_OVER;
                 request.point++) {
                message = &messages[i];
                tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                wire.answer = say_message;
                tls_wire_go_on(&wire);
                tls_wire_judge(&wire, message->error, message->tls_error, message->name);
                assert_int_equal(wire.alerts[NO_RENEGOTIATION], refusals(message));
                assert_int_equal(wire.point, message->error == STINT_ERROR_NONE
                                                 ? TLS_WIRE_OVER
                                                 : request.point + 1);
                assert_not_renegotiated(message->name);
            }
        }
    }
}

/* ---- Without end ---- */

/* RFC 5321 4.5.3.2's, in seconds; RFC 5321 has none for EHLO, AUTH and QUIT. */
static const uint32_t deadlines[TLS_WIRE_OVER] = {
    [TLS_WIRE_GREETING] = 300, [TLS_WIRE_EHLO] = 300, [TLS_WIRE_AUTH] = 120,
    [TLS_WIRE_MAIL] = 300,     [TLS_WIRE_RCPT] = 300, [TLS_WIRE_DATA] = 120,
    [TLS_WIRE_CONTENT] = 600,  [TLS_WIRE_QUIT] = 10};

static void ask_again(struct tls_wire *w)
{
    tls_wire_seal(w, TLS_HANDSHAKE, hello_request, sizeof hello_request);
}

static uint32_t ask_every_second(struct tls_wire *w)
{
    if (w->point != request.point) {
        return 0;
    }
    ask_again(w);
    return 1000;
}

static bool ask_without_end(struct tls_wire *w, enum tls_wire_point point)
{
    if (point != request.point) {
        return true;
    }
    w->started = w->now;
    if (request.count == 2) {
        tls_wire_seal(w, TLS_HANDSHAKE, hello_request, 2); /* and never its other half */
    } else if (request.count == 0) {
        w->flood = ask_again;
        w->step_ms = 20;
    } else {
        w->idle = ask_every_second;
    }
    return false; /* and never a reply */
}

static void for_ever_it_is_not_listened_to(void **state)
{
    size_t layout;
    uint32_t limit;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (request.count = 0; request.count < 3; request.count++) {
            for (request.point = TLS_WIRE_GREETING; request.point < TLS_WIRE_OVER;
                 request.point++) {
                tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                wire.answer = ask_without_end;
                tls_wire_go_on(&wire);
                tls_wire_judge(&wire, STINT_ERROR_TIMEOUT, 0, "endless");
                limit = deadlines[request.point] * 1000;
                assert_in_range(wire.now - wire.started, limit - 1000, limit + 1000);
                assert_true(wire.alerts[NO_RENEGOTIATION] <= limit / 20 + 1);
                assert_not_renegotiated("endless");
            }
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_every_point_it_is_refused),
        cmocka_unit_test(while_the_source_pauses_it_is_refused),
        cmocka_unit_test(while_nothing_leaves_it_is_refused_or_ends_the_session),
        cmocka_unit_test(any_other_message_ends_the_session),
        cmocka_unit_test(for_ever_it_is_not_listened_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
