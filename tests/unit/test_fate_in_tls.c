/* SPDX-License-Identifier: MIT */

/*
 * The message's fate where BearSSL has something of its own to send: while the record with the
 * final dot is on its way, a HelloRequest or a close_notify makes the engine put an alert behind
 * it. The fate must follow the message's record, and nothing else.
 */

#include "stint/stint.h"
#include "test.h"
#include "tls_server.h"

/* Both ends, and what is between them. */
struct wire {
    struct tls_server server;
    struct stint_client client;
    struct stint_tls tls;
    uint8_t in[STINT_IN_ANY_SERVER];
    uint8_t out[STINT_OUT_FULL];

    uint8_t down[65536]; /* to the client */
    size_t down_length;
    uint8_t up[65536]; /* to the server */
    size_t up_length;
    size_t credit; /* octets that the transport still takes */
    bool is_broken;
    bool flush_fails; /* and then the connection is broken */

    char heard[65536]; /* by the server, inside TLS */
    size_t heard_length;
    uint32_t now;
};

static int wire_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    (void)context, (void)host, (void)port, (void)left_ms;
    return STINT_IO_DONE;
}

static void take_away(uint8_t *octets, size_t *length, size_t n)
{
    *length -= n;
    memmove(octets, octets + n, *length);
}

static int wire_read(void *context, uint8_t *buffer, size_t room)
{
    struct wire *wire = context;
    size_t n = wire->down_length < room ? wire->down_length : room;

    if (n == 0) {
        return wire->is_broken ? STINT_IO_FAILED : STINT_IO_AGAIN;
    }
    memcpy(buffer, wire->down, n);
    take_away(wire->down, &wire->down_length, n);
    return (int)n;
}

static int wire_write(void *context, const uint8_t *data, size_t length)
{
    struct wire *wire = context;
    size_t n = length < wire->credit ? length : wire->credit;

    if (wire->is_broken) {
        return STINT_IO_FAILED;
    }
    if (n == 0) {
        return STINT_IO_AGAIN;
    }
    memcpy(wire->up + wire->up_length, data, n);
    wire->up_length += n;
    wire->credit -= n;
    return (int)n;
}

static int wire_flush(void *context)
{
    struct wire *wire = context;

    wire->is_broken = wire->is_broken || wire->flush_fails;
    return wire->flush_fails ? STINT_IO_FAILED : STINT_IO_DONE;
}

static int wire_done(void *context)
{
    (void)context;
    return STINT_IO_DONE;
}

static const struct stint_io wire_io = {.open = wire_open,
                                        .read = wire_read,
                                        .write = wire_write,
                                        .flush = wire_flush,
                                        .close = wire_done};

static int fixed_entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    memset(buffer, 7, length);
    return 1;
}

/* The server's engine sends and reads what it can. */
static void pump(struct wire *wire)
{
    br_ssl_engine_context *engine = &wire->server.context.eng;
    uint8_t *octets;
    size_t n;

    for (;;) {
        if ((octets = br_ssl_engine_sendrec_buf(engine, &n)) != NULL) {
            memcpy(wire->down + wire->down_length, octets, n);
            wire->down_length += n;
            br_ssl_engine_sendrec_ack(engine, n);
        } else if ((octets = br_ssl_engine_recvapp_buf(engine, &n)) != NULL) {
            memcpy(wire->heard + wire->heard_length, octets, n);
            wire->heard_length += n;
            br_ssl_engine_recvapp_ack(engine, n);
        } else if (wire->up_length > 0 &&
                   (octets = br_ssl_engine_recvrec_buf(engine, &n)) != NULL) {
            n = wire->up_length < n ? wire->up_length : n;
            memcpy(octets, wire->up, n);
            take_away(wire->up, &wire->up_length, n);
            br_ssl_engine_recvrec_ack(engine, n);
        } else {
            return;
        }
    }
}

/* Record types, RFC 5246 6.2.1. */
#define HANDSHAKE        22
#define APPLICATION_DATA 23

