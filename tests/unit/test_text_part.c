/* SPDX-License-Identifier: MIT */

/* Parts that are texts: their line ends are CRLF (RFC 2045 6.8, RFC 2049 4), whatever they are
 * stored with, however they are read, and the size is told beforehand. */

#include "test.h"

#include "composed.h"
#include "message/base64_lines.h"

#define TEXT_MAX  300
#define ALPHABET  "x\r\n"
#define ALL_TEXTS 2187 /* of seven letters */

static struct stint_text text;

struct store {
    const char *octets;
    uint32_t length;
    size_t most; /* octets a call gives */
    bool waits;  /* before each of them */
    bool waited;
    int end;
    unsigned begun; /* how often it was read from its first octet on */
};

static int read_store(void *context, uint32_t offset, uint8_t *buffer, size_t room)
{
    struct store *store = context;
    size_t n = room < store->most ? room : store->most;

    assert_true(room > 0 && room <= STINT_PART_ROOM && offset <= store->length);
    if (store->waits && !store->waited) {
        store->waited = true;
        return STINT_SOURCE_AGAIN;
    }
    store->waited = false;
    store->begun += offset == 0;
    n = n < store->length - offset ? n : store->length - offset;
    memcpy(buffer, store->octets + offset, n);
    return n > 0 ? (int)n : store->end;
}

/* As the RFC has it. */
static size_t canonical(const char *octets, size_t length, char *expected)
{
    size_t n = 0;
    size_t i;

    for (i = 0; i < length; i++) {
        if (octets[i] == '\r' || octets[i] == '\n') {
            i += octets[i] == '\r' && i + 1 < length && octets[i + 1] == '\n';
            expected[n++] = '\r';
            expected[n++] = '\n';
        } else {
            expected[n++] = octets[i];
        }
    }
    return n;
}

/* Read it as a composer does, `room` octets at a time. Returns what its end is. */
static int read_part(const struct stint_part *part, size_t room, char *octets, size_t *length)
{
    int got;

    *length = 0;
    for (;;) {
        got = part->read(part->context, (uint32_t)*length, (uint8_t *)octets + *length, room);
        if (got > 0) {
            assert_true((size_t)got <= room);
            *length += (size_t)got;
        } else if (got != STINT_SOURCE_AGAIN) {
            return got;
        }
    }
}

static void assert_comes_out(struct stint_part part, const char *octets, size_t length, size_t room)
{
    bool is_endless = part.octets == NULL && part.size == STINT_PART_SIZE_UNKNOWN;
    char expected[2 * TEXT_MAX], got[2 * TEXT_MAX + STINT_PART_ROOM];
    size_t n = canonical(octets, length, expected);
    size_t got_length;
    unsigned twice;

    assert_true(stint_part_as_text(&part, &text));
    assert_null(part.octets);
    assert_int_equal(part.size, is_endless ? STINT_PART_SIZE_UNKNOWN : n);
    for (twice = 0; twice < 2; twice++) {
        assert_int_equal(read_part(&part, room, got, &got_length), STINT_SOURCE_END);
        assert_int_equal(got_length, n);
        assert_memory_equal(got, expected, n);
    }
}

static void assert_text_comes_out(const char *octets, size_t length, size_t most, size_t room)
{
    struct store store = {octets, (uint32_t)length, most, false, false, STINT_SOURCE_FAILED, 0};
    struct stint_part part = {.octets = octets, .size = (uint32_t)length};

    assert_comes_out(part, octets, length, room);
    part.octets = NULL;
    part.read = read_store;
    part.context = &store;
    assert_comes_out(part, octets, length, room);
    part.size = STINT_PART_SIZE_UNKNOWN;
    store.end = STINT_SOURCE_END;
    store.waits = most % 2 == 0;
    assert_comes_out(part, octets, length, room);
}

/* Every text of no more than seven octets, so that line ends meet in all ways and at all borders.
 */
static void all_short_texts_come_out(void **state)
{
    char octets[8];
    size_t length, most;
    unsigned number, rest;

    (void)state;
    for (number = 0; number < ALL_TEXTS; number++) {
        rest = number;
        for (length = 0; length < 7; length++) {
            octets[length] = ALPHABET[rest % 3];
            rest /= 3;
        }
        for (length = 0; length <= 7; length++) {
            for (most = 1; most <= 3; most++) {
                assert_text_comes_out(octets, length, most, 1 + number % 5);
            }
        }
    }
}

