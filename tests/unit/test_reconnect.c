/* SPDX-License-Identifier: MIT */

/* A server may dislike the session that it is offered so much that the handshake fails. Then there
 * is one more connection, where none is. */

#include "test.h"
#include "ticket_desk.h"

static struct ticket_desk desk;
static struct stint_client client;
static uint32_t now_ms;

/* The transport, to the server; behind the handshake nobody is there. */
static struct {
    unsigned opened, closed;
    unsigned pauses;     /* so often does close answer AGAIN */
    unsigned deaf_until; /* connections before this one, from 1, end at the ClientHello */
    int end;             /* how */
    size_t read;
    bool is_open;
} line;

static int line_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    (void)context, (void)host, (void)port, (void)left_ms;
    assert_false(line.is_open);
    line.is_open = true;
    line.opened++;
    line.read = 0;
    ticket_server_start(&desk.server);
    return STINT_IO_DONE;
}

static int line_read(void *context, uint8_t *buffer, size_t room)
{
    size_t n = desk.server.down_length - line.read;

    (void)context;
    assert_true(line.is_open);
    if (n == 0) {
        return line.end;
    }
    n = n < room ? n : room;
    memcpy(buffer, desk.server.down + line.read, n);
    line.read += n;
    return (int)n;
}

static int line_write(void *context, const uint8_t *data, size_t length)
{
    (void)context;
    assert_true(line.is_open);
    if (line.opened >= line.deaf_until) {
        ticket_server_hear(&desk.server, data, length);
    }
    return (int)length;
}

static int line_flush(void *context)
{
    (void)context;
    return STINT_IO_DONE;
}

static int line_close(void *context)
{
    (void)context;
    assert_true(line.is_open);
    if (line.pauses > 0) {
        line.pauses--;
        return STINT_IO_AGAIN;
    }
    line.is_open = false;
    line.closed++;
    return STINT_IO_DONE;
}

static const struct stint_io io = {line_open, line_read, line_write, line_flush, line_close, NULL};

/* Both know a session. */
static int set_up(void **state)
{
    (void)state;
    ticket_desk_set_up(&desk);
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.account.ehlo_name = "client.example.com";
    desk.server.resumes = true;
    ticket_desk_give(&desk, 180, 7200);
    assert_false(ticket_desk_connect(&desk));
    memset(&line, 0, sizeof line);
    line.end = STINT_IO_CLOSED;
    memset(&client, 0, sizeof client);
    client.io = &io;
    client.tls = &desk.tls;
    client.in = desk.in;
    client.in_size = sizeof desk.in;
    client.out = desk.out;
    client.out_size = sizeof desk.out;
    now_ms = 0xFFFFF000U; /* wraps soon */
    return 0;
}

static void begin(void)
{
    stint_start(&client, &desk.account, NULL, now_ms);
}

/* Steps it on, by a clock that passes where it waits. */
static void go_on(void)
{
    unsigned steps;

    for (steps = 0; stint_step(&client, now_ms) == STINT_RUNNING; steps++) {
        assert_true(steps < 10000);
        now_ms += stint_wait_ms(&client, now_ms);
    }
    assert_int_equal(line.opened, line.closed);
}

static void assert_result(enum stint_error error, enum stint_stage stage, unsigned connections)
{
    if (client.result.error != error || client.result.stage != stage) {
        fail_msg("%s at %s", stint_error_name(client.result.error),
                 stint_stage_name(client.result.stage));
    }
    assert_int_equal(line.opened, connections);
}

static void with_the_right_session_there_is_one_connection(void **state)
{
    (void)state;
    begin();
    go_on();
    assert_result(STINT_ERROR_TRUNCATED, STINT_STAGE_GREETING, 1);
    assert_true(stint_tls_resumed(&desk.tls));
}

static void with_a_wrong_secret_there_is_another(void **state)
{
    (void)state;
    desk.server.session.master_secret[0] ^= 1;
    begin();
    go_on();
    assert_result(STINT_ERROR_TRUNCATED, STINT_STAGE_GREETING, 2);
    assert_int_equal(client.result.tls_error, 0);
    assert_false(stint_tls_resumed(&desk.tls));
    assert_int_equal(desk.server.offered_length, 0);
    assert_int_equal(desk.kept.length, 180);
    assert_int_equal(client.result.round_trips, 5); /* two and three */
}

