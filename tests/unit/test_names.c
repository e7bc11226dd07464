/* SPDX-License-Identifier: MIT */

/* Names of results, for logs. */

#include "test.h"

#include "stint/result.h"

#define TOO_MANY 1000U

typedef const char *(*name_of)(unsigned value);

/* Every value up to `last` has a name of its own, and no other has one. */
static void check_names(name_of name, unsigned last)
{
    unsigned value;
    unsigned other;

    for (value = 0; value <= last; value++) {
        assert_non_null(name(value));
        assert_true(strlen(name(value)) >= 2);
        for (other = 0; other < value; other++) {
            assert_string_not_equal(name(value), name(other));
        }
    }
    for (value = last + 1; value < TOO_MANY; value++) {
        assert_string_equal(name(value), "?");
    }
    assert_string_equal(name(~0U), "?");
}

static void errors(void **state)
{
    (void)state;
    check_names(stint_error_name, STINT_ERROR_SERVER_AUTH);
    assert_string_equal(stint_error_name(STINT_ERROR_NONE), "none");
    assert_string_equal(stint_error_name(STINT_ERROR_TEMPORARY), "temporary");
    assert_string_equal(stint_error_name(STINT_ERROR_INJECTION), "injection");
}

static void stages(void **state)
{
    (void)state;
    check_names(stint_stage_name, STINT_STAGE_QUIT);
    assert_string_equal(stint_stage_name(STINT_STAGE_RCPT), "RCPT");
    assert_string_equal(stint_stage_name(STINT_STAGE_QUIT), "QUIT");
}

static void fates(void **state)
{
    (void)state;
    check_names(stint_fate_name, STINT_FATE_ACCEPTED);
    assert_string_equal(stint_fate_name(STINT_FATE_ACCEPTED), "accepted");
    assert_string_equal(stint_fate_name(STINT_FATE_UNKNOWN), "unknown");
    assert_string_equal(stint_fate_name(STINT_FATE_NOT_ACCEPTED), "not accepted");
}

static void fields(void **state)
{
    (void)state;
    check_names(stint_field_name, STINT_FIELD_HOLD);
    assert_string_equal(stint_field_name(STINT_FIELD_RECIPIENT), "recipient");
    assert_string_equal(stint_field_name(STINT_FIELD_RESUME), "resumption");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors),
        cmocka_unit_test(stages),
        cmocka_unit_test(fates),
        cmocka_unit_test(fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
