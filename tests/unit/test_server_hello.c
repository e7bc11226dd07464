/* SPDX-License-Identifier: MIT */

/* max_fragment_length, read from a ServerHello in passing: built here, in all the shapes that a
 * server may give it; and by BearSSL's server in a session. */

#include "desk.h"
#include "test.h"
#include "tls/server_hello.h"

#define ROOM 2048

struct stream {
    uint8_t octets[ROOM];
    size_t length;
};

static void add(struct stream *stream, const void *octets, size_t length)
{
    assert_true(stream->length + length <= ROOM);
    memcpy(stream->octets + stream->length, octets, length);
    stream->length += length;
}

static void add_octet(struct stream *stream, unsigned octet)
{
    uint8_t one = (uint8_t)octet;

    add(stream, &one, 1);
}

static void add_zeroes(struct stream *stream, size_t count)
{
    while (count-- > 0) {
        add_octet(stream, 0);
    }
}

/* A handshake message. `extensions` NULL: there is not even their length. */
static struct stream hello(unsigned id_length, const char *extensions, size_t length)
{
    struct stream stream = {{0}, 0};
    size_t size = 2 + 32 + 1 + id_length + 2 + 1 + (extensions != NULL ? 2 + length : 0);

    add_octet(&stream, 2);
    add_octet(&stream, 0);
    add_octet(&stream, (unsigned)(size >> 8));
    add_octet(&stream, size & 0xFF);
    add(&stream, "\x03\x03", 2);
    add_zeroes(&stream, 32);
    add_octet(&stream, id_length);
    add_zeroes(&stream, id_length);
    add(&stream, "\xC0\x2B\x00", 3);
    if (extensions != NULL) {
        add_octet(&stream, (unsigned)(length >> 8));
        add_octet(&stream, length & 0xFF);
        add(&stream, extensions, length);
    }
    return stream;
}

/* In records of at most `most` octets. */
static struct stream in_records(const struct stream *message, unsigned type, size_t most)
{
    struct stream stream = {{0}, 0};
    size_t offset, n;

    for (offset = 0; offset < message->length; offset += n) {
        n = message->length - offset < most ? message->length - offset : most;
        add_octet(&stream, type);
        add(&stream, "\x03\x03", 2);
        add_octet(&stream, (unsigned)(n >> 8));
        add_octet(&stream, n & 0xFF);
        add(&stream, message->octets + offset, n);
    }
    return stream;
}

static unsigned read_in_pieces(const struct stream *stream, size_t piece)
{
    static struct stint_server_hello read;
    size_t offset, n;

    memset(&read, 0xA5, sizeof read);
    stint_server_hello_start(&read);
    for (offset = 0; offset < stream->length; offset += n) {
        n = stream->length - offset < piece ? stream->length - offset : piece;
        stint_server_hello_octets(&read, stream->octets + offset, n);
    }
    return read.fragment_limit;
}

#define EXTENSIONS(text) text, sizeof(text) - 1

