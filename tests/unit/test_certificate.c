/* SPDX-License-Identifier: MIT */

/* What is read of a certificate as it streams by: built here, element by element. */

#include <stdint.h>
#include <string.h>

#include "test.h"
#include "tls/certificate.h"

/* ---- Building DER ---- */

struct der {
    uint8_t octets[1024];
    size_t length;
};

static void add(struct der *der, const void *octets, size_t length)
{
    assert_true(der->length + length <= sizeof der->octets);
    memcpy(der->octets + der->length, octets, length);
    der->length += length;
}

/* An element around `content`, with its length in the fewest octets. */
static void add_element(struct der *der, uint8_t tag, const void *content, size_t length)
{
    uint8_t header[4] = {tag, (uint8_t)length, 0, 0};
    size_t size = 2;

    if (length > 255) {
        header[1] = 0x82;
        header[2] = (uint8_t)(length >> 8);
        header[3] = (uint8_t)length;
        size = 4;
    } else if (length > 127) {
        header[1] = 0x81;
        header[2] = (uint8_t)length;
        size = 3;
    }
    add(der, header, size);
    add(der, content, length);
}

static void wrap(struct der *der, uint8_t tag)
{
    struct der whole = {{0}, 0};

    add_element(&whole, tag, der->octets, der->length);
    *der = whole;
}

#define SEQUENCE     0x30
#define OID          0x06
#define OCTET_STRING 0x04
#define DNS          0x82
#define IP           0x87

/* Extension 2.5.29.`id` with `value` in its octet string. */
static void add_extension(struct der *extensions, uint8_t id, const struct der *value)
{
    const uint8_t oid[] = {0x55, 0x1D, id};
    struct der extension = {{0}, 0};

    add_element(&extension, OID, oid, sizeof oid);
    add_element(&extension, 0x01, "\xFF", 1); /* critical */
    add_element(&extension, OCTET_STRING, value->octets, value->length);
    add_element(extensions, SEQUENCE, extension.octets, extension.length);
}

/* Version, serial number, algorithm, issuer, validity, subject, key, [3] extensions; a signature.
 */
static struct der certificate_with(const struct der *extensions, const char *begin)
{
    struct der validity = {{0}, 0};
    struct der tbs = {{0}, 0};
    struct der whole = {{0}, 0};
    struct der list = {{0}, 0};

    add_element(&validity, strlen(begin) == 13 ? 0x17 : 0x18, begin, strlen(begin));
    add_element(&validity, 0x17, "491231235959Z", 13);
    add_element(&tbs, 0xA0, "\x02\x01\x02", 3);
    add_element(&tbs, 0x02, "\x07", 1);
    add_element(&tbs, SEQUENCE, "\x06\x01\x2A", 3);
    add_element(&tbs, SEQUENCE, "\x31\x07\x30\x05\x06\x01\x55\x13\x00", 9);
    add_element(&tbs, SEQUENCE, validity.octets, validity.length);
    add_element(&tbs, SEQUENCE, "", 0);
    add_element(&tbs, SEQUENCE, "\x03\x02\x00\x01", 4);
    add_element(&list, SEQUENCE, extensions->octets, extensions->length);
    add_element(&tbs, 0xA3, list.octets, list.length);
    add_element(&whole, SEQUENCE, tbs.octets, tbs.length);
    add_element(&whole, SEQUENCE, "\x06\x01\x2A", 3);
    add_element(&whole, 0x03, "\x00\x01\x02", 3);
    wrap(&whole, SEQUENCE);
    return whole;
}

static struct der with_name(uint8_t tag, const void *name, size_t length)
{
    struct der names = {{0}, 0};
    struct der extensions = {{0}, 0};

    add_element(&names, DNS, "first.example", 13);
    add_element(&names, 0x81, "not@a.host", 10);
    add_element(&names, tag, name, length);
    wrap(&names, SEQUENCE);
    add_extension(&extensions, 17, &names);
    return certificate_with(&extensions, "260101000000Z");
}

/* ---- Reading it, in pieces of every size ---- */

