/* SPDX-License-Identifier: MIT */

/* Addresses from text: the system's own inet_pton is the judge. */

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "test.h"
#include "tls/address.h"

static uint8_t expected(const char *text, uint8_t address[16])
{
    if (inet_pton(AF_INET, text, address) == 1) {
        return 4;
    }
    return inet_pton(AF_INET6, text, address) == 1 ? 16 : 0;
}

static void compare(const char *text)
{
    uint8_t ours[16] = {0};
    uint8_t theirs[16] = {0};
    uint8_t length = expected(text, theirs);

    if (stint_address(text, ours) != length || memcmp(ours, theirs, length) != 0) {
        fail_msg("'%s' is read otherwise by inet_pton", text);
    }
}

static void known_texts(void **state)
{
    static const char *const texts[] = {
        "1.2.3.4",
        "255.255.255.255",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4x",
        "01.2.3.4",
        "1..2.3",
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        ":1::",
        "1:::2",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "12345::",
        "g::",
        "1:",
        "::1:",
        "FE80::aBcD",
        "localhost",
        "mail.example.com",
        "a:b",
        "",
        ":",
        "::1.2.3.4:5",
        "1.2.3.4:25",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        compare(texts[i]);
    }
}

static void any_text(void **state)
{
    static const char characters[] = "0123:.af";
    uint32_t seed = 1;
    char text[24];
    long round;
    size_t length;
    size_t i;

    (void)state;
    for (round = 0; round < 300000; round++) {
        seed = seed * 1103515245 + 12345;
        length = 1 + (seed >> 16) % (sizeof text - 1);
        for (i = 0; i < length; i++) {
            seed = seed * 1103515245 + 12345;
            text[i] = characters[(seed >> 16) % 8];
        }
        text[length] = '\0';
        compare(text);
    }
}

static void a_zone_is_passed_over(void **state)
{
    uint8_t address[16];

    (void)state;
    assert_int_equal(stint_address("fe80::1%eth0", address), 16);
    assert_int_equal(address[15], 1);
    assert_int_equal(stint_address("1.2.3.4%eth0", address), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(any_text),
        cmocka_unit_test(a_zone_is_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
