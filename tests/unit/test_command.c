/* SPDX-License-Identifier: MIT */

/* The command writer: templates, their fields, and that it can stop and go on at any octet. */

#include "test.h"

#include "fake_source.h"
#include "guard.h"
#include "sasl/sasl.h"
#include "session/capabilities.h"
#include "session/command.h"
#include "session/parameters.h"
#include "session/session.h"
#include "stint/trace.h"

#define WIRE_MAX 2048

/* A session with something for every field. */
struct desk {
    struct stint_account account;
    struct stint_mail mail;
    struct stint_recipient recipients[2];
    struct fake_source source;
    struct stint_result result;
    struct stint_session session;
    char trace[WIRE_MAX];
};

/* What the trace hook was told, as --verbose would show it. */
static void trace(void *context, unsigned kind, const uint8_t *octets, size_t length)
{
    struct desk *desk = context;
    char *end = desk->trace + strlen(desk->trace);

    switch (kind) {
    case STINT_TRACE_COMMAND:
        memcpy(end, octets, length);
        end[length] = '\0';
        break;
    case STINT_TRACE_SECRET:
        assert_null(octets);
        assert_int_equal(length, 0);
        strcpy(end, "****");
        break;
    case STINT_TRACE_CONTENT:
        assert_null(octets);
        sprintf(end, "(%zu)", length);
        break;
    default: fail_msg("trace kind %u", kind);
    }
}

/* The mechanism is chosen, and this is the message that it says. */
static void says(struct desk *desk, const char *mechanism, uint8_t message)
{
    desk->account.mechanism = mechanism;
    desk->session.sasl =
        stint_sasl_choose(&desk->account, STINT_MECHANISM_PLAIN | STINT_MECHANISM_LOGIN, NULL);
    desk->session.sasl_step = message;
}

static void set_up(struct desk *desk)
{
    memset(desk, 0, sizeof *desk);
    desk->account.host = "smtp.example.com";
    desk->account.ehlo_name = "client.example.com";
    desk->account.user = "tim";
    desk->account.password = "tanstaaftanstaaf";
    desk->recipients[0].address = "green@foo.com";
    desk->recipients[1].address = "brown@foo.com";
    desk->mail.reverse_path = "smith@bar.com";
    desk->mail.recipients = desk->recipients;
    desk->mail.recipient_count = 2;
    desk->mail.source = &desk->source.source;
    fake_source_start(&desk->source, ".a\nb", 4);
    desk->session.account = &desk->account;
    stint_session_set_mail(&desk->session, &desk->mail);
    desk->session.result = &desk->result;
    desk->session.local_address = "192.0.2.1";
    desk->session.secure = true;
    says(desk, "PLAIN", 1);
    desk->session.trace = trace;
    desk->session.trace_context = desk;
}

/* Writes `template` with `first` octets of room, then `then` at a time. Returns the length. */
static size_t write_in_pieces(struct desk *desk, const char *template, size_t first, size_t then,
                              char *wire)
{
    size_t room = first;
    size_t total = 0;
    size_t n;
    unsigned calls = 0;

    desk->trace[0] = '\0';
    desk->source.offset = 0;
    memset(&desk->session.body, 0, sizeof desk->session.body);
    stint_command_start(&desk->session, template);
    while (desk->session.command != NULL) {
        assert_true(calls++ < WIRE_MAX);
        n = stint_command_write(&desk->session, (uint8_t *)wire + total, room);
        assert_true(n <= room);
        total += n;
        assert_true(total < WIRE_MAX / 2);
        room = then;
    }
    wire[total] = '\0';
    return total;
}

static void assert_written(struct desk *desk, const char *template, size_t first, size_t then,
                           const char *expected)
{
    char wire[WIRE_MAX];

    write_in_pieces(desk, template, first, then, wire);
    if (strcmp(wire, expected) != 0) {
        fail_msg("in pieces of %zu and %zu: \"%s\", expected \"%s\"", first, then, wire, expected);
    }
}

/* Stopped at every octet, and written in pieces of every size. */
static void assert_command(struct desk *desk, const char *template, const char *expected,
                           const char *traced)
{
    size_t length = strlen(expected);
    size_t n;

    for (n = 0; n <= length + 1; n++) {
        assert_written(desk, template, n, WIRE_MAX / 2, expected);
        assert_string_equal(desk->trace, traced);
    }
    for (n = 1; n <= length; n++) {
        assert_written(desk, template, n, n, expected);
        assert_string_equal(desk->trace, traced);
    }
}

