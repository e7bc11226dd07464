/* SPDX-License-Identifier: MIT */

/*
 * The message on its way into DATA. The function under test works in place, with as little room as
 * its contract allows (`gap` == `length`), directly in front of a page that must not be touched
 * and, in another test, directly behind one. What it should do is written down a second time below,
 * octet by octet and with nothing held in common.
 */

#include "test.h"

#include "guard.h"
#include "session/body.h"

#define TEXT_MAX  4096
#define LINE_MAX_ 998

/* ---- The reference ---- */

struct reference {
    bool eight_bit;
    bool after_cr;
    size_t line;
};

/* RFC 5321 2.3.8, 4.5.2, 4.5.3.1.6. Appends to `out`; returns false for what must not be sent. */
static bool reference_octet(struct reference *r, uint8_t octet, uint8_t *out, size_t *n)
{
    bool belongs_to_cr = octet == '\n' && r->after_cr;

    r->after_cr = octet == '\r';
    if (belongs_to_cr) {
        return true;
    }
    if (octet == '\r' || octet == '\n') {
        out[(*n)++] = '\r';
        out[(*n)++] = '\n';
        r->line = 0;
        return true;
    }
    if (octet == '\0' || (octet > 127 && !r->eight_bit)) {
        return false;
    }
    if (octet == '.' && r->line == 0) {
        out[(*n)++] = '.';
    }
    out[(*n)++] = octet;
    return ++r->line <= LINE_MAX_;
}

/* Returns the length of the result, or -1. */
static int reference_convert(const uint8_t *text, size_t length, bool eight_bit, uint8_t *out)
{
    struct reference r = {eight_bit, false, 0};
    size_t n = 0;
    size_t i;

    for (i = 0; i < length; i++) {
        if (!reference_octet(&r, text[i], out, &n)) {
            return -1;
        }
    }
    return (int)n;
}

/* ---- The function under test, in pieces and between guard pages ---- */

struct bench {
    struct guard guard;
    bool low; /* at the lower page, not at the upper one */
};

static struct bench bench;

/* One piece with the least room. Its output is put behind what is in `out` already. */
static int convert_piece(struct stint_body *body, const uint8_t *piece, size_t length, uint8_t *out)
{
    uint8_t *place = bench.low ? bench.guard.begin : bench.guard.end - 2 * length;
    int n;

    memset(place, 0xA5, length);
    memcpy(place + length, piece, length);
    n = stint_body_convert(body, place, length, length);
    assert_true(n <= (int)(2 * length));
    if (n > 0) {
        memcpy(out, place, (size_t)n);
    }
    return n;
}

/* In pieces of `first` octets, then of `then`. Returns the length, or -1. */
static int convert(const uint8_t *text, size_t length, size_t first, size_t then, bool eight_bit,
                   uint8_t *out)
{
    struct stint_body body;
    size_t piece = first;
    int total = 0;
    int n;

    stint_body_start(&body, eight_bit, true);
    while (length > 0) {
        piece = piece < length ? piece : length;
        n = convert_piece(&body, text, piece, out + total);
        if (n < 0) {
            return -1;
        }
        total += n;
        text += piece;
        length -= piece;
        piece = then;
    }
    return total;
}

/* Like assert_memory_equal, but names the text. */
static void assert_same(const uint8_t *text, size_t length, size_t first, size_t then,
                        bool eight_bit)
{
    static uint8_t expected[2 * TEXT_MAX];
    static uint8_t got[2 * TEXT_MAX];
    int wanted = reference_convert(text, length, eight_bit, expected);
    int n = convert(text, length, first, then, eight_bit, got);

    if (n != wanted || (n > 0 && memcmp(got, expected, (size_t)n) != 0)) {
        fail_msg("\"%.*s\" in pieces of %zu and %zu: %d octets, expected %d", (int)length,
                 (const char *)text, first, then, n, wanted);
    }
}

static int map(void **state)
{
    (void)state;
    guard_map(&bench.guard, 2 * TEXT_MAX);
    return 0;
}

