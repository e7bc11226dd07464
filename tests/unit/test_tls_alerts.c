/* SPDX-License-Identifier: MIT */

/* Alerts (RFC 5246 7.2) of every level and kind, whole and in pieces, at every point of a session:
 * fatal ones end it, close_notify closes it, and other warnings mean nothing. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

#define WARNING          1
#define FATAL            2
#define CLOSE_NOTIFY     0
#define USER_CANCELED    90
#define NO_RENEGOTIATION 100

static struct {
    uint8_t octets[2]; /* level and description */
    size_t piece;      /* octets in a record */
    enum tls_wire_point point;
    bool behind; /* the reply, and not before it */
} alert;

/* An alert of an unknown level is taken as fatal, as is no_renegotiation: who does not renegotiate
 * has been asked to by nobody. */
static enum stint_error error_of(const uint8_t *octets, int *tls_error)
{
    *tls_error = 0;
    if (octets[0] == WARNING && octets[1] == CLOSE_NOTIFY) {
        return STINT_ERROR_CLOSED;
    }
    if (octets[0] == WARNING && octets[1] != NO_RENEGOTIATION) {
        return STINT_ERROR_NONE;
    }
    *tls_error = BR_ERR_RECV_FATAL_ALERT + octets[1];
    return STINT_ERROR_TLS;
}

static bool ends_session(void)
{
    int tls_error;

    return error_of(alert.octets, &tls_error) != STINT_ERROR_NONE;
}

static void seal_alert(struct tls_wire *w)
{
    size_t i;

    for (i = 0; i < 2; i += alert.piece) {
        tls_wire_seal(w, TLS_ALERT, alert.octets + i, alert.piece);
    }
}

static void judge(enum stint_error otherwise)
{
    int tls_error;
    enum stint_error error = error_of(alert.octets, &tls_error);
    char how[80];

    sprintf(how, "alert %u/%u in pieces of %zu %s reply %u", alert.octets[0], alert.octets[1],
            alert.piece, alert.behind ? "behind" : "before", (unsigned)alert.point);
    tls_wire_judge(&wire, error != STINT_ERROR_NONE ? error : otherwise, tls_error, how);
    assert_true(wire.alerts[CLOSE_NOTIFY] <= 1);
    assert_int_equal(wire.alerts[CLOSE_NOTIFY], wire.heard_records[TLS_ALERT]);
}

static const uint8_t levels[] = {0, WARNING, FATAL, 3, 255};
static const uint8_t kinds[] = {CLOSE_NOTIFY,     10,  20,  22, 40, 50, 70, 80, USER_CANCELED,
                                NO_RENEGOTIATION, 112, 254, 255};

/* ---- At each point ---- */

static bool alert_at_point(struct tls_wire *w, enum tls_wire_point point)
{
    if (point != alert.point) {
        return true;
    }
    if (alert.behind) {
        tls_wire_reply(w);
        seal_alert(w);
    } else {
        seal_alert(w);
        if (ends_session()) {
            tls_wire_reply_in_vain(w);
            return false;
        }
    }
    return !alert.behind;
}

static void alert_once(const struct tls_wire_layout *layout, uint8_t level, uint8_t kind)
{
    alert.octets[0] = level;
    alert.octets[1] = kind;
    tls_wire_secure(&wire, layout);
    wire.answer = alert_at_point;
    tls_wire_go_on(&wire);
    judge(STINT_ERROR_NONE);
    assert_true(wire.now - wire.started < 1000);
}

static void alert_everywhere(const struct tls_wire_layout *layout, uint8_t level, uint8_t kind)
{
    unsigned manner;

    for (manner = 0; manner < 4; manner++) {
        alert.piece = manner % 2 == 0 ? 2 : 1;
        alert.behind = manner / 2 != 0;
        for (alert.point = TLS_WIRE_GREETING; alert.point < TLS_WIRE_OVER; alert.point++) {
            alert_once(layout, level, kind);
        }
    }
}

static void before_and_behind_every_reply(void **state)
{
    size_t layout;
    size_t i;
    size_t j;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(levels); i++) {
            for (j = 0; j < COUNT(kinds); j += layout < 2 ? 1 : 4) {
                alert_everywhere(&tls_wire_layouts[layout], levels[i], kinds[j]);
            }
        }
    }
}

static void of_every_kind_that_there_is_and_is_not(void **state)
{
    unsigned kind;

    (void)state;
    alert.piece = 2;
    alert.behind = false;
    alert.point = TLS_WIRE_CONTENT;
    for (kind = 0; kind < 256; kind++) {
        alert_once(&tls_wire_layouts[1], WARNING, (uint8_t)kind);
        alert_once(&tls_wire_layouts[1], FATAL, (uint8_t)kind);
    }
}

/* ---- In the middle of the message ---- */

#define BODY_OCTETS 3000
static char body[BODY_OCTETS];

