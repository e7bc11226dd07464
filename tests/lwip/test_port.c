/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

#include "lwip/dns.h"
#include "lwip/priv/tcp_priv.h"

/* Single things that port/lwip promises; what must hold whatever goes wrong, sweep.c sees to. */

#define GREETING_LINE                                                                              \
    "220-There is more to be said than fits into any window of a small device.\r\n"
#define LONG_GREETING                                                                              \
    GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE            \
        GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE        \
            GREETING_LINE GREETING_LINE GREETING_LINE GREETING_LINE "220 mx\r\n"

static struct stint_lwip *const port = &place.memory.port;

static void assert_outcome(enum stint_error error, enum stint_stage stage, enum stint_fate fate)
{
    if (place.result.error != error || place.result.stage != stage || place.result.fate != fate) {
        fail_msg("error %s at %s, %s; expected %s at %s, %s", stint_error_name(place.result.error),
                 stint_stage_name(place.result.stage), stint_fate_name(place.result.fate),
                 stint_error_name(error), stint_stage_name(stage), stint_fate_name(fate));
    }
}

static void assert_delivered(void)
{
    assert_outcome(STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_int_equal(place.mx.accepted, 1);
    assert_int_equal(place.mx.message_length, place_message_length);
    assert_memory_equal(place.mx.message, place_message, place_message_length);
}

static void finish(void)
{
    place_finish();
    assert_false(place.lost_memory);
    assert_false(wire.differs);
}

/* The port by itself, without a client: asked to open until something comes of it. */
static int open_within(const char *host, uint32_t ms)
{
    const uint32_t ends = clock_ms + ms;
    int status;

    do {
        status = stint_lwip_io.open(port, host, place.mx.port, ends - clock_ms);
        place_wait(status == STINT_IO_AGAIN ? 20 : 0);
    } while (status == STINT_IO_AGAIN && (int32_t)(ends - clock_ms) > 0);
    return status;
}

static void close_at_once(void)
{
    assert_int_equal(stint_lwip_io.close(port), STINT_IO_DONE);
}

/* ---- Sending ---- */

/* A flight is a segment, or two where it is too long for one, and one more for a record that was
 * lent: its last octet. What lwIP sends by itself on the way is not more. */
static void a_flight_is_sent_at_once(void **state)
{
    /* EHLO, STARTTLS, ClientHello, key exchange and the rest, EHLO, MAIL with RCPT and DATA, the
     * message with QUIT, close_notify */
    const unsigned without_message = 8;

    (void)state;
    place_start(FLAVOUR_TLS);
    place_run();
    assert_delivered();
#if STINT_LWIP_COPY_MAX == 65535
    assert_int_equal(wire.data_frames, without_message + 1); /* and it is longer than a segment */
#else
    assert_true(wire.data_frames <= without_message + 4 /* records */ + 3 /* lent */);
#endif
    finish();
}

/* Were a callback not to wake the client, it would sleep for minutes. */
static void the_client_is_woken(void **state)
{
    (void)state;
    for (enum flavour flavour = FLAVOUR_CLEAR; flavour <= FLAVOUR_ONE_BUFFER; flavour++) {
        place_start(flavour);
        place_run();
        assert_delivered();
        assert_true(place.took_ms <= 1500);
        finish();
    }
}

/* A loop that steps all the time needs no hook. */
static void the_hook_is_optional(void **state)
{
    struct stint_client *client = &place.memory.client;

    (void)state;
    place_start(FLAVOUR_TLS);
    port->wake = NULL;
    stint_start(client, &place.account, &place.mail, clock_ms);
    while (stint_step(client, clock_ms) != STINT_DONE) {
        place_wait(10);
    }
    place.result = client->result;
    assert_delivered();
    finish();
}

/* The last octet of a record leaves when the peer has the others: not before, as Stint would not
 * know; and once it is taken, lwIP does not need the record any more. */
static void a_record_is_lent(void **state)
{
    static uint8_t record[400];
    int taken = 0;

    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.is_mute = true;
    memset(record, 'x', sizeof record);
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    taken = stint_lwip_io.write(port, record, sizeof record);
#if STINT_LWIP_COPY_MAX == 65535
    assert_int_equal(taken, sizeof record);
    memset(record, 'y', sizeof record);
#else
    assert_int_equal(taken, sizeof record - 1);
    assert_int_equal(stint_lwip_io.write(port, record + taken, 1), STINT_IO_AGAIN);
    place_wait(1000);
    assert_int_equal(place.mx.line_length, sizeof record - 1);
    assert_int_equal(stint_lwip_io.write(port, record + taken, 1), 1);
    memset(record, 'y', sizeof record);
#endif
    assert_int_equal(stint_lwip_io.flush(port), STINT_IO_DONE);
    place_wait(1000);
    assert_int_equal(place.mx.line_length, sizeof record);
    assert_null(memchr(place.mx.line, 'y', sizeof record));
    close_at_once();
    finish();
}

/* Small writes wait for flush, and leave as one; and that waits for no acknowledgement. */
static void small_writes_are_gathered(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.is_mute = true;
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(stint_lwip_io.write(port, (const uint8_t *)"small", 5), 5);
    }
    assert_int_equal(wire.data_frames, 0);
    assert_int_equal(stint_lwip_io.flush(port), STINT_IO_DONE);
    assert_int_equal(wire.data_frames, 1);
    assert_int_equal(stint_lwip_io.write(port, (const uint8_t *)"small", 5), 5);
    assert_int_equal(stint_lwip_io.flush(port), STINT_IO_DONE);
    assert_int_equal(wire.data_frames, 2);
    place_wait(100);
    assert_int_equal(place.mx.line_length, 30);
    close_at_once();
    finish();
}

