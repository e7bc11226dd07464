/* SPDX-License-Identifier: MIT */

/* The message from its source into the record: what is asked of a source, and what it may answer.
 */

#include "test.h"

#include "fake_source.h"
#include "guard.h"
#include "session/body.h"
#include "session/chunking.h"
#include "session/content.h"
#include "session/session.h"

#include <stdlib.h>

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

/* ---- BDAT (RFC 3030) ---- */

/* The message is written to its end, or the session is broken off with nothing of this piece. */
static enum stint_error write_promised(struct desk *desk, uint8_t *octets, size_t room,
                                       size_t *length)
{
    bool complete = false;
    unsigned calls = 0;
    size_t n;

    stint_content_start(&desk->session, false);
    *length = 0;
    while (!complete && desk->session.state == STINT_SESSION_TALKS) {
        assert_true(calls++ < 1000);
        n = stint_content_write(&desk->session, octets + *length, room, &complete);
        *length += n;
        desk->session.source_waits = false;
    }
    return (enum stint_error)desk->result.error;
}

/* What BDAT has promised holds, or the last octet of it is never written. */
static void a_promised_size_is_kept(void **state)
{
    static const struct {
        const char *text;
        const char *wire; /* without dots doubled */
    } cases[] = {
        {"a\r\n", "a\r\n"}, {"a", "a\r\n"},           {"a\n.b\r.c", "a\r\n.b\r\n.c\r\n"},
        {".\n", ".\r\n"},   {"a\r\n\r", "a\r\n\r\n"}, {"\n", "\r\n"},
    };
    uint8_t octets[100];
    struct desk desk;
    size_t length;
    size_t i, room, most;
    int off;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        for (room = 2; room < 90; room++) {
            for (most = 0; most < 5; most++) {
                for (off = -2; off <= 2; off++) {
                    set_up(&desk, cases[i].text);
                    desk.source.most = most;
                    desk.source.again = room % 2 == 0;
                    desk.source.source.size_is_exact = true;
                    desk.source.source.size = (uint32_t)((int)strlen(cases[i].wire) + off);
                    if (desk.source.source.size == 0) {
                        continue;
                    }
                    if (off == 0) {
                        assert_int_equal(write_promised(&desk, octets, room, &length),
                                         STINT_ERROR_NONE);
                        assert_int_equal(length, strlen(cases[i].wire));
                        assert_memory_equal(octets, cases[i].wire, length);
                    } else {
                        assert_int_equal(write_promised(&desk, octets, room, &length),
                                         STINT_ERROR_SOURCE);
                        assert_true(length < desk.source.source.size);
                        assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
                    }
                }
            }
        }
    }
}

/* A source that fails when all was promised and given has not given all. */
static void a_source_that_fails_at_its_end_is_believed(void **state)
{
    static const int answers[] = {STINT_SOURCE_FAILED, 0, 1};
    uint8_t octets[100];
    struct desk desk;
    size_t length;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(answers); i++) {
        set_up(&desk, "a\r\n");
        desk.source.end = answers[i];
        desk.source.source.size_is_exact = true;
        desk.source.source.size = 3;
        assert_int_equal(write_promised(&desk, octets, 100, &length), STINT_ERROR_SOURCE);
        assert_int_equal(length, 0);
    }
}

/* Any octets, and lines of any length. */
static void binary_passes_as_it_is(void **state)
{
    uint8_t message[3000];
    uint8_t octets[3100];
    struct desk desk;
    size_t length;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)i;
        if (i >= 256) {
            message[i] = i < 512 ? (uint8_t) ".\r\n\0"[i % 5] : 'x';
        }
    }
    for (i = 0; i < 2; i++) {
        set_up(&desk, "");
        desk.source.text = (const char *)message;
        desk.source.length = sizeof message;
        desk.source.source.content = STINT_CONTENT_BINARY;
        desk.source.source.size_is_exact = i == 1;
        desk.source.source.size = sizeof message;
        assert_int_equal(write_promised(&desk, octets, 100, &length), STINT_ERROR_NONE);
        assert_int_equal(length, sizeof message);
        assert_memory_equal(octets, message, length);
    }
}

/* Reads chunks as a server does. Returns whether the last one was among them. */
static bool read_chunks(const uint8_t *octets, size_t length, char *message, size_t *message_length)
{
    size_t n = 0;
    unsigned long size;
    char *end;

    while (n < length) {
        assert_memory_equal(octets + n, "BDAT ", 5);
        size = strtoul((const char *)octets + n + 5, &end, 10);
        if (memcmp(end, "\r\n", 2) != 0) {
            assert_memory_equal(end, " LAST\r\n", 7);
            end += 5;
        }
        n = (size_t)((const uint8_t *)end + 2 - octets);
        assert_true(size <= length - n);
        memcpy(message + *message_length, octets + n, size);
        *message_length += size;
        n += size;
        if (end[-1] == 'T') {
            assert_int_equal(n, length);
            return true;
        }
    }
    return false;
}

static void chunks_are_whole_commands(void **state)
{
    static const char text[] = "one\n.two\r\nthree";
    struct guard guard;
    struct desk desk;
    char message[100];
    uint8_t octets[201] = {0};
    size_t length, n;
    size_t room, most;
    unsigned calls;

    (void)state;
    guard_map(&guard, 300);
    for (room = 86; room <= 200; room++) {
        for (most = 0; most < 20; most++) {
            set_up(&desk, text);
            desk.source.most = most;
            desk.source.again = room % 2 == 0;
            stint_content_start(&desk.session, false);
            length = 0;
            for (calls = 0; !desk.session.content_complete; calls++) {
                assert_true(calls < 100);
                n = stint_chunking_write(&desk.session, guard.end - room, room);
                assert_true(n <= room);
                memcpy(octets, guard.end - room, n);
                octets[n] = '\0';
                assert_int_equal(read_chunks(octets, n, message, &length),
                                 desk.session.content_complete);
            }
            assert_int_equal(length, 18);
            assert_memory_equal(message, "one\r\n.two\r\nthree\r\n", 18);
        }
    }
    guard_unmap(&guard);
}

/* Not a few octets in a command of as many: the next record has room. */
static void a_chunk_too_small_is_not_written(void **state)
{
    struct desk desk;
    uint8_t octets[100];
    size_t room;

    (void)state;
    set_up(&desk, "one\n");
    stint_content_start(&desk.session, false);
    for (room = 0; room < 80; room++) {
        assert_int_equal(stint_chunking_write(&desk.session, octets, room), 0);
    }
    assert_int_equal(desk.source.calls, 0);
}

static void a_chunk_of_a_source_that_fails_is_not_written(void **state)
{
    struct desk desk;
    uint8_t octets[200];

    (void)state;
    set_up(&desk, "one\n");
    desk.source.end = STINT_SOURCE_FAILED;
    stint_content_start(&desk.session, false);
    assert_int_equal(stint_chunking_write(&desk.session, octets, sizeof octets), 0);
    assert_int_equal(desk.result.error, STINT_ERROR_SOURCE);
    assert_false(desk.session.content_complete);
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
        cmocka_unit_test(a_promised_size_is_kept),
        cmocka_unit_test(a_source_that_fails_at_its_end_is_believed),
        cmocka_unit_test(binary_passes_as_it_is),
        cmocka_unit_test(chunks_are_whole_commands),
        cmocka_unit_test(a_chunk_too_small_is_not_written),
        cmocka_unit_test(a_chunk_of_a_source_that_fails_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