static void start_with_body(const struct tls_wire_layout *layout, uint8_t level, uint8_t kind)
{
    size_t i;

    for (i = 0; i < sizeof body; i++) {
        body[i] = i % 50 == 48 ? '\r' : i % 50 == 49 ? '\n' : 'x';
    }
    alert.octets[0] = level;
    alert.octets[1] = kind;
    alert.piece = 2;
    alert.point = TLS_WIRE_CONTENT;
    tls_wire_secure(&wire, layout);
    wire.source.text = body;
    wire.source.length = sizeof body;
}

static bool was_said;

/* The rest of the message comes when it has been heard. */
static uint32_t alert_in_the_pause(struct tls_wire *w)
{
    if (!w->source.hangs) {
        return 0;
    }
    if (!was_said) {
        was_said = true;
        seal_alert(w);
    } else {
        w->source.hangs = false;
        w->source.length = sizeof body;
    }
    return 10;
}

static void while_the_source_pauses(void **state)
{
    size_t layout;
    size_t i;
    size_t j;
    size_t at;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(levels); i++) {
            for (j = 0; j < COUNT(kinds); j += 3) {
                for (at = 0; at < sizeof body; at += 600) {
                    start_with_body(&tls_wire_layouts[layout], levels[i], kinds[j]);
                    was_said = false;
                    wire.source.length = at;
                    wire.source.hangs = true;
                    wire.idle = alert_in_the_pause;
                    tls_wire_go_on(&wire);
                    judge(STINT_ERROR_NONE);
                    /* who is told before all of it has left knows that it was not taken */
                    assert_int_equal(wire.client.result.fate, ends_session()
                                                                  ? STINT_FATE_NOT_ACCEPTED
                                                                  : STINT_FATE_ACCEPTED);
                }
            }
        }
    }
}

/* ---- While the transport takes nothing ---- */

static size_t credit;
static bool is_for_good;

static bool limit_credit(struct tls_wire *w, enum tls_wire_point point)
{
    tls_wire_reply(w);
    if (point == TLS_WIRE_DATA) {
        w->credit = credit;
    }
    return false;
}

static uint32_t alert_while_blocked(struct tls_wire *w)
{
    if (w->credit != 0 || (was_said && is_for_good)) {
        return 0;
    }
    if (was_said) {
        w->credit = SIZE_MAX;
    } else {
        was_said = true;
        seal_alert(w);
    }
    return 10;
}

static void run_blocked(const struct tls_wire_layout *layout, uint8_t level, uint8_t kind)
{
    was_said = false;
    start_with_body(layout, level, kind);
    wire.answer = limit_credit;
    wire.idle = alert_while_blocked;
    tls_wire_go_on(&wire);
    judge(is_for_good ? STINT_ERROR_TIMEOUT : STINT_ERROR_NONE);
}

static const uint8_t some_alerts[][2] = {{WARNING, CLOSE_NOTIFY},
                                         {WARNING, USER_CANCELED},
                                         {FATAL, 40},
                                         {FATAL, 80},
                                         {WARNING, NO_RENEGOTIATION}};

static void while_nothing_leaves_for_a_while(void **state)
{
    size_t layout;
    size_t i;

    (void)state;
    is_for_good = false;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(some_alerts); i++) {
            for (credit = 0; credit < BODY_OCTETS + 300; credit += 83) {
                run_blocked(&tls_wire_layouts[layout], some_alerts[i][0], some_alerts[i][1]);
            }
        }
    }
}

/* With two buffers a fatal alert is heard at once; anything else when the block's time is up, RFC
 * 5321 4.5.3.2.5's three minutes. */
static void while_nothing_leaves_any_more(void **state)
{
    size_t layout;
    size_t i;

    (void)state;
    is_for_good = true;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(some_alerts); i++) {
            for (credit = 0; credit < BODY_OCTETS; credit += 83) {
                run_blocked(&tls_wire_layouts[layout], some_alerts[i][0], some_alerts[i][1]);
                assert_int_equal(wire.client.result.fate, STINT_FATE_NOT_ACCEPTED);
                assert_true(wire.now - wire.started <= 181000 + 100);
                if (i > 1 && tls_wire_layouts[layout].out_size > 0) {
                    assert_true(wire.now - wire.started < 1000);
                }
            }
        }
    }
}

/* ---- Pieces, and more than one ---- */

static const struct {
    const char *name;
    const char *octets;
    size_t length;
    int tls_error; /* 0: all of it means nothing */
} strings[] = {
    {"two warnings", "\x01\x5A\x01\x5A", 4, 0},
    {"a warning and a fatal one", "\x01\x5A\x02\x28", 4, BR_ERR_RECV_FATAL_ALERT + 40},
    {"a fatal one before a warning", "\x02\x28\x01\x5A", 4, BR_ERR_RECV_FATAL_ALERT + 40},
    {"half of one", "\x01", 1, 0},
    {"half of a fatal one", "\x02", 1, 0},
    {"one and a half", "\x01\x5A\x02", 3, 0},
};
static size_t string;