static void so_it_is_where_the_server_goes_away(void **state)
{
    static const int ends[] = {STINT_IO_CLOSED, STINT_IO_FAILED};
    size_t i;

    for (i = 0; i < COUNT(ends); i++) {
        set_up(state);
        line.end = ends[i];
        line.deaf_until = 2;
        begin();
        go_on();
        assert_result(ends[i] == STINT_IO_CLOSED ? STINT_ERROR_TRUNCATED : STINT_ERROR_IO,
                      STINT_STAGE_GREETING, 2);
    }
}

static void but_only_one(void **state)
{
    (void)state;
    line.deaf_until = 9;
    begin();
    go_on();
    assert_result(STINT_ERROR_CLOSED, STINT_STAGE_TLS, 2);
    assert_true(ticket_desk_is_empty(&desk));
}

static void and_none_where_nothing_was_offered(void **state)
{
    (void)state;
    desk.resume.now = 0;
    line.deaf_until = 9;
    begin();
    go_on();
    assert_result(STINT_ERROR_CLOSED, STINT_STAGE_TLS, 1);
}

static void nor_where_the_certificate_is_wrong(void **state)
{
    (void)state;
    desk.server.resumes = false;
    desk.tls.unix_time = 1; /* long before it begins */
    begin();
    go_on();
    assert_result(STINT_ERROR_CERTIFICATE, STINT_STAGE_TLS, 1);
}

static void nor_after_the_deadline(void **state)
{
    (void)state;
    line.end = STINT_IO_AGAIN;
    line.deaf_until = 9;
    begin();
    go_on();
    assert_result(STINT_ERROR_TIMEOUT, STINT_STAGE_TLS, 1);
}

/* As it closes the first connection. */
static void step_to_the_pause(void)
{
    unsigned steps;

    line.deaf_until = 2;
    line.pauses = 1000;
    begin();
    for (steps = 0; steps < 20; steps++) {
        assert_int_equal(stint_step(&client, now_ms), STINT_RUNNING);
    }
    assert_int_equal(line.opened, 1);
    assert_int_equal(stint_wants(&client), STINT_WANT_READ | STINT_WANT_WRITE);
    assert_true(stint_wait_ms(&client, now_ms) > 0);
    assert_true(stint_wait_ms(&client, now_ms) < 1000);
}

static void closing_may_take_its_time(void **state)
{
    (void)state;
    step_to_the_pause();
    line.pauses = 3;
    go_on();
    assert_result(STINT_ERROR_TRUNCATED, STINT_STAGE_GREETING, 2);
}

static void it_can_be_aborted_in_between(void **state)
{
    (void)state;
    step_to_the_pause();
    stint_abort(&client);
    assert_int_equal(stint_step(&client, now_ms), STINT_RUNNING);
    line.pauses = 0;
    go_on();
    assert_result(STINT_ERROR_ABORTED, STINT_STAGE_CONNECT, 1);
}

static void the_deadline_of_the_session_goes_on(void **state)
{
    (void)state;
    desk.account.deadline_ms = 5000;
    step_to_the_pause();
    now_ms += 5000;
    assert_int_equal(stint_step(&client, now_ms), STINT_RUNNING);
    line.pauses = 0;
    go_on();
    assert_result(STINT_ERROR_TIMEOUT, STINT_STAGE_CONNECT, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(with_the_right_session_there_is_one_connection, set_up),
        cmocka_unit_test_setup(with_a_wrong_secret_there_is_another, set_up),
        cmocka_unit_test(so_it_is_where_the_server_goes_away),
        cmocka_unit_test_setup(but_only_one, set_up),
        cmocka_unit_test_setup(and_none_where_nothing_was_offered, set_up),
        cmocka_unit_test_setup(nor_where_the_certificate_is_wrong, set_up),
        cmocka_unit_test_setup(nor_after_the_deadline, set_up),
        cmocka_unit_test_setup(closing_may_take_its_time, set_up),
        cmocka_unit_test_setup(it_can_be_aborted_in_between, set_up),
        cmocka_unit_test_setup(the_deadline_of_the_session_goes_on, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