static struct stint_certificate read_in_pieces(const struct der *der, const char *host,
                                               size_t piece)
{
    struct stint_certificate certificate;
    size_t offset;
    size_t n;

    memset(&certificate, 0xA5, sizeof certificate);
    stint_certificate_host(&certificate, host);
    stint_certificate_start(&certificate, (uint32_t)der->length);
    for (offset = 0; offset < der->length; offset += n) {
        n = der->length - offset < piece ? der->length - offset : piece;
        n = stint_certificate_octets(&certificate, der->octets + offset, n);
    }
    return certificate;
}

static struct stint_certificate read_all(const struct der *der, const char *host)
{
    struct stint_certificate whole = read_in_pieces(der, host, der->length);
    size_t piece;

    for (piece = 1; piece < 9; piece++) {
        struct stint_certificate pieces = read_in_pieces(der, host, piece);

        assert_int_equal(pieces.names_host, whole.names_host);
        assert_int_equal(pieces.is_damaged, whole.is_damaged);
        assert_int_equal(pieces.has_begin, whole.has_begin);
    }
    assert_false(whole.is_damaged);
    return whole;
}

/* ---- Names ---- */

struct name_case {
    const char *name;
    size_t length;
    const char *host;
    bool matches;
};

#define NAME(text) (text), sizeof(text) - 1

