/* SPDX-License-Identifier: MIT */

/* What the caller is told: the first error, the reply that counts and its text, and the fates. */

#include "test.h"

#include "session/enhanced.h"
#include "session/outcome.h"
#include "session/recipients.h"
#include "session/session.h"

#define RECIPIENTS 4

struct desk {
    struct stint_account account;
    struct stint_mail mail;
    struct stint_recipient recipients[RECIPIENTS];
    struct stint_result result;
    struct stint_session session;
    char text[32];
};

static void set_up(struct desk *desk)
{
    memset(desk, 0, sizeof *desk);
    desk->mail.recipients = desk->recipients;
    desk->mail.recipient_count = RECIPIENTS;
    desk->session.reader.mail = &desk->mail;
    desk->session.account = &desk->account;
    desk->session.result = &desk->result;
    desk->session.outstanding = 1; /* each reply is one that is due */
    desk->session.began_in_time = true;
    desk->session.text = desk->text;
    desk->session.text_size = sizeof desk->text;
    stint_outcome_start(&desk->result, &desk->mail);
    stint_outcome_forget_recipients(&desk->mail);
}

/* Puts the reader where the session is at `stage`. */
static void go_to(struct desk *desk, enum stint_stage stage)
{
    for (desk->session.reader.row = 0; stint_session_stage(&desk->session) != stage;
         desk->session.reader.row++) {
        assert_true(desk->session.reader.row < 50);
    }
}

/* A whole reply at `stage`; lines of `text` end with LF. */
static void reply(struct desk *desk, enum stint_stage stage, uint16_t code, const char *text)
{
    const char *next;

    go_to(desk, stage);
    stint_outcome_reply_start(&desk->session);
    stint_enhanced_start(&desk->session.enhanced);
    desk->session.reply.code = code;
    for (next = text; *next != '\0'; next++) {
        stint_enhanced_octet(&desk->session.enhanced, (uint8_t)*next);
        stint_outcome_text(&desk->session, (uint8_t)*next);
    }
    stint_outcome_reply_end(&desk->session);
}

static void it_starts_with_nothing_accepted(void **state)
{
    struct desk desk;
    struct stint_result other;
    size_t i;

    (void)state;
    set_up(&desk);
    memset(&desk.result, 0xFF, sizeof desk.result);
    memset(&desk.recipients, 0xFF, sizeof desk.recipients);
    desk.result.round_trips = 7; /* of the session, not of the mail */
    stint_outcome_start(&desk.result, &desk.mail);
    stint_outcome_forget_recipients(&desk.mail);
    assert_int_equal(desk.result.round_trips, 7);
    assert_ptr_equal(desk.result.mail, &desk.mail);
    assert_int_equal(desk.result.error, STINT_ERROR_NONE);
    assert_int_equal(desk.result.fate, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.result.code, 0);
    assert_int_equal(desk.result.tls_error, 0);
    for (i = 0; i < RECIPIENTS; i++) {
        assert_int_equal(desk.recipients[i].fate, STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.recipients[i].code, 0);
        assert_int_equal(desk.recipients[i].enhanced.status_class, 0);
    }
    stint_outcome_start(&other, NULL);
    assert_int_equal(other.fate, STINT_FATE_NOT_ACCEPTED);
    desk.mail.recipients = NULL; /* about to be refused, but not read */
    stint_outcome_forget_recipients(&desk.mail);
}

static void the_first_error_stays(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    stint_outcome_fault(&desk.session, STINT_ERROR_PERMANENT, STINT_STAGE_RCPT);
    stint_outcome_fault(&desk.session, STINT_ERROR_CLOSED, STINT_STAGE_QUIT);
    assert_int_equal(desk.result.error, STINT_ERROR_PERMANENT);
    assert_int_equal(desk.result.stage, STINT_STAGE_RCPT);
}