static bool say_string(struct tls_wire *w, enum tls_wire_point point)
{
    size_t i;

    if (point != alert.point) {
        return true;
    }
    for (i = 0; i < strings[string].length; i += alert.piece) {
        size_t left = strings[string].length - i;

        tls_wire_seal(w, TLS_ALERT, strings[string].octets + i,
                      left < alert.piece ? left : alert.piece);
    }
    return true;
}

static void several_and_pieces_of_them(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (string = 0; string < COUNT(strings); string++) {
            for (alert.piece = 1; alert.piece <= 4; alert.piece++) {
                for (alert.point = TLS_WIRE_GREETING; alert.point < TLS_WIRE_OVER; alert.point++) {
                    tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                    wire.answer = say_string;
                    tls_wire_go_on(&wire);
                    tls_wire_judge(
                        &wire, strings[string].tls_error != 0 ? STINT_ERROR_TLS : STINT_ERROR_NONE,
                        strings[string].tls_error, strings[string].name);
                }
            }
        }
    }
}

/* Its level comes before a reply, and its kind behind that. */
static bool say_around_reply(struct tls_wire *w, enum tls_wire_point point)
{
    if (point == alert.point) {
        tls_wire_seal(w, TLS_ALERT, alert.octets, 1);
        tls_wire_reply(w);
        tls_wire_seal(w, TLS_ALERT, alert.octets + 1, 1);
    }
    return point != alert.point;
}

static void one_that_a_reply_has_come_into(void **state)
{
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(some_alerts); i++) {
            for (alert.point = TLS_WIRE_GREETING; alert.point < TLS_WIRE_OVER; alert.point++) {
                memcpy(alert.octets, some_alerts[i], 2);
                tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                wire.answer = say_around_reply;
                tls_wire_go_on(&wire);
                judge(STINT_ERROR_NONE);
            }
        }
    }
}

/* ---- Without end ---- */

static void warn_again(struct tls_wire *w)
{
    tls_wire_seal(w, TLS_ALERT, alert.octets, 2);
}

static bool begin_flood(struct tls_wire *w, enum tls_wire_point point)
{
    if (point == alert.point) {
        w->flood = warn_again;
        w->started = w->now;
        w->step_ms = 50;
    }
    return point != alert.point;
}

static void no_flood_is_listened_to_for_ever(void **state)
{
    size_t layout;

    (void)state;
    alert.octets[0] = WARNING;
    alert.octets[1] = USER_CANCELED;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (alert.point = TLS_WIRE_GREETING; alert.point < TLS_WIRE_OVER; alert.point++) {
            tls_wire_secure(&wire, &tls_wire_layouts[layout]);
            wire.answer = begin_flood;
            tls_wire_go_on(&wire);
            judge(STINT_ERROR_TIMEOUT);
            assert_true(wire.now - wire.started <= 601000);
        }
    }
}

/* ---- In the handshake ---- */

/* Before each of its records; and TLS_WIRE_FINISHED: encrypted, behind the change of keys. */
static enum tls_wire_message before;

static bool alert_in_handshake(struct tls_wire *w, enum tls_wire_message message,
                               const uint8_t *record, size_t length)
{
    if (message == TLS_WIRE_CCS && before == TLS_WIRE_FINISHED) {
        tls_wire_put(w, record, length);
        seal_alert(w);
        return false;
    }
    if (message == before && before != TLS_WIRE_FINISHED) {
        tls_wire_put_clear(w, TLS_ALERT, alert.octets, 2);
    }
    return true;
}

static void before_every_record_of_the_handshake(void **state)
{
    size_t layout;
    size_t i;

    (void)state;
    alert.piece = 2;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(some_alerts); i++) {
            for (before = TLS_WIRE_SERVER_HELLO; before < TLS_WIRE_MESSAGES; before++) {
                memcpy(alert.octets, some_alerts[i], 2);
                tls_wire_set_up(&wire, &tls_wire_layouts[layout]);
                wire.handshake = alert_in_handshake;
                tls_wire_run(&wire);
                if (ends_session()) {
                    wire.secured_end = 0; /* the rest was said in vain */
                    tls_wire_judge_unsecured(&wire, "alert");
                    assert_int_equal(wire.client.result.stage, STINT_STAGE_TLS);
                }
                wire.heard_records[TLS_ALERT] = wire.alerts[CLOSE_NOTIFY];
                judge(STINT_ERROR_NONE);
            }
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_and_behind_every_reply),
        cmocka_unit_test(of_every_kind_that_there_is_and_is_not),
        cmocka_unit_test(while_the_source_pauses),
        cmocka_unit_test(while_nothing_leaves_for_a_while),
        cmocka_unit_test(while_nothing_leaves_any_more),
        cmocka_unit_test(several_and_pieces_of_them),
        cmocka_unit_test(one_that_a_reply_has_come_into),
        cmocka_unit_test(no_flood_is_listened_to_for_ever),
        cmocka_unit_test(before_every_record_of_the_handshake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
