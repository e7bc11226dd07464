/* SPDX-License-Identifier: MIT */

/* The second lock: whatever the session believes, nothing from AUTH to the message is said in a
 * channel that the account did not ask for. Here the session's belief is tampered with. */

#include "session/session.h"
#include "test.h"

static struct stint_session session;
static struct stint_result result;
static uint8_t said[512];

static int no_read(void *context, uint8_t *buffer, size_t room)
{
    (void)context, (void)buffer, (void)room;
    return STINT_SOURCE_END;
}

static size_t speak(void)
{
    size_t n = stint_session_write(&session, said, sizeof said);

    stint_session_sent(&session, session.written);
    return n;
}

static void hear(const char *reply)
{
    (void)stint_session_read(&session, (const uint8_t *)reply, strlen(reply));
}

static void assert_locked(const struct stint_account *account, const struct stint_mail *mail,
                          const char *offer)
{
    memset(&session, 0, sizeof session);
    memset(&result, 0, sizeof result);
    session.account = account;
    stint_session_set_mail(&session, mail);
    session.result = &result;
    stint_session_start(&session, true);
    hear("220 mx\r\n");
    assert_true(speak() > 0);
    hear(offer);
    assert_true(stint_session_may_write(&session));
    session.secure = false;
    assert_int_equal(speak(), 0);
    assert_int_equal(session.state, STINT_SESSION_BROKEN);
    assert_int_equal(result.error, STINT_ERROR_NO_STARTTLS);
}

static void no_mail_in_clear(void **state)
{
    static const struct stint_source source = {.read = no_read};
    struct stint_recipient to = {.address = "b@example.org"};
    struct stint_mail mail = {.reverse_path = "a@example.com",
                              .recipients = &to,
                              .recipient_count = 1,
                              .source = &source};
    struct stint_account account = {.host = "mx", .ehlo_name = "client.example.com"};

    (void)state;
    assert_locked(&account, &mail, "250 mx\r\n");
    account.security = STINT_SECURITY_STARTTLS;
    assert_locked(&account, &mail, "250 mx\r\n");
}

static void no_auth_in_clear(void **state)
{
    struct stint_account account = {
        .host = "mx", .ehlo_name = "client.example.com", .user = "user", .password = "secret"};

    (void)state;
    assert_locked(&account, NULL, "250-mx\r\n250 AUTH PLAIN\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_mail_in_clear),
        cmocka_unit_test(no_auth_in_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
