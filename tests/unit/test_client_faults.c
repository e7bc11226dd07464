/* SPDX-License-Identifier: MIT */

/*
 * The transport fails at every call of a session. Whatever fails and whenever: what the client says
 * of the message must be what the server knows of it.
 */

#include "test.h"

#include "desk.h"

static struct desk desk;

/* What a run without a fault looks like. */
struct session {
    const char *name;
    const char *script;
    uint8_t security;
};

static const struct session sessions[] = {
    {"in lock-step", DESK_SESSION, STINT_SECURITY_NONE},
    {"with QUIT behind the body",
     "S: 220 mx.example.org\nC: EHLO client.example.com\nS: 250-mx.example.org\nS: 250 "
     "PIPELINING\n" DESK_ENVELOPE DESK_DATA DESK_MESSAGE
     "C: QUIT\nS: 250 2.0.0 Queued\nS: 221 Bye\n",
     STINT_SECURITY_NONE},
};

/* A handshake takes its time: so these are tried in fewer ways. */
static const struct session tls_sessions[] = {
    {"in TLS", "== TLS ==\n" DESK_SESSION, STINT_SECURITY_IMPLICIT},
    {"in TLS, with QUIT behind the body",
     "== TLS ==\n"
     "S: 220 mx.example.org\nC: EHLO client.example.com\nS: 250-mx.example.org\nS: 250 "
     "PIPELINING\n" DESK_ENVELOPE DESK_DATA DESK_MESSAGE
     "C: QUIT\nS: 250 2.0.0 Queued\nS: 221 Bye\n",
     STINT_SECURITY_IMPLICIT},
};

static const char end_of_message[] = "\r\n.\r\n";

/* The turn in which the message ends, and where in it. */
static size_t find_end_of_message(const struct transcript *script, size_t *octet)
{
    size_t turn;
    size_t i;

    for (turn = 0; turn < script->turn_count; turn++) {
        const struct transcript_turn *t = &script->turns[turn];

        for (i = 0; t->act == TRANSCRIPT_CLIENT && i + 5 <= t->length; i++) {
            if (memcmp(t->octets + i, end_of_message, 5) == 0) {
                *octet = i + 5;
                return turn;
            }
        }
    }
    fail_msg("no message in the script");
    return 0;
}

/* What the server knows: did all of the message reach it, and did its 250 reach the client? */
static enum stint_fate true_fate(const struct desk *d)
{
    size_t octet = 0;
    size_t turn = find_end_of_message(&d->script, &octet);
    size_t reply = strcspn(d->script.turns[turn + 1].octets, "\n") + 1;

    if (d->fake.turn > turn + 1 || (d->fake.turn == turn + 1 && d->fake.offset >= reply)) {
        return STINT_FATE_ACCEPTED;
    }
    if (d->fake.turn == turn + 1 || (d->fake.turn == turn && d->fake.offset >= octet)) {
        return STINT_FATE_UNKNOWN;
    }
    return STINT_FATE_NOT_ACCEPTED;
}

static void set_up(const struct session *session, size_t most, bool again, bool dead)
{
    desk_set_up(&desk, session->script);
    desk.account.security = session->security;
    desk.fake.most = most;
    desk.fake.again = again;
    desk.fake.dead = dead;
    desk.source.again = again;
    desk.source.most = most;
    desk.now_ms = 0;
}

static void judge(const char *name, unsigned call)
{
    const struct stint_result *result = &desk.client.result;
    enum stint_fate fate = true_fate(&desk);

    if (result->fate != fate || desk.recipients[0].fate != fate) {
        fail_msg("%s, call %u, at turn %zu, octet %zu: %s, but it is %s", name, call,
                 desk.fake.turn, desk.fake.offset, stint_fate_name(result->fate),
                 stint_fate_name(fate));
    }
    if (fate == STINT_FATE_ACCEPTED) {
        assert_int_equal(result->error, STINT_ERROR_NONE);
        assert_int_equal(desk.recipients[0].code, 250);
        assert_string_equal(desk.text, "2.0.0 Queued");
    } else {
        assert_int_equal(result->error, STINT_ERROR_IO);
        assert_int_equal(desk.recipients[0].code, 0);
        assert_int_equal(result->code, 0);
        assert_string_equal(desk.text, "");
    }
}

/* Every call fails once: open, read, write, flush and close alike. */
static void fail_every_call(const struct session *session, size_t most, bool again, bool dead)
{
    unsigned calls;
    unsigned call;

    set_up(session, most, again, dead);
    desk_run(&desk);
    calls = desk.fake.calls;
    judge(session->name, 0);
    for (call = 1; call <= calls; call++) {
        set_up(session, most, again, dead);
        desk.fake.fail_at = call;
        desk_run(&desk);
        judge(session->name, call);
    }
}