static int unmap(void **state)
{
    (void)state;
    guard_unmap(&bench.guard);
    return 0;
}

/* ---- Tests ---- */

/* Written out by hand: neither the function under test nor the reference is trusted. */
static void known_texts(void **state)
{
    static const struct {
        const char *text;
        const char *wire; /* NULL: refused */
        bool eight_bit;
    } cases[] = {
        {"", "", false},
        {"a", "a", false},
        {"a\r\nb\r\n", "a\r\nb\r\n", false},
        {"a\nb\n", "a\r\nb\r\n", false},
        {"a\rb\r", "a\r\nb\r\n", false},
        {"a\n\rb", "a\r\n\r\nb", false},
        {"a\r\r\nb", "a\r\n\r\nb", false},
        {"\r\n\n\r", "\r\n\r\n\r\n", false},
        {".", "..", false},
        {"..", "...", false},
        {".\r\n.\r\n", "..\r\n..\r\n", false},
        {"\r\n.\r\n", "\r\n..\r\n", false},
        {"\n.\n", "\r\n..\r\n", false},
        {"\r.\r", "\r\n..\r\n", false},
        {"\n.\r\n", "\r\n..\r\n", false},
        {"a.\r\nb.c\r\n", "a.\r\nb.c\r\n", false},
        {"\r\n.\r", "\r\n..\r\n", false},
        {"\t\x01\x1f\x7f", "\t\x01\x1f\x7f", false},
        {"caf\xc3\xa9", NULL, false},
        {"caf\xc3\xa9", "caf\xc3\xa9", true},
        {"\x80\x9f\xa0\xff", "\x80\x9f\xa0\xff", true},
        {"\x80", NULL, false},
        {"01234567\xff", NULL, false},
        {"0123456\xff"
         "01234567",
         NULL, false},
    };
    uint8_t out[64];
    size_t i;
    int n;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        n = convert((const uint8_t *)cases[i].text, strlen(cases[i].text), TEXT_MAX, TEXT_MAX,
                    cases[i].eight_bit, out);
        if (cases[i].wire == NULL) {
            assert_int_equal(n, -1);
        } else {
            assert_int_equal(n, strlen(cases[i].wire));
            assert_memory_equal(out, cases[i].wire, (size_t)n);
        }
    }
}

static const char *const awkward_texts[] = {
    ".",
    "..",
    "...\r\n...\n...\r...",
    "\r\n.\r\n",
    "\n.\n\n.\r\n\r.\r\r\n.\n",
    ".\r.\r.\r.\r",
    ".\n.\n.\n.\n",
    ".\r\n.\r\n.\r\n",
    "\r\r\r\n\n\n\r\n\r\n",
    "\n\r\n\r",
    "line one\r\n.line two\n..line three\r...line four",
    "Subject: smuggle\r\n\r\nhello\n.\r\nMAIL FROM:<a@b.c>\r\n",
    "hello\r.\rMAIL FROM:<a@b.c>\r\n",
    "hello\r\n.\rMAIL FROM:<a@b.c>\r\n",
    "12345678.1234567\r\n.2345678\n.2345678\r.2345678",
    "a line of some length without anything in it to look at, and another one behind it\r\n",
    "\xc3\xa4\xc3\xb6\xc3\xbc.\r\n.\xc3\x9f\x80\xff",
    "before\xff",
    "\x01\x02\x1f\x7f.\x0b\x0c\r\n.\x1b[0m",
};

static void every_split_of_awkward_texts(void **state)
{
    size_t i;
    size_t first;
    size_t then;

    (void)state;
    for (i = 0; i < COUNT(awkward_texts); i++) {
        const uint8_t *text = (const uint8_t *)awkward_texts[i];
        size_t length = strlen(awkward_texts[i]);

        for (first = 1; first <= length; first++) {
            for (then = 1; then <= length; then++) {
                assert_same(text, length, first, then, false);
                assert_same(text, length, first, then, true);
            }
        }
    }
}

