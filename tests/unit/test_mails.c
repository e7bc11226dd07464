/* SPDX-License-Identifier: MIT */

/* Several mails in one session: what the caller sees of each, and when. */

#include "test.h"

#include "desk.h"

#define MAILS 3

/* The desk's mail is the first; the others follow it. */
static struct desk desk;
static struct stint_mail others[MAILS - 1];
static struct stint_recipient recipients[MAILS - 1];
static struct fake_source sources[MAILS - 1];

#define HELLO                                                                                      \
    "S: 220 mx.example.org\nC: EHLO client.example.com\nS: 250-mx.example.org\n"                   \
    "S: 250-SIZE 1000\nS: 250 PIPELINING\n"
#define ENVELOPE(n) "C: MAIL FROM:<a@example.com>\nC: RCPT TO:<" n "@example.org>\nC: DATA\n"
#define GO          "S: 250 Ok\nS: 250 Ok\nS: 354 Go\n"
#define MESSAGE     "C: Hello\nC: .\n"
#define QUIT        "C: QUIT\nS: 250 2.0.0 Queued\nS: 221 Bye\n"

static void set_up(const char *script, size_t count)
{
    static const char *const addresses[] = {"c@example.org", "d@example.org"};
    struct stint_mail *last = &desk.mail;
    size_t i;

    desk_set_up(&desk, script);
    for (i = 0; i + 1 < count; i++) {
        fake_source_start(&sources[i], "Hello\r\n", 7);
        others[i] = desk.mail;
        others[i].recipients = &recipients[i];
        others[i].source = &sources[i].source;
        others[i].next = NULL;
        memset(&recipients[i], 0, sizeof recipients[i]);
        recipients[i].address = addresses[i];
        last->next = &others[i];
        last = &others[i];
    }
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
}

static enum stint_progress run(void)
{
    return fake_io_run(&desk.fake, &desk.client, &desk.source, &desk.now_ms, "mails");
}

static void assert_result(const struct stint_mail *mail, enum stint_error error,
                          enum stint_stage stage, enum stint_fate fate)
{
    const struct stint_result *result = &desk.client.result;

    assert_ptr_equal(result->mail, mail);
    if (result->error != error || result->stage != stage || result->fate != fate) {
        fail_msg("error %s at %s, %s", stint_error_name(result->error),
                 stint_stage_name(result->stage), stint_fate_name(result->fate));
    }
    assert_int_equal(mail->recipients[0].fate, fate);
}

static void assert_sent(const struct stint_mail *mail)
{
    assert_result(mail, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
}

/* A flight for each mail more; and though the server's answers come in one piece, the results come
 * one by one. */
static void each_is_reported_when_it_is_done(void **state)
{
    (void)state;
    set_up(HELLO ENVELOPE("b") GO MESSAGE ENVELOPE("c") "S: 250 2.0.0 First\n" GO MESSAGE ENVELOPE(
               "d") "S: 554 5.7.1 Second\n" GO MESSAGE QUIT,
           3);
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_sent(&desk.mail);
    assert_string_equal(desk.text, "2.0.0 First");
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_result(&others[0], STINT_ERROR_PERMANENT, STINT_STAGE_CONTENT, STINT_FATE_NOT_ACCEPTED);
    assert_string_equal(desk.text, "5.7.1 Second");
    assert_int_equal(desk.client.result.code, 554);
    assert_int_equal(run(), STINT_DONE);
    assert_sent(&others[1]);
    assert_string_equal(desk.text, "2.0.0 Queued");
    assert_int_equal(desk.recipients[0].fate, STINT_FATE_ACCEPTED);
    assert_int_equal(desk.client.result.extensions,
                     STINT_EXTENSION_PIPELINING); /* no SIZE: it was not known */
    assert_int_equal(desk.client.result.round_trips, 7);
    assert_true(fake_io_is_over(&desk.fake));
}

/* Only the last one's result comes with the session's end. */
static void one_alone_is_reported_at_the_end(void **state)
{
    (void)state;
    set_up(HELLO ENVELOPE("b") GO MESSAGE QUIT, 1);
    assert_int_equal(run(), STINT_DONE);
    assert_sent(&desk.mail);
    assert_int_equal(desk.client.result.round_trips, 5);
    assert_int_equal(desk.client.result.octets_received, 122);
    assert_int_equal(desk.client.result.octets_sent, desk.fake.taken);
}

/* What is wrong with one is its own affair; it is told in its turn. */
static void one_that_is_unfit_is_passed_over(void **state)
{
    static const enum stint_error errors[] = {STINT_ERROR_CONFIG, STINT_ERROR_TOO_LARGE,
                                              STINT_ERROR_SOURCE, STINT_ERROR_NO_8BITMIME,
                                              STINT_ERROR_NO_BINARYMIME};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(errors); i++) {
        set_up(HELLO ENVELOPE("b") GO MESSAGE "S: 250 Ok\n" ENVELOPE("d") GO MESSAGE QUIT, 3);
        switch (errors[i]) {
        case STINT_ERROR_CONFIG: recipients[0].address = "c@example.org>"; break;
        case STINT_ERROR_TOO_LARGE: sources[0].source.size = 1001; break;
        case STINT_ERROR_SOURCE: sources[0].stuck = true; break;
        case STINT_ERROR_NO_8BITMIME: sources[0].source.content = STINT_CONTENT_8BIT; break;
        default: sources[0].source.content = STINT_CONTENT_BINARY; break;
        }
        assert_int_equal(run(), STINT_MAIL_DONE);
        assert_sent(&desk.mail);
        assert_int_equal(run(), STINT_MAIL_DONE);
        assert_result(&others[0], errors[i], i == 0 ? STINT_STAGE_START : STINT_STAGE_MAIL,
                      STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.client.result.field,
                         i == 0 ? STINT_FIELD_RECIPIENT : STINT_FIELD_NONE);
        assert_string_equal(desk.text, "");
        assert_int_equal(run(), STINT_DONE);
        assert_sent(&others[1]);
        assert_true(fake_io_is_over(&desk.fake));
    }
}

