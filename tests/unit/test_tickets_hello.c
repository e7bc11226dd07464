/* SPDX-License-Identifier: MIT */

/* What the engine hashes of a ServerHello is what was on the wire, although it was shown something
 * else: with generated ones, in all orders and sizes, and in whatever pieces. */

#include "test.h"
#include "ticket_desk.h"
#include "tls/tls.h"

#define ROUNDS 20000U

static struct ticket_desk desk;
static uint32_t seed = 0xC0FFEE;

/* The server's octets: one message in records, and the message alone. */
static uint8_t wire[65536], hello[4096];
static size_t wire_length, hello_length;

/* Of extensions that a server may send, the ticket first. */
static const unsigned known[] = {35, 13, 10, 11, 0xFF01};
static const uint8_t renegotiation[] = {0};

static unsigned below(unsigned limit)
{
    return test_random(&seed) % limit;
}

static void add(size_t value, unsigned octets)
{
    while (octets-- > 0) {
        hello[hello_length++] = (uint8_t)(value >> 8 * octets);
    }
}

static void add_random(size_t length)
{
    while (length-- > 0) {
        add(test_random(&seed) >> 8, 1);
    }
}

static void add_extension(unsigned number)
{
    size_t length = number == 35 ? 0 : number == 0xFF01 ? 1 : below(140);

    add(number, 2);
    add(length, 2);
    if (number == 0xFF01) {
        add(renegotiation[0], 1);
    } else {
        add_random(length);
    }
}

/* Some of them, each at most once, in any order. Returns whether all of those four are there which
 * there are only three numbers for. */
static bool add_extensions(void)
{
    unsigned order[COUNT(known)], i, j, count = 0;
    size_t start = hello_length;

    add(0, 2);
    for (i = 0; i < COUNT(known); i++) {
        order[i] = i;
    }
    for (i = COUNT(known) - 1; i > 0; i--) {
        unsigned kept = order[i];

        j = below(i + 1);
        order[i] = order[j];
        order[j] = kept;
    }
    for (i = 0; i < COUNT(known); i++) {
        if (order[i] == 0 ? below(8) > 0 : below(2) > 0) {
            count += known[order[i]] != 0xFF01;
            add_extension(known[order[i]]);
        }
    }
    hello[start] = (uint8_t)((hello_length - start - 2) >> 8);
    hello[start + 1] = (uint8_t)(hello_length - start - 2);
    return count == 4;
}

/* Returns whether it is to be refused. */
static bool make_hello(void)
{
    bool is_refused;

    hello_length = 0;
    add(2, 1);
    add(0, 3);
    add(0x0303, 2);
    add_random(32);
    add(below(33), 1);
    add_random(hello[hello_length - 1]);
    add(ticket_desk_suite, 2);
    add(0, 1);
    is_refused = add_extensions();
    hello[2] = (uint8_t)((hello_length - 4) >> 8);
    hello[3] = (uint8_t)(hello_length - 4);
    return is_refused;
}

static void cut_into_records(void)
{
    size_t at, n;

    wire_length = 0;
    for (at = 0; at < hello_length; at += n) {
        n = 1 + below(below(2) ? 12 : 600);
        n = n < hello_length - at ? n : hello_length - at;
        memcpy(wire + wire_length, (uint8_t[]){22, 3, 3, (uint8_t)(n >> 8), (uint8_t)n}, 5);
        memcpy(wire + wire_length + 5, hello + at, n);
        wire_length += 5 + n;
    }
}

/* The client reads it, in random pieces. */
static void read_wire(void)
{
    size_t at, room, n;
    uint8_t *octets;

    for (at = 0; at < wire_length && (octets = stint_tls_record_in(&desk.tls, &room)) != NULL;
         at += n) {
        n = 1 + below(below(2) ? 7 : 300);
        n = n < room ? n : room;
        n = n < wire_length - at ? n : wire_length - at;
        memcpy(octets, wire + at, n);
        stint_tls_record_in_ack(&desk.tls, n);
    }
}

/* Hashes the record of the ClientHello in `hash`, and lets it leave. */
static void take_client_hello(br_multihash_context *hash)
{
    size_t length;
    uint8_t *octets = stint_tls_record_out(&desk.tls, &length);

    br_multihash_zero(hash);
    br_multihash_setimpl(hash, br_sha256_ID, &br_sha256_vtable);
    br_multihash_setimpl(hash, br_sha384_ID, &br_sha384_vtable);
    br_multihash_init(hash);
    br_multihash_update(hash, octets + 5, length - 5);
    stint_tls_record_out_ack(&desk.tls, length);
}

static void assert_same_hash(const br_multihash_context *wanted, unsigned round)
{
    static const int ids[] = {br_sha256_ID, br_sha384_ID};
    uint8_t one[64], other[64];
    size_t i, length;

    for (i = 0; i < COUNT(ids); i++) {
        length = br_multihash_out(wanted, ids[i], one);
        assert_int_equal(br_multihash_out(&desk.tls.client.eng.mhash, ids[i], other), length);
        if (memcmp(one, other, length) != 0) {
            fail_msg("round %u: hash %d is wrong", round, ids[i]);
        }
    }
}

static void the_hash_is_that_of_the_wire(void **state)
{
    static br_multihash_context hash;
    unsigned round, refused = 0;

    (void)state;
    ticket_desk_set_up(&desk);
    for (round = 0; round < ROUNDS; round++) {
        bool is_refused = make_hello();
        const struct ticket_desk_layout *layout = &ticket_desk_layouts[below(TICKET_DESK_LAYOUTS)];

        cut_into_records();
        assert_int_equal(stint_tls_start(&desk.tls, &desk.account, desk.in, layout->in_size,
                                         layout->out_size > 0 ? desk.out : NULL, layout->out_size),
                         STINT_ERROR_NONE);
        take_client_hello(&hash);
        read_wire();
        br_multihash_update(&hash, hello, hello_length);
        assert_int_equal(br_ssl_engine_last_error(&desk.tls.client.eng),
                         is_refused ? BR_ERR_EXTRA_EXTENSION : BR_ERR_OK);
        if (!is_refused) {
            assert_same_hash(&hash, round);
        }
        refused += is_refused;
        stint_tls_end(&desk.tls);
    }
    assert_in_range(refused, ROUNDS / 20, ROUNDS / 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_hash_is_that_of_the_wire)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