/* Every text of up to seven octets over what matters, in two pieces at every place. */
static void every_short_text(void **state)
{
    static const uint8_t letters[] = {'\r', '\n', '.', 'a'};
    uint8_t text[7];
    size_t length;
    size_t i;
    unsigned number;

    (void)state;
    for (length = 1; length <= sizeof text; length++) {
        for (number = 0; number < 1U << 2 * length; number++) {
            for (i = 0; i < length; i++) {
                text[i] = letters[number >> 2 * i & 3];
            }
            for (i = 1; i <= length; i++) {
                assert_same(text, length, i, TEXT_MAX, false);
            }
        }
    }
}

/* A special octet at every place among plain ones, and so in every word and at every alignment. */
static void every_place_in_a_word(void **state)
{
    static const char *const specials[] = {"\r",   "\n",   "\r\n", "\n.",  "\r.",  "\r\n.",
                                           "\xff", "\x80", "\x1f", "\x01", "\x7f", " "};
    uint8_t text[80];
    size_t length;
    size_t place;
    size_t i;

    (void)state;
    for (length = 1; length < 70; length++) {
        for (place = 0; place < length; place++) {
            for (i = 0; i < COUNT(specials); i++) {
                memset(text, 'x', sizeof text);
                memcpy(text + place, specials[i], strlen(specials[i]));
                assert_same(text, length, TEXT_MAX, TEXT_MAX, i % 2 == 0);
                assert_same(text, length, TEXT_MAX, TEXT_MAX, i % 2 != 0);
            }
        }
    }
}

/* Three lines of one length; then the same with `octets` somewhere among them, or less. */
static void check_equal_lines(size_t line, const char *octets, size_t count)
{
    uint8_t text[3 * 130];
    size_t length = 3 * (line + 2);
    size_t place;

    for (place = line; place + count <= length; place++) {
        memset(text, 'x', sizeof text);
        memcpy(text + line, "\r\n", 2);
        memcpy(text + 2 * line + 2, "\r\n", 2);
        memcpy(text + 3 * line + 4, "\r\n", 2);
        memcpy(text + place, octets, count);
        bench.low = place % 2 == 0;
        assert_same(text, length, TEXT_MAX, TEXT_MAX, place % 4 < 2);
        assert_same(text, length, line + 1, TEXT_MAX, place % 4 >= 2);
        assert_same(text, place + count, TEXT_MAX, TEXT_MAX, false);
    }
    bench.low = false;
}

/* Lines like the one before may be passed over: not where anything in them is to be changed. */
static void every_place_in_equal_lines(void **state)
{
    static const char *const specials[] = {".",  "\r",   "\n",   "\r\n", "\n.",
                                           "\t", "\x80", "\xff", "x"};
    size_t line;
    size_t i;

    (void)state;
    for (line = 1; line <= 128; line += line < 72 || line > 82 ? 9 : 1) {
        for (i = 0; i < COUNT(specials); i++) {
            check_equal_lines(line, specials[i], strlen(specials[i]));
        }
        check_equal_lines(line, "\0", 1);
    }
}

static void every_octet_alone_and_in_a_row(void **state)
{
    uint8_t text[20];
    int octet;
    size_t length;

    (void)state;
    for (octet = 0; octet < 256; octet++) {
        memset(text, octet, sizeof text);
        for (length = 1; length <= sizeof text; length++) {
            assert_same(text, length, TEXT_MAX, TEXT_MAX, false);
            assert_same(text, length, TEXT_MAX, TEXT_MAX, true);
            assert_same(text, length, 1, 1, true);
        }
    }
}

static size_t random_text(uint32_t *seed, uint8_t *text, size_t most)
{
    static const uint8_t letters[] = {'\r', '\n', '.', 'a', ' ', '\r', '\n', '.', 0xC3, 0x1F};
    size_t length = 1 + test_random(seed) % most;
    size_t run = 0;
    size_t i;
    uint8_t letter = 'x';

    for (i = 0; i < length; i++) {
        if (run == 0) {
            letter = letters[test_random(seed) % sizeof letters];
            run = test_random(seed) % 8 == 0 ? test_random(seed) % 40 : 1;
        }
        text[i] = letter;
        run = run > 0 ? run - 1 : 0;
    }
    return length;
}