/* What is missing is not looked at. */
static void one_that_lacks_something_is_passed_over(void **state)
{
    static const enum stint_field fields[] = {STINT_FIELD_REVERSE_PATH, STINT_FIELD_RECIPIENT,
                                              STINT_FIELD_SOURCE};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(fields); i++) {
        set_up(HELLO ENVELOPE("b") GO MESSAGE "S: 250 Ok\n" ENVELOPE("d") GO MESSAGE QUIT, 3);
        switch (fields[i]) {
        case STINT_FIELD_REVERSE_PATH: others[0].reverse_path = NULL; break;
        case STINT_FIELD_RECIPIENT: others[0].recipients = NULL; break;
        default: others[0].source = NULL; break;
        }
        assert_int_equal(run(), STINT_MAIL_DONE);
        assert_int_equal(run(), STINT_MAIL_DONE);
        assert_ptr_equal(desk.client.result.mail, &others[0]);
        assert_int_equal(desk.client.result.error, STINT_ERROR_CONFIG);
        assert_int_equal(desk.client.result.field, fields[i]);
        assert_int_equal(run(), STINT_DONE);
        assert_sent(&others[1]);
        assert_true(fake_io_is_over(&desk.fake));
    }
}

/* One that was read before starts over, also where nothing was sent before it. */
static void one_behind_an_unfit_one_begins_at_its_start(void **state)
{
    (void)state;
    set_up(HELLO ENVELOPE("c") GO MESSAGE QUIT, 2);
    desk.source.source.content = STINT_CONTENT_8BIT;
    sources[0].offset = 7;
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_result(&desk.mail, STINT_ERROR_NO_8BITMIME, STINT_STAGE_MAIL, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(run(), STINT_DONE);
    assert_sent(&others[0]);
    assert_true(fake_io_is_over(&desk.fake));
}

/* Nobody got those whose turn did not come, whatever became of them another time. */
static void those_behind_a_broken_session_are_not_sent(void **state)
{
    (void)state;
    set_up(HELLO ENVELOPE("b") GO MESSAGE ENVELOPE("c") "S: 250 Ok\nS: 250 Ok\n== lost ==\n", 3);
    recipients[1].fate = STINT_FATE_ACCEPTED;
    recipients[1].code = 250;
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_sent(&desk.mail);
    assert_int_equal(run(), STINT_DONE);
    assert_result(&others[0], STINT_ERROR_IO, STINT_STAGE_RCPT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.recipients[0].fate, STINT_FATE_ACCEPTED);
    assert_int_equal(recipients[1].fate, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(recipients[1].code, 0);
}

/* What became of it then does not count. */
static void one_that_was_sent_before_is_sent_again(void **state)
{
    struct stint_recipient used;
    int i;

    (void)state;
    for (i = 0; i < 2; i++) {
        set_up(HELLO ENVELOPE("b") GO MESSAGE ENVELOPE("c") "S: 250 Ok\n" GO MESSAGE QUIT, 2);
        if (i > 0) {
            recipients[0] = used;
        }
        assert_int_equal(run(), STINT_MAIL_DONE);
        assert_int_equal(run(), STINT_DONE);
        assert_sent(&others[0]);
        assert_true(fake_io_is_over(&desk.fake));
        used = recipients[0];
    }
}

/* RFC 9422: the session ends there, with nothing wrong. */
static void no_more_than_the_server_takes_are_begun(void **state)
{
    (void)state;
    set_up("S: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250-PIPELINING\n"
           "S: 250 LIMITS MAILMAX=2\n" ENVELOPE("b")
               GO MESSAGE ENVELOPE("c") "S: 250 Ok\n" GO MESSAGE QUIT,
           3);
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_int_equal(run(), STINT_DONE);
    assert_sent(&others[0]);
    assert_ptr_equal(desk.client.result.mail->next, &others[1]);
    assert_int_equal(recipients[1].fate, STINT_FATE_NOT_ACCEPTED);
    assert_true(fake_io_is_over(&desk.fake));
}

static void giving_up_between_two_is_about_the_next(void **state)
{
    (void)state;
    set_up(HELLO ENVELOPE("b") GO MESSAGE ENVELOPE("c") "S: 250 Ok\n", 2);
    assert_int_equal(run(), STINT_MAIL_DONE);
    stint_abort(&desk.client);
    assert_int_equal(run(), STINT_DONE);
    assert_result(&others[0], STINT_ERROR_ABORTED, STINT_STAGE_MAIL, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.recipients[0].fate, STINT_FATE_ACCEPTED);
}

/* ---- Waiting for one ---- */

#define IDLE_MS 5000U
#define FIRST   HELLO ENVELOPE("b") GO MESSAGE "S: 250 Ok\n"
#define BYE     "C: QUIT\nS: 221 Bye\n"

static void set_up_to_wait(const char *script)
{
    set_up(script, 1);
    desk.account.idle_ms = IDLE_MS;
    desk.fake.idles = true;
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_sent(&desk.mail);
    assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_RUNNING);
}

static void when_none_comes_it_quits(void **state)
{
    uint32_t begun;

    (void)state;
    set_up_to_wait(FIRST BYE);
    begun = desk.now_ms;
    assert_int_equal(stint_wants(&desk.client), STINT_WANT_READ);
    assert_int_equal(stint_wait_ms(&desk.client, desk.now_ms), IDLE_MS);
    assert_int_equal(run(), STINT_DONE);
    assert_int_equal(desk.now_ms - begun, IDLE_MS);
    assert_sent(&desk.mail);
    assert_true(fake_io_is_over(&desk.fake));
}

/* Its time is its own: the session's is counted anew. */
static void one_that_comes_is_sent(void **state)
{
    struct stint_mail mail;

    (void)state;
    set_up_to_wait(FIRST ENVELOPE("b") GO MESSAGE "S: 250 2.0.0 Queued\n" BYE);
    mail = desk.mail;
    desk.account.deadline_ms = 3000;
    desk.fake.now_ms = desk.now_ms += IDLE_MS - 1;
    assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_RUNNING);
    desk.mail.next = &mail;
    desk.recipients[0].fate = STINT_FATE_NOT_ACCEPTED;
    assert_int_equal(run(), STINT_MAIL_DONE);
    assert_sent(&mail);
    assert_int_equal(run(), STINT_DONE);
    assert_sent(&mail);
    assert_true(fake_io_is_over(&desk.fake));
}

