/* SPDX-License-Identifier: MIT */

/* The stream ends without close_notify, after every octet of a whole session inside TLS: between
 * two records and within each. (RFC 5246 7.2.1: that may be an attacker's doing.) */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

static void set_up(const struct tls_wire_layout *layout, uint8_t security)
{
    tls_wire_set_up(&wire, layout);
    wire.account.security = security;
}

/* The session that is cut: all of what comes down in it. */
static size_t length_of_session(const struct tls_wire_layout *layout, uint8_t security)
{
    set_up(layout, security);
    tls_wire_run(&wire);
    tls_wire_judge(&wire, STINT_ERROR_NONE, 0, "whole");
    assert_int_equal(wire.read, wire.down_length);
    return wire.down_length;
}

/* Until TLS is there nobody could have said goodbye: then the connection is just closed. */
static enum stint_error error_of(int end)
{
    if (end == STINT_IO_FAILED) {
        return STINT_ERROR_IO;
    }
    return wire.secured_end > 0 && wire.read >= wire.secured_end ? STINT_ERROR_TRUNCATED
                                                                 : STINT_ERROR_CLOSED;
}

static void judge_cut(size_t at, int end)
{
    char how[50];

    sprintf(how, "%s at %zu", end == STINT_IO_FAILED ? "broken" : "cut", at);
    tls_wire_judge(&wire, error_of(end), 0, how);
    assert_int_equal(wire.read, at);
    assert_true(wire.now - wire.started < 1000); /* nobody waits for what cannot come */
    if (at < wire.secured_end || wire.secured_end == 0) {
        tls_wire_judge_unsecured(&wire, how);
    }
}

static void cut_inside_tls(const struct tls_wire_layout *layout, size_t at, int end)
{
    tls_wire_secure(&wire, layout);
    wire.cut_at = at;
    wire.end = end;
    tls_wire_go_on(&wire);
    judge_cut(at, end);
}

static void after_every_octet_inside_tls(void **state)
{
    size_t i;
    size_t at;

    (void)state;
    for (i = 0; i < TLS_WIRE_LAYOUTS; i++) {
        const struct tls_wire_layout *layout = &tls_wire_layouts[i];
        size_t length = length_of_session(layout, STINT_SECURITY_IMPLICIT);

        tls_wire_secure(&wire, layout);
        at = wire.read;
        assert_true(at + 9 * 29 < length); /* there are as many replies, each in a record */
        for (; at <= length; at++) {
            cut_inside_tls(layout, at, STINT_IO_CLOSED);
            cut_inside_tls(layout, at, STINT_IO_FAILED);
        }
    }
}

static void cut_before_tls(const struct tls_wire_layout *layout, uint8_t security, size_t at,
                           int end)
{
    set_up(layout, security);
    wire.cut_at = at;
    wire.end = end;
    tls_wire_run(&wire);
    judge_cut(at, end);
}

/* At every octet of what is said in clear, and of the handshake. */
static void after_every_octet_before_tls(void **state)
{
    static const struct {
        unsigned layout;
        uint8_t security;
    } cases[] = {{0, STINT_SECURITY_STARTTLS}, {3, STINT_SECURITY_IMPLICIT}};
    size_t i;
    size_t at;
    size_t end;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        const struct tls_wire_layout *layout = &tls_wire_layouts[cases[i].layout];

        (void)length_of_session(layout, cases[i].security);
        end = wire.secured_end;
        assert_true(end > 500);
        for (at = 0; at < end; at++) {
            cut_before_tls(layout, cases[i].security, at,
                           at % 3 == 0 ? STINT_IO_FAILED : STINT_IO_CLOSED);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_every_octet_inside_tls),
        cmocka_unit_test(after_every_octet_before_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
