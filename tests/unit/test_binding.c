/* SPDX-License-Identifier: MIT */

/* tls-server-end-point: the hash of the server's certificate, by the hash of its signature. */

#include "desk.h"
#include "test.h"

static struct stint_tls tls;
static struct stint_tls_binding binding;

static void profile(void)
{
    memset(&tls, 0, sizeof tls);
    memset(&binding, 0, sizeof binding);
    stint_tls_profile_fast(&tls.client, &tls.verify.memory.minimal);
    binding.tls = &tls;
}

static void show(const uint8_t *octets, size_t length, size_t piece)
{
    size_t offset, n;

    stint_tls_binding_watch(&binding, STINT_TLS_CERTIFICATE_BEGIN, NULL, length);
    for (offset = 0; offset < length; offset += n) {
        n = length - offset < piece ? length - offset : piece;
        stint_tls_binding_watch(&binding, STINT_TLS_CERTIFICATE_DATA, octets + offset, n);
    }
    stint_tls_binding_watch(&binding, STINT_TLS_CERTIFICATE_END, NULL, 0);
}

static void assert_hash(const br_hash_class *hash, const uint8_t *octets, size_t length)
{
    br_hash_compat_context context;
    uint8_t wanted[64];

    hash->init(&context.vtable);
    hash->update(&context.vtable, octets, length);
    hash->out(&context.vtable, wanted);
    assert_int_equal(binding.length, hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK);
    assert_memory_equal(binding.octets, wanted, binding.length);
}

#define RSA   "\x2A\x86\x48\x86\xF7\x0D\x01\x01"
#define ECDSA "\x2A\x86\x48\xCE\x3D\x04"

static void the_hash_is_that_of_the_signature(void **state)
{
    static const struct {
        const char *oid;
        const br_hash_class *hash; /* NULL: not defined */
    } cases[] = {
        {RSA "\x0B", &br_sha256_vtable},
        {RSA "\x0C", &br_sha384_vtable},
        {RSA "\x0D", &br_sha512_vtable},
        {RSA "\x04", &br_sha256_vtable}, /* MD5 and SHA-1 are too weak for this */
        {RSA "\x05", &br_sha256_vtable},
        {RSA "\x0A", NULL}, /* PSS: it has parameters */
        {RSA "\x0E", NULL},
        {RSA "\x0B\x0B", NULL},
        {RSA, NULL},
        {ECDSA "\x01", &br_sha256_vtable},
        {ECDSA "\x03\x02", &br_sha256_vtable},
        {ECDSA "\x03\x03", &br_sha384_vtable},
        {ECDSA "\x03\x04", &br_sha512_vtable},
        {ECDSA "\x03\x01", NULL},
        {ECDSA "\x03", NULL},
        {"\x2B\x65\x70", NULL}, /* Ed25519 */
    };
    size_t i, piece;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        uint8_t octets[200] = {0x30, 0, 0x30, 0, 0xA0, 3, 2, 1, 2, 2, 2, 0x06, 0x02, 0x30};
        size_t oid = strlen(cases[i].oid);
        size_t length = 14;

        /* Version, a serial number that looks like an OID's start, the algorithm; then another. */
        octets[length++] = (uint8_t)(oid + 4);
        octets[length++] = 0x06;
        octets[length++] = (uint8_t)oid;
        memcpy(octets + length, cases[i].oid, oid);
        length += oid;
        memcpy(octets + length, "\x05\x00\x30\x03\x06\x01\x55", 7);
        length += 7;
        octets[1] = (uint8_t)(length - 2);
        octets[3] = (uint8_t)(length - 4);
        for (piece = 1; piece <= length; piece++) {
            profile();
            show(octets, length, piece);
            if (cases[i].hash != NULL) {
                assert_hash(cases[i].hash, octets, length);
            } else {
                assert_int_equal(binding.length, 0);
            }
        }
    }
}

static void a_hash_that_the_profile_has_not_is_not_defined(void **state)
{
    static const uint8_t octets[] = {0x30, 17,   0x30, 15,   2,    1,    1, 0x30, 10, 0x06,
                                     8,    0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3,    3};

    (void)state;
    profile();
    show(octets, sizeof octets, 7);
    assert_int_equal(binding.length, 48);
    profile();
    memset(&tls, 0, sizeof tls);
    stint_tls_profile_small(&tls.client, &tls.verify.memory.minimal);
    show(octets, sizeof octets, 7);
    assert_int_equal(binding.length, 0);
}

static void issuers_do_not_count(void **state)
{
    static const uint8_t issuer[] = {0x30, 3, 2, 1, 1};

    (void)state;
    profile();
    show(tls_server_certificate, tls_server_certificate_length, 100);
    tls.verify.index = 1; /* as stint_verify counts them */
    show(issuer, sizeof issuer, 100);
    assert_hash(&br_sha256_vtable, tls_server_certificate, tls_server_certificate_length);
}

static void what_is_no_certificate_has_none(void **state)
{
    static const uint8_t junk[] = {0x30, 0x80, 0x06, 0x01, 0x55};

    (void)state;
    profile();
    show(junk, sizeof junk, 1);
    assert_int_equal(binding.length, 0);
    show(junk, 0, 1);
    assert_int_equal(binding.length, 0);
}

static struct desk desk;

/* Twice, so that nothing of the first handshake is in the second's. */
static void a_handshake_gives_the_leafs(void **state)
{
    int round;

    (void)state;
    memset(&binding, 0, sizeof binding);
    binding.tls = &desk.tls;
    for (round = 0; round < 2; round++) {
        desk_set_up(&desk, "== TLS ==\n" DESK_SESSION);
        desk.account.security = STINT_SECURITY_IMPLICIT;
        desk.tls.watch = stint_tls_binding_watch;
        desk.tls.watch_context = &binding;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
        assert_hash(&br_sha256_vtable, tls_server_certificate, tls_server_certificate_length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_that_of_the_signature),
        cmocka_unit_test(a_hash_that_the_profile_has_not_is_not_defined),
        cmocka_unit_test(issuers_do_not_count),
        cmocka_unit_test(what_is_no_certificate_has_none),
        cmocka_unit_test(a_handshake_gives_the_leafs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
