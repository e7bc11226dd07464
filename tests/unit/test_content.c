/* SPDX-License-Identifier: MIT */

/* The message from its source into the record: what is asked of a source, and what it may answer.
 */

#include "test.h"

#include "fake_source.h"
#include "guard.h"
#include "session/body.h"
#include "session/content.h"
#include "session/session.h"

struct desk {
    struct stint_mail mail;
    struct fake_source source;
    struct stint_result result;
    struct stint_session session;
};

static void set_up(struct desk *desk, const char *text)
{
    memset(desk, 0, sizeof *desk);
    fake_source_start(&desk->source, text, strlen(text));
    desk->mail.source = &desk->source.source;
    stint_session_set_mail(&desk->session, &desk->mail);
    desk->session.result = &desk->result;
    stint_body_start(&desk->session.body, false, true);
}

/* Writes all of the message with `room` octets at a time, in front of a guard page. */
static size_t write_all(struct desk *desk, const struct guard *guard, size_t room, char *wire)
{
    bool complete = false;
    size_t total = 0;
    size_t n;
    unsigned calls = 0;

    while (!complete) {
        assert_true(calls++ < 10000);
        n = stint_content_write(&desk->session, guard->end - room, room, &complete);
        assert_true(n <= room);
        assert_true(n > 0 || complete || desk->session.source_waits);
        memcpy(wire + total, guard->end - room, n);
        total += n;
        desk->session.source_waits = false;
    }
    wire[total] = '\0';
    return total;
}

static void any_room_and_any_piece_will_do(void **state)
{
    static const struct {
        const char *text;
        const char *wire;
    } cases[] = {
        {"", ""},
        {"a", "a\r\n"},
        {"a\r", "a\r\n"},
        {"a\n", "a\r\n"},
        {"a\r\n", "a\r\n"},
        {"\r\n", "\r\n"},
        {".", "..\r\n"},
        {".\r\n", "..\r\n"},
        {"Subject: x\n\n.dot\n..dots\nend", "Subject: x\r\n\r\n..dot\r\n...dots\r\nend\r\n"},
    };
    struct guard guard;
    struct desk desk;
    char wire[100];
    size_t i;
    size_t room;
    size_t most;

    (void)state;
    guard_map(&guard, 200);
    for (i = 0; i < COUNT(cases); i++) {
        for (room = 2; room < 150; room++) {
            for (most = 0; most < 10; most++) {
                set_up(&desk, cases[i].text);
                desk.source.most = most;
                desk.source.again = room % 2 == 0;
                write_all(&desk, &guard, room, wire);
                assert_string_equal(wire, cases[i].wire);
                assert_int_equal(desk.result.error, STINT_ERROR_NONE);
            }
        }
    }
    guard_unmap(&guard);
}

static void without_room_the_source_is_not_asked(void **state)
{
    struct desk desk;
    uint8_t octets[1];
    bool complete = false;
    size_t room;

    (void)state;
    set_up(&desk, "x");
    for (room = 0; room < 2; room++) {
        assert_int_equal(stint_content_write(&desk.session, octets, room, &complete), 0);
    }
    assert_int_equal(desk.source.calls, 0);
    assert_false(complete);
}

/* A record is filled from several pieces: many small records would cost more than they carry. */
static void small_pieces_are_gathered(void **state)
{
    struct desk desk;
    uint8_t octets[1000];
    bool complete = false;

    (void)state;
    set_up(&desk, "one\r\ntwo\r\nthree\r\n");
    desk.source.most = 1;
    assert_int_equal(stint_content_write(&desk.session, octets, sizeof octets, &complete), 17);
    assert_true(complete);
}

/* What came before the pause goes out: the rest may take long. */
static void a_pause_keeps_nothing_back(void **state)
{
    struct desk desk;
    uint8_t octets[1000];
    bool complete = false;

    (void)state;
    set_up(&desk, "one\r\n");
    desk.source.end = STINT_SOURCE_AGAIN;
    assert_int_equal(stint_content_write(&desk.session, octets, sizeof octets, &complete), 5);
    assert_true(desk.session.source_waits);
    assert_false(complete);
}

static void a_source_that_fails_ends_the_session(void **state)
{
    static const int answers[] = {STINT_SOURCE_FAILED, 0, -4, -5, -1000, 1001, 501};
    struct desk desk;
    uint8_t octets[1000];
    bool complete = false;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(answers); i++) {
        set_up(&desk, "one\r\n");
        desk.source.end = answers[i]; /* also more than there was room for */
        assert_int_equal(stint_content_write(&desk.session, octets, sizeof octets, &complete), 0);
        assert_false(complete);
        assert_int_equal(desk.result.error, STINT_ERROR_SOURCE);
        assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
    }
}

static void content_that_must_not_be_sent_ends_the_session(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"one\r\ntwo\0three", 14}, {"caf\xc3\xa9", 5}, {"\0", 1}};
    struct desk desk;
    uint8_t octets[1000];
    bool complete = false;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        set_up(&desk, "");
        desk.source.text = cases[i].text;
        desk.source.length = cases[i].length;
        desk.source.most = 4;
        assert_int_equal(stint_content_write(&desk.session, octets, sizeof octets, &complete), 0);
        assert_false(complete);
        assert_int_equal(desk.result.error, STINT_ERROR_CONTENT);
        assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_room_and_any_piece_will_do),
        cmocka_unit_test(without_room_the_source_is_not_asked),
        cmocka_unit_test(small_pieces_are_gathered),
        cmocka_unit_test(a_pause_keeps_nothing_back),
        cmocka_unit_test(a_source_that_fails_ends_the_session),
        cmocka_unit_test(content_that_must_not_be_sent_ends_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