static void dns_names(void **state)
{
    static const struct name_case cases[] = {
        {NAME("mail.example.com"), "mail.example.com", true},
        {NAME("MAIL.Example.COM"), "mail.example.com", true},
        {NAME("mail.example.com"), "Mail.EXAMPLE.com", true},
        {NAME("mail.example.co"), "mail.example.com", false},
        {NAME("mail.example.com.org"), "mail.example.com", false},
        {NAME("xmail.example.com"), "mail.example.com", false},
        {NAME("example.com"), "mail.example.com", false},
        {NAME("mail.example.com\0.org"), "mail.example.com", false},
        {NAME("mail.example.com\0"), "mail.example.com", false},
        {NAME("\0"), "mail.example.com", false},
        {NAME(""), "mail.example.com", false},
        {NAME("*.example.com"), "mail.example.com", true},
        {NAME("*.EXAMPLE.com"), "mail.example.com", true},
        {NAME("*.example.com"), "a.mail.example.com", false},
        {NAME("*.example.com"), "example.com", false},
        {NAME("*.example.com"), "mail.example.org", false},
        {NAME("*"), "mail.example.com", false},
        {NAME("*"), "localhost", false},
        {NAME("*.com"), "example.com", false},
        {NAME("*.com."), "example.com.", false}, /* a dot at the end makes no label */
        {NAME("*.com"), "example.com.", false},
        {NAME("*.*.com"), "mail.example.com", false},
        {NAME("mail.*.com"), "mail.example.com", false},
        {NAME("m*.example.com"), "mail.example.com", false},
        {NAME("*l.example.com"), "mail.example.com", false},
        {NAME("**.example.com"), "mail.example.com", false},
        {NAME("first.example"), "first.example", true},
        {NAME("127.0.0.1"), "127.0.0.1", false},
        {NAME("*.0.0.1"), "127.0.0.1", false},
        {NAME("::1"), "::1", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct der der = with_name(DNS, cases[i].name, cases[i].length);

        if (read_all(&der, cases[i].host).names_host != cases[i].matches) {
            fail_msg("%s for %s", cases[i].name, cases[i].host);
        }
    }
}

static void addresses(void **state)
{
    static const struct name_case cases[] = {
        {NAME("\x7F\0\0\1"), "127.0.0.1", true},
        {NAME("\x7F\0\0\2"), "127.0.0.1", false},
        {NAME("\x7F\0\0"), "127.0.0.1", false},
        {NAME("\x7F\0\0\1\0"), "127.0.0.1", false},
        {NAME(""), "127.0.0.1", false},
        {NAME("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), "::1", true},
        {NAME("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), "0.0.0.1", false},
        {NAME("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x7F\0\0\1"), "127.0.0.1", false},
        {NAME("mail.example.com"), "mail.example.com", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct der der = with_name(IP, cases[i].name, cases[i].length);

        if (read_all(&der, cases[i].host).names_host != cases[i].matches) {
            fail_msg("case %zu for %s", i, cases[i].host);
        }
    }
}

/* A common name is none, and neither is a name in another extension or another kind of name. */
static void names_elsewhere_do_not_count(void **state)
{
    struct der names = {{0}, 0};
    struct der extensions = {{0}, 0};
    struct der der;

    (void)state;
    add_element(&names, DNS, "mail.example.com", 16);
    wrap(&names, SEQUENCE);
    add_extension(&extensions, 18, &names); /* issuerAltName */
    der = certificate_with(&extensions, "260101000000Z");
    assert_false(read_all(&der, "mail.example.com").names_host);
    der = with_name(0x86, "mail.example.com", 16); /* a URI */
    assert_false(read_all(&der, "mail.example.com").names_host);
}

static size_t header_length(const uint8_t *element)
{
    return element[1] < 0x80 ? 2 : 2 + (size_t)(element[1] & 0x0F);
}

/* The first element in a certificate, with its header. */
static void add_first_part(struct der *der, const struct der *certificate)
{
    const uint8_t *part = certificate->octets + header_length(certificate->octets);
    size_t length = part[1];

    if (length == 0x81) {
        length = part[2];
    } else if (length == 0x82) {
        length = (size_t)part[2] << 8 | part[3];
    }
    add(der, part, header_length(part) + length);
}

/* What stands behind the signed part is anybody's: the same extensions there mean nothing. */
static void only_what_is_signed_counts(void **state)
{
    struct der ours = with_name(DNS, "evil.example", 12);
    struct der forged = with_name(DNS, "mail.example.com", 16);
    struct der whole = {{0}, 0};

    (void)state;
    add_first_part(&whole, &ours);
    add_first_part(&whole, &forged); /* in place of the algorithm */
    add_element(&whole, 0x03, "\x00\x01\x02", 3);
    wrap(&whole, SEQUENCE);
    assert_false(read_all(&whole, "mail.example.com").names_host);
    assert_true(read_all(&whole, "evil.example").names_host);
}

/* ---- Purposes and constraints ---- */

static struct stint_certificate with_purposes(const char *last_octets)
{
    uint8_t oid[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0};
    struct der purposes = {{0}, 0};
    struct der extensions = {{0}, 0};
    struct der der;

    for (; *last_octets != '\0'; last_octets++) {
        oid[7] = (uint8_t)*last_octets;
        add_element(&purposes, OID, oid, sizeof oid);
    }
    wrap(&purposes, SEQUENCE);
    add_extension(&extensions, 37, &purposes);
    der = certificate_with(&extensions, "260101000000Z");
    return read_all(&der, "mail.example.com");
}

static void purposes(void **state)
{
    struct stint_certificate certificate;
    struct der none = with_name(DNS, "a", 1);

    (void)state;
    assert_false(read_all(&none, "a").has_purposes);
    certificate = with_purposes("\x01");
    assert_true(certificate.has_purposes && certificate.is_for_servers);
    certificate = with_purposes("\x02\x01");
    assert_true(certificate.has_purposes && certificate.is_for_servers);
    certificate = with_purposes("\x02");
    assert_true(certificate.has_purposes && !certificate.is_for_servers);
    certificate = with_purposes("");
    assert_true(certificate.has_purposes && !certificate.is_for_servers);
}

static void name_constraints(void **state)
{
    struct der empty = {{0}, 0};
    struct der extensions = {{0}, 0};
    struct der der;

    (void)state;
    wrap(&empty, SEQUENCE);
    add_extension(&extensions, 30, &empty);
    der = certificate_with(&extensions, "260101000000Z");
    assert_true(read_all(&der, "a").has_constraints);
    der = with_name(DNS, "a", 1);
    assert_false(read_all(&der, "a").has_constraints);
}

/* serverAuth's octets in what is no object identifier. */
static void a_purpose_is_an_object_identifier(void **state)
{
    static const uint8_t server_auth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
    struct der value = {{0}, 0};
    struct der extensions = {{0}, 0};
    struct der der;

    (void)state;
    add_element(&value, OCTET_STRING, server_auth, sizeof server_auth);
    wrap(&value, SEQUENCE);
    add_extension(&extensions, 37, &value);
    der = certificate_with(&extensions, "260101000000Z");
    assert_true(read_all(&der, "a").has_purposes);
    assert_false(read_all(&der, "a").is_for_servers);
}

/* The value of an extension that is of no interest may be anything. */
static void other_extensions_are_passed_over(void **state)
{
    struct der value = {{0}, 0};
    struct der extensions = {{0}, 0};
    struct der der;

    (void)state;
    add(&value, "\x30\x80\xFF\xFF", 4);
    add_extension(&extensions, 99, &value);
    der = certificate_with(&extensions, "260101000000Z");
    assert_false(read_all(&der, "a").names_host);
}

/* ---- Times ---- */

/* Reading stops once, right behind notBefore; however the octets come. */
static void it_stops_behind_the_first_date(void **state)
{
    static const char *const dates[] = {"260101000000Z", "20500101000000Z"};
    struct der nothing = {{0}, 0};
    size_t i, piece;

    (void)state;
    for (i = 0; i < COUNT(dates); i++) {
        struct der der = certificate_with(&nothing, dates[i]);
        size_t end = 0;

        while (memcmp(der.octets + end, dates[i], strlen(dates[i])) != 0) {
            end++;
        }
        end += strlen(dates[i]);
        for (piece = 1; piece <= der.length; piece++) {
            struct stint_certificate certificate;
            size_t offset = 0, stops = 0;

            stint_certificate_host(&certificate, "a");
            stint_certificate_start(&certificate, (uint32_t)der.length);
            while (offset < der.length) {
                size_t n = der.length - offset < piece ? der.length - offset : piece;
                size_t read = stint_certificate_octets(&certificate, der.octets + offset, n);

                assert_true(read >= 1 && read <= n);
                offset += read;
                stops += read < n;
                assert_true(read == n || offset == end);
                assert_int_equal(certificate.has_begin, offset >= end);
            }
            assert_true(stops <= 1);
        }
    }
}

/* ---- What is no certificate ---- */

static void any_damage_is_harmless(void **state)
{
    struct der good = with_name(DNS, "mail.example.com", 16);
    uint32_t seed = 7;
    long round;

    (void)state;
    for (round = 0; round < 200000; round++) {
        struct der bad = good;
        struct stint_certificate certificate;

        seed = seed * 1103515245 + 12345;
        bad.octets[(seed >> 8) % bad.length] = (uint8_t)(seed >> 24);
        seed = seed * 1103515245 + 12345;
        bad.octets[(seed >> 8) % bad.length] ^= (uint8_t)(1U << (seed >> 29));
        certificate = read_in_pieces(&bad, "mail.example.com", 1 + (seed >> 16) % 7);
        assert_true(certificate.host_matched <= strlen("mail.example.com"));
    }
}

#define A16 "aaaaaaaaaaaaaaaa"
#define A64 A16 A16 A16 A16

static void bad_der_is_noticed(void **state)
{
    static const struct {
        const char *octets;
        size_t length;
    } cases[] = {
        {NAME("\x30\x80\x00\x00")},             /* indefinite */
        {NAME("\x30\x05\x02\x04\x00\x00\x00")}, /* more than its parent has */
        {NAME("\x30\x03\x1F\x01\x00")},         /* a long tag */
        {NAME("\x30\x85\x01\x00\x00\x00\x00")},
        {NAME("\x30\x81\x01\x00")},         /* a long length for a short one */
        {NAME("\x04\x82\x00\x80" A64 A64)}, /* a long length with a zero before it */
        {NAME("\x30\x01\x02\x00")},         /* a header that its parent does not hold */
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct stint_certificate certificate;

        stint_certificate_host(&certificate, "a");
        stint_certificate_start(&certificate, (uint32_t)cases[i].length);
        stint_certificate_octets(&certificate, (const uint8_t *)cases[i].octets, cases[i].length);
        if (!certificate.is_damaged) {
            fail_msg("case %zu", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dns_names),
        cmocka_unit_test(addresses),
        cmocka_unit_test(names_elsewhere_do_not_count),
        cmocka_unit_test(only_what_is_signed_counts),
        cmocka_unit_test(purposes),
        cmocka_unit_test(a_purpose_is_an_object_identifier),
        cmocka_unit_test(name_constraints),
        cmocka_unit_test(other_extensions_are_passed_over),
        cmocka_unit_test(it_stops_behind_the_first_date),
        cmocka_unit_test(any_damage_is_harmless),
        cmocka_unit_test(bad_der_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