/* Replies in the order of a session: which of them the result tells. */
static void the_reply_that_counts(void **state)
{
    static const struct {
        struct {
            enum stint_stage stage;
            uint16_t code;
        } replies[6];
        uint16_t told;
    } cases[] = {
        /* the latest, while all is well; but QUIT's is none */
        {{{STINT_STAGE_GREETING, 220}, {STINT_STAGE_EHLO, 250}, {STINT_STAGE_MAIL, 251}}, 251},
        {{{STINT_STAGE_CONTENT, 250}, {STINT_STAGE_QUIT, 221}}, 250},
        {{{STINT_STAGE_CONTENT, 250}, {STINT_STAGE_QUIT, 500}}, 250},
        /* a refused recipient is told though the others are served */
        {{{STINT_STAGE_RCPT, 550},
          {STINT_STAGE_RCPT, 250},
          {STINT_STAGE_DATA, 354},
          {STINT_STAGE_CONTENT, 250}},
         550},
        /* of several the first permanent one, or else the first */
        {{{STINT_STAGE_RCPT, 451}, {STINT_STAGE_RCPT, 452}}, 451},
        {{{STINT_STAGE_RCPT, 451}, {STINT_STAGE_RCPT, 550}, {STINT_STAGE_RCPT, 551}}, 550},
        {{{STINT_STAGE_RCPT, 550}, {STINT_STAGE_RCPT, 450}, {STINT_STAGE_RCPT, 250}}, 550},
        {{{STINT_STAGE_RCPT, 251}, {STINT_STAGE_RCPT, 450}, {STINT_STAGE_RCPT, 250}}, 450},
        /* what refuses everything is told rather than a recipient's refusal */
        {{{STINT_STAGE_RCPT, 550}, {STINT_STAGE_RCPT, 250}, {STINT_STAGE_DATA, 451}}, 451},
        {{{STINT_STAGE_RCPT, 450},
          {STINT_STAGE_RCPT, 250},
          {STINT_STAGE_DATA, 354},
          {STINT_STAGE_CONTENT, 552}},
         552},
    };
    struct desk desk;
    size_t i;
    size_t j;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        char told[8];

        set_up(&desk);
        for (j = 0; j < 6 && cases[i].replies[j].code != 0; j++) {
            char text[8];

            sprintf(text, "<%u>", cases[i].replies[j].code);
            reply(&desk, cases[i].replies[j].stage, cases[i].replies[j].code, text);
        }
        sprintf(told, "<%u>", cases[i].told);
        assert_int_equal(desk.result.code, cases[i].told);
        assert_string_equal(desk.text, told);
    }
}

static void after_an_error_no_reply_counts(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    reply(&desk, STINT_STAGE_MAIL, 550, "5.7.1 no");
    stint_outcome_fault(&desk.session, STINT_ERROR_PERMANENT, STINT_STAGE_MAIL);
    reply(&desk, STINT_STAGE_MAIL, 421, "4.3.2 and out");
    assert_int_equal(desk.result.code, 550);
    assert_int_equal(desk.result.enhanced.status_class, 5);
    assert_int_equal(desk.result.enhanced.subject, 7);
    assert_int_equal(desk.result.enhanced.detail, 1);
    assert_string_equal(desk.text, "5.7.1 no");
}

/* An error that no reply told of must not be explained by the reply before it. */
static void an_error_without_a_reply_has_none(void **state)
{
    static const struct {
        enum stint_error error;
        bool answered;
    } cases[] = {
        {STINT_ERROR_CONTENT, false},   {STINT_ERROR_SOURCE, false},
        {STINT_ERROR_ABORTED, false},   {STINT_ERROR_ENTROPY, false},
        {STINT_ERROR_IO, false},        {STINT_ERROR_CLOSED, false},
        {STINT_ERROR_TRUNCATED, false}, {STINT_ERROR_TIMEOUT, false},
        {STINT_ERROR_TLS, false},       {STINT_ERROR_CERTIFICATE, false},
        {STINT_ERROR_INJECTION, false}, {STINT_ERROR_TEMPORARY, true},
        {STINT_ERROR_PERMANENT, true},  {STINT_ERROR_PARTIAL, true},
        {STINT_ERROR_PROTOCOL, true},
    };
    struct desk desk;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        set_up(&desk);
        reply(&desk, STINT_STAGE_MAIL, 250, "2.1.0 OK");
        stint_outcome_fault(&desk.session, cases[i].error, STINT_STAGE_RCPT);
        assert_int_equal(desk.result.code, cases[i].answered ? 250 : 0);
        assert_int_equal(desk.result.enhanced.status_class, cases[i].answered ? 2 : 0);
        assert_string_equal(desk.text, cases[i].answered ? "2.1.0 OK" : "");
    }
}

/* Whatever a reply was cut off at: what is left is a string. */
static void a_reply_cut_off_leaves_no_text(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    memset(desk.text, 'X', sizeof desk.text);
    go_to(&desk, STINT_STAGE_GREETING);
    stint_outcome_reply_start(&desk.session);
    desk.session.reply.code = 220;
    stint_outcome_text(&desk.session, 'a');
    stint_outcome_text(&desk.session, 'b');
    stint_outcome_fault(&desk.session, STINT_ERROR_CLOSED, STINT_STAGE_GREETING);
    assert_string_equal(desk.text, "");
}