static void the_fate_is_told_whatever_call_fails(void **state)
{
    static const size_t mosts[] = {0, 1, 2, 7, 64};
    size_t i;
    size_t j;
    unsigned manner;

    (void)state;
    for (i = 0; i < COUNT(sessions); i++) {
        for (j = 0; j < COUNT(mosts); j++) {
            for (manner = 0; manner < 4; manner++) {
                fail_every_call(&sessions[i], mosts[j], manner % 2 != 0, manner / 2 != 0);
            }
        }
    }
}

static void also_inside_tls(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(tls_sessions); i++) {
        fail_every_call(&tls_sessions[i], 0, true, true);
        fail_every_call(&tls_sessions[i], 59, false, false);
    }
}

/* The caller gives up before every step; and the clock jumps beyond every deadline there. */
static void interrupt_every_step(const struct session *session, size_t most, bool by_time)
{
    enum stint_error error = by_time ? STINT_ERROR_TIMEOUT : STINT_ERROR_ABORTED;
    unsigned steps;
    unsigned step;
    bool interrupted = true;

    for (steps = 0; interrupted; steps++) {
        set_up(session, most, true, false);
        desk.account.deadline_ms = 1000;
        stint_start(&desk.client, &desk.account, &desk.mail, 0);
        interrupted = false;
        for (step = 0; stint_step(&desk.client, interrupted ? 5000 : 0) == STINT_RUNNING; step++) {
            if (step == steps) {
                interrupted = true;
                if (!by_time) {
                    stint_abort(&desk.client);
                }
            }
        }
        assert_int_equal(desk.client.result.fate, true_fate(&desk));
        if (true_fate(&desk) != STINT_FATE_ACCEPTED) {
            assert_int_equal(desk.client.result.error, error);
        }
        assert_int_equal(desk.fake.closed, desk.fake.opened);
    }
    assert_true(steps > 20);
}

static void the_fate_is_told_whenever_the_caller_gives_up(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(sessions); i++) {
        interrupt_every_step(&sessions[i], 1, false);
        interrupt_every_step(&sessions[i], 0, false);
        interrupt_every_step(&tls_sessions[i], 40, false);
    }
}

static void the_fate_is_told_whenever_time_is_up(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(sessions); i++) {
        interrupt_every_step(&sessions[i], 1, true);
        interrupt_every_step(&sessions[i], 0, true);
        interrupt_every_step(&tls_sessions[i], 40, true);
    }
}

/* How much was left of the turn in which the script was cut off; 0: it was between two. */
static size_t rest_of_turn;

/* The script goes on for `octets` octets, and then the server closes or the connection breaks. */
static size_t cut_off(const struct session *session, enum transcript_act act, size_t octets,
                      size_t most)
{
    struct transcript_turn *turn;
    size_t rest = octets;

    set_up(session, most, false, false);
    for (turn = desk.script.turns; turn->act != TRANSCRIPT_END && rest >= turn->length; turn++) {
        rest -= turn->length;
    }
    if (turn->act == TRANSCRIPT_END) {
        return 0;
    }
    if (rest > 0) {
        turn->length = rest;
        turn->due = turn->due < rest ? turn->due : rest;
        turn++;
    }
    rest_of_turn = rest;
    turn->act = act;
    turn->length = 0;
    turn->due = 0;
    turn[1].act = TRANSCRIPT_END;
    return octets + 1;
}

/* The whole script again, for judging by. */
static void judge_cut(const struct session *session, enum stint_error error)
{
    if (rest_of_turn > 0 && desk.fake.offset == 0 &&
        desk.script.turns[desk.fake.turn + 1].act == TRANSCRIPT_END) {
        desk.fake.turn--;
        desk.fake.offset = rest_of_turn;
    }
    transcript_parse(&desk.script, "script", session->script);
    assert_int_equal(desk.client.result.fate, true_fate(&desk));
    if (true_fate(&desk) == STINT_FATE_ACCEPTED) {
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    } else {
        assert_int_equal(desk.client.result.error, error);
        assert_int_equal(desk.client.result.code, 0);
    }
}

static void cut_off_everywhere(const struct session *session, enum transcript_act act,
                               enum stint_error error)
{
    static const size_t mosts[] = {0, 1};
    size_t octets;
    size_t i;

    for (i = 0; i < COUNT(mosts); i++) {
        for (octets = 0; cut_off(session, act, octets, mosts[i]) > 0; octets++) {
            desk_run(&desk);
            judge_cut(session, error);
        }
        assert_true(octets > 100);
    }
}