#define MAIL_COMMAND                                                                               \
    "MAIL FROM:<" STINT_REVERSE_PATH                                                               \
    ">" STINT_SIZE_PARAMETER STINT_BODY_PARAMETER STINT_MAIL_PARAMETERS "\r\n"
#define RCPT_COMMAND "RCPT TO:<" STINT_FORWARD_PATH ">" STINT_RCPT_PARAMETERS "\r\n"

static void every_template_resumes_at_every_octet(void **state)
{
    static const struct {
        const char *template;
        const char *wire;
        const char *traced; /* NULL: the same */
    } cases[] = {
        {"", "", NULL},
        {"DATA\r\n", "DATA\r\n", NULL},
        {"EHLO " STINT_EHLO_NAME "\r\n", "EHLO client.example.com\r\n", NULL},
        {MAIL_COMMAND, "MAIL FROM:<smith@bar.com>\r\n", NULL},
        {"RCPT TO:<" STINT_FORWARD_PATH ">\r\n", "RCPT TO:<green@foo.com>\r\n", NULL},
        {"AUTH " STINT_MECHANISM "\r\n", "AUTH PLAIN\r\n", NULL},
        {"AUTH " STINT_MECHANISM " " STINT_RESPONSE "\r\n",
         "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "AUTH PLAIN ****\r\n"}, /* RFC 4616 4 */
        {STINT_RESPONSE "\r\n", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "****\r\n"},
        {STINT_REVERSE_PATH STINT_FORWARD_PATH STINT_RESPONSE STINT_RESPONSE STINT_EHLO_NAME,
         "smith@bar.comgreen@foo.comAHRpbQB0YW5zdGFhZnRhbnN0YWFmAHRpbQB0YW5zdGFhZnRhbnN0YWFm"
         "client.example.com",
         "smith@bar.comgreen@foo.com********client.example.com"},
    };
    struct desk desk;
    size_t i;

    (void)state;
    set_up(&desk);
    for (i = 0; i < COUNT(cases); i++) {
        assert_command(&desk, cases[i].template, cases[i].wire,
                       cases[i].traced != NULL ? cases[i].traced : cases[i].wire);
    }
}

/* The message needs two octets of room to go on; nothing else does. */
static void the_message_is_a_field_like_any_other(void **state)
{
    struct desk desk;
    size_t first;
    size_t then;

    (void)state;
    set_up(&desk);
    for (first = 0; first < 20; first++) {
        for (then = 2; then < 20; then++) {
            assert_written(&desk, "<" STINT_MESSAGE ".\r\n", first, then, "<..a\r\nb\r\n.\r\n");
        }
    }
    assert_written(&desk, STINT_MESSAGE ".\r\n", 100, 100, "..a\r\nb\r\n.\r\n");
    assert_string_equal(desk.trace, "(8).\r\n");
}

static void the_message_waits_for_its_source(void **state)
{
    struct desk desk;
    uint8_t wire[100];
    size_t n;

    (void)state;
    set_up(&desk);
    desk.source.again = true;
    stint_command_start(&desk.session, STINT_MESSAGE ".\r\n");
    n = stint_command_write(&desk.session, wire, sizeof wire);
    assert_int_equal(n, 0);
    assert_true(desk.session.source_waits);
    assert_non_null(desk.session.command);
}

static void recipients_go_by_the_writer(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    desk.session.writer.recipient = 1;
    assert_command(&desk, "RCPT TO:<" STINT_FORWARD_PATH ">\r\n", "RCPT TO:<brown@foo.com>\r\n",
                   "RCPT TO:<brown@foo.com>\r\n");
}

static void a_null_reverse_path_is_empty(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    desk.mail.reverse_path = "";
    assert_command(&desk, MAIL_COMMAND, "MAIL FROM:<>\r\n", "MAIL FROM:<>\r\n");
}

static void without_a_name_the_address_is_one(void **state)
{
    static const char *const addresses[] = {
        "192.0.2.1", "IPv6:2001:db8::1",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}; /* 60: the longest */
    char expected[100];
    struct desk desk;
    size_t i;

    (void)state;
    set_up(&desk);
    desk.account.ehlo_name = NULL;
    for (i = 0; i < COUNT(addresses); i++) {
        desk.session.local_address = addresses[i];
        sprintf(expected, "EHLO [%s]\r\n", addresses[i]);
        assert_command(&desk, "EHLO " STINT_EHLO_NAME "\r\n", expected, expected);
    }
}

static void size_is_told_if_wanted(void **state)
{
    static const struct {
        uint32_t size;
        bool wanted;
        const char *wire;
    } cases[] = {
        {1, true, " SIZE=1"},
        {10, true, " SIZE=10"},
        {999999999, true, " SIZE=999999999"},
        {4294967295U, true, " SIZE=4294967295"},
        {1000, false, ""},
        {4294967295U, false, ""},
    };
    struct desk desk;
    size_t i;

    (void)state;
    set_up(&desk);
    for (i = 0; i < COUNT(cases); i++) {
        desk.source.source.size = cases[i].size;
        desk.session.extensions =
            cases[i].wanted ? STINT_EXTENSION_SIZE : (uint16_t)~STINT_EXTENSION_SIZE;
        assert_command(&desk, STINT_SIZE_PARAMETER, cases[i].wire, cases[i].wire);
    }
}

static void body_is_told_if_wanted(void **state)
{
    struct desk desk;

    (void)state;
    set_up(&desk);
    assert_command(&desk, STINT_BODY_PARAMETER, "", "");
    desk.session.extensions = STINT_EXTENSION_8BITMIME | STINT_EXTENSION_SIZE;
    assert_command(&desk, STINT_BODY_PARAMETER, " BODY=8BITMIME", " BODY=8BITMIME");
    desk.session.extensions = STINT_EXTENSION_BINARYMIME;
    assert_command(&desk, STINT_BODY_PARAMETER, " BODY=BINARYMIME", " BODY=BINARYMIME");
}

/* The reader counts what the writer wrote. */
/* Every parameter there is, in every command that has any. */
static void ask_for_all(struct desk *desk, struct stint_mail_parameters *asked)
{
    static const char *const originals[] = {"rfc822;gr=+n@foo.com", NULL};

    memset(asked, 0, sizeof *asked);
    asked->envelope_id = "pump 3+4=7";
    asked->originals = originals;
    asked->submitter = "\"a b\"@example.com";
    asked->hold_for_s = 999999999;
    asked->deliver_by_s = 1;
    asked->late = STINT_LATE_NOTIFY;
    asked->traces_relay = true;
    asked->priority = -9;
    asked->returns = STINT_RETURN_FULL;
    asked->requires_tls = true;
    desk->mail.parameters = asked;
    desk->recipients[0].notify = STINT_NOTIFY_SUCCESS | STINT_NOTIFY_FAILURE | STINT_NOTIFY_DELAY;
    desk->recipients[1].notify = STINT_NOTIFY_NEVER;
}

static void parameters_resume_at_every_octet(void **state)
{
    static const char mail[] =
        "MAIL FROM:<smith@bar.com> RET=FULL ENVID=pump+203+2B4+3D7 "
        "AUTH=\"a+20b\"@example.com REQUIRETLS MT-PRIORITY=-9 BY=1;NT HOLDFOR=999999999\r\n";
    static const char first[] = "RCPT TO:<green@foo.com> NOTIFY=SUCCESS,FAILURE,DELAY "
                                "ORCPT=rfc822;gr+3D+2Bn@foo.com\r\n";
    static const char second[] = "RCPT TO:<brown@foo.com> NOTIFY=NEVER\r\n";
    struct stint_mail_parameters asked;
    struct desk desk;

    (void)state;
    set_up(&desk);
    ask_for_all(&desk, &asked);
    assert_command(&desk, MAIL_COMMAND, mail, mail);
    assert_command(&desk, RCPT_COMMAND, first, first);
    desk.session.writer.recipient = 1;
    assert_command(&desk, RCPT_COMMAND, second, second);
}

/* As xtext, whatever an octet is (RFC 3461 4): what is not plain takes three. */
static void every_octet_as_xtext(void **state)
{
    struct stint_mail_parameters asked;
    char expected[64];
    char text[2] = "";
    struct desk desk;
    unsigned octet;

    (void)state;
    set_up(&desk);
    memset(&asked, 0, sizeof asked);
    asked.envelope_id = text;
    desk.mail.parameters = &asked;
    for (octet = 1; octet < 256; octet++) {
        bool is_plain = octet > 32 && octet < 127 && octet != '+' && octet != '=';

        text[0] = (char)octet;
        snprintf(expected, sizeof expected,
                 is_plain ? "MAIL FROM:<smith@bar.com> ENVID=%c\r\n"
                          : "MAIL FROM:<smith@bar.com> ENVID=+%02X\r\n",
                 octet);
        assert_written(&desk, MAIL_COMMAND, 3, 7, expected);
    }
}

/* RFC 6533 3: utf-8-addr-xtext, with HEXPOINTs of two to six digits. */
static void original_recipients_in_utf8(void **state)
{
    static const struct {
        const char *original;
        const char *said;
    } cases[] = {
        {"utf-8;bob@foo.com", "utf-8;bob@foo.com"},
        {"UTF-8;a+b=c\\d e@foo.com", "UTF-8;a\\x{2B}b\\x{3D}c\\x{5C}d\\x{20}e@foo.com"},
        {"utf-8;\xc2\x80\xc3\xbf", "utf-8;\\x{80}\\x{FF}"},
        {"utf-8;\xc4\x80\xdf\xbf", "utf-8;\\x{100}\\x{7FF}"},
        {"utf-8;\xe0\xa0\x80\xef\xbf\xbf", "utf-8;\\x{800}\\x{FFFF}"},
        {"utf-8;\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "utf-8;\\x{10000}\\x{10FFFF}"},
        {"rfc822;a\\b", "rfc822;a\\b"},
    };
    struct stint_mail_parameters asked;
    const char *originals[2] = {NULL, NULL};
    char expected[100];
    struct desk desk;
    size_t i;

    (void)state;
    set_up(&desk);
    memset(&asked, 0, sizeof asked);
    asked.originals = originals;
    desk.mail.parameters = &asked;
    for (i = 0; i < COUNT(cases); i++) {
        originals[0] = cases[i].original;
        snprintf(expected, sizeof expected, "RCPT TO:<green@foo.com> ORCPT=%s\r\n", cases[i].said);
        assert_written(&desk, RCPT_COMMAND, 3, 7, expected);
    }
}

static void every_way_to_notify(void **state)
{
    static const char *const names[] = {"SUCCESS", "FAILURE", "DELAY"};
    char expected[80];
    struct desk desk;
    uint8_t notify;
    size_t i;

    (void)state;
    set_up(&desk);
    for (notify = 0; notify < STINT_NOTIFY_NEVER; notify++) {
        strcpy(expected, "RCPT TO:<green@foo.com>");
        for (i = 0; i < COUNT(names); i++) {
            if ((notify & 1U << i) != 0) {
                strcat(expected, strchr(expected, '=') == NULL ? " NOTIFY=" : ",");
                strcat(expected, names[i]);
            }
        }
        strcat(expected, "\r\n");
        desk.recipients[0].notify = notify;
        assert_written(&desk, RCPT_COMMAND, 3, 7, expected);
    }
}

static void a_command_is_as_long_as_it_was_written(void **state)
{
    static const char *const commands[] = {MAIL_COMMAND, RCPT_COMMAND, "DATA\r\n",
                                           "BDAT " STINT_SIZE " LAST\r\n", ""};
    struct stint_mail_parameters asked;
    char wire[WIRE_MAX];
    struct desk desk;
    size_t i;

    (void)state;
    set_up(&desk);
    ask_for_all(&desk, &asked);
    desk.session.extensions = STINT_EXTENSION_8BITMIME | STINT_EXTENSION_SIZE;
    desk.source.source.size = 12345;
    for (i = 0; i < COUNT(commands); i++) {
        assert_int_equal(stint_command_length(&desk.session, commands[i], &desk.session.writer),
                         write_in_pieces(&desk, commands[i], 5, 5, wire));
    }
}

/* ---- Secrets ---- */

/* Base64 by a table and in one go, unlike the one under test. */
static void encode(const char *octets, size_t length, char *text)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t i;
    unsigned bit;

    for (i = 0; i < (length + 2) / 3 * 4; i++) {
        unsigned value = 0;

        for (bit = 6 * (unsigned)i; bit < 6 * i + 6; bit++) {
            bool set = bit / 8 < length && ((uint8_t)octets[bit / 8] >> (7 - bit % 8) & 1) != 0;

            value = value * 2 + set;
        }
        text[i] = 6 * i >= 8 * length ? '=' : alphabet[value];
    }
    text[i] = '\0';
}

struct vault {
    char secret[256];
};

static size_t open_vault(void *context, size_t offset, uint8_t *buffer, size_t room)
{
    const struct vault *vault = context;
    size_t length = strlen(vault->secret);
    size_t n = 0;

    while (n < room && offset + n < length) {
        buffer[n] = (uint8_t)vault->secret[offset + n];
        n++;
    }
    return n;
}

static void fill(char *text, size_t length, uint32_t *seed)
{
    size_t i;

    for (i = 0; i < length; i++) {
        text[i] = (char)(' ' + test_random(seed) % 95);
    }
    text[length] = '\0';
}

/* Every length that RFC 4616 allows, as a string and behind a callback. */
static void secrets_of_every_length(void **state)
{
    static const char *const mechanisms[] = {"LOGIN", "LOGIN", "PLAIN"};
    static const uint8_t messages[] = {1, 2, 1};
    char user[256], message[600], expected[3][1024];
    struct vault vault;
    struct desk desk;
    uint32_t seed = 4616;
    size_t length;
    size_t i;
    size_t room;

    (void)state;
    set_up(&desk);
    desk.account.user = user;
    for (length = 1; length <= 255; length++) {
        size_t n = 256 - length;

        fill(user, n, &seed);
        fill(vault.secret, length, &seed);
        sprintf(message, "_%s_%s", user, vault.secret);
        message[0] = message[n + 1] = '\0';
        encode(user, n, expected[0]);
        encode(vault.secret, length, expected[1]);
        encode(message, n + length + 2, expected[2]);
        for (i = 0; i < 3; i++) {
            for (room = 1; room < 12; room++) {
                desk.account.password = room % 2 == 0 ? vault.secret : NULL;
                desk.account.secret = room % 2 == 0 ? NULL : open_vault;
                desk.account.secret_context = &vault;
                says(&desk, mechanisms[i], messages[i]);
                assert_written(&desk, STINT_RESPONSE, length % 12, room, expected[i]);
                assert_string_equal(desk.trace, "****");
            }
        }
    }
}

/* The last lock before the wire: whatever went wrong before, no credential goes out in clear. */
static void no_secret_leaves_in_clear(void **state)
{
    static const char *const templates[] = {"AUTH PLAIN " STINT_RESPONSE "\r\n",
                                            STINT_RESPONSE "\r\n"};
    struct desk desk;
    uint8_t wire[100];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(templates); i++) {
        size_t public = strcspn(templates[i], STINT_RESPONSE);

        set_up(&desk);
        desk.session.secure = false;
        stint_command_start(&desk.session, templates[i]);
        memset(wire, 0, sizeof wire);
        assert_int_equal(stint_command_write(&desk.session, wire, sizeof wire), public);
        assert_int_equal(wire[public], 0);
        assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
        assert_int_equal(desk.result.error, STINT_ERROR_NO_AUTH);
        assert_non_null(desk.session.command);
    }
}

