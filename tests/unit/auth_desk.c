/* SPDX-License-Identifier: MIT */
#include "auth_desk.h"

#include "test.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"
#include "session/outcome.h"

void auth_set_up(struct auth_desk *desk)
{
    memset(desk, 0, sizeof *desk);
    desk->account.host = "mail.example.com";
    desk->account.ehlo_name = "client";
    desk->account.user = "user";
    desk->account.password = "pencil";
    desk->work.binding = &desk->binding;
}

static void listen(struct auth_desk *desk)
{
    size_t n;

    memset(desk->said, 0, sizeof desk->said);
    for (desk->steps = 0; stint_sasl_computes(desk->session.work); desk->steps++) {
        assert_false(stint_session_may_write(&desk->session));
        stint_sasl_compute(desk->session.work);
    }
    n = stint_session_write(&desk->session, (uint8_t *)desk->said, sizeof desk->said - 1);
    stint_session_sent(&desk->session, desk->session.sent + (uint32_t)n);
}

void auth_say(struct auth_desk *desk, const char *reply)
{
    stint_session_read(&desk->session, (const uint8_t *)reply, strlen(reply));
    listen(desk);
}

void auth_challenge(struct auth_desk *desk, const char *message)
{
    static char reply[32768];
    size_t n;

    memcpy(reply, "334 ", 4);
    n = 4 + stint_base64_encode(reply + 4, (const uint8_t *)message, strlen(message));
    memcpy(reply + n, "\r\n", 3);
    auth_say(desk, reply);
}

void auth_start(struct auth_desk *desk, const char *offer)
{
    char reply[300];

    memset(&desk->session, 0, sizeof desk->session);
    memset(&desk->result, 0, sizeof desk->result);
    desk->session.account = &desk->account;
    desk->session.result = &desk->result;
    desk->session.work = desk->has_no_memory ? NULL : &desk->work;
    desk->session.text = desk->text;
    desk->session.text_size = sizeof desk->text;
    desk->session.reply_limit = 1;
    stint_outcome_start(&desk->result, NULL);
    stint_session_start(&desk->session, true);
    auth_say(desk, "220 mx\r\n");
    snprintf(reply, sizeof reply, "250-mx\r\n250 AUTH %s\r\n", offer);
    auth_say(desk, reply);
}

const char *auth_said_between(const struct auth_desk *desk, const char *before, const char *after)
{
    static char message[sizeof desk->said];
    size_t start = strlen(before);
    size_t length = strlen(desk->said);
    size_t end = length - strlen(after);

    assert_true(length >= start + strlen(after));
    assert_memory_equal(desk->said, before, start);
    assert_string_equal(desk->said + end, after);
    assert_true(stint_base64_decode(desk->said + start, end - start, (uint8_t *)message, &length));
    message[length] = '\0';
    return message;
}

const char *auth_response(const struct auth_desk *desk)
{
    return auth_said_between(desk, "", "\r\n");
}

void auth_assert_wiped(const struct auth_desk *desk)
{
    static const struct stint_sasl_work nothing;

    assert_memory_equal(&desk->work, &nothing, sizeof nothing);
}
