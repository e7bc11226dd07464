/* SPDX-License-Identifier: MIT */

/* What a mail may ask for beside delivery (stint/parameters.h): which values there are. How they
 * are written is in test_command.c, and what the server must offer in the transcripts. */

#include "test.h"

#include "session/session.h"
#include "stint/stint.h"

#include "fake_source.h"

struct asked {
    uint8_t notify; /* of the second recipient, */
    const char *original;
    struct stint_mail_parameters parameters;
};

static enum stint_field field_of(const struct asked *asked, uint16_t *recipient)
{
    struct stint_recipient recipients[] = {{.address = "b@example.org"},
                                           {.address = "c@example.org"}};
    const char *const originals[] = {NULL, asked->original};
    struct stint_mail_parameters parameters = asked->parameters;
    struct fake_source source;
    struct stint_mail mail = {.reverse_path = "a@example.com", .recipient_count = 2};

    fake_source_start(&source, "", 0);
    mail.source = &source.source;
    mail.recipients = recipients;
    mail.parameters = &parameters;
    parameters.originals = originals;
    recipients[1].notify = asked->notify;
    return stint_session_check_mail(&mail, recipient);
}

static void assert_field(struct asked asked, enum stint_field expected)
{
    uint16_t recipient = 0;
    enum stint_field field = field_of(&asked, &recipient);

    if (field != expected) {
        fail_msg("%s, not %s", stint_field_name(field), stint_field_name(expected));
    }
    if (asked.notify != 0 || asked.original != NULL) {
        assert_int_equal(recipient, expected != STINT_FIELD_NONE);
    }
}

#define MAIL(...)      ((struct asked){.parameters = {__VA_ARGS__}})
#define RECIPIENT(...) ((struct asked){__VA_ARGS__})

static void nothing_need_be_asked(void **state)
{
    (void)state;
    assert_field(MAIL(0), STINT_FIELD_NONE);
}

/* RFC 3461 4: at most 100 octets, as xtext. */
static void envelope_ids(void **state)
{
    static const char *const bad[] = {"", "a\r\nRSET", "a\tb", "a\x7f", "\xc3\xa4"};
    char text[102];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(bad); i++) {
        assert_field(MAIL(.envelope_id = bad[i]), STINT_FIELD_DSN);
    }
    memset(text, 'x', sizeof text);
    text[101] = '\0';
    assert_field(MAIL(.envelope_id = text), STINT_FIELD_DSN);
    text[100] = '\0';
    assert_field(MAIL(.envelope_id = text), STINT_FIELD_NONE);
    text[0] = '+';
    assert_field(MAIL(.envelope_id = text), STINT_FIELD_DSN);
    text[98] = '\0';
    assert_field(MAIL(.envelope_id = text), STINT_FIELD_NONE);
    text[0] = ' ';
    assert_field(MAIL(.envelope_id = text), STINT_FIELD_NONE);
}

static void what_comes_back(void **state)
{
    (void)state;
    assert_field(MAIL(.returns = STINT_RETURN_FULL), STINT_FIELD_NONE);
    assert_field(MAIL(.returns = STINT_RETURN_HEADERS), STINT_FIELD_NONE);
    assert_field(MAIL(.returns = STINT_RETURN_HEADERS + 1), STINT_FIELD_DSN);
}

/* RFC 3461 4.1: NEVER is alone. */
static void notifications(void **state)
{
    unsigned notify;

    (void)state;
    for (notify = 0; notify < 256; notify++) {
        assert_field(RECIPIENT(.notify = (uint8_t)notify),
                     notify <= STINT_NOTIFY_NEVER ? STINT_FIELD_NONE : STINT_FIELD_RECIPIENT);
    }
}

/* RFC 3461 4.2. */
static void originals(void **state)
{
    static const char *const good[] = {"rfc822;a@b", "X400;/S=a/",       "x-1;a b", "rfc822;;",
                                       "utf-8;a@b",  "UTF-8;\xc3\xa4@b", "utf-8x;a"};
    static const char *const bad[] = {
        "",          "rfc822",       "rfc822;",     ";a@b",        "rfc 822;a@b",
        "rfc822 ;a", "r=;a",         "rfc822;a\nb", "r\xc3;a@b",   "rfc822;\xc3\xa4",
        "utf-8;",    "utf-8;\xa4@b", "utf-8;a\nb",  "utf-8;a\x7F", "utf-9;\xc3\xa4"};
    char text[1000];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good); i++) {
        assert_field(RECIPIENT(.original = good[i]), STINT_FIELD_NONE);
    }
    for (i = 0; i < COUNT(bad); i++) {
        assert_field(RECIPIENT(.original = bad[i]), STINT_FIELD_DSN);
    }
    for (i = 0; i < 2; i++) { /* 500 octets, of which the address or the type is long */
        memset(text, 'x', sizeof text);
        text[i == 0 ? 6 : 498] = ';';
        text[500] = '\0';
        assert_field(RECIPIENT(.original = text), STINT_FIELD_NONE);
        text[499] = '=';
        assert_field(RECIPIENT(.original = text), STINT_FIELD_DSN);
        text[499] = 'x';
        text[500] = 'x';
        text[501] = '\0';
        assert_field(RECIPIENT(.original = text), STINT_FIELD_DSN);
    }
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_field(RECIPIENT(.original = text), STINT_FIELD_DSN);
}