/* A flush for which the driver has no room. */
static void a_busy_driver_is_asked_again(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.is_mute = true;
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    wire.accident = ACCIDENT_BUSY;
    wire.at = wire.frames[OUT] + 1;
    assert_int_equal(stint_lwip_io.write(port, (const uint8_t *)"small", 5), 5);
    assert_int_equal(stint_lwip_io.flush(port), STINT_IO_AGAIN);
    assert_true(port->retries);
    assert_int_equal(stint_lwip_io.flush(port), STINT_IO_DONE);
    assert_false(port->retries);
    place_wait(100);
    assert_int_equal(place.mx.line_length, 5);
    close_at_once();
    finish();
}

/* A write that finds no memory, and none under way that will come back, is tried again soon. */
static void no_memory_is_waited_for(void **state)
{
    (void)state;
    for (unsigned at = 1; at <= 4; at++) {
        place_start(FLAVOUR_CLEAR);
        place.fail_at = at;
        place.fail_ms = 50;
        place_run();
        assert_delivered();
        assert_true(place.took_ms <= 10000); /* the SYN may have to be sent again */
        finish();
    }
}

/* Where the message begins, frames to the server begin to get lost. */
static int read_and_lose(void *context, uint8_t *buffer, size_t room)
{
    static struct stint_source source;
    static struct stint_memory memory;

    if (wire.accident == ACCIDENT_NONE) {
        wire.accident = ACCIDENT_LOST;
        wire.at = wire.frames[OUT] + 1;
        wire.length = 1000000;
        memory = place.message;
        stint_source_from_memory(&source, &memory, memory.octets, memory.length);
    }
    (void)context;
    return source.read(source.context, buffer, room);
}

/* With one buffer the client gives up on a record that nobody takes, and reads to where it lies:
 * the server may have said why. lwIP must not send what it reads. */
