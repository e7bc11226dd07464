/* SPDX-License-Identifier: MIT */

/* With PIPELINING a server may put the replies to all that came into one record, and that must fit:
 * so no more commands go ahead than there is room for replies of 512 octets. A server that agreed
 * to small records need not be spared, unless there is one buffer for both ways. */

#include "test.h"

#include "tls_wire.h"

#define RECIPIENTS     10
#define COMMANDS       (RECIPIENTS + 2) /* MAIL, RCPT, DATA */
#define REPLY_OCTETS   512              /* RFC 5321 4.5.3.1.5 */
#define FRAGMENT_LIMIT 16384

static struct tls_wire wire;
static struct stint_recipient recipients[RECIPIENTS];

static const struct tls_wire_layout layouts[] = {
    {"two of the least", STINT_IN_MIN, STINT_OUT_MIN},
    {"two small ones", STINT_IN_SMALL, STINT_OUT_MIN},
    {"one of the least", STINT_IN_MIN, 0},
    {"one of 2,048 octets", 2048 + STINT_IN_OVERHEAD, 0},
    {"two large ones", STINT_IN_ANY_SERVER, STINT_OUT_FULL},
    {"one large one", STINT_IN_ANY_SERVER, 0},
};

static bool agrees;    /* the server, to records as large as the client asks for */
static size_t flights; /* of commands of the transaction */
static size_t most;    /* of them in one flight */
static char text[COMMANDS * REPLY_OCTETS + 1];

/* What the client knows of the server's answer is taken from it. */
static bool forget_agreement(struct tls_wire *w, enum tls_wire_message message,
                             const uint8_t *record, size_t length)
{
    (void)record, (void)length;
    if (message == TLS_WIRE_FINISHED && !agrees) {
        w->tls.hello.fragment_limit = 0;
    }
    return true;
}

static bool offer(struct tls_wire *w, enum tls_wire_point point)
{
    if (point == TLS_WIRE_EHLO) {
        tls_wire_say(w, "250-mx\r\n250-AUTH PLAIN\r\n250 PIPELINING\r\n");
        return false;
    }
    return point != TLS_WIRE_MAIL && point != TLS_WIRE_RCPT && point != TLS_WIRE_DATA;
}

static void put_reply(const char *command)
{
    size_t length = strlen(text);
    const char *code = memcmp(command, "MAIL", 4) == 0   ? "250 2.1.0 "
                       : memcmp(command, "QUIT", 4) == 0 ? "221 2.0.0 "
                                                         : "550 5.1.1 ";

    memset(text + length, 'x', REPLY_OCTETS - 2);
    memcpy(text + length, code, 10);
    strcpy(text + length + REPLY_OCTETS - 2, "\r\n");
}

/* All that has come is answered at once, in records as large as may be. */
static uint32_t answer(struct tls_wire *w)
{
    size_t limit = agrees ? stint_tls_fragment_limit(&w->tls) : FRAGMENT_LIMIT;
    size_t count = 0;
    size_t sent;
    char *command = w->heard;
    char *end;

    text[0] = '\0';
    w->heard[w->heard_length] = '\0';
    for (; (end = strstr(command, "\r\n")) != NULL; command = end + 2) {
        assert_true(count++ < COMMANDS);
        put_reply(command);
    }
    assert_string_equal(command, ""); /* whole commands, and in whole records */
    assert_true(count > 0);
    flights += memcmp(w->heard, "QUIT", 4) != 0;
    most = count > most ? count : most;
    w->heard_length = 0;
    for (sent = 0; sent < strlen(text); sent += limit) {
        size_t left = strlen(text) - sent;

        tls_wire_seal(w, TLS_APPLICATION_DATA, text + sent, left < limit ? left : limit);
    }
    return 1;
}

static void play(const struct tls_wire_layout *layout)
{
    size_t i;

    tls_wire_set_up(&wire, layout);
    memset(recipients, 0, sizeof recipients);
    for (i = 0; i < RECIPIENTS; i++) {
        recipients[i].address = "b@example.org";
    }
    wire.mail.recipients = recipients;
    wire.mail.recipient_count = RECIPIENTS;
    wire.handshake = forget_agreement;
    wire.answer = offer;
    wire.idle = answer;
    flights = 0;
    most = 0;
    tls_wire_run(&wire);
    assert_int_equal(wire.client.result.error, STINT_ERROR_PERMANENT);
    assert_int_equal(wire.client.result.stage, STINT_STAGE_RCPT);
    assert_int_equal(wire.client.result.fate, STINT_FATE_NOT_ACCEPTED);
    for (i = 0; i < RECIPIENTS; i++) {
        assert_int_equal(recipients[i].code, 550);
    }
}

static size_t smaller(size_t one, size_t other)
{
    return one < other ? one : other;
}

static void no_more_replies_come_than_fit(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(layouts); i++) {
        const struct tls_wire_layout *layout = &layouts[i];
        size_t limit = (layout->in_size - STINT_IN_OVERHEAD) / REPLY_OCTETS;

        agrees = false;
        play(layout);
        assert_int_equal(most, smaller(limit, COMMANDS));
        agrees = true;
        play(layout);
        assert_int_equal(most, layout->out_size > 0 ? COMMANDS : smaller(limit, COMMANDS));
        assert_true(flights <= (COMMANDS + most - 1) / most);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_replies_come_than_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
