/* SPDX-License-Identifier: MIT */

/* CRAM-MD5 (RFC 2195): its example, HMAC's, what it is chosen for, and servers that break the
 * rules.
 */

#include "auth_desk.h"
#include "test.h"

#include "sasl/sasl.h"

static struct auth_desk desk;

static void sit_down(const char *user, const char *password)
{
    auth_set_up(&desk);
    desk.account.user = user;
    desk.account.password = password;
    auth_start(&desk, "CRAM-MD5");
    assert_string_equal(desk.said, "AUTH CRAM-MD5\r\n");
}

/* RFC 2195 2. */
#define CHALLENGE "<1896.697170952@postoffice.reston.mci.net>"
#define RESPONSE  "tim b913a602c7eda7a495b4e6e7334d3890"

static void the_example(void **state)
{
    (void)state;
    sit_down("tim", "tanstaaftanstaaf");
    auth_say(&desk, "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n");
    assert_string_equal(desk.said, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n");
    assert_string_equal(auth_response(&desk), RESPONSE);
    auth_say(&desk, "235 Welcome\r\n");
    assert_string_equal(desk.said, "QUIT\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_NONE);
    auth_assert_wiped(&desk);
}

/* RFC 2202 2: keys shorter than a block, and longer ones, which are hashed first. */
static void examples_of_hmac(void **state)
{
    static const struct {
        char octet;
        size_t length;
        const char *challenge;
        const char *response;
    } cases[] = {
        {'\x0B', 16, "Hi There", "u 9294727a3638bb1c13f48ef8158bfc9d"},
        {'\x0C', 16, "Test With Truncation", "u 56461ef2342edc00f9bab995690efd4c"},
        {'\xAA', 80, "Test Using Larger Than Block-Size Key - Hash Key First",
         "u 6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
        {'\xAA', 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
         "u 6f630fad67cda0ee1fb1f562db3aa53e"},
    };
    char password[256];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        memset(password, 0, sizeof password);
        memset(password, cases[i].octet, cases[i].length);
        sit_down("u", password);
        auth_challenge(&desk, cases[i].challenge);
        assert_string_equal(auth_response(&desk), cases[i].response);
    }
}

/* A refusal is one, and another user or password another answer. */
static void a_refusal(void **state)
{
    (void)state;
    sit_down("tim and tom", "tanstaaf");
    auth_challenge(&desk, CHALLENGE);
    assert_int_equal(strncmp(auth_response(&desk), "tim and tom ", 12), 0);
    assert_null(strstr(auth_response(&desk), strchr(RESPONSE, ' ')));
    auth_say(&desk, "535 5.7.8 No\r\n");
    assert_string_equal(desk.said, "QUIT\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_PERMANENT);
    assert_int_equal(desk.result.code, 535);
    auth_assert_wiped(&desk);
}

static void assert_cancelled(enum stint_error error)
{
    assert_string_equal(desk.said, "*\r\n");
    assert_int_equal(desk.result.error, error);
    assert_int_equal(desk.result.stage, STINT_STAGE_AUTH);
    auth_assert_wiped(&desk);
    auth_say(&desk, "501 5.7.0 Cancelled\r\n");
    assert_string_equal(desk.said, "QUIT\r\n");
}

static void a_challenge_that_is_no_base64(void **state)
{
    static const struct {
        const char *reply;
        enum stint_error error;
    } cases[] = {
        {"334 " CHALLENGE "\r\n", STINT_ERROR_PROTOCOL},
        {"334 cj1hY\r\n", STINT_ERROR_SERVER_AUTH},
        {"334 cj=hYg==\r\n", STINT_ERROR_SERVER_AUTH},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down("tim", "tanstaaftanstaaf");
        auth_say(&desk, cases[i].reply);
        assert_cancelled(cases[i].error);
    }
}

static void a_challenge_of_every_length(void **state)
{
    static char challenge[12289];
    size_t length;

    (void)state;
    for (length = 0; length < sizeof challenge; length += length < 520 ? 1 : 997) {
        memset(challenge, 0, sizeof challenge);
        memset(challenge, 'x', length);
        sit_down("tim", "tanstaaftanstaaf");
        auth_challenge(&desk, challenge);
        if (length <= 512) {
            assert_int_equal(strlen(auth_response(&desk)), strlen(RESPONSE));
        } else {
            assert_cancelled(STINT_ERROR_SERVER_AUTH);
        }
    }
}

static void one_challenge_and_one_answer(void **state)
{
    (void)state;
    sit_down("tim", "tanstaaftanstaaf");
    auth_challenge(&desk, CHALLENGE);
    auth_challenge(&desk, CHALLENGE);
    assert_cancelled(STINT_ERROR_PROTOCOL);

    sit_down("tim", "tanstaaftanstaaf");
    auth_say(&desk, "235 Welcome\r\n");
    assert_string_equal(desk.said, "");
    assert_int_equal(desk.result.error, STINT_ERROR_PROTOCOL);
    assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
}

/* Nothing but it, or it alone. */
static void the_last_choice(void **state)
{
    static const struct {
        const char *offer;
        const char *wanted;
        bool no_memory;
        uint8_t credential;
        const char *chosen;
    } cases[] = {
        {"CRAM-MD5", NULL, false, STINT_CREDENTIAL_PASSWORD, "CRAM-MD5"},
        {"CRAM-MD5 PLAIN", NULL, false, STINT_CREDENTIAL_PASSWORD, "PLAIN"},
        {"CRAM-MD5 LOGIN", NULL, false, STINT_CREDENTIAL_PASSWORD, "LOGIN"},
        {"CRAM-MD5 LOGIN SCRAM-SHA-1", NULL, false, STINT_CREDENTIAL_PASSWORD, "SCRAM-SHA-1"},
        {"PLAIN CRAM-MD5", "CRAM-MD5", false, STINT_CREDENTIAL_PASSWORD, "CRAM-MD5"},
        {"CRAM-MD5", NULL, true, STINT_CREDENTIAL_PASSWORD, NULL},
        {"CRAM-MD5", NULL, false, STINT_CREDENTIAL_TOKEN, NULL},
        {"CRAM-MD", NULL, false, STINT_CREDENTIAL_PASSWORD, NULL},
        {"CRAM-MD5X", NULL, false, STINT_CREDENTIAL_PASSWORD, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        auth_set_up(&desk);
        desk.account.mechanism = cases[i].wanted;
        desk.account.credential = cases[i].credential;
        desk.has_no_memory = cases[i].no_memory;
        auth_start(&desk, cases[i].offer);
        if (cases[i].chosen == NULL) {
            assert_int_equal(desk.result.error, STINT_ERROR_NO_AUTH);
        } else {
            assert_string_equal(desk.session.sasl->name, cases[i].chosen);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example),
        cmocka_unit_test(examples_of_hmac),
        cmocka_unit_test(a_refusal),
        cmocka_unit_test(a_challenge_that_is_no_base64),
        cmocka_unit_test(a_challenge_of_every_length),
        cmocka_unit_test(one_challenge_and_one_answer),
        cmocka_unit_test(the_last_choice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