/* RFC 4954 5: a mailbox, or nobody. */
static void submitters(void **state)
{
    static const char *const bad[] = {"a", "<>", "a@", "a@b c", "a@b>\r\nRSET", "\xc3\xa4@b"};
    size_t i;

    (void)state;
    assert_field(MAIL(.submitter = ""), STINT_FIELD_NONE);
    assert_field(MAIL(.submitter = "e+mc2@example.com"), STINT_FIELD_NONE);
    assert_field(MAIL(.submitter = "\"a b\"@example.com"), STINT_FIELD_NONE);
    for (i = 0; i < COUNT(bad); i++) {
        assert_field(MAIL(.submitter = bad[i]), STINT_FIELD_SUBMITTER);
    }
}

static void priorities(void **state)
{
    int priority;

    (void)state;
    for (priority = -128; priority < 128; priority++) {
        assert_field(MAIL(.priority = (int8_t)priority),
                     priority >= -9 && priority <= 9 ? STINT_FIELD_NONE : STINT_FIELD_PRIORITY);
    }
}

static void times_to_deliver(void **state)
{
    (void)state;
    assert_field(MAIL(.deliver_by_s = 999999999), STINT_FIELD_NONE);
    assert_field(MAIL(.deliver_by_s = 1000000000), STINT_FIELD_DELIVER_BY);
    assert_field(MAIL(.deliver_by_s = 1, .late = STINT_LATE_NOTIFY), STINT_FIELD_NONE);
    assert_field(MAIL(.deliver_by_s = 1, .late = STINT_LATE_NOTIFY + 1), STINT_FIELD_DELIVER_BY);
    assert_field(MAIL(.late = STINT_LATE_NOTIFY), STINT_FIELD_DELIVER_BY);
    assert_field(MAIL(.traces_relay = true), STINT_FIELD_DELIVER_BY);
    assert_field(MAIL(.deliver_by_s = 1, .traces_relay = true), STINT_FIELD_NONE);
}

static void times_to_hold(void **state)
{
    static const char good[] = "2026-12-24T18:00:00Z";
    static const char *const good_too[] = {"0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z"};
    static const char *const none[] = {
        "2026-00-24T18:00:00Z", "2026-13-24T18:00:00Z", "2026-12-00T18:00:00Z",
        "2026-12-32T18:00:00Z", "2026-12-24T24:00:00Z", "2026-12-24T18:60:00Z",
        "2026-12-24T18:00:61Z", "2026-99-99T99:99:99Z",
    };
    char bad[sizeof good + 1];
    size_t i;

    (void)state;
    assert_field(MAIL(.hold_for_s = 999999999), STINT_FIELD_NONE);
    assert_field(MAIL(.hold_for_s = 1000000000), STINT_FIELD_HOLD);
    assert_field(MAIL(.hold_until = good), STINT_FIELD_NONE);
    assert_field(MAIL(.hold_for_s = 1, .hold_until = good), STINT_FIELD_HOLD);
    for (i = 0; i < COUNT(good_too); i++) {
        assert_field(MAIL(.hold_until = good_too[i]), STINT_FIELD_NONE);
    }
    for (i = 0; i < COUNT(none); i++) {
        assert_field(MAIL(.hold_until = none[i]), STINT_FIELD_HOLD);
    }
    for (i = 0; i < sizeof good; i++) {
        memcpy(bad, good, sizeof good);
        bad[sizeof good] = '\0';
        bad[i] = ' ';
        assert_field(MAIL(.hold_until = bad), STINT_FIELD_HOLD);
        bad[i] = '\0';
        assert_field(MAIL(.hold_until = bad),
                     i + 1 == sizeof good ? STINT_FIELD_NONE : STINT_FIELD_HOLD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_need_be_asked),
        cmocka_unit_test(envelope_ids),
        cmocka_unit_test(what_comes_back),
        cmocka_unit_test(notifications),
        cmocka_unit_test(originals),
        cmocka_unit_test(submitters),
        cmocka_unit_test(priorities),
        cmocka_unit_test(times_to_deliver),
        cmocka_unit_test(times_to_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