static void nothing_is_written_behind_the_room(void **state)
{
    static const char *const templates[] = {"EHLO " STINT_EHLO_NAME "\r\n", MAIL_COMMAND,
                                            "AUTH " STINT_MECHANISM " " STINT_RESPONSE "\r\n",
                                            STINT_RESPONSE "\r\n" STINT_RESPONSE "\r\n",
                                            STINT_MESSAGE ".\r\n"};
    struct guard guard;
    struct desk desk;
    size_t i;
    size_t room;

    (void)state;
    guard_map(&guard, 1);
    for (i = 0; i < COUNT(templates); i++) {
        for (room = 0; room < 64; room++) {
            set_up(&desk);
            desk.source.source.size = 12345;
            stint_command_start(&desk.session, templates[i]);
            assert_true(stint_command_write(&desk.session, guard.end - room, room) <= room);
        }
    }
    guard_unmap(&guard);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_resumes_at_every_octet),
        cmocka_unit_test(the_message_is_a_field_like_any_other),
        cmocka_unit_test(the_message_waits_for_its_source),
        cmocka_unit_test(recipients_go_by_the_writer),
        cmocka_unit_test(a_null_reverse_path_is_empty),
        cmocka_unit_test(without_a_name_the_address_is_one),
        cmocka_unit_test(size_is_told_if_wanted),
        cmocka_unit_test(body_is_told_if_wanted),
        cmocka_unit_test(parameters_resume_at_every_octet),
        cmocka_unit_test(every_octet_as_xtext),
        cmocka_unit_test(original_recipients_in_utf8),
        cmocka_unit_test(every_way_to_notify),
        cmocka_unit_test(a_command_is_as_long_as_it_was_written),
        cmocka_unit_test(secrets_of_every_length),
        cmocka_unit_test(no_secret_leaves_in_clear),
        cmocka_unit_test(nothing_is_written_behind_the_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
