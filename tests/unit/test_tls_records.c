/* SPDX-License-Identifier: MIT */

/* Records of every size: of one octet, of none, as many as there may be in one, and more than there
 * may. How a reply lies in records changes nothing, and what does not fit is said to be so. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

/* Both of the ciphers that Stint has, and what they add to a record. */
static const struct {
    uint16_t suite;
    size_t overhead;
} ciphers[] = {{BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 24},
               {BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 16}};

static enum tls_wire_point changed; /* the point at which it is done; TLS_WIRE_OVER: at all */

static bool is_here(enum tls_wire_point point)
{
    return changed == TLS_WIRE_OVER || changed == point;
}

/* ---- Small ones ---- */

static size_t piece;   /* octets of a reply in a record */
static unsigned empty; /* records without any before each */
static enum tls_type type_of_empty;

static bool reply_in_pieces(struct tls_wire *w, enum tls_wire_point point)
{
    const char *text = tls_wire_reply_text(point);
    size_t length = strlen(text);
    size_t i;
    size_t n;
    unsigned j;

    for (i = 0; i < length; i += n) {
        n = length - i < piece ? length - i : piece;
        for (j = 0; j < empty; j++) {
            tls_wire_seal(w, type_of_empty, "", 0);
        }
        tls_wire_seal(w, TLS_APPLICATION_DATA, text + i, n);
    }
    tls_wire_replied(w);
    return false;
}

static void set_up(const struct tls_wire_layout *layout, size_t cipher)
{
    tls_wire_set_up(&wire, layout);
    wire.suite = ciphers[cipher].suite;
}

static void a_reply_comes_in_pieces_of_any_size(void **state)
{
    size_t layout;
    size_t cipher;
    char how[50];

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (cipher = 0; cipher < COUNT(ciphers); cipher++) {
            for (piece = 1; piece < 30; piece += piece < 5 ? 1 : 12) {
                empty = 0;
                set_up(&tls_wire_layouts[layout], cipher);
                wire.answer = reply_in_pieces;
                wire.most = piece;
                tls_wire_run(&wire);
                sprintf(how, "pieces of %zu", piece);
                tls_wire_judge(&wire, STINT_ERROR_NONE, 0, how);
                assert_int_equal(wire.point, TLS_WIRE_OVER);
            }
        }
    }
}

/* RFC 5246 6.2.1 allows them for application data; BearSSL passes over all. */
static void records_with_nothing_in_them_are_nothing(void **state)
{
    static const unsigned counts[] = {1, 2, 25};
    size_t layout;
    size_t i;
    unsigned type;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(counts); i++) {
            for (type = TLS_CHANGE_CIPHER_SPEC; type <= TLS_APPLICATION_DATA; type++) {
                piece = 3;
                empty = counts[i];
                type_of_empty = (enum tls_type)type;
                tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                wire.answer = reply_in_pieces;
                tls_wire_go_on(&wire);
                tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "empty records");
                assert_int_equal(wire.point, TLS_WIRE_OVER);
            }
        }
    }
}

/* ---- Without end ---- */

static void more_of_nothing(struct tls_wire *w)
{
    tls_wire_seal(w, TLS_APPLICATION_DATA, "", 0);
}

static void more_of_a_line(struct tls_wire *w)
{
    tls_wire_seal(w, TLS_APPLICATION_DATA, "x", 1);
}

static void (*flood)(struct tls_wire *wire);

static bool begin_flood(struct tls_wire *w, enum tls_wire_point point)
{
    char start[5];

    if (point != changed) {
        return true;
    }
    sprintf(start, "%.3s ", tls_wire_reply_text(point));
    tls_wire_seal(w, TLS_APPLICATION_DATA, start, flood == more_of_a_line ? 4 : 0);
    w->started = w->now;
    w->flood = flood;
    return false;
}

static void run_flood(const struct tls_wire_layout *layout, void (*what)(struct tls_wire *),
                      uint32_t step_ms)
{
    flood = what;
    tls_wire_secure(&wire, layout);
    wire.answer = begin_flood;
    wire.step_ms = step_ms;
    tls_wire_go_on(&wire);
}

