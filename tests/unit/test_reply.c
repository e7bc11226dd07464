/* SPDX-License-Identifier: MIT */

/* The reply parser (RFC 5321 4.2). It takes one octet at a time, so there are no splits to try. */

#include "test.h"

#include "session/reply.h"

#define TEXT_MAX 256

/* What came of feeding a whole string. */
struct reading {
    struct stint_reply reply;
    enum stint_reply_event last;
    size_t used;
    char text[TEXT_MAX]; /* the lines' texts, with "|" between */
};

static void note(struct reading *reading, char octet)
{
    size_t length = strlen(reading->text);

    assert_true(length + 1 < TEXT_MAX);
    reading->text[length] = octet;
    reading->text[length + 1] = '\0';
}

/* Feeds `wire` until the reply is complete or malformed. */
static void read_reply(struct reading *reading, const char *wire, size_t length)
{
    memset(reading, 0, sizeof *reading);
    stint_reply_start(&reading->reply);
    while (reading->used < length) {
        reading->last = stint_reply_octet(&reading->reply, (uint8_t)wire[reading->used]);
        reading->used++;
        switch (reading->last) {
        case STINT_REPLY_TEXT: note(reading, wire[reading->used - 1]); break;
        case STINT_REPLY_LINE: note(reading, '|'); break;
        case STINT_REPLY_COMPLETE:
        case STINT_REPLY_MALFORMED: return;
        default: break;
        }
    }
}

static void complete_replies_are_taken(void **state)
{
    static const struct {
        const char *wire;
        uint16_t code;
        const char *text;
    } cases[] = {
        {"220 foo.com Service ready\r\n", 220, "foo.com Service ready"},
        {"250-first\r\n250-second\r\n250 third\r\n", 250, "first|second|third"},
        {"250 \r\n", 250, ""},
        {"250\r\n", 250, ""},
        {"250-\r\n250-\r\n250\r\n", 250, "||"},
        {"250- a\r\n250  b\r\n", 250, " a| b"},
        {"354-go\r\n354 on\r\n", 354, "go|on"},
        {"199 x\r\n", 199, "x"},
        {"599 x\r\n", 599, "x"},
        {"421 \x1b[2J %n \xff\r\n", 421, "\x1b[2J %n \xff"},
        {"250-250 OK\r\n250 -\r\n", 250, "250 OK|-"},
        {"550\r\nnext", 550, ""}, /* what follows is not touched */
    };
    struct reading reading;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        read_reply(&reading, cases[i].wire, strlen(cases[i].wire));
        assert_int_equal(reading.last, STINT_REPLY_COMPLETE);
        assert_int_equal(reading.reply.code, cases[i].code);
        assert_string_equal(reading.text, cases[i].text);
        assert_true(reading.used == strlen(cases[i].wire) || cases[i].wire[reading.used] == 'n');
    }
}

/* `refused` is the octet that makes the reply malformed, counted from 1. */
static void malformed_replies_are_refused_at_once(void **state)
{
    static const struct {
        const char *wire;
        size_t length;
        size_t refused;
    } cases[] = {
#define WIRE(text) (text), sizeof(text) - 1
        {WIRE("\r\n"), 1},
        {WIRE("hello\r\n"), 1},
        {WIRE("HTTP/1.1 400 Bad Request\r\n"), 1},
        {WIRE("099 x\r\n"), 1},
        {WIRE("600 x\r\n"), 1},
        {WIRE(" 250 x\r\n"), 1},
        {WIRE("25 x\r\n"), 3},
        {WIRE("2500 x\r\n"), 4},
        {WIRE("250x\r\n"), 4},
        {WIRE("250\tx\r\n"), 4},
        {WIRE("250_x\r\n"), 4},
        {WIRE("250\n"), 4},
        {WIRE("250 x\n"), 6},
        {WIRE("250 x\ry\r\n"), 7},
        {WIRE("250 x\r\r\n"), 7},
        {WIRE("250\rx"), 5},
        {WIRE("250 x\0y\r\n"), 6},
        {WIRE("250\0\r\n"), 4},
        {WIRE("\x15\x03\x01\x00\x02\x02\x32"), 1}, /* a TLS alert: this server speaks TLS */
        {WIRE("250-x\r\n251 y\r\n"), 10},          /* RFC 5321 4.2.1: the same code on every line */
        {WIRE("250-x\r\n550 y\r\n"), 10},
        {WIRE("250-x\r\n2\r\n"), 9},
        {WIRE("250-x\r\n y\r\n"), 8},
        {WIRE("250-x\r\n\r\n"), 8},
#undef WIRE
    };
    struct reading reading;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        read_reply(&reading, cases[i].wire, cases[i].length);
        assert_int_equal(reading.last, STINT_REPLY_MALFORMED);
        assert_int_equal(reading.used, cases[i].refused);
    }
}