static void text_is_harmless(void **state)
{
    static const struct {
        const char *text;
        const char *kept;
    } cases[] = {
        {"", ""},
        {"plain ~ text", "plain ~ text"},
        {"\x1b[2J\x07%n\x7f", "?[2J?%n?"},
        {"caf\xc3\xa9 \xff", "caf?? ?"},
        {"\t\x01\x1f", "???"},
        {"first\nsecond\nthird", "first\nsecond\nthird"},
        {"0123456789012345678901234567890", "0123456789012345678901234567890"}, /* 31: just fits */
        {"01234567890123456789012345678901", "0123456789012345678901234567890"},
        {"01234567890123456789012345678901234567890123456789", "0123456789012345678901234567890"},
    };
    struct desk desk;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        set_up(&desk);
        reply(&desk, STINT_STAGE_GREETING, 554, cases[i].text);
        assert_string_equal(desk.text, cases[i].kept);
    }
}

static void text_needs_no_room(void **state)
{
    struct desk desk;
    size_t size;

    (void)state;
    for (size = 0; size < 6; size++) {
        set_up(&desk);
        memset(desk.text, 'X', sizeof desk.text);
        desk.session.text = size > 0 ? desk.text : NULL;
        desk.session.text_size = size;
        reply(&desk, STINT_STAGE_GREETING, 554, "abcdefgh");
        assert_int_equal(desk.result.code, 554);
        assert_true(size == 0 || strlen(desk.text) == size - 1);
        assert_int_equal(desk.text[size], 'X');
    }
}

static void a_reply_names_its_recipient(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    desk.session.reader.recipient = 2;
    reply(&desk, STINT_STAGE_RCPT, 550, "5.1.1 unknown");
    desk.session.reader.recipient = 3;
    reply(&desk, STINT_STAGE_RCPT, 451, "4.2.0 busy");
    assert_int_equal(desk.result.recipient, 2);
}

/* Who was accepted shares the message's fate; who was refused keeps the own reply. */
static void fates_are_settled_together(void **state)
{
    static const struct {
        enum stint_fate fate;
        uint16_t code; /* of the reply that settles it; 0: none */
        uint16_t codes[RECIPIENTS];
        uint8_t worst;
    } cases[] = {
        {STINT_FATE_ACCEPTED, 250, {250, 251, 252, 250}, STINT_FATE_ACCEPTED},
        {STINT_FATE_ACCEPTED, 250, {250, 550, 250, 250}, STINT_FATE_NOT_ACCEPTED},
        {STINT_FATE_ACCEPTED, 250, {450, 250, 250, 250}, STINT_FATE_NOT_ACCEPTED},
        {STINT_FATE_UNKNOWN, 0, {250, 250, 250, 250}, STINT_FATE_UNKNOWN},
        {STINT_FATE_UNKNOWN, 0, {250, 550, 250, 0}, STINT_FATE_UNKNOWN},
        {STINT_FATE_NOT_ACCEPTED, 552, {250, 250, 450, 250}, STINT_FATE_NOT_ACCEPTED},
        {STINT_FATE_NOT_ACCEPTED, 0, {250, 0, 0, 0}, STINT_FATE_NOT_ACCEPTED},
    };
    struct desk desk;
    size_t i;
    size_t j;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct stint_reply reply = {.code = cases[i].code};

        set_up(&desk);
        for (j = 0; j < RECIPIENTS; j++) {
            desk.recipients[j].code = cases[i].codes[j];
            desk.recipients[j].state =
                cases[i].codes[j] / 100 == 2 ? STINT_RECIPIENT_TAKEN : STINT_RECIPIENT_REFUSED;
        }
        stint_outcome_settle(&desk.session, cases[i].fate, reply.code != 0 ? &reply : NULL);
        assert_int_equal(desk.result.fate, cases[i].worst);
        for (j = 0; j < RECIPIENTS; j++) {
            bool shares = cases[i].codes[j] / 100 == 2;

            assert_int_equal(desk.recipients[j].fate,
                             shares ? cases[i].fate : STINT_FATE_NOT_ACCEPTED);
            assert_int_equal(desk.recipients[j].code, shares ? cases[i].code : cases[i].codes[j]);
        }
    }
}

static void without_a_mail_nothing_is_accepted(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    desk.session.reader.mail = NULL;
    stint_outcome_settle(&desk.session, STINT_FATE_NOT_ACCEPTED, NULL);
    assert_int_equal(desk.result.fate, STINT_FATE_NOT_ACCEPTED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_with_nothing_accepted),
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(the_reply_that_counts),
        cmocka_unit_test(after_an_error_no_reply_counts),
        cmocka_unit_test(an_error_without_a_reply_has_none),
        cmocka_unit_test(a_reply_cut_off_leaves_no_text),
        cmocka_unit_test(text_is_harmless),
        cmocka_unit_test(text_needs_no_room),
        cmocka_unit_test(a_reply_names_its_recipient),
        cmocka_unit_test(fates_are_settled_together),
        cmocka_unit_test(without_a_mail_nothing_is_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
