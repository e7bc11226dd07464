/* SPDX-License-Identifier: MIT */

/* Base64, a quantum at a time (RFC 4648 4). */

#include "test.h"

#include "sasl/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(const char *octets, size_t length, char *text)
{
    uint8_t group[3];
    size_t n;

    for (; length > 0; length -= n) {
        n = length < 3 ? length : 3;
        memcpy(group, octets, n);
        stint_base64_quantum(text, group, n);
        octets += n;
        text += 4;
    }
    *text = '\0';
}

static void the_vectors_of_the_rfc(void **state)
{
    static const struct {
        const char *octets;
        const char *text;
    } vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\x14\xfb\x9c\x03\xd9\x7e", "FPucA9l+"}, /* RFC 4648 9 */
        {"\x14\xfb\x9c\x03\xd9", "FPucA9k="},
        {"\x14\xfb\x9c\x03", "FPucAw=="},
    };
    char text[16];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(vectors); i++) {
        encode(vectors[i].octets, strlen(vectors[i].octets), text);
        assert_string_equal(text, vectors[i].text);
    }
}

static char character_at(uint32_t bits, unsigned place)
{
    return alphabet[bits >> (18 - 6 * place) & 63];
}

/* What lies behind the octets that count must not matter. */
static void assert_quantum(uint32_t bits, size_t length)
{
    uint8_t octets[3] = {(uint8_t)(bits >> 16), (uint8_t)(bits >> 8), (uint8_t)bits};
    char text[4];

    bits &= length == 1 ? 0xFF0000U : length == 2 ? 0xFFFF00U : 0xFFFFFFU;
    stint_base64_quantum(text, octets, length);
    assert_int_equal(text[0], character_at(bits, 0));
    assert_int_equal(text[1], character_at(bits, 1));
    assert_int_equal(text[2], length > 1 ? character_at(bits, 2) : '=');
    assert_int_equal(text[3], length > 2 ? character_at(bits, 3) : '=');
}

static void every_value_at_every_place(void **state)
{
    uint32_t value;
    size_t length;

    (void)state;
    for (value = 0; value < 4096; value++) {
        for (length = 1; length <= 3; length++) {
            assert_quantum(value << 12 | value, length);
        }
    }
}

static void characters_of_base64(void **state)
{
    int octet;

    (void)state;
    for (octet = 0; octet < 256; octet++) {
        bool expected = octet == '=' || (octet != 0 && strchr(alphabet, octet) != NULL);

        assert_int_equal(stint_base64_character((uint8_t)octet), expected);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc),
        cmocka_unit_test(every_value_at_every_place),
        cmocka_unit_test(characters_of_base64),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
