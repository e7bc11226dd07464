/* SPDX-License-Identifier: MIT */

/* Texts as format=flowed has them (RFC 3676): short lines, of which the text comes back. */

#include "test.h"

#include "composed.h"

#define TEXT_MAX 2000
#define WORDS    "one two three four five six seven eight nine ten eleven twelve thirteen "
#define LONG_WORD                                                                                  \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"

static void texts_are_broken_at_spaces(void **state)
{
    static const struct {
        const char *text, *flowed;
    } cases[] = {
        {"", ""},
        {"a", "a"},
        {"a\r\nb\rc\n\n", "a\nb\nc\n\n"},
        {(WORDS "fourteen\nx"), (WORDS "\nfourteen\nx")},
        {(WORDS " fourteen"), (WORDS " \nfourteen")},
        {(WORDS "  \nx"), ("one two three four five six seven eight nine ten eleven twelve "
                           "thirteen\nx")},
        {(LONG_WORD " " LONG_WORD " a"), (LONG_WORD " \n" LONG_WORD " \na")},
        {" a", "  a"},
        {">a", " >a"},
        {"From a", " From a"},
        {"Fromage", "Fromage"},
        {(WORDS ">ten"), (WORDS "\n >ten")},
        {(WORDS "From ten"), (WORDS "\n From ten")},
        {"a  \n b ", "a\n  b"},
        {"-- \nPump 3", "-- \nPump 3"},
        {"--  \n-- \n--", "--\n-- \n--"},
        {("-- " LONG_WORD), ("-- " LONG_WORD)},
        {(WORDS "-- " LONG_WORD), (WORDS "\n-- " LONG_WORD)},
        {(LONG_WORD " -- "), (LONG_WORD " \n--")},
    };
    char flowed[TEXT_MAX];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(stint_flow(flowed, sizeof flowed, cases[i].text),
                         strlen(cases[i].flowed) + 1);
        assert_string_equal(flowed, cases[i].flowed);
    }
}

/* Columns are those of characters. */
static void characters_are_counted(void **state)
{
    static const char siren[] = "\xF0\x9F\x9A\xA8";
    char text[TEXT_MAX] = "";
    char flowed[TEXT_MAX];
    size_t i;

    (void)state;
    for (i = 0; i < 72; i++) {
        strcat(text, i == 70 ? " " : siren);
    }
    stint_flow(flowed, sizeof flowed, text);
    assert_string_equal(flowed, text);
    strcat(text, siren);
    stint_flow(flowed, sizeof flowed, text);
    assert_int_equal(strcspn(flowed, "\n"), 70 * 4 + 1);
}

static void no_more_is_written_than_there_is_room_for(void **state)
{
    static const char text[] = WORDS WORDS;
    char whole[TEXT_MAX];
    char flowed[TEXT_MAX];
    size_t length = stint_flow(whole, sizeof whole, text);
    size_t room;

    (void)state;
    assert_int_equal(stint_flow(NULL, 0, text), length);
    for (room = 0; room <= length; room++) {
        memset(flowed, '#', sizeof flowed);
        assert_int_equal(stint_flow(flowed, room, text), length);
        assert_memory_equal(flowed, whole, room);
        assert_int_equal(flowed[room], '#');
    }
}

/* RFC 3676 4.4, 4.1, 4.3: what a reader makes of it. */
static void unflow(const char *flowed, char *text)
{
    while (*flowed != '\0') {
        const char *line = *flowed == ' ' ? flowed + 1 : flowed;
        size_t length = strcspn(line, "\n");
        bool separates = length == 3 && memcmp(line, "-- ", 3) == 0;

        assert_int_not_equal(*flowed, '>');
        memcpy(text, line, length);
        text += length;
        flowed = line + length;
        if (*flowed == '\n') {
            flowed++;
            if (length == 0 || line[length - 1] != ' ' || separates) {
                *text++ = '\n';
            }
        }
    }
    *text = '\0';
}

/* The text is that, but for spaces where lines end. */
static void strip(const char *text, char *stripped)
{
    size_t length, end;

    for (;;) {
        length = end = strcspn(text, "\n");
        while (length > 0 && text[length - 1] == ' ' && (end != 3 || memcmp(text, "-- ", 3) != 0)) {
            length--;
        }
        memcpy(stripped, text, length);
        stripped += length;
        if (text[end] == '\0') {
            break;
        }
        *stripped++ = '\n';
        text += end + 1;
    }
    *stripped = '\0';
}

static void assert_lines_are_short(const char *flowed)
{
    size_t length;

    for (; *flowed != '\0'; flowed += length + (flowed[length] == '\n')) {
        length = strcspn(flowed, "\n");
        assert_true(length <= 78);
    }
}

static void random_texts_come_back(void **state)
{
    static const char *const pieces[] = {"a", "bc ",   "def ", "  ",      "\n",
                                         ">", "From ", "--",   "\n-- \n", "verylongword"};
    uint32_t seed = 3676;
    char text[TEXT_MAX], flowed[2 * TEXT_MAX], got[2 * TEXT_MAX], expected[TEXT_MAX];
    size_t round, n;

    (void)state;
    for (round = 0; round < 5000; round++) {
        text[0] = '\0';
        for (n = test_random(&seed) % 150; n > 0; n--) {
            strcat(text, pieces[test_random(&seed) % COUNT(pieces)]);
        }
        assert_true(stint_flow(flowed, sizeof flowed, text) <= sizeof flowed);
        unflow(flowed, got);
        strip(text, expected);
        assert_string_equal(got, expected);
    }
    memset(text, '\0', sizeof text);
    for (n = 0; n < 20; n++) {
        strcat(text, WORDS);
        stint_flow(flowed, sizeof flowed, text);
        assert_lines_are_short(flowed);
    }
}

/* In a letter the type says so. */
static void a_letter_says_so(void **state)
{
    static const struct stint_mailbox to = {NULL, "ops@example.com"};
    static struct stint_letter_composer composer;
    static struct composed composed;
    char flowed[TEXT_MAX];
    struct stint_letter letter = {.message = {.from = {NULL, "a@b.example"},
                                              .to = {&to, 1},
                                              .id = "1@b.example",
                                              .text = flowed},
                                  .flowed = true};

    (void)state;
    stint_flow(flowed, sizeof flowed, "x\n");
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 0);
    assert_string_equal(composed_field(&composed, "Content-Type"),
                        "text/plain; charset=utf-8; format=flowed");
    assert_string_equal(composed_field(&composed, "Content-Transfer-Encoding"), "7bit");
    stint_flow(flowed, sizeof flowed, WORDS "fourteen");
    letter.html = "<p>x";
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 0);
    assert_non_null(strstr(composed.octets, " thirteen=20\r\nfourteen\r\n--=_2\r\n"
                                            "Content-Type: text/html; charset=utf-8\r\n"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_broken_at_spaces),
        cmocka_unit_test(characters_are_counted),
        cmocka_unit_test(no_more_is_written_than_there_is_room_for),
        cmocka_unit_test(random_texts_come_back),
        cmocka_unit_test(a_letter_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
