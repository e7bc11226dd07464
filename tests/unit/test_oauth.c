/* SPDX-License-Identifier: MIT */

/* OAUTHBEARER (RFC 7628) and XOAUTH2: what is said with a token, and what becomes of the reason why
 * it is refused. */

#include "auth_desk.h"
#include "test.h"

#include "sasl/sasl.h"

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg=="

/* RFC 7628 3.2.2, and what Google says. */
#define BECAUSE "{\"status\":\"invalid_token\",\"scope\":\"example_scope\"}"

static struct auth_desk desk;

static void sit_down(const char *token)
{
    auth_set_up(&desk);
    desk.account.user = "user@example.com";
    desk.account.password = token;
    desk.account.credential = STINT_CREDENTIAL_TOKEN;
    desk.account.host = "server.example.com";
    desk.account.port = 587;
}

/* RFC 7628 4.1, but for the port; and Google's example. */
static void the_examples(void **state)
{
    (void)state;
    sit_down(TOKEN);
    auth_start(&desk, "XOAUTH2 OAUTHBEARER PLAIN");
    assert_string_equal(
        auth_said_between(&desk, "AUTH OAUTHBEARER ", "\r\n"),
        "n,a=user@example.com,\1host=server.example.com\1port=587\1auth=Bearer " TOKEN "\1\1");
    auth_say(&desk, "235 Welcome\r\n");
    assert_string_equal(desk.said, "QUIT\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_NONE);

    sit_down("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
    desk.account.user = "someuser@example.com";
    auth_start(&desk, "PLAIN XOAUTH2");
    assert_string_equal(
        desk.said, "AUTH XOAUTH2 dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRm"
                   "dDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==\r\n");
    auth_say(&desk, "235 Welcome\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_NONE);
}

static void names_and_ports(void **state)
{
    (void)state;
    sit_down("t");
    desk.account.user = "a,b=c";
    desk.account.port = 0;
    auth_start(&desk, "OAUTHBEARER");
    assert_string_equal(auth_said_between(&desk, "AUTH OAUTHBEARER ", "\r\n"),
                        "n,a=a=2Cb=3Dc,\1host=server.example.com\1port=465\1auth=Bearer t\1\1");
    desk.account.security = STINT_SECURITY_STARTTLS;
    desk.account.mechanism = "XOAUTH2";
    auth_start(&desk, "OAUTHBEARER XOAUTH2");
    assert_string_equal(auth_said_between(&desk, "AUTH XOAUTH2 ", "\r\n"),
                        "user=a,b=c\1auth=Bearer t\1\1");
}

/* Some thousand octets are usual; more than 512 in a line of AUTH are not allowed (RFC 4954 4). */
static void long_tokens(void **state)
{
    static char token[8001];
    size_t length;

    (void)state;
    for (length = 1; length <= 8000; length = length < 600 ? length + 1 : length + 370) {
        memset(token, 0, sizeof token);
        memset(token, 't', length);
        sit_down(token);
        auth_start(&desk, "XOAUTH2");
        if (strlen("user=user@example.com\1auth=Bearer \1\1") + length > 372) {
            assert_string_equal(desk.said, "AUTH XOAUTH2\r\n");
            auth_say(&desk, "334 \r\n");
            assert_int_equal(strlen(auth_response(&desk)), 36 + length);
            assert_true(strlen(desk.said) <= 12288);
        } else {
            assert_true(strlen(desk.said) <= 512);
            assert_int_equal(strlen(auth_said_between(&desk, "AUTH XOAUTH2 ", "\r\n")),
                             36 + length);
        }
    }
}

static void why_it_is_refused(void **state)
{
    static const struct {
        const char *mechanism;
        const char *answer;
    } cases[] = {{"OAUTHBEARER", "AQ==\r\n"}, {"XOAUTH2", "\r\n"}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(TOKEN);
        auth_start(&desk, cases[i].mechanism);
        auth_challenge(&desk, BECAUSE);
        assert_string_equal(desk.said, cases[i].answer);
        auth_say(&desk, "535-5.7.8 Not accepted\r\n535 5.7.8 See there\r\n");
        assert_string_equal(desk.said, "QUIT\r\n");
        assert_int_equal(desk.result.error, STINT_ERROR_PERMANENT);
        assert_int_equal(desk.result.code, 535);
        assert_int_equal(desk.result.enhanced.detail, 8);
        assert_string_equal(desk.text, BECAUSE "\n5.7.8 Not accepted\n5.7.8 See there");
    }
}

/* However it is cut, what is there is told. */
static void little_room_for_why(void **state)
{
    static const struct {
        size_t room;
        const char *text;
    } cases[] = {
        {0, ""},          {1, ""},           {2, "5"},
        {4, "5.7"},       {5, "{\"s\n"},     {6, "{\"s\n5"},
        {8, "{\"s\n5.7"}, {9, "{\"stat\n5"}, {200, BECAUSE "\n5.7.8 No"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(TOKEN);
        auth_start(&desk, "XOAUTH2");
        desk.session.text_size = cases[i].room;
        memset(desk.text, 0, sizeof desk.text);
        auth_challenge(&desk, BECAUSE);
        auth_say(&desk, "535 5.7.8 No\r\n");
        assert_int_equal(desk.result.code, 535);
        assert_string_equal(desk.text, cases[i].text);
    }
}

/* Whatever follows the reason, it is no success; and there is only one. */
static void no_success_behind_a_reason(void **state)
{
    (void)state;
    sit_down(TOKEN);
    auth_start(&desk, "OAUTHBEARER");
    auth_challenge(&desk, BECAUSE);
    auth_say(&desk, "235 Welcome\r\n");
    assert_string_equal(desk.said, "");
    assert_int_equal(desk.result.error, STINT_ERROR_PROTOCOL);
    assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);

    sit_down(TOKEN);
    auth_start(&desk, "OAUTHBEARER");
    auth_challenge(&desk, BECAUSE);
    auth_challenge(&desk, BECAUSE);
    assert_string_equal(desk.said, "*\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_PROTOCOL);

    sit_down(TOKEN);
    auth_start(&desk, "XOAUTH2");
    auth_say(&desk, "334 no, because\r\n");
    assert_string_equal(desk.said, "*\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_PROTOCOL);
}

/* A control character of the server's is not shown, here neither. */
static void octets_of_a_reason(void **state)
{
    (void)state;
    sit_down(TOKEN);
    auth_start(&desk, "XOAUTH2");
    auth_challenge(&desk, "{\x1B[2J\xC3\xA4}\n");
    auth_say(&desk, "535 No\r\n");
    assert_string_equal(desk.text, "{?[2J??}\n\nNo");
}

static void tokens_that_are_none(void **state)
{
    static char long_one[8002];
    static const char *const bad[] = {"", "a b", "a\1b", "\xC3\xA4", "a\r\nb", "a\x7F", long_one};
    struct stint_result result;
    size_t i;

    (void)state;
    memset(long_one, 't', sizeof long_one - 1);
    for (i = 0; i < COUNT(bad); i++) {
        sit_down(bad[i]);
        memset(&result, 0, sizeof result);
        assert_false(stint_session_check(&desk.account, NULL, &result));
        assert_int_equal(result.field, STINT_FIELD_PASSWORD);
    }
    sit_down(long_one + 1);
    assert_true(stint_session_check(&desk.account, NULL, &result));
    desk.account.credential = STINT_CREDENTIAL_TOKEN + 1;
    assert_false(stint_session_check(&desk.account, NULL, &result));
}

/* A token is not said as a password, nor a password as a token. */
static void each_has_its_mechanisms(void **state)
{
    struct stint_result result;

    (void)state;
    sit_down(TOKEN);
    auth_start(&desk, "PLAIN LOGIN SCRAM-SHA-256");
    assert_string_equal(desk.said, "QUIT\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_NO_AUTH);
    desk.account.mechanism = "PLAIN";
    assert_false(stint_session_check(&desk.account, NULL, &result));
    assert_int_equal(result.field, STINT_FIELD_MECHANISM);
    desk.account.mechanism = "XOAUTH2";
    assert_true(stint_session_check(&desk.account, NULL, &result));

    sit_down("pencil");
    desk.account.credential = STINT_CREDENTIAL_PASSWORD;
    auth_start(&desk, "XOAUTH2 OAUTHBEARER");
    assert_int_equal(desk.result.error, STINT_ERROR_NO_AUTH);
}

/* What the large providers offer inside TLS. */
static void the_mechanism_for_each_provider(void **state)
{
    static const struct {
        const char *provider;
        const char *offer;
        const char *password;
        const char *token;
    } cases[] = {
        {"Gmail", "LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH", "PLAIN",
         "OAUTHBEARER"},
        {"Microsoft 365", "LOGIN XOAUTH2", "LOGIN", "XOAUTH2"},
        {"Amazon SES", "PLAIN LOGIN", "PLAIN", NULL},
        {"SendGrid", "PLAIN LOGIN\r\n250 AUTH=PLAIN LOGIN", "PLAIN", NULL},
        {"Mailgun", "PLAIN LOGIN", "PLAIN", NULL},
        {"GMX", "LOGIN PLAIN", "PLAIN", NULL},
        {"Fastmail", "PLAIN LOGIN XOAUTH2 OAUTHBEARER", "PLAIN", "OAUTHBEARER"},
        {"Yahoo", "PLAIN LOGIN XOAUTH2 XYMCOOKIE", "PLAIN", "XOAUTH2"},
        {"Postmark", "PLAIN LOGIN CRAM-MD5", "PLAIN", NULL},
        {"Dovecot", "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", "SCRAM-SHA-256", NULL},
        {"Exim", "PLAIN LOGIN SCRAM-SHA-1-PLUS SCRAM-SHA-1", "SCRAM-SHA-1", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(TOKEN);
        desk.account.credential = STINT_CREDENTIAL_PASSWORD;
        auth_start(&desk, cases[i].offer);
        assert_string_equal(desk.session.sasl->name, cases[i].password);
        sit_down(TOKEN);
        auth_start(&desk, cases[i].offer);
        if (cases[i].token != NULL) {
            assert_string_equal(desk.session.sasl->name, cases[i].token);
        } else {
            assert_int_equal(desk.result.error, STINT_ERROR_NO_AUTH);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples),
        cmocka_unit_test(names_and_ports),
        cmocka_unit_test(long_tokens),
        cmocka_unit_test(why_it_is_refused),
        cmocka_unit_test(little_room_for_why),
        cmocka_unit_test(no_success_behind_a_reason),
        cmocka_unit_test(octets_of_a_reason),
        cmocka_unit_test(tokens_that_are_none),
        cmocka_unit_test(each_has_its_mechanisms),
        cmocka_unit_test(the_mechanism_for_each_provider),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