/* Nothing at all, as often as one likes, is no reply; and no line is longer than a reply may be. */
static void no_flood_is_listened_to_for_ever(void **state)
{
    static const enum tls_wire_point points[] = {TLS_WIRE_GREETING, TLS_WIRE_AUTH, TLS_WIRE_CONTENT,
                                                 TLS_WIRE_QUIT};
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(points); i++) {
            changed = points[i];
            run_flood(&tls_wire_layouts[layout], more_of_nothing, 100);
            tls_wire_judge(&wire, STINT_ERROR_TIMEOUT, 0, "nothing without end");
            assert_true(wire.now - wire.started <= 601000);
            run_flood(&tls_wire_layouts[layout], more_of_a_line, 100);
            tls_wire_judge(&wire, STINT_ERROR_TIMEOUT, 0, "a slow line without end");
            assert_true(wire.now - wire.started <= 601000);
        }
    }
    changed = TLS_WIRE_MAIL;
    run_flood(&tls_wire_layouts[1], more_of_a_line, 1);
    tls_wire_judge(&wire, STINT_ERROR_PROTOCOL, 0, "a fast line without end");
    assert_in_range(wire.down_length, 65536 * 30, 65600 * 30); /* STINT_REPLY_MAX, in records */
}

/* ---- Large ones ---- */

static size_t large; /* octets in the record */
static bool is_too_large;

/* A reply of as many octets as one likes. */
static size_t make_reply(enum tls_wire_point point, char *reply, size_t length)
{
    const char *usual = tls_wire_reply_text(point);
    size_t n = strlen(usual);
    size_t i;

    assert_true(length > n + 10);
    for (i = 0; i + n + 2 < length; i++) {
        reply[i] = i < 3 ? usual[i] : 'x';
    }
    reply[3] = '-';
    memcpy(reply + i, "\r\n", 2);
    memcpy(reply + i + 2, usual, n);
    return length;
}

static bool reply_large(struct tls_wire *w, enum tls_wire_point point)
{
    static char reply[20000];

    if (!is_here(point)) {
        return true;
    }
    tls_wire_seal(w, TLS_APPLICATION_DATA, reply, make_reply(point, reply, large));
    tls_wire_replied(w);
    w->words = NULL;
    if (is_too_large) {
        w->reply_end[point] = SIZE_MAX;
    }
    return false;
}

static void run_large(const struct tls_wire_layout *layout, size_t cipher, size_t length)
{
    large = length;
    set_up(layout, cipher);
    wire.answer = reply_large;
    tls_wire_run(&wire);
}

/* What fits: all that the buffer holds but the head and what encryption adds; at most 16,384. */
static size_t room_of(const struct tls_wire_layout *layout, size_t cipher)
{
    size_t room = layout->in_size - TLS_HEAD - ciphers[cipher].overhead;

    return room < 16384 ? room : 16384;
}

static const struct tls_wire_layout sizes[] = {
    {"the least", STINT_IN_MIN, STINT_OUT_MIN},
    {"the least, one buffer", STINT_IN_MIN, 0},
    {"one octet more", STINT_IN_MIN + 1, 0},
    {"small", STINT_IN_SMALL, STINT_OUT_MIN},
    {"small, one buffer", STINT_IN_SMALL, 0},
    {"one octet too small", 16384 + 28, STINT_OUT_MIN},
    {"just enough", 16384 + 29, 0},
    {"any server's", STINT_IN_ANY_SERVER, STINT_OUT_FULL},
    {"any server's, one buffer", STINT_IN_ANY_SERVER, 0},
};

static void a_record_as_large_as_the_buffer_is_read(void **state)
{
    size_t i;
    size_t cipher;

    (void)state;
    is_too_large = false;
    for (i = 0; i < COUNT(sizes); i++) {
        for (cipher = 0; cipher < COUNT(ciphers); cipher++) {
            for (changed = TLS_WIRE_EHLO; changed <= TLS_WIRE_CONTENT; changed += 5) {
                run_large(&sizes[i], cipher, room_of(&sizes[i], cipher));
                tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "just fits");
                assert_int_equal(wire.point, TLS_WIRE_OVER);
            }
        }
    }
}

/* What the named sizes promise; see stint/config.h. */
static void the_named_sizes_keep_their_promise(void **state)
{
    (void)state;
    is_too_large = false;
    changed = TLS_WIRE_OVER;
    run_large(&sizes[0], 0, 512);
    tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "512");
    run_large(&sizes[3], 0, 1024);
    tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "1,024");
}