static void last_words_are_read_past_a_stuck_record(void **state)
{
    (void)state;
    place_start(FLAVOUR_ONE_BUFFER);
    place.source.read = read_and_lose;
    place.account.timeout_ms = 20000;
    place.mx.leaves_ms = 1000;
    place_run();
    assert_outcome(STINT_ERROR_TEMPORARY, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(place.result.code, 421);
    assert_true(wire.happened);
    finish();
}

/* The same by the octet: reading to anywhere in what was lent, and nowhere else, ends it. */
#if STINT_LWIP_COPY_MAX < 65535
static void what_is_read_to_is_not_lent(void **state)
{
    enum { LENGTH = 1200, LENT = LENGTH - 1 };
    static uint8_t memory[1 + LENGTH + 10];
    static const struct {
        size_t at, room;
        bool drops;
    } reads[] = {{0, 1, false},
                 {0, 2, true},
                 {1, 1, true},
                 {600, 5, true},
                 {1 + LENT - 1, 1, true},
                 {1 + LENT - 1, 9, true},
                 {1 + LENT, 9, false}};
    int taken;

    (void)state;
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        place_start(FLAVOUR_CLEAR);
        assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
        place_wait(1000);
        wire.accident = ACCIDENT_LOST;
        wire.at = wire.frames[OUT] + 1;
        wire.length = 1000000;
        memset(memory, 'x', sizeof memory);
        place.fail_at = place.allocations + 1; /* so it is lent in two pieces */
        for (size_t at = 0; at < LENT; at += (size_t)taken) {
            taken = stint_lwip_io.write(port, memory + 1 + at, LENGTH - at);
            assert_true(taken > 0);
        }
        assert_int_equal(stint_lwip_io.write(port, memory + 1 + LENT, 1), STINT_IO_AGAIN);
        assert_true(stint_lwip_io.read(port, memory + reads[i].at, reads[i].room) > 0);
        assert_int_equal(port->pcb == NULL, reads[i].drops);
        place_wait(10000);
        assert_false(wire.differs);
        close_at_once();
        finish();
    }
}
#endif

/* ---- Receiving ---- */

/* The window is what is free in the ring: so the ring takes all that comes, and is full to the last
 * octet when the peer has more to say than that. */
static void the_ring_is_the_window(void **state)
{
#if TCP_WND < 1100
    char greeting[sizeof LONG_GREETING], *end = greeting;
    int got;

    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.greeting = LONG_GREETING;
    assert_true(strlen(LONG_GREETING) > TCP_WND);
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    place_wait(3000);
    assert_int_equal(port->used, TCP_WND);
    do {
        got = stint_lwip_io.read(port, (uint8_t *)end, 100);
        end += got > 0 ? got : 0;
        place_wait(got > 0 ? 0 : 20);
    } while (end < greeting + strlen(LONG_GREETING));
    assert_memory_equal(greeting, LONG_GREETING, strlen(LONG_GREETING));
    assert_int_equal(stint_lwip_io.read(port, (uint8_t *)greeting, 1), STINT_IO_AGAIN);
    close_at_once();
    finish();
#else
    (void)state;
    place_start(FLAVOUR_TLS); /* more than 16 bits can say: the window is scaled */
    place.mx.ehlo_lines = 100;
    place_run();
    assert_delivered();
    finish();
#endif
}

static void long_replies_pass(void **state)
{
    (void)state;
    for (enum flavour flavour = FLAVOUR_CLEAR; flavour <= FLAVOUR_ONE_BUFFER; flavour++) {
        place_start(flavour);
        place.mx.greeting = LONG_GREETING;
        place.mx.ehlo_lines = 50;
        place_run();
        assert_delivered();
        finish();
    }
}

/* All that came is handed out before the end is told. */
static void the_end_comes_last(void **state)
{
    static const enum mx_end ends[] = {MX_CLOSES, MX_RESETS};
    static const int statuses[] = {STINT_IO_CLOSED, STINT_IO_FAILED};
    uint8_t octets[100];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        place_start(FLAVOUR_CLEAR);
        assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
        place_wait(1000);
        mx_hang_up(&place.mx, ends[i]);
        place_wait(1000);
        assert_int_equal(stint_lwip_io.read(port, octets, 3), 3);
        assert_int_equal(stint_lwip_io.read(port, octets, sizeof octets), 5);
        assert_memory_equal(octets, " mx\r\n", 5);
        assert_int_equal(stint_lwip_io.read(port, octets, sizeof octets), statuses[i]);
        assert_int_equal(stint_lwip_io.read(port, octets, sizeof octets), statuses[i]);
        assert_int_equal(port->error, i == 0 ? ERR_OK : ERR_RST);
        if (ends[i] == MX_RESETS) {
            assert_int_equal(stint_lwip_io.write(port, octets, 1), STINT_IO_FAILED);
            assert_int_equal(stint_lwip_io.flush(port), STINT_IO_DONE); /* it cannot be sure */
        }
        close_at_once();
        finish();
    }
}

/* The peer has ended the stream, and what we still send draws its RST: the stream has ended well.
 */
