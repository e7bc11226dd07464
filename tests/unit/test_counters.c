/* SPDX-License-Identifier: MIT */

/* Octets are counted in 32 bits, which wrap in a message over 4 GiB: at any octet, nothing may
 * change. */

#include "desk.h"
#include "test.h"

static struct desk desk;

/* More than are written in all. */
#define OCTETS 200U

/* A session whose counters wrap after so many octets. */
static void run(const char *script, uint32_t octets)
{
    desk_set_up(&desk, script);
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
    desk.client.session.written = 0U - octets;
    desk.client.session.sent = 0U - octets;
    desk.client.channel.accepted = 0U - octets;
    desk.client.channel.sent = 0U - octets;
    fake_io_run(&desk.fake, &desk.client, &desk.source, &desk.now_ms, "client");
}

static void a_mail_is_accepted(void **state)
{
    uint32_t octets;

    (void)state;
    for (octets = 0; octets <= OCTETS; octets++) {
        run(DESK_SESSION, octets);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
        assert_true(desk.fake.taken < OCTETS);
    }
}

static void a_fate_is_known_or_not(void **state)
{
    uint32_t octets;

    (void)state;
    for (octets = 0; octets <= OCTETS; octets++) {
        run(DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE "== lost ==\n", octets);
        desk_assert(&desk, STINT_ERROR_IO, STINT_STAGE_CONTENT, STINT_FATE_UNKNOWN);
        run(DESK_HELLO DESK_ENVELOPE DESK_DATA "C: Hello\nC: .\\r\\c\n== lost ==\n", octets);
        desk_assert(&desk, STINT_ERROR_IO, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    }
}

/* A yes that comes when the message's last octets wait to be sent was not asked for. */
static void an_early_yes_is_none(void **state)
{
    uint32_t octets;

    (void)state;
    for (octets = 0; octets <= OCTETS; octets++) {
        run(DESK_HELLO DESK_ENVELOPE DESK_DATA "C: Hello\nC: .\\r\\c\nS! 250 Ok\n", octets);
        desk_assert(&desk, STINT_ERROR_PROTOCOL, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_is_accepted),
        cmocka_unit_test(a_fate_is_known_or_not),
        cmocka_unit_test(an_early_yes_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