static int convert_random_pieces(uint32_t *seed, const uint8_t *text, size_t length, bool eight_bit,
                                 uint8_t *out)
{
    struct stint_body body;
    int total = 0;
    int n;

    stint_body_start(&body, eight_bit, true);
    while (length > 0) {
        size_t piece = 1 + test_random(seed) % (test_random(seed) % 4 == 0 ? length : 9);

        piece = piece < length ? piece : length;
        n = convert_piece(&body, text, piece, out + total);
        if (n < 0) {
            return -1;
        }
        total += n;
        text += piece;
        length -= piece;
    }
    return total;
}

static void random_texts_in_random_pieces(void **state)
{
    static uint8_t text[600], expected[1200], got[1200];
    uint32_t seed = 20261124;
    unsigned round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        size_t length = random_text(&seed, text, round % 100 == 0 ? 600 : 60);
        bool eight_bit = round % 3 != 0;
        int wanted = reference_convert(text, length, eight_bit, expected);
        int n;

        bench.low = round % 2 == 0;
        n = convert_random_pieces(&seed, text, length, eight_bit, got);
        assert_int_equal(n, wanted);
        assert_true(n <= 0 || memcmp(got, expected, (size_t)n) == 0);
    }
    bench.low = false;
}

/* A larger gap changes nothing, and what lies behind the input is left alone. */
static void a_larger_gap_is_as_good(void **state)
{
    static const char text[] = ".\r.\n.\r\n.a.b\r\n\n";
    size_t length = sizeof text - 1;
    uint8_t expected[64];
    int wanted = reference_convert((const uint8_t *)text, length, false, expected);
    size_t gap;

    (void)state;
    for (gap = length; gap < 100; gap++) {
        uint8_t *place = bench.guard.end - gap - length;
        struct stint_body body;

        stint_body_start(&body, false, true);
        memcpy(place + gap, text, length);
        assert_int_equal(stint_body_convert(&body, place, gap, length), wanted);
        assert_memory_equal(place, expected, (size_t)wanted);
    }
}

static void nothing_becomes_nothing(void **state)
{
    struct stint_body body;
    uint8_t octets[2] = {0, '\r'};

    (void)state;
    stint_body_start(&body, false, true);
    assert_int_equal(stint_body_convert(&body, octets, 0, 0), 0);
    assert_int_equal(stint_body_convert(&body, octets, 1, 1), 2); /* CR */
    assert_int_equal(stint_body_convert(&body, octets, 0, 0), 0);
    octets[1] = '\n';
    assert_int_equal(stint_body_convert(&body, octets, 1, 1), 0); /* its LF, after an empty piece */
}

/* `lines` are the lengths of lines, and the last one may be too long. */
static void check_line_lengths(const size_t *lines, size_t count, const char *line_end,
                               const char *start, bool refused)
{
    static uint8_t text[3 * TEXT_MAX / 4], out[2 * TEXT_MAX];
    static const size_t pieces[] = {1, 7, 8, 16, 497, 998, 999, TEXT_MAX};
    size_t length = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        memset(text + length, 'x', lines[i]);
        memcpy(text + length, start, strlen(start));
        memcpy(text + length + lines[i], line_end, strlen(line_end));
        length += lines[i] + strlen(line_end);
    }
    for (i = 0; i < COUNT(pieces); i++) {
        assert_same(text, length, pieces[i], pieces[i], true);
        assert_int_equal(convert(text, length, pieces[i], pieces[i], true, out) < 0, refused);
    }
}

