/* SPDX-License-Identifier: MIT */

/* A message that lies in memory as a source. */

#include "test.h"

#include "stint/source.h"

static const char text[] = "Subject: x\r\n\r\nPressure is low.\r\n";

#define LENGTH (sizeof text - 1)

static void it_is_read_in_pieces_of_any_size(void **state)
{
    struct stint_memory memory;
    struct stint_source source;
    uint8_t got[2 * LENGTH + 1];
    size_t room;

    (void)state;
    for (room = 1; room <= LENGTH + 1; room++) {
        size_t n = 0;
        int status;

        stint_source_from_memory(&source, &memory, text, LENGTH);
        while ((status = source.read(source.context, got + n, room)) > 0) {
            assert_true((size_t)status <= room);
            n += (size_t)status;
            assert_true(n <= LENGTH);
        }
        assert_int_equal(status, STINT_SOURCE_END);
        assert_int_equal(source.read(source.context, got, 1), STINT_SOURCE_END);
        assert_int_equal(n, LENGTH);
        assert_memory_equal(got, text, LENGTH);
    }
}

static void it_can_be_read_again(void **state)
{
    struct stint_memory memory;
    struct stint_source source;
    uint8_t got[LENGTH];
    int round;

    (void)state;
    stint_source_from_memory(&source, &memory, text, LENGTH);
    for (round = 0; round < 3; round++) {
        assert_int_equal(source.read(source.context, got, LENGTH), LENGTH);
        assert_memory_equal(got, text, LENGTH);
        assert_int_equal(source.read(source.context, got, LENGTH), STINT_SOURCE_END);
        assert_int_equal(source.rewind(source.context), 0);
    }
}

static void it_tells_its_size_and_not_its_content(void **state)
{
    struct stint_memory memory;
    struct stint_source source;

    (void)state;
    memset(&source, 0xFF, sizeof source);
    stint_source_from_memory(&source, &memory, text, LENGTH);
    assert_int_equal(source.size, LENGTH);
    assert_int_equal(source.content, STINT_CONTENT_UNKNOWN);
}

/* Each as CRLF, and one at the end. */
static void size_counts_every_line_end(void **state)
{
    static const struct {
        const char *text;
        uint32_t size;
    } cases[] = {
        {"a\r\n", 3},   {"a\n", 3},       {"a\r", 3},      {"a", 3},    {"\n", 2},
        {"\r", 2},      {"\r\r\n", 4},    {"\n\r", 4},     {"\n\n", 4}, {"a\nb\rc", 9},
        {"a\r\n\r", 5}, {"\r\n.\r\n", 5}, {"a\rb\r\n", 6},
    };
    struct stint_memory memory;
    struct stint_source source;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        stint_source_from_memory(&source, &memory, cases[i].text, strlen(cases[i].text));
        assert_int_equal(source.size, cases[i].size);
        assert_true(source.size_is_exact);
    }
}

static void it_may_be_empty(void **state)
{
    struct stint_memory memory;
    struct stint_source source;
    uint8_t octet;

    (void)state;
    stint_source_from_memory(&source, &memory, text, 0);
    assert_int_equal(source.read(source.context, &octet, 1), STINT_SOURCE_END);
    assert_int_equal(source.size, 0);
    assert_false(source.size_is_exact);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_in_pieces_of_any_size),
        cmocka_unit_test(it_can_be_read_again),
        cmocka_unit_test(it_tells_its_size_and_not_its_content),
        cmocka_unit_test(size_counts_every_line_end),
        cmocka_unit_test(it_may_be_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
