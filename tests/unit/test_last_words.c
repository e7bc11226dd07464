/* SPDX-License-Identifier: MIT */

/* What the server says just before the connection breaks arrives between our last read and the
 * write that fails: it is read all the same. */

#include "stint/stint.h"
#include "test.h"

/* How a port tells that the connection broke under the message. */
enum way {
    IN_WRITE,       /* it takes nothing, at last it fails */
    IN_FLUSH,       /* it takes all of it, and nothing of that left */
    NOT_BEFORE_READ /* it takes all of it, and cannot say whether that left */
};

/* Answers each command, and breaks with `last_words` when the message comes. */
struct breaking {
    enum way way;
    const char *pending; /* not read yet */
    const char *last_words;
    bool is_blocked; /* so that a read finds nothing before the write that fails */
    bool is_broken;
};

static const struct {
    const char *command, *reply;
} answers[] = {
    {"EHLO", "250 mx\r\n"}, {"MAIL", "250 Ok\r\n"}, {"RCPT", "250 Ok\r\n"}, {"DATA", "354 Go\r\n"}};

static int breaking_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    struct breaking *port_context = context;

    (void)host, (void)port, (void)left_ms;
    port_context->pending = "220 mx\r\n";
    return STINT_IO_DONE;
}

static int breaking_read(void *context, uint8_t *buffer, size_t room)
{
    struct breaking *port = context;
    size_t n = strlen(port->pending);

    if (n == 0) {
        return port->is_broken ? STINT_IO_FAILED : STINT_IO_AGAIN;
    }
    n = n < room ? n : room;
    memcpy(buffer, port->pending, n);
    port->pending += n;
    return (int)n;
}

static int breaking_write(void *context, const uint8_t *data, size_t length)
{
    struct breaking *port = context;
    size_t i;

    for (i = 0; i < COUNT(answers); i++) {
        if (length > 4 && memcmp(data, answers[i].command, 4) == 0) {
            port->pending = answers[i].reply;
            return (int)length;
        }
    }
    if (!port->is_blocked) {
        port->is_blocked = true;
        return STINT_IO_AGAIN;
    }
    port->pending = port->last_words;
    port->is_broken = true;
    return port->way == IN_WRITE ? STINT_IO_FAILED : (int)length;
}

static int breaking_flush(void *context)
{
    struct breaking *port = context;

    return port->is_broken && port->way == IN_FLUSH ? STINT_IO_FAILED : STINT_IO_DONE;
}

static int breaking_done(void *context)
{
    (void)context;
    return STINT_IO_DONE;
}

static const struct stint_io breaking_io = {.open = breaking_open,
                                            .read = breaking_read,
                                            .write = breaking_write,
                                            .flush = breaking_flush,
                                            .close = breaking_done};

static struct stint_result send_until_it_breaks(enum way way, const char *last_words)
{
    static uint8_t in[STINT_IN_MIN];
    static uint8_t out[STINT_OUT_MIN];
    struct breaking port = {.way = way, .last_words = last_words};
    struct stint_account account = {
        .host = "mx", .security = STINT_SECURITY_NONE, .ehlo_name = "client.example.com"};
    struct stint_recipient to = {.address = "b@example.org"};
    struct stint_memory memory;
    struct stint_source source;
    struct stint_mail mail = {.reverse_path = "a@example.com",
                              .recipients = &to,
                              .recipient_count = 1,
                              .source = &source};
    struct stint_client client = {.io = &breaking_io,
                                  .io_context = &port,
                                  .in = in,
                                  .in_size = sizeof in,
                                  .out = out,
                                  .out_size = sizeof out};
    unsigned steps = 0;

    stint_source_from_memory(&source, &memory, "Hello\n", 6);
    stint_start(&client, &account, &mail, 0);
    while (stint_step(&client, 0) == STINT_RUNNING) {
        assert_true(++steps < 1000);
    }
    return client.result;
}

static void they_are_read(void **state)
{
    static const enum way ways[] = {IN_WRITE, IN_FLUSH};
    struct stint_result result;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(ways); i++) {
        result = send_until_it_breaks(ways[i], "421 4.3.2 Bye\r\n");
        assert_int_equal(result.error, STINT_ERROR_TEMPORARY);
        assert_int_equal(result.code, 421);
        assert_int_equal(result.fate, STINT_FATE_NOT_ACCEPTED);
        result = send_until_it_breaks(ways[i], "552 5.3.4 Too big\r\n");
        assert_int_equal(result.error, STINT_ERROR_PERMANENT);
        assert_int_equal(result.code, 552);
        assert_int_equal(result.fate, STINT_FATE_NOT_ACCEPTED);
    }
}

/* The dot was written each time; only where it may have left is anything in doubt. */
static void without_any_the_transport_is_to_blame(void **state)
{
    static const struct {
        enum way way;
        enum stint_fate fate;
    } cases[] = {{IN_WRITE, STINT_FATE_NOT_ACCEPTED},
                 {IN_FLUSH, STINT_FATE_NOT_ACCEPTED},
                 {NOT_BEFORE_READ, STINT_FATE_UNKNOWN}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct stint_result result = send_until_it_breaks(cases[i].way, "");

        assert_int_equal(result.error, STINT_ERROR_IO);
        assert_int_equal(result.code, 0);
        assert_int_equal(result.fate, cases[i].fate);
    }
}

/* Nothing of it left, so nothing can have been accepted. */
static void a_message_that_was_only_kept_is_not_accepted(void **state)
{
    struct stint_result result = send_until_it_breaks(IN_FLUSH, "250 Ok\r\n");

    (void)state;
    assert_int_equal(result.error, STINT_ERROR_PROTOCOL);
    assert_int_equal(result.fate, STINT_FATE_NOT_ACCEPTED);
    result = send_until_it_breaks(NOT_BEFORE_READ, "250 Ok\r\n");
    assert_int_equal(result.error, STINT_ERROR_NONE);
    assert_int_equal(result.fate, STINT_FATE_ACCEPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_read),
        cmocka_unit_test(without_any_the_transport_is_to_blame),
        cmocka_unit_test(a_message_that_was_only_kept_is_not_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