static void it_is_read_however_the_octets_come(void **state)
{
    static const struct {
        const char *extensions;
        size_t length;
        unsigned limit;
    } cases[] = {
        {NULL, 0, 0},
        {EXTENSIONS(""), 0},
        {EXTENSIONS("\x00\x01\x00\x01\x01"), 512},
        {EXTENSIONS("\x00\x01\x00\x01\x02"), 1024},
        {EXTENSIONS("\x00\x01\x00\x01\x03"), 2048},
        {EXTENSIONS("\x00\x01\x00\x01\x04"), 4096},
        {EXTENSIONS("\x00\x01\x00\x01\x00"), 0},
        {EXTENSIONS("\x00\x01\x00\x01\x05"), 0},
        {EXTENSIONS("\x00\x01\x00\x01\xFF"), 0},
        {EXTENSIONS("\x00\x01\x00\x02\x01\x01"), 0}, /* no such shape */
        {EXTENSIONS("\x00\x01\x00\x00"), 0},
        {EXTENSIONS("\xFF\x01\x00\x01\x00\x00\x01\x00\x01\x01"), 512},
        {EXTENSIONS("\x00\x01\x00\x01\x03\xFF\x01\x00\x01\x00"), 2048},
        {EXTENSIONS("\x00\x0B\x00\x04\x00\x01\x00\x01\x00\x17\x00\x00"),
         0},                                     /* in another's value */
        {EXTENSIONS("\x01\x01\x00\x01\x01"), 0}, /* another's number */
        {EXTENSIONS("\x00\x01\x00\x01"), 0},     /* cut off */
    };
    static const unsigned ids[] = {0, 1, 32};
    static const size_t mosts[] = {1, 2, 3, 7, 40, 16384};
    size_t i, j, k, piece;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        for (j = 0; j < COUNT(ids); j++) {
            struct stream message = hello(ids[j], cases[i].extensions, cases[i].length);

            /* Another message follows, which read as an extension would be one. */
            add(&message, "\x00\x01\x00\x01\x01", 5);
            for (k = 0; k < COUNT(mosts); k++) {
                struct stream stream = in_records(&message, 22, mosts[k]);

                for (piece = 1; piece < 50; piece++) {
                    assert_int_equal(read_in_pieces(&stream, piece), cases[i].limit);
                }
            }
        }
    }
}

static void only_a_server_hello_is_read(void **state)
{
    struct stream message = hello(0, EXTENSIONS("\x00\x01\x00\x01\x01"));
    struct stream stream = in_records(&message, 23, 16384);

    (void)state;
    assert_int_equal(read_in_pieces(&stream, 1), 0);
    stream = in_records(&message, 21, 1);
    assert_int_equal(read_in_pieces(&stream, 1), 0);
    message.octets[0] = 11;
    stream = in_records(&message, 22, 16384);
    assert_int_equal(read_in_pieces(&stream, 1), 0);
}

/* ---- In a session ---- */

static struct desk desk;
static uint8_t large_in[STINT_IN_ANY_SERVER], large_out[STINT_OUT_FULL];

static void a_server_agrees_or_is_not_asked(void **state)
{
    static const struct {
        size_t in_size, out_size;
        unsigned limit;
    } cases[] = {
        {STINT_IN_MIN, STINT_OUT_MIN, 512},
        {STINT_IN_SMALL, STINT_OUT_FULL, 1024},
        {STINT_IN_SMALL, STINT_OUT_MIN, 512}, /* BearSSL asks for what the smaller one can hold */
        {STINT_IN_ANY_SERVER, STINT_OUT_FULL, 16384},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        desk_set_up(&desk, "== TLS ==\n" DESK_SESSION);
        desk.account.security = STINT_SECURITY_IMPLICIT;
        desk.client.in = large_in;
        desk.client.in_size = cases[i].in_size;
        desk.client.out = large_out;
        desk.client.out_size = cases[i].out_size;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
        assert_int_equal(stint_tls_fragment_limit(&desk.tls), cases[i].limit);
    }
}

static void nothing_is_left_of_the_session_before(void **state)
{
    (void)state;
    desk_set_up(&desk, "== TLS ==\n" DESK_SESSION);
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk_run(&desk);
    assert_int_equal(stint_tls_fragment_limit(&desk.tls), 512);
    transcript_parse(&desk.script, "script", "== TLS ==\n" DESK_SESSION);
    fake_io_start(&desk.fake, desk.script.turns);
    desk.fake.tls = &desk.server;
    desk.client.in = large_in;
    desk.client.in_size = sizeof large_in;
    desk.client.out = large_out;
    desk.client.out_size = sizeof large_out;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_int_equal(stint_tls_fragment_limit(&desk.tls), 16384);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_however_the_octets_come),
        cmocka_unit_test(only_a_server_hello_is_read),
        cmocka_unit_test(a_server_agrees_or_is_not_asked),
        cmocka_unit_test(nothing_is_left_of_the_session_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
