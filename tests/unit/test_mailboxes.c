/* SPDX-License-Identifier: MIT */

/* Lists of mailboxes as people write them (RFC 5322 3.4). */

#include "test.h"

#include "stint/mailboxes.h"

#include <stdlib.h>

#define MOST 4

/* In memory of just this size. */
static char *copy(const char *text)
{
    char *memory = malloc(strlen(text) + 1);

    assert_non_null(memory);
    return strcpy(memory, text);
}

static void lists_are_understood(void **state)
{
    static const struct {
        const char *list;
        struct stint_mailbox mailboxes[MOST];
    } cases[] = {
        {"a@b.c", {{NULL, "a@b.c"}}},
        {"  a@b.c\t ", {{NULL, "a@b.c"}}},
        {"<a@b.c>", {{NULL, "a@b.c"}}},
        {" < a@b.c > ", {{NULL, "a@b.c"}}},
        {"Ops <a@b.c>", {{"Ops", "a@b.c"}}},
        {"Ops<a@b.c>", {{"Ops", "a@b.c"}}},
        {"J. R. Doe  <a@b.c>", {{"J. R. Doe", "a@b.c"}}},
        {"\"Doe, J.\" <a@b.c>", {{"Doe, J.", "a@b.c"}}},
        {"\"a \\\"b\\\" \\\\ <x@y.z>\" <a@b.c>", {{"a \"b\" \\ <x@y.z>", "a@b.c"}}},
        {"\"a\" b \"c\" <a@b.c>", {{"a b c", "a@b.c"}}},
        {"\"\" <a@b.c>", {{"", "a@b.c"}}},
        {"Gr\xC3\xBC\xC3\x9F <a@b.c>", {{"Gr\xC3\xBC\xC3\x9F", "a@b.c"}}},
        {"\"a,b\"@c.d", {{NULL, "\"a,b\"@c.d"}}},
        {"X <\"a>,b\"@c.d>", {{"X", "\"a>,b\"@c.d"}}},
        {"a@[192.0.2.1]", {{NULL, "a@[192.0.2.1]"}}},
        {"a@b.c,d@e.f", {{NULL, "a@b.c"}, {NULL, "d@e.f"}}},
        {"a@b.c , X <d@e.f>,<g@h.i>,\"Y, Z\"<j@k.l>",
         {{NULL, "a@b.c"}, {"X", "d@e.f"}, {NULL, "g@h.i"}, {"Y, Z", "j@k.l"}}},
    };
    struct stint_mailbox mailboxes[MOST];
    struct stint_mailboxes_error error;
    size_t i, n, expected;
    char *list;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        list = copy(cases[i].list);
        for (expected = 0; expected < MOST && cases[i].mailboxes[expected].address; expected++) {
        }
        assert_int_equal(stint_mailboxes_parse(list, mailboxes, MOST, &error), expected);
        assert_int_equal(error.fault, STINT_MAILBOXES_GOOD);
        for (n = 0; n < expected; n++) {
            assert_string_equal(mailboxes[n].address, cases[i].mailboxes[n].address);
            if (cases[i].mailboxes[n].name == NULL) {
                assert_null(mailboxes[n].name);
            } else {
                assert_string_equal(mailboxes[n].name, cases[i].mailboxes[n].name);
            }
        }
        free(list);
    }
}

