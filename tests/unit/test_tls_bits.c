/* SPDX-License-Identifier: MIT */

/* A bit is flipped on the way: each in turn of every record that comes down in a session, and one
 * of each octet of the handshake. It is always noticed, and never taken for the server's word. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

#define OVERHEAD 24 /* of AES-GCM */

static size_t octet; /* in the record */
static uint8_t bit;

/* ---- In the session ---- */

static enum tls_wire_point point_of_flip;
static size_t length_of_record; /* without its head */

static bool flip_in_reply(struct tls_wire *w, enum tls_wire_point point)
{
    size_t start = w->down_length;

    if (point != point_of_flip) {
        return true;
    }
    w->flip_at = start + octet;
    w->flip = bit;
    tls_wire_reply_in_vain(w);
    length_of_record = w->down_length - start - TLS_HEAD;
    return false;
}

/* The length that the record now claims to have: a longer one is waited for. */
static enum stint_error claimed_error(size_t length, size_t in_size, int *tls_error)
{
    *tls_error = 0;
    if (length < OVERHEAD || length > 16384 + OVERHEAD) {
        *tls_error = BR_ERR_BAD_LENGTH;
    } else if (length > in_size - TLS_HEAD) {
        *tls_error = BR_ERR_TOO_LARGE;
    } else if (length < length_of_record) {
        *tls_error = BR_ERR_BAD_MAC;
    }
    return *tls_error != 0 ? STINT_ERROR_TLS : STINT_ERROR_TIMEOUT;
}

static enum stint_error expected_error(size_t in_size, int *tls_error)
{
    unsigned shift = octet == 3 ? 8 : 0;

    switch (octet) {
    case 1: *tls_error = BR_ERR_UNSUPPORTED_VERSION; break;
    case 2: *tls_error = BR_ERR_BAD_VERSION; break;
    case 3:
    case 4: return claimed_error(length_of_record ^ (size_t)bit << shift, in_size, tls_error);
    default: *tls_error = BR_ERR_BAD_MAC; break; /* its type is part of what is authentic */
    }
    return STINT_ERROR_TLS;
}

static void judge_flip(void)
{
    int tls_error;
    enum stint_error error = expected_error(wire.layout->in_size, &tls_error);
    char how[80];

    sprintf(how, "octet %zu, bit %u of reply %u", octet, bit, (unsigned)point_of_flip);
    if (error == STINT_ERROR_TLS && tls_error == BR_ERR_TOO_LARGE) {
        tls_wire_judge_too_large(&wire, how);
    } else {
        tls_wire_judge(&wire, error, tls_error, how);
    }
    assert_int_equal(wire.point, point_of_flip + 1); /* nothing was said to it any more */
}

static void flip_everywhere(const struct tls_wire_layout *layout)
{
    length_of_record = 1;
    for (octet = 0; octet < TLS_HEAD + length_of_record; octet++) {
        for (bit = 128; bit > 0; bit >>= 1) {
            tls_wire_secure(&wire, layout);
            wire.answer = flip_in_reply;
            tls_wire_go_on(&wire);
            judge_flip();
        }
    }
    assert_true(octet > TLS_HEAD + OVERHEAD);
}

static void every_bit_of_every_reply_counts(void **state)
{
    size_t layout;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (point_of_flip = TLS_WIRE_GREETING; point_of_flip < TLS_WIRE_OVER; point_of_flip++) {
            flip_everywhere(&tls_wire_layouts[layout]);
        }
    }
}

/* ---- In the handshake ---- */

static enum tls_wire_message message_of_flip;

static bool flip_in_handshake(struct tls_wire *w, enum tls_wire_message message,
                              const uint8_t *record, size_t length)
{
    (void)record;
    if (message == message_of_flip) {
        w->flip_at = w->down_length + octet;
        w->flip = bit;
        length_of_record = length - TLS_HEAD;
    }
    return true;
}

/* What follows from the record alone; 0: more than one thing can be noticed first. */
static int certain_code(void)
{
    bool is_encrypted = message_of_flip == TLS_WIRE_FINISHED;

    if (octet == 0) {
        return is_encrypted ? BR_ERR_BAD_MAC : BR_ERR_UNEXPECTED;
    }
    if (octet == 1) {
        return BR_ERR_UNSUPPORTED_VERSION;
    }
    if (octet == 2) {
        return BR_ERR_BAD_VERSION;
    }
    if (octet >= TLS_HEAD && is_encrypted) {
        return BR_ERR_BAD_MAC;
    }
    return octet >= TLS_HEAD && message_of_flip == TLS_WIRE_CCS ? BR_ERR_BAD_CCS : 0;
}

/* Of a message that nothing is signed in by itself, the client's end of the handshake tells the
 * server, which then leaves. A length that grew has the client wait in vain. */
static bool is_noticed(const struct stint_result *result)
{
    switch (result->error) {
    case STINT_ERROR_TLS:
    case STINT_ERROR_CERTIFICATE: return result->tls_error != 0;
    case STINT_ERROR_CLOSED: return wire.is_over;
    case STINT_ERROR_TIMEOUT:
        return octet < TLS_HEAD + 4; /* the record's length, or the message's */
    default: return false;
    }
}

static unsigned noticed[64];

static void judge_handshake(void)
{
    const struct stint_result *result = &wire.client.result;
    char how[80];

    sprintf(how, "octet %zu, bit %u of message %u", octet, bit, (unsigned)message_of_flip);
    wire.secured_end = 0;
    if (certain_code() != 0) {
        tls_wire_judge(&wire, STINT_ERROR_TLS, certain_code(), how);
    } else if (!is_noticed(result)) {
        fail_msg("%s: %s (%d)", how, stint_error_name(result->error), result->tls_error);
    } else {
        tls_wire_judge(&wire, (enum stint_error)result->error, result->tls_error, how);
    }
    tls_wire_judge_unsecured(&wire, how);
    assert_string_equal(wire.text, "");
    noticed[result->error]++;
}

static void every_octet_of_the_handshake_counts(void **state)
{
    (void)state;
    for (message_of_flip = TLS_WIRE_SERVER_HELLO; message_of_flip < TLS_WIRE_MESSAGES;
         message_of_flip++) {
        length_of_record = 1;
        for (octet = 0; octet < TLS_HEAD + length_of_record; octet++) {
            bit = (uint8_t)(1U << octet % 8);
            tls_wire_set_up(&wire, &tls_wire_layouts[octet % TLS_WIRE_LAYOUTS]);
            wire.handshake = flip_in_handshake;
            tls_wire_run(&wire);
            judge_handshake();
        }
    }
    assert_true(noticed[STINT_ERROR_TLS] > 200);
    assert_true(noticed[STINT_ERROR_CERTIFICATE] > 100);
    assert_true(noticed[STINT_ERROR_TIMEOUT] < 5);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_of_every_reply_counts),
        cmocka_unit_test(every_octet_of_the_handshake_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