/* RFC 5321 3.8: a server may have had enough. Nothing was wrong with what was sent. */
static void a_server_may_leave_meanwhile(void **state)
{
    static const char *const ends[] = {FIRST "== closed ==\n", FIRST "== lost ==\n",
                                       FIRST "S: 421 Bye\n", FIRST "S: 250 What?\n",
                                       FIRST "== abort ==\n"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(ends); i++) {
        set_up(ends[i], 1);
        desk.account.idle_ms = IDLE_MS;
        assert_int_equal(run(), STINT_MAIL_DONE);
        if (strstr(ends[i], "abort") != NULL) {
            stint_abort(&desk.client);
        }
        assert_int_equal(run(), STINT_DONE);
        assert_sent(&desk.mail);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_reported_when_it_is_done),
        cmocka_unit_test(one_alone_is_reported_at_the_end),
        cmocka_unit_test(one_that_is_unfit_is_passed_over),
        cmocka_unit_test(one_that_lacks_something_is_passed_over),
        cmocka_unit_test(one_behind_an_unfit_one_begins_at_its_start),
        cmocka_unit_test(those_behind_a_broken_session_are_not_sent),
        cmocka_unit_test(one_that_was_sent_before_is_sent_again),
        cmocka_unit_test(no_more_than_the_server_takes_are_begun),
        cmocka_unit_test(giving_up_between_two_is_about_the_next),
        cmocka_unit_test(when_none_comes_it_quits),
        cmocka_unit_test(one_that_comes_is_sent),
        cmocka_unit_test(a_server_may_leave_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