/* As long as there is something to do without waiting. */
static void step(struct wire *wire)
{
    unsigned count = 0;

    while (stint_step(&wire->client, wire->now) == STINT_RUNNING &&
           stint_wants(&wire->client) == STINT_WANT_NOTHING) {
        assert_true(++count < 1000);
    }
}

static void say(struct wire *wire, const void *octets, size_t length)
{
    size_t room;
    uint8_t *buffer = br_ssl_engine_sendapp_buf(&wire->server.context.eng, &room);

    assert_non_null(buffer);
    memcpy(buffer, octets, length);
    br_ssl_engine_sendapp_ack(&wire->server.context.eng, length);
    br_ssl_engine_flush(&wire->server.context.eng, 0);
    pump(wire);
}

static void say_line(struct wire *wire, const char *line)
{
    say(wire, line, strlen(line));
}

static void send_hello_request(struct wire *wire)
{
    wire->server.context.eng.record_type_out = HANDSHAKE;
    say(wire, "\0\0\0\0", 4);
    wire->server.context.eng.record_type_out = APPLICATION_DATA;
}

static void send_close_notify(struct wire *wire)
{
    br_ssl_engine_close(&wire->server.context.eng);
    pump(wire);
}

static struct wire wire;
static struct stint_recipient recipient;
static struct stint_memory memory;
static struct stint_source source;
static const struct stint_mail mail = {.reverse_path = "a@example.com",
                                       .recipients = &recipient,
                                       .recipient_count = 1,
                                       .source = &source};
static const struct stint_account account = {.host = "mail.example.com",
                                             .ehlo_name = "client.example.com"};

static void begin(bool one_buffer)
{
    static const char message[] = "Subject: x\r\n\r\nLow.\r\n";

    memset(&wire, 0, sizeof wire);
    wire.credit = SIZE_MAX;
    wire.tls.profile = stint_tls_profile_fast;
    wire.tls.anchors = &tls_server_anchor;
    wire.tls.anchor_count = 1;
    wire.tls.entropy = fixed_entropy;
    wire.tls.unix_time = TLS_SERVER_TIME;
    wire.client.io = &wire_io;
    wire.client.io_context = &wire;
    wire.client.tls = &wire.tls;
    wire.client.in = wire.in;
    wire.client.in_size = sizeof wire.in;
    wire.client.out = one_buffer ? NULL : wire.out;
    wire.client.out_size = one_buffer ? 0 : sizeof wire.out;
    recipient.address = "b@example.com";
    stint_source_from_memory(&source, &memory, message, sizeof message - 1);
    tls_server_start(&wire.server);
    stint_start(&wire.client, &account, &mail, wire.now);
}

/* To where the transport has taken a part of the record with the message and its dot. Returns how
 * much of the record is left. */
static size_t until_mid_record(bool one_buffer)
{
    static const char *const replies[] = {"220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n"};
    size_t left;
    size_t i;

    begin(one_buffer);
    for (i = 0; i < 20 && !stint_is_secure(&wire.client); i++) {
        step(&wire);
        pump(&wire);
    }
    for (i = 0; i < COUNT(replies); i++) {
        say_line(&wire, replies[i]);
        step(&wire);
        pump(&wire);
    }
    assert_non_null(strstr(wire.heard, "DATA\r\n"));
    say_line(&wire, "354 go\r\n");
    wire.credit = 10;
    step(&wire);
    assert_non_null(br_ssl_engine_sendrec_buf(&wire.tls.client.eng, &left));
    return left;
}

/* The rest of the record leaves; the server has all of the message. */
static void let_record_leave(size_t left)
{
    wire.credit = left;
    step(&wire);
    pump(&wire);
}

static void break_off(void)
{
    wire.is_broken = true;
    step(&wire);
}

/* The transport takes nothing for longer than it may. */
static void stall(void)
{
    wire.now += 181000;
    step(&wire);
    wire.credit = SIZE_MAX;
    wire.now += 10;
    step(&wire);
}

