/* SPDX-License-Identifier: MIT */

/* What the client says it waits for: never what could not help it on, or the caller would spin. */

#include "test.h"

#include "desk.h"

static struct desk desk;

/* Until it waits for something. */
static unsigned step(void)
{
    unsigned count = 0;

    while (stint_step(&desk.client, desk.now_ms) == STINT_RUNNING) {
        assert_true(++count < 1000);
        if (stint_wants(&desk.client) != STINT_WANT_NOTHING) {
            break;
        }
    }
    return stint_wants(&desk.client);
}

/* The source gave something, and has nothing more just now; what it gave waits in a record that the
 * transport does not take. Only the transport can help now. */
static void the_source_is_not_waited_for_while_a_record_is(void **state)
{
    static const char message[] = "0123456789\n";
    unsigned wants;

    (void)state;
    desk_set_up(&desk, DESK_HELLO DESK_ENVELOPE DESK_DATA "C: 012\\c\n== silence ==\n");
    fake_source_start(&desk.source, message, sizeof message - 1);
    desk.source.again = true;
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);

    wants = step();
    assert_int_equal(wants, STINT_WANT_READ | STINT_WANT_WRITE);
    wants = step();
    assert_int_equal(wants, STINT_WANT_READ | STINT_WANT_WRITE);
    stint_abort(&desk.client);
    (void)step();
    desk_assert(&desk, STINT_ERROR_ABORTED, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_source_is_not_waited_for_while_a_record_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