/* RFC 5321 4.5.3.1.6, 4.5.2: 998 octets and CRLF; the dot that transparency adds is not counted. */
static void long_lines_are_refused(void **state)
{
    static const char *const line_ends[] = {"\r\n", "\n", "\r", ""};
    static const char *const starts[] = {"x", ".", "..", "\xff", "\t"};
    size_t end;
    size_t start;

    (void)state;
    for (end = 0; end < COUNT(line_ends); end++) {
        for (start = 0; start < COUNT(starts); start++) {
            static const size_t longest[] = {998, 998, 998};
            static const size_t too_long[] = {998, 999};
            static const size_t far_too_long[] = {2500};
            size_t count = *line_ends[end] == '\0' ? 1 : COUNT(longest);

            check_line_lengths(longest, count, line_ends[end], starts[start], false);
            check_line_lengths(too_long + 1, 1, line_ends[end], starts[start], true);
            check_line_lengths(far_too_long, 1, line_ends[end], starts[start], true);
            if (count > 1) {
                check_line_lengths(too_long, 2, line_ends[end], starts[start], true);
            }
        }
    }
}

static void nul_is_refused_everywhere(void **state)
{
    uint8_t text[40], out[80];
    size_t length;
    size_t place;
    size_t piece;

    (void)state;
    for (length = 1; length <= sizeof text; length++) {
        for (place = 0; place < length; place++) {
            memset(text, 'x', sizeof text);
            text[place] = '\0';
            for (piece = 1; piece <= length; piece += 3) {
                assert_int_equal(convert(text, length, piece, piece, true, out), -1);
                assert_int_equal(convert(text, length, piece, piece, false, out), -1);
            }
        }
    }
}

/* The heart of the in-place conversion: at no prefix, from no state and for no text does it make
 * more than twice of what it took. */
static void it_never_grows_to_more_than_twice(void **state)
{
    static const uint8_t letters[] = {'\r', '\n', '.', 'a', ' '};
    static const char *const states[] = {"", "a", "\r", "\n", "\r\n", ".", "a\r"};
    uint8_t text[6], out[64];
    size_t before;
    size_t i;
    unsigned number;

    (void)state;
    for (before = 0; before < COUNT(states); before++) {
        for (number = 0; number < 5 * 5 * 5 * 5 * 5 * 5; number++) {
            struct stint_body body;
            unsigned rest = number;
            int total = 0;

            stint_body_start(&body, false, true);
            for (i = 0; i < strlen(states[before]); i++) {
                convert_piece(&body, (const uint8_t *)states[before] + i, 1, out);
            }
            for (i = 0; i < sizeof text; i++, rest /= 5) {
                text[i] = letters[rest % 5];
                total += convert_piece(&body, text + i, 1, out);
                assert_true(total <= (int)(2 * (i + 1)));
            }
        }
    }
}

static void it_knows_whether_the_last_line_ended(void **state)
{
    static const struct {
        const char *text;
        bool at_start;
    } cases[] = {
        {"", true},    {"a", false},      {".", false},      {"a\r\n", true}, {"a\r", true},
        {"a\n", true}, {"a\r\nb", false}, {"a\r\n.", false}, {"\r\n", true},  {"a\n\r", true},
    };
    size_t i;
    size_t piece;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        for (piece = 1; piece <= 4; piece++) {
            const char *next = cases[i].text;
            struct stint_body body;
            uint8_t out[16];

            stint_body_start(&body, false, true);
            for (; *next != '\0'; next += strnlen(next, piece)) {
                convert_piece(&body, (const uint8_t *)next, strnlen(next, piece), out);
            }
            assert_int_equal(stint_body_at_line_start(&body), cases[i].at_start);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(every_split_of_awkward_texts),
        cmocka_unit_test(every_short_text),
        cmocka_unit_test(every_place_in_a_word),
        cmocka_unit_test(every_place_in_equal_lines),
        cmocka_unit_test(every_octet_alone_and_in_a_row),
        cmocka_unit_test(random_texts_in_random_pieces),
        cmocka_unit_test(a_larger_gap_is_as_good),
        cmocka_unit_test(nothing_becomes_nothing),
        cmocka_unit_test(long_lines_are_refused),
        cmocka_unit_test(nul_is_refused_everywhere),
        cmocka_unit_test(it_never_grows_to_more_than_twice),
        cmocka_unit_test(it_knows_whether_the_last_line_ended),
    };

    return cmocka_run_group_tests(tests, map, unmap);
}
