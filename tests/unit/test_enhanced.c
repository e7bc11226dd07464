/* SPDX-License-Identifier: MIT */

/* Enhanced status codes at the start of a reply's text (RFC 2034, RFC 3463). */

#include "test.h"

#include "session/enhanced.h"

static struct stint_enhanced parse(const char *text, uint16_t code)
{
    struct stint_enhanced_parser parser;

    stint_enhanced_start(&parser);
    for (; *text != '\0'; text++) {
        stint_enhanced_octet(&parser, (uint8_t)*text);
    }
    return stint_enhanced_value(&parser, code);
}

static void assert_enhanced(const char *text, uint16_t code, unsigned status_class,
                            unsigned subject, unsigned detail)
{
    struct stint_enhanced value = parse(text, code);

    if (value.status_class != status_class || value.subject != subject || value.detail != detail) {
        fail_msg("%u %s: %u.%u.%u", code, text, value.status_class, value.subject, value.detail);
    }
}

static void codes_are_read(void **state)
{
    static const struct {
        const char *text;
        uint16_t code;
        unsigned status_class, subject, detail;
    } cases[] = {
        {"2.1.0 Originator <tim@example.com> ok", 250, 2, 1, 0},
        {"5.7.8 Error: authentication failed", 535, 5, 7, 8},
        {"5.7.139 Authentication unsuccessful", 535, 5, 7, 139},
        {"4.3.2 ", 432, 4, 3, 2},
        {"5.1.1", 550, 5, 1, 1}, /* the text may be nothing else */
        {"2.0.0 ", 220, 2, 0, 0},
        {"5.999.999 x", 599, 5, 999, 999},
        {"4.000.001 x", 450, 4, 0, 1},
        {"5.1.1  x", 550, 5, 1, 1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        assert_enhanced(cases[i].text, cases[i].code, cases[i].status_class, cases[i].subject,
                        cases[i].detail);
    }
}

static void what_is_no_code_is_none(void **state)
{
    static const char *const texts[] = {
        "",           "OK",         " 5.1.1 x", "5",       "5.",        "5.1",      "5.1.",
        "5.1. x",     "5..1 x",     "5.1 1 x",  "5.1.1x",  "5.1.1.1 x", "5.1.1, x", "5.1234.1 x",
        "5.1.1234 x", "5.1.1234",   "55.1.1 x", "5,1,1 x", "5.a.1 x",   "5.1.b x",  "5.-1.1 x",
        "#5.1.1 x",   "5.1.\xb1 x", "1.1.1 x",  "3.1.1 x", "6.1.1 x",   "0.0.0 x",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        assert_enhanced(texts[i], 550, 0, 0, 0);
    }
}

/* RFC 2034 3: the class must be the reply's. If it is not, the reply wins. */
static void the_reply_wins(void **state)
{
    (void)state;
    assert_enhanced("2.1.0 OK", 550, 0, 0, 0);
    assert_enhanced("4.1.0 x", 550, 0, 0, 0);
    assert_enhanced("5.1.0 x", 450, 0, 0, 0);
    assert_enhanced("5.1.0 x", 250, 0, 0, 0);
    assert_enhanced("5.7.0 x", 334, 0, 0, 0);
}

static void the_next_starts_anew(void **state)
{
    struct stint_enhanced_parser parser;
    size_t i;

    (void)state;
    stint_enhanced_start(&parser);
    for (i = 0; i < 9; i++) {
        stint_enhanced_octet(&parser, (uint8_t) "5.123.456"[i]);
    }
    stint_enhanced_start(&parser);
    assert_int_equal(stint_enhanced_value(&parser, 550).status_class, 0);
    assert_enhanced("4.7.1 x", 450, 4, 7, 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_read),
        cmocka_unit_test(what_is_no_code_is_none),
        cmocka_unit_test(the_reply_wins),
        cmocka_unit_test(the_next_starts_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