static void assert_outcome(enum stint_fate fate, enum stint_error error)
{
    assert_int_equal(stint_step(&wire.client, wire.now), STINT_DONE);
    assert_int_equal(wire.client.result.fate, fate);
    assert_int_equal(wire.client.result.error, error);
    assert_int_equal(recipient.fate, fate);
}

static void an_alert_behind_the_dot_hides_no_success(void **state)
{
    size_t left = until_mid_record(false);

    (void)state;
    send_hello_request(&wire);
    step(&wire);
    let_record_leave(left);
    assert_non_null(strstr(wire.heard, "\r\n.\r\n"));
    say_line(&wire, "250 kept\r\n");
    step(&wire);
    break_off();
    assert_outcome(STINT_FATE_ACCEPTED, STINT_ERROR_NONE);
}

static void an_alert_behind_the_dot_hides_no_doubt(void **state)
{
    size_t left = until_mid_record(false);

    (void)state;
    send_hello_request(&wire);
    step(&wire);
    let_record_leave(left);
    break_off();
    assert_outcome(STINT_FATE_UNKNOWN, STINT_ERROR_IO);
}

static void a_close_behind_the_dot_hides_no_doubt(void **state)
{
    size_t left = until_mid_record(false);

    (void)state;
    send_close_notify(&wire);
    step(&wire);
    let_record_leave(left);
    break_off();
    assert_outcome(STINT_FATE_UNKNOWN, STINT_ERROR_CLOSED);
}

/* The message was flushed; what did not leave, for sure, is only the alert. */
static void a_flush_that_fails_behind_the_dot_denies_nothing(void **state)
{
    size_t left = until_mid_record(false);

    (void)state;
    let_record_leave(left);
    assert_non_null(strstr(wire.heard, "\r\n.\r\n"));
    send_hello_request(&wire);
    wire.credit = SIZE_MAX;
    wire.flush_fails = true;
    step(&wire);
    assert_true(wire.is_broken);
    assert_outcome(STINT_FATE_UNKNOWN, STINT_ERROR_IO);
}

static void a_torn_record_was_not_sent(void **state)
{
    (void)state;
    (void)until_mid_record(false);
    break_off();
    assert_outcome(STINT_FATE_NOT_ACCEPTED, STINT_ERROR_IO);
}

/* With one buffer the record is given up so that last words can be read. An alert that comes of
 * them must not leave as if it were the record, nor count as it. */
static void what_was_given_up_was_not_sent(void **state)
{
    size_t sent;

    (void)state;
    (void)until_mid_record(true);
    send_hello_request(&wire);
    say_line(&wire, "250 I never saw the dot\r\n");
    sent = wire.up_length;
    stall();
    assert_int_equal(wire.up_length, sent);
    assert_outcome(STINT_FATE_NOT_ACCEPTED, STINT_ERROR_PROTOCOL);

    (void)until_mid_record(true);
    send_close_notify(&wire);
    sent = wire.up_length;
    stall();
    assert_int_equal(wire.up_length, sent);
    assert_outcome(STINT_FATE_NOT_ACCEPTED, STINT_ERROR_CLOSED);
}

/* BearSSL answers one HelloRequest at a time, and for a second one shuts all its doors. */
static void hello_requests_do_not_end_in_a_busy_loop(void **state)
{
    (void)state;
    (void)until_mid_record(false);
    send_hello_request(&wire);
    send_hello_request(&wire);
    step(&wire);
    wire.credit = SIZE_MAX;
    step(&wire);
    assert_outcome(STINT_FATE_UNKNOWN, STINT_ERROR_PROTOCOL);
    assert_int_equal(wire.client.result.code, 0); /* it was not the 354's fault */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_behind_the_dot_hides_no_success),
        cmocka_unit_test(an_alert_behind_the_dot_hides_no_doubt),
        cmocka_unit_test(a_close_behind_the_dot_hides_no_doubt),
        cmocka_unit_test(a_flush_that_fails_behind_the_dot_denies_nothing),
        cmocka_unit_test(a_torn_record_was_not_sent),
        cmocka_unit_test(what_was_given_up_was_not_sent),
        cmocka_unit_test(hello_requests_do_not_end_in_a_busy_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