static void a_larger_record_is_said_to_be_so(void **state)
{
    size_t i;
    size_t cipher;
    size_t room;
    unsigned too_large = 0;

    (void)state;
    is_too_large = true;
    for (i = 0; i < COUNT(sizes); i++) {
        for (cipher = 0; cipher < COUNT(ciphers); cipher++) {
            for (changed = TLS_WIRE_GREETING; changed < TLS_WIRE_OVER; changed++) {
                room = room_of(&sizes[i], cipher);
                if (room < 16384) {
                    run_large(&sizes[i], cipher, room + 1);
                    tls_wire_judge_too_large(&wire, "one octet more than fits");
                    too_large++;
                }
            }
        }
    }
    assert_int_equal(too_large, (5 * 2 + 1) * 8); /* sizes with both ciphers or one, at 8 points */
}

/* More than anybody may send: that is no question of the buffer. */
static void a_record_that_nobody_may_send_is_wrong(void **state)
{
    static const size_t lengths[] = {16385, 16384 + 232, 18000};
    size_t i;
    size_t j;
    size_t cipher;

    (void)state;
    is_too_large = true;
    for (i = 0; i < COUNT(sizes); i++) {
        for (cipher = 0; cipher < COUNT(ciphers); cipher++) {
            for (j = 0; j < COUNT(lengths); j++) {
                changed = TLS_WIRE_CONTENT;
                run_large(&sizes[i], cipher, lengths[j]);
                tls_wire_judge(&wire, STINT_ERROR_TLS, BR_ERR_BAD_LENGTH, "over 16,384");
            }
        }
    }
}

/* ---- Lengths that are only claimed ---- */

static size_t claimed;
static uint8_t claimed_type;

static bool claim(struct tls_wire *w, enum tls_wire_point point)
{
    uint8_t head[TLS_HEAD] = {claimed_type, 3, 3, (uint8_t)(claimed >> 8), (uint8_t)claimed};

    if (point != changed) {
        return true;
    }
    tls_wire_put(w, head, sizeof head);
    return false; /* and the usual reply, for the record's content */
}

/* Nobody waits for what could not be right: the head is enough. */
static void a_head_alone_can_be_wrong(void **state)
{
    static const size_t lengths[] = {0,           1,           23,     16384 + 25,
                                     16384 + 256, 16384 + 257, 0x8000, 0xFFFF};
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(lengths); i++) {
            for (claimed_type = 20; claimed_type < 25; claimed_type++) {
                for (changed = TLS_WIRE_GREETING; changed < TLS_WIRE_OVER; changed++) {
                    claimed = lengths[i];
                    tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                    wire.answer = claim;
                    tls_wire_go_on(&wire);
                    tls_wire_judge(&wire, STINT_ERROR_TLS, BR_ERR_BAD_LENGTH, "head");
                    assert_true(wire.now - wire.started < 1000);
                }
            }
        }
    }
}

/* ---- In the handshake ---- */

static enum tls_wire_message before;

/* Warnings, which mean nothing: as many as go into one record. */
static bool warn(struct tls_wire *w, enum tls_wire_message message, const uint8_t *record,
                 size_t length)
{
    static uint8_t warnings[16384 + 1];
    size_t i;

    (void)record, (void)length;
    for (i = 0; i < sizeof warnings; i++) {
        warnings[i] = i % 2 == 0 ? 1 : 90;
    }
    if (message == before) {
        tls_wire_put_clear(w, TLS_ALERT, warnings, large);
    }
    return true;
}

/* These records are not encrypted, and so are read as they come. */
static void records_of_the_handshake_need_not_fit(void **state)
{
    static const size_t lengths[] = {0, 832, 834, 16384, 16385};
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(lengths); i++) {
            for (before = TLS_WIRE_SERVER_HELLO; before <= TLS_WIRE_CCS; before++) {
                large = lengths[i];
                tls_wire_set_up(&wire, &tls_wire_layouts[layout]);
                wire.handshake = warn;
                tls_wire_run(&wire);
                if (large <= 16384) {
                    tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "fits");
                } else {
                    tls_wire_judge(&wire, STINT_ERROR_TLS, BR_ERR_BAD_LENGTH, "too long");
                    tls_wire_judge_unsecured(&wire, "too long");
                }
            }
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_comes_in_pieces_of_any_size),
        cmocka_unit_test(records_with_nothing_in_them_are_nothing),
        cmocka_unit_test(no_flood_is_listened_to_for_ever),
        cmocka_unit_test(a_record_as_large_as_the_buffer_is_read),
        cmocka_unit_test(the_named_sizes_keep_their_promise),
        cmocka_unit_test(a_larger_record_is_said_to_be_so),
        cmocka_unit_test(a_record_that_nobody_may_send_is_wrong),
        cmocka_unit_test(a_head_alone_can_be_wrong),
        cmocka_unit_test(records_of_the_handshake_need_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