static void a_reset_changes_nothing_behind_the_end(void **state)
{
    uint8_t octets[100];

    (void)state;
    place_start(FLAVOUR_CLEAR);
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    place_wait(1000);
    mx_hang_up(&place.mx, MX_CLOSES);
    place_wait(1000);
    wire.accident = ACCIDENT_RESET;
    wire.at = wire.frames[OUT] + 1;
    assert_int_equal(stint_lwip_io.write(port, (const uint8_t *)"QUIT\r\n", 6), 6);
    assert_int_equal(stint_lwip_io.flush(port), STINT_IO_DONE);
    place_wait(1000);
    assert_null(port->pcb);
    assert_int_equal(stint_lwip_io.read(port, octets, sizeof octets), 8);
    assert_int_equal(stint_lwip_io.read(port, octets, sizeof octets), STINT_IO_CLOSED);
    close_at_once();
    finish();
}

/* ---- Opening ---- */

/* Also where the server has nothing to say first, as with implicit TLS. */
static void a_connection_wakes(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.is_mute = true;
    assert_int_equal(stint_lwip_io.open(port, WIRE_HOST, place.mx.port, 60000), STINT_IO_AGAIN);
    place_wait(1000);
    assert_int_equal(place.wakes, 1);
    assert_int_equal(stint_lwip_io.open(port, WIRE_HOST, place.mx.port, 59000), STINT_IO_DONE);
    close_at_once();
    finish();
}