static void long_texts_come_out(void **state)
{
    uint32_t seed = 11;
    char octets[TEXT_MAX];
    size_t round, length, i;

    (void)state;
    for (round = 0; round < 2000; round++) {
        length = test_random(&seed) % TEXT_MAX;
        for (i = 0; i < length; i++) {
            octets[i] = "abcdefgh \t\r\n\n\0\xC3\xFF"[test_random(&seed) % 16];
        }
        assert_text_comes_out(octets, length, 1 + test_random(&seed) % STINT_PART_ROOM,
                              1 + test_random(&seed) % STINT_PART_ROOM);
    }
}

/* In a letter, whose size is exact. */
static void a_letter_has_it_canonical(void **state)
{
    static const struct stint_mailbox to = {NULL, "ops@example.com"};
    static struct stint_letter_composer composer;
    static struct composed composed;
    struct stint_part part = {.type = "text/csv", .octets = "1;2\n3;4\r\n", .size = 9};
    struct stint_letter letter = {
        .message = {.from = {NULL, "a@b.example"}, .to = {&to, 1}, .id = "1@b.example"},
        .parts = &part,
        .part_count = 1};

    (void)state;
    assert_true(stint_part_as_text(&part, &text));
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 0);
    assert_non_null(strstr(composed.octets, "\r\n\r\nMTsyDQozOzQNCg==\r\n--=_1--\r\n"));
}

/* Whether its octets are fewer than was said, or it fails, nobody takes it for the end. */
static void what_fails_has_no_end(void **state)
{
    static const int ends[] = {STINT_SOURCE_END, STINT_SOURCE_FAILED, 0, -4, 58, 1000};
    static const char octets[] = "one\ntwo\rthree\r\nfour\r";
    char got[TEXT_MAX];
    size_t i, room, length;

    (void)state;
    for (i = 0; i < COUNT(ends); i++) {
        for (room = 1; room <= STINT_PART_ROOM; room += 7) {
            struct store store = {octets, sizeof octets - 1,   room, false,
                                  false,  STINT_SOURCE_FAILED, 0};
            struct stint_part part = {
                .read = read_store, .context = &store, .size = sizeof octets - 1};
            struct stint_part before = part;

            assert_true(stint_part_as_text(&part, &text));
            store.length--;
            store.end = ends[i];
            assert_int_equal(read_part(&part, room, got, &length), STINT_SOURCE_FAILED);
            assert_int_equal(part.read(part.context, (uint32_t)length, (uint8_t *)got, room),
                             STINT_SOURCE_FAILED);
            part = before;
            assert_false(stint_part_as_text(&part, &text));
            assert_memory_equal(&part, &before, sizeof part);
        }
    }
}

/* A part that waits cannot be measured now, and one of unknown size is not. */
static void what_waits_is_as_it_was(void **state)
{
    struct store store = {"x\n", 2, 2, true, false, STINT_SOURCE_FAILED, 0};
    struct stint_part part = {.read = read_store, .context = &store, .size = 2};

    (void)state;
    assert_false(stint_part_as_text(&part, &text));
    assert_ptr_equal(part.read, read_store);
    assert_int_equal(part.size, 2);
    part.size = STINT_PART_SIZE_UNKNOWN;
    assert_true(stint_part_as_text(&part, &text));
    assert_int_equal(store.begun, 0);
}

/* Whoever sends another letter with the same part may say it again. */
static void once_or_twice_is_the_same(void **state)
{
    char octets[] = "a\nb\n";
    struct stint_part part = {.octets = octets, .size = 4};
    char got[TEXT_MAX];
    size_t length;

    (void)state;
    assert_true(stint_part_as_text(&part, &text));
    octets[2] = '\n';
    assert_true(stint_part_as_text(&part, &text));
    assert_int_equal(part.size, 7);
    assert_int_equal(read_part(&part, 2, got, &length), STINT_SOURCE_END);
    assert_int_equal(length, 7);
    assert_memory_equal(got, "a\r\n\r\n\r\n", 7);
    part.octets = "x\n";
    part.size = 2;
    assert_true(stint_part_as_text(&part, &text));
    assert_int_equal(part.size, 3);
    assert_int_equal(read_part(&part, 3, got, &length), STINT_SOURCE_END);
    assert_memory_equal(got, "x\r\n", 3);
}

static void what_is_not_there_is_left_alone(void **state)
{
    struct stint_part part = {.size = 1};

    (void)state;
    assert_true(stint_part_as_text(&part, &text));
    assert_int_equal(part.size, 1);
    assert_null(part.read);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_short_texts_come_out),
        cmocka_unit_test(long_texts_come_out),
        cmocka_unit_test(a_letter_has_it_canonical),
        cmocka_unit_test(what_fails_has_no_end),
        cmocka_unit_test(what_waits_is_as_it_was),
        cmocka_unit_test(once_or_twice_is_the_same),
        cmocka_unit_test(what_is_not_there_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
