/* SPDX-License-Identifier: MIT */

/* A system without randomness of its own, as most microcontrollers are: all that the ClientHello
 * and the keys are made of is what `entropy` gives. */

#include "desk.h"
#include "test.h"

static struct desk desk;

/* In place of BearSSL's: there is no /dev/urandom here, nor anything like it. */
br_prng_seeder br_prng_seeder_system(const char **name)
{
    if (name != NULL) {
        *name = "none";
    }
    return NULL;
}

struct hello {
    uint8_t octets[2048];
    size_t length;
};

static int open_at_once(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    struct hello *hello = context;

    (void)host, (void)port, (void)left_ms;
    hello->length = 0;
    return STINT_IO_DONE;
}

static int keep(void *context, const uint8_t *data, size_t length)
{
    struct hello *hello = context;

    assert_true(length <= sizeof hello->octets - hello->length);
    memcpy(hello->octets + hello->length, data, length);
    hello->length += length;
    return (int)length;
}

static int wait(void *context, uint8_t *buffer, size_t room)
{
    (void)context, (void)buffer, (void)room;
    return STINT_IO_AGAIN;
}

static int done(void *context)
{
    (void)context;
    return STINT_IO_DONE;
}

static const struct stint_io io = {
    .open = open_at_once, .read = wait, .write = keep, .flush = done, .close = done};

/* 32 octets of one value, but for the last. */
static int give(void *context, uint8_t *buffer, size_t length)
{
    const uint8_t *last = context;

    assert_int_equal(length, 32);
    memset(buffer, 0x5A, length);
    buffer[length - 1] = *last;
    return 1;
}

/* The client's first flight. */
static void say_hello(struct hello *hello, uint8_t last)
{
    unsigned steps;

    desk_set_up(&desk, "");
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.tls.entropy = give;
    desk.tls.entropy_context = &last;
    desk.client.io = &io;
    desk.client.io_context = hello;
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
    for (steps = 0; steps < 10; steps++) {
        assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_RUNNING);
    }
    stint_abort(&desk.client);
    assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_DONE);
}

/* RFC 5246 7.4.1.2: behind the record's header, the handshake's and the version. */
static const uint8_t *random_of(const struct hello *hello)
{
    assert_true(hello->length > 5 + 4 + 2 + 32);
    assert_int_equal(hello->octets[0], 22); /* handshake */
    assert_int_equal(hello->octets[5], 1);  /* client_hello */
    return hello->octets + 5 + 4 + 2;
}

static void every_octet_of_the_entropy_counts(void **state)
{
    static struct hello one, other;

    (void)state;
    say_hello(&one, 1);
    say_hello(&other, 2);
    assert_memory_not_equal(random_of(&one), random_of(&other), 32);
}

/* So the test above is about the entropy, and about nothing else that changes. */
static void nothing_else_does(void **state)
{
    static struct hello one, other;

    (void)state;
    say_hello(&one, 1);
    say_hello(&other, 1);
    assert_memory_equal(random_of(&one), random_of(&other), 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_octet_of_the_entropy_counts),
        cmocka_unit_test(nothing_else_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
