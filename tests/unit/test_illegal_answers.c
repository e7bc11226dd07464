/* SPDX-License-Identifier: MIT */

/*
 * Answers of a port that its contract does not allow. Those that it does allow, at every call and
 * at every octet, are in tests/permute.
 */

#include "test.h"

#include "desk.h"

static struct desk desk;

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

static unsigned flushes_left;

static int flush_and_lie(void *context)
{
    int status = fake_io.flush(context);

    return flushes_left-- == 0 ? illegal_answer : status;
}

/* Only STINT_IO_FAILED promises that nothing has left. */
static void an_illegal_answer_to_flush_denies_nothing(void **state)
{
    struct stint_io io = fake_io;
    static const int wrong[] = {0, STINT_IO_CLOSED, -4, -100, 57};
    size_t i;

    (void)state;
    io.flush = flush_and_lie;
    for (i = 0; i < COUNT(wrong); i++) {
        desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE "== lost ==\n");
        desk.client.io = &io;
        illegal_answer = wrong[i];
        flushes_left = 4; /* EHLO, MAIL, RCPT, DATA; then the message */
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_IO, STINT_STAGE_CONTENT, STINT_FATE_UNKNOWN);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_illegal_answer_is_a_failure),
        cmocka_unit_test(an_illegal_answer_to_flush_denies_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