static void the_fate_is_told_whenever_the_connection_ends(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(sessions); i++) {
        cut_off_everywhere(&sessions[i], TRANSCRIPT_CLOSED, STINT_ERROR_CLOSED);
        cut_off_everywhere(&sessions[i], TRANSCRIPT_LOST, STINT_ERROR_IO);
        cut_off_everywhere(&sessions[i], TRANSCRIPT_SILENCE, STINT_ERROR_TIMEOUT);
    }
}

/* Inside TLS the octets of a flight come all or none, and so the script ends between two turns. */
static void end_at_every_turn(const struct session *session, enum transcript_act act,
                              enum stint_error error)
{
    size_t turn = 2; /* after the handshake and the greeting */
    bool more = true;

    for (; more; turn++) {
        set_up(session, 0, false, false);
        more = desk.script.turns[turn].act != TRANSCRIPT_END;
        desk.script.turns[turn].act = act;
        desk.script.turns[turn].length = 0;
        desk.script.turns[turn + 1].act = TRANSCRIPT_END;
        desk_run(&desk);
        rest_of_turn = 0;
        judge_cut(session, error);
    }
    assert_true(turn > 10);
}

/* RFC 5246 7.2.1: an end without close_notify is a truncation, and may be an attacker's. */
static void the_end_of_tls_is_told_from_a_truncation(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(tls_sessions); i++) {
        end_at_every_turn(&tls_sessions[i], TRANSCRIPT_CLOSED, STINT_ERROR_CLOSED);
        end_at_every_turn(&tls_sessions[i], TRANSCRIPT_CUT_OFF, STINT_ERROR_TRUNCATED);
        end_at_every_turn(&tls_sessions[i], TRANSCRIPT_LOST, STINT_ERROR_IO);
        end_at_every_turn(&tls_sessions[i], TRANSCRIPT_SILENCE, STINT_ERROR_TIMEOUT);
    }
}

/* ---- Answers that the contract does not allow ---- */

static enum { ILLEGAL_OPEN, ILLEGAL_READ, ILLEGAL_WRITE, ILLEGAL_FLUSH, ILLEGAL_KINDS } illegal;
static int illegal_answer;

static int illegal_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    int status = fake_io.open(context, host, port, left_ms);

    return illegal == ILLEGAL_OPEN ? illegal_answer : status;
}

static int illegal_read(void *context, uint8_t *buffer, size_t room)
{
    return illegal == ILLEGAL_READ ? illegal_answer : fake_io.read(context, buffer, room);
}

static int illegal_write(void *context, const uint8_t *data, size_t length)
{
    return illegal == ILLEGAL_WRITE ? illegal_answer : fake_io.write(context, data, length);
}

static int illegal_flush(void *context)
{
    return illegal == ILLEGAL_FLUSH ? illegal_answer : fake_io.flush(context);
}

static int legal_close(void *context)
{
    return fake_io.close(context);
}

/* 0 is neither "later" nor "closed", and nobody moves more than there was: that is a broken port.
 */
static void an_illegal_answer_is_a_failure(void **state)
{
    static const struct stint_io io = {illegal_open,  illegal_read, illegal_write,
                                       illegal_flush, legal_close,  NULL};
    static const int wrong[] = {0, -4, -100, 100000};
    size_t i;

    (void)state;
    for (illegal = ILLEGAL_OPEN; illegal < ILLEGAL_KINDS; illegal++) {
        for (i = 0; i < COUNT(wrong); i++) {
            desk_set_up(&desk, DESK_SESSION);
            desk.client.io = &io;
            illegal_answer = wrong[i];
            stint_start(&desk.client, &desk.account, &desk.mail, 0);
            while (stint_step(&desk.client, 0) == STINT_RUNNING) {
                assert_true(desk.fake.calls < 100);
            }
            desk_assert(&desk, STINT_ERROR_IO,
                        illegal == ILLEGAL_OPEN   ? STINT_STAGE_CONNECT
                        : illegal == ILLEGAL_READ ? STINT_STAGE_GREETING
                                                  : STINT_STAGE_EHLO,
                        STINT_FATE_NOT_ACCEPTED);
            assert_int_equal(desk.fake.closed, 1);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fate_is_told_whatever_call_fails),
        cmocka_unit_test(also_inside_tls),
        cmocka_unit_test(the_fate_is_told_whenever_the_caller_gives_up),
        cmocka_unit_test(the_fate_is_told_whenever_time_is_up),
        cmocka_unit_test(the_fate_is_told_whenever_the_connection_ends),
        cmocka_unit_test(the_end_of_tls_is_told_from_a_truncation),
        cmocka_unit_test(an_illegal_answer_is_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