static void what_is_wrong_is_told_and_where(void **state)
{
    static const struct {
        const char *list;
        enum stint_mailboxes_fault fault;
        size_t offset;
    } cases[] = {
        {"", STINT_MAILBOXES_EMPTY, 0},
        {"  ", STINT_MAILBOXES_EMPTY, 2},
        {",", STINT_MAILBOXES_EMPTY, 0},
        {"a@b.c,", STINT_MAILBOXES_EMPTY, 6},
        {"a@b.c, ,d@e.f", STINT_MAILBOXES_EMPTY, 7},
        {"a", STINT_MAILBOXES_ADDRESS, 0},
        {"Ops", STINT_MAILBOXES_ADDRESS, 0},
        {"a@b.c; d@e.f", STINT_MAILBOXES_ADDRESS, 0},
        {"a@b.c d@e.f", STINT_MAILBOXES_ADDRESS, 0},
        {"a@b.c (Ops)", STINT_MAILBOXES_ADDRESS, 0},
        {"Ops <>", STINT_MAILBOXES_ADDRESS, 5},
        {"Ops <a>", STINT_MAILBOXES_ADDRESS, 5},
        {"Ops <a@b.c> x", STINT_MAILBOXES_ADDRESS, 12},
        {"Ops <a@b.c><d@e.f>", STINT_MAILBOXES_ADDRESS, 11},
        {"x@y.z, Ops <a@b>c>", STINT_MAILBOXES_ADDRESS, 16},
        {"a@b\xC3\xBC.c", STINT_MAILBOXES_NOT_ASCII, 0},
        {"Ops <b\xC3\xBC@b.c>", STINT_MAILBOXES_NOT_ASCII, 5},
        {"\"Ops <a@b.c>", STINT_MAILBOXES_QUOTE, 0},
        {"x@y.z, Ops <\"a@b.c>", STINT_MAILBOXES_QUOTE, 12},
        {"\"Ops\\\" <a@b.c>", STINT_MAILBOXES_QUOTE, 0},
        {"\"\\", STINT_MAILBOXES_QUOTE, 0},
        {"Ops <a@b.c", STINT_MAILBOXES_BRACKET, 4},
        {"Ops <a@b.c, d@e.f", STINT_MAILBOXES_BRACKET, 4},
        {"a@b.c <a@b.c>", STINT_MAILBOXES_NAME, 1},
        {"Team: <a@b.c>", STINT_MAILBOXES_NAME, 4},
        {"Ops (x) <a@b.c>", STINT_MAILBOXES_NAME, 4},
        {"> <a@b.c>", STINT_MAILBOXES_NAME, 0},
        {"O\\ps <a@b.c>", STINT_MAILBOXES_NAME, 1},
        {"O\nps <a@b.c>", STINT_MAILBOXES_CONTROL, 0},
        {"\"O\r\nps\" <a@b.c>", STINT_MAILBOXES_CONTROL, 0},
        {"Gr\xFC\xDF <a@b.c>", STINT_MAILBOXES_CONTROL, 0},
        {"a@b.c\n", STINT_MAILBOXES_ADDRESS, 0},
        {"a@b.c,a@b.c,a@b.c,a@b.c,a@b.c", STINT_MAILBOXES_MANY, 24},
    };
    struct stint_mailbox mailboxes[MOST];
    struct stint_mailboxes_error error;
    size_t i;
    char *list;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        list = copy(cases[i].list);
        assert_int_equal(stint_mailboxes_parse(list, mailboxes, MOST, &error), 0);
        assert_int_equal(error.fault, cases[i].fault);
        assert_int_equal(error.offset, cases[i].offset);
        assert_string_not_equal(stint_mailboxes_fault_name(error.fault), "?");
        free(list);
        list = copy(cases[i].list);
        assert_int_equal(stint_mailboxes_parse(list, mailboxes, MOST, NULL), 0);
        free(list);
    }
    assert_string_equal(stint_mailboxes_fault_name(STINT_MAILBOXES_MANY + 1), "?");
}

/* What passes can be composed; whatever does not is refused, and nothing outside is touched. */
static void random_lists_are_good_or_refused(void **state)
{
    static const char *const pieces[] = {"a@b.c", "<",  ">",       "\"", "\\", ",",
                                         " ",     "x",  "@",       "(",  ")",  "\xC3\xA9",
                                         "\xFF",  "\n", "<a@b.c>", ", "};
    static struct stint_composer composer;
    struct stint_message message = {.from = {NULL, "a@b.c"}, .id = "1@b.c", .text = ""};
    struct stint_mailbox mailboxes[MOST];
    uint32_t seed = 99;
    char text[200];
    size_t i, n, good = 0;
    char *list;

    (void)state;
    for (i = 0; i < 200000; i++) {
        text[0] = '\0';
        for (n = 1 + test_random(&seed) % 8; n > 0; n--) {
            strcat(text, pieces[test_random(&seed) % COUNT(pieces)]);
        }
        list = copy(text);
        n = stint_mailboxes_parse(list, mailboxes, MOST, NULL);
        if (n > 0) {
            good++;
            message.to.list = mailboxes;
            message.to.count = (uint16_t)n;
            assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
        }
        free(list);
    }
    assert_true(good > 1000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_understood),
        cmocka_unit_test(what_is_wrong_is_told_and_where),
        cmocka_unit_test(random_lists_are_good_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