static void parts_of_a_reply_are_no_reply(void **state)
{
    static const char wire[] = "250-foo.com\r\n250-SIZE 100\r\n250 HELP\r\n";
    struct reading reading;
    size_t length;

    (void)state;
    for (length = 0; length < sizeof wire - 1; length++) {
        read_reply(&reading, wire, length);
        assert_true(reading.last != STINT_REPLY_COMPLETE && reading.last != STINT_REPLY_MALFORMED);
    }
}

/* May `octet` stand after `before` ("", "2", "25", "250", "250 ", "250 \r")? */
static bool may_follow(const char *before, int octet)
{
    switch (strlen(before)) {
    case 0: return octet >= '1' && octet <= '5';
    case 1:
    case 2: return octet >= '0' && octet <= '9';
    case 3: return octet == ' ' || octet == '-' || octet == '\r';
    case 4: return octet != '\n' && octet != '\0';
    default: return octet == '\n';
    }
}

static void every_octet_is_judged_at_every_place(void **state)
{
    static const char *const places[] = {"", "2", "25", "250", "250 ", "250 \r"};
    struct reading reading;
    char wire[8];
    size_t i;
    int octet;

    (void)state;
    for (i = 0; i < COUNT(places); i++) {
        for (octet = 0; octet < 256; octet++) {
            memcpy(wire, places[i], strlen(places[i]));
            wire[strlen(places[i])] = (char)octet;
            read_reply(&reading, wire, strlen(places[i]) + 1);
            assert_int_equal(reading.last != STINT_REPLY_MALFORMED, may_follow(places[i], octet));
        }
    }
}

static void every_code_is_read(void **state)
{
    struct reading reading;
    char wire[16];
    unsigned code;

    (void)state;
    for (code = 100; code < 600; code++) {
        snprintf(wire, sizeof wire, "%u x\r\n", code);
        read_reply(&reading, wire, strlen(wire));
        assert_int_equal(reading.last, STINT_REPLY_COMPLETE);
        assert_int_equal(reading.reply.code, code);
    }
}

/* Feeds `line` again and again; returns after how many octets the parser has had enough. */
static size_t endurance(const char *first, const char *line)
{
    struct stint_reply reply;
    size_t used = 0;
    size_t i = 0;
    enum stint_reply_event event;

    stint_reply_start(&reply);
    do {
        event = stint_reply_octet(&reply, (uint8_t)(*first != '\0' ? *first++ : line[i++]));
        i = line[i] == '\0' ? 0 : i;
        used++;
    } while (event != STINT_REPLY_MALFORMED && event != STINT_REPLY_COMPLETE && used < 1000000);
    return used;
}

static void endless_replies_end(void **state)
{
    (void)state;
    assert_int_equal(endurance("250 ", "x"), STINT_REPLY_MAX + 1);
    assert_int_equal(endurance("250-", "x"), STINT_REPLY_MAX + 1);
    assert_int_equal(endurance("", "250-x\r\n"), STINT_REPLY_MAX + 1);
    assert_int_equal(endurance("", "250-\r\n"), STINT_REPLY_MAX + 1);
}

/* The bound is for one reply: the next starts anew, also after a malformed one. */
static void a_long_reply_is_taken_and_the_next_too(void **state)
{
    struct stint_reply reply;
    size_t i;
    int round;

    (void)state;
    for (round = 0; round < 3; round++) {
        stint_reply_start(&reply);
        for (i = 0; i < 4; i++) {
            assert_int_equal(stint_reply_octet(&reply, (uint8_t) "250 "[i]), STINT_REPLY_MORE);
        }
        for (i = 0; i < STINT_REPLY_MAX - 6; i++) {
            assert_int_equal(stint_reply_octet(&reply, 'x'), STINT_REPLY_TEXT);
        }
        assert_int_equal(stint_reply_octet(&reply, '\r'), STINT_REPLY_MORE);
        assert_int_equal(stint_reply_octet(&reply, '\n'), STINT_REPLY_COMPLETE);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_replies_are_taken),
        cmocka_unit_test(malformed_replies_are_refused_at_once),
        cmocka_unit_test(parts_of_a_reply_are_no_reply),
        cmocka_unit_test(every_octet_is_judged_at_every_place),
        cmocka_unit_test(every_code_is_read),
        cmocka_unit_test(endless_replies_end),
        cmocka_unit_test(a_long_reply_is_taken_and_the_next_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