/* An address is tried once, in its own family. */
static void nobody_listens(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.account.port = 1;
    place_run();
    assert_outcome(STINT_ERROR_IO, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(place.error, ERR_RST);
    assert_true(place.took_ms <= 1500);
    assert_int_equal(place.wakes, 1);
    finish();
}

static void nobody_is_there(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.account.host = "10.0.2.99";
    place.account.timeout_ms = 5000;
    place_run();
    assert_outcome(STINT_ERROR_TIMEOUT, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(place.took_ms, 5000);
    assert_int_equal(wire.data_frames, 0);
    finish();
}

static void the_local_address_is_told(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place_run();
    assert_delivered();
    assert_string_equal(place.mx.hello, "EHLO [" WIRE_LOCAL "]\r\n");
    finish();
}

#if LWIP_IPV6
/* Everything from here on is about the loopback's other address. */
static int serve_v6(void **state)
{
    (void)state;
    mx_tear_down(&place.mx);
    mx_set_up(&place.mx, true);
    return 0;
}

static int serve_v4(void **state)
{
    (void)state;
    mx_tear_down(&place.mx);
    mx_set_up(&place.mx, false);
    return 0;
}

static void an_address_may_be_of_ipv6(void **state)
{
    (void)state;
    for (enum flavour flavour = FLAVOUR_CLEAR; flavour <= FLAVOUR_ONE_BUFFER; flavour++) {
        place_start(flavour);
        place.account.host = WIRE_HOST_V6;
        place_run();
        assert_delivered();
        assert_string_equal(place.mx.hello, "EHLO [IPv6:" WIRE_LOCAL_V6 "]\r\n");
        finish();
    }
}
#else
static void only_addresses_are_known(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.account.host = "mx.example.com";
    place_run();
    assert_outcome(STINT_ERROR_IO, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(place.error, ERR_VAL);
    finish();
}
#endif

#if LWIP_DNS
/* A name that lwIP has not looked up before: it keeps what it knows. */
static const char *new_name(void)
{
    static char name[40];
    static unsigned number;

    snprintf(name, sizeof name, "mx%u.example.com", number++);
    return name;
}

static void run_with_name(enum names names)
{
    place_start(FLAVOUR_CLEAR);
    place.account.host = new_name();
    place.account.timeout_ms = 20000;
    wire.names = names;
    place_run();
}

static void a_name_is_looked_up(void **state)
{
    (void)state;
    run_with_name(NAMES_V4);
    assert_delivered();
    assert_true(place.took_ms <= 1500);
    finish();
}

/* lwIP has it from before, and answers without calling back. */
static void a_known_name_is_not_looked_up(void **state)
{
    const char *host = new_name();

    (void)state;
    for (int i = 0; i < 2; i++) {
        place_start(FLAVOUR_CLEAR);
        place.account.host = host;
        wire.names = i == 0 ? NAMES_V4 : NAMES_NONE;
        place_run();
        assert_delivered();
        finish();
    }
}

static void a_name_may_be_of_ipv6_only(void **state)
{
    (void)state;
    run_with_name(NAMES_V6);
    assert_delivered();
    finish();
}

/* It is refused at the one address, and not at the other. */
static void both_families_are_tried(void **state)
{
    (void)state;
    run_with_name(NAMES_BOTH);
    assert_delivered();
    assert_true(place.took_ms <= 2000);
    finish();
}

/* At the one address nobody answers: that may not take all the time there is. */
static void the_time_is_shared(void **state)
{
    (void)state;
    run_with_name(NAMES_LOST);
    assert_delivered();
    assert_in_range(place.took_ms, 10000, 11500);
    finish();
}

static void an_unknown_name_fails(void **state)
{
    (void)state;
    run_with_name(NAMES_NONE);
    assert_outcome(STINT_ERROR_IO, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(place.error, ERR_VAL);
    finish();
}

/* lwIP cannot be told to forget a question. Until it has called back - which the sanitizer watches
 * - the port does not let go of its memory. */
static void memory_is_kept_until_the_name_is_known(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.account.host = new_name();
    wire.names = NAMES_SILENT;
    place.abort_at = 2;
    place_run();
    assert_outcome(STINT_ERROR_ABORTED, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
    assert_in_range(place.took_ms, 3000, 20000);
    assert_true(place.wakes > 0);
    finish();
}

/* Also where the answer is a good one: it is too late. */
static void a_late_answer_opens_nothing(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    wire.names = NAMES_SILENT;
    assert_int_equal(stint_lwip_io.open(port, new_name(), place.mx.port, 60000), STINT_IO_AGAIN);
    place_wait(100);
    assert_int_equal(stint_lwip_io.close(port), STINT_IO_AGAIN);
    wire.names = NAMES_V4;
    place_wait(5000);
    close_at_once();
    assert_null(tcp_active_pcbs);
    finish();
}

static void unwanted(const char *name, const ip_addr_t *address, void *context)
{
    (void)name;
    (void)address;
    (void)context;
}

/* lwIP can ask so many questions at a time. */
static void a_place_among_the_questions_is_waited_for(void **state)
{
    ip_addr_t address;

    (void)state;
    place_start(FLAVOUR_CLEAR);
    wire.names = NAMES_SILENT;
    while (dns_gethostbyname(new_name(), &address, unwanted, NULL) == ERR_INPROGRESS) {
    }
    assert_int_equal(stint_lwip_io.open(port, "mx.example.com", place.mx.port, 60000),
                     STINT_IO_AGAIN);
    assert_false(port->resolving);
    assert_true(port->retries);
    place_wait(30000);
    wire.names = NAMES_V4;
    assert_int_equal(open_within("mx.example.com", 10000), STINT_IO_DONE);
    close_at_once();
    finish();
}
#endif

/* ---- Closing ---- */

/* Octets that nobody read are no reason to reset the connection: the server may still be saying
 * that it takes the message. */
static void what_was_not_read_is_no_reset(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    place_wait(1000);
    assert_int_equal(port->used, strlen("220 mx\r\n"));
    close_at_once();
    finish();
    assert_string_equal(place.mx.ended, "fin");
}

/* A server that has not yet answered hears no more. */
static void an_attempt_is_dropped_in_silence(void **state)
{
    unsigned frames;

    (void)state;
    place_start(FLAVOUR_CLEAR);
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE); /* so ARP knows it */
    close_at_once();
    place_wait(5000);
    wire.accident = ACCIDENT_LOST;
    wire.direction = IN;
    wire.at = wire.frames[IN] + 1;
    wire.length = 1000000;
    frames = wire.frames[OUT];
    assert_int_equal(stint_lwip_io.open(port, WIRE_HOST, place.mx.port, 60000), STINT_IO_AGAIN);
    place_wait(500);
    assert_int_equal(wire.frames[OUT], frames + 1);
    close_at_once();
    place_wait(500);
    assert_int_equal(wire.frames[OUT], frames + 1);
    assert_null(tcp_active_pcbs);
    finish();
}

/* What was copied still leaves. */
static void what_was_copied_is_sent(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.is_mute = true;
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    assert_int_equal(stint_lwip_io.write(port, (const uint8_t *)"good-bye", 8), 8);
    close_at_once();
    finish();
    assert_int_equal(place.mx.line_length, 8);
    assert_string_equal(place.mx.ended, "fin");
}

#if STINT_LWIP_COPY_MAX < 65535
/* But lent octets are not the port's to keep. */
static void what_was_lent_is_given_back(void **state)
{
    static uint8_t record[400];

    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.is_mute = true;
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    assert_int_equal(stint_lwip_io.write(port, record, sizeof record), sizeof record - 1);
    close_at_once();
    assert_null(tcp_active_pcbs);
    assert_null(port->lent);
    memset(record, 'y', sizeof record);
    finish();
}
#endif

/* The last session's pcb makes room for the next one's, also where there is only one and the peer
 * does not end its side of the connection. */
static void the_next_session_finds_a_pcb(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    place.mx.keeps_open = true;
    assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
    close_at_once();
    place_wait(1000);
    assert_non_null(tcp_active_pcbs);
    place_run();
    assert_delivered();
    assert_true(place.took_ms <= 1500);
    finish();
}

/* As it is left, without being zeroed. */
static void a_port_may_be_used_again(void **state)
{
    (void)state;
    place_start(FLAVOUR_CLEAR);
    for (int i = 0; i < 3; i++) {
        place.mx.accepted = 0;
        place_run();
        assert_delivered();
        assert_int_equal(place.error, ERR_OK);
        place.account.port = 1;
        place_run();
        assert_int_equal(place.error, ERR_RST);
        place.account.port = place.mx.port;
        assert_int_equal(open_within(WIRE_HOST, 10000), STINT_IO_DONE);
        place_wait(1000);
        mx_hang_up(&place.mx, MX_CLOSES);
        place_wait(1000);
        close_at_once();
    }
    finish();
}

static int set_up(void **state)
{
    (void)state;
    place_set_up(false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    place_tear_down();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flight_is_sent_at_once),
        cmocka_unit_test(the_client_is_woken),
        cmocka_unit_test(the_hook_is_optional),
        cmocka_unit_test(a_record_is_lent),
        cmocka_unit_test(small_writes_are_gathered),
        cmocka_unit_test(a_busy_driver_is_asked_again),
        cmocka_unit_test(no_memory_is_waited_for),
        cmocka_unit_test(last_words_are_read_past_a_stuck_record),
        cmocka_unit_test(the_ring_is_the_window),
        cmocka_unit_test(long_replies_pass),
        cmocka_unit_test(the_end_comes_last),
        cmocka_unit_test(a_reset_changes_nothing_behind_the_end),
        cmocka_unit_test(a_connection_wakes),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(nobody_is_there),
        cmocka_unit_test(the_local_address_is_told),
        cmocka_unit_test(what_was_not_read_is_no_reset),
        cmocka_unit_test(an_attempt_is_dropped_in_silence),
        cmocka_unit_test(what_was_copied_is_sent),
        cmocka_unit_test(the_next_session_finds_a_pcb),
        cmocka_unit_test(a_port_may_be_used_again),
#if STINT_LWIP_COPY_MAX < 65535
        cmocka_unit_test(what_is_read_to_is_not_lent),
        cmocka_unit_test(what_was_lent_is_given_back),
#endif
#if LWIP_IPV6
        cmocka_unit_test(a_name_is_looked_up),
        cmocka_unit_test(a_known_name_is_not_looked_up),
        cmocka_unit_test(an_unknown_name_fails),
        cmocka_unit_test(memory_is_kept_until_the_name_is_known),
        cmocka_unit_test(a_late_answer_opens_nothing),
        cmocka_unit_test(a_place_among_the_questions_is_waited_for),
        cmocka_unit_test_setup_teardown(an_address_may_be_of_ipv6, serve_v6, serve_v4),
        cmocka_unit_test_setup_teardown(a_name_may_be_of_ipv6_only, serve_v6, serve_v4),
        cmocka_unit_test_setup_teardown(both_families_are_tried, serve_v6, serve_v4),
        cmocka_unit_test_setup_teardown(the_time_is_shared, serve_v6, serve_v4),
#else
        cmocka_unit_test(only_addresses_are_known),
#endif
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
