/* SPDX-License-Identifier: MIT */

/* Which octets are UTF-8 (RFC 3629) without control characters, against a second reading: each
 * character is decoded, and must become the same octets when it is encoded again. */

#include "test.h"

#include "session/international.h"

#define CODE_POINT_MAX 0x10FFFFU

/* Returns how many octets. */
static size_t encode(uint32_t code_point, uint8_t *octets)
{
    if (code_point < 0x80) {
        octets[0] = (uint8_t)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        octets[0] = (uint8_t)(0xC0 | code_point >> 6);
        octets[1] = (uint8_t)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        octets[0] = (uint8_t)(0xE0 | code_point >> 12);
        octets[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
        octets[2] = (uint8_t)(0x80 | (code_point & 0x3F));
        return 3;
    }
    octets[0] = (uint8_t)(0xF0 | code_point >> 18);
    octets[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3F));
    octets[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
    octets[3] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 4;
}

static bool is_character(uint32_t code_point)
{
    bool is_control = code_point >= 0x80 && code_point < 0xA0;
    bool is_surrogate = code_point >= 0xD800 && code_point < 0xE000;

    return code_point <= CODE_POINT_MAX && !is_control && !is_surrogate;
}

/* How many octets the character at `octets` has; 0: that is none. */
static size_t character(const uint8_t *octets)
{
    static const uint8_t firsts[] = {0, 0xC0, 0xE0, 0xF0};
    uint8_t again[4];
    size_t behind;
    size_t i;

    if (octets[0] < 0x80) {
        return 1;
    }
    for (behind = 1; behind < 4; behind++) {
        uint32_t code_point = (uint32_t)(octets[0] - firsts[behind]);

        for (i = 1; i <= behind && octets[i] != 0; i++) {
            code_point = code_point << 6 | (octets[i] & 0x3FU);
        }
        if (i > behind && is_character(code_point) && encode(code_point, again) == behind + 1 &&
            memcmp(again, octets, behind + 1) == 0) {
            return behind + 1;
        }
    }
    return 0;
}

static void check(const uint8_t *text)
{
    const uint8_t *at = text;
    size_t length = 1;

    while (*at != 0 && length > 0) {
        length = character(at);
        at += length;
    }
    if (stint_international_is_sound((const char *)text) != (length > 0)) {
        fail_msg("%02X %02X %02X %02X is%s sound", text[0], text[1], text[2], text[3],
                 length > 0 ? "" : " not");
    }
}

static void every_code_point(void **state)
{
    uint8_t text[8] = {0};
    uint32_t code_point;
    size_t length;

    (void)state;
    for (code_point = 1; code_point <= CODE_POINT_MAX + 0x1000; code_point++) {
        memset(text, 0, sizeof text);
        length = encode(code_point, text);
        assert_int_equal(stint_international_is_sound((const char *)text),
                         is_character(code_point));
        text[length] = 'a';
        assert_int_equal(stint_international_is_sound((const char *)text),
                         is_character(code_point));
    }
}

/* Of four octets those that could be one character, and their neighbours. */
static void every_short_string(void **state)
{
    uint8_t text[8] = {0};
    unsigned n;

    (void)state;
    for (n = 0; n < 1U << 24; n++) {
        text[0] = (uint8_t)(n >> 16);
        text[1] = (uint8_t)(n >> 8);
        text[2] = (uint8_t)n;
        check(text);
    }
    for (n = 0; n < 1U << 20; n++) {
        text[0] = (uint8_t)(0xF0 | n >> 16);
        text[1] = (uint8_t)(n >> 8);
        text[2] = (uint8_t)(n << 2);
        text[3] = (uint8_t)(0x80 ^ n);
        check(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(every_short_string),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
