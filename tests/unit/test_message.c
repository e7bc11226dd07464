/* SPDX-License-Identifier: MIT */

/* A message of text: its header and its body (RFC 5322, 2045, 2047). */

#include "test.h"

#include "composed.h"
#include "session/session.h"

#define LONG_WORD "0123456789012345678901234567890123456789012345678901234567890123"
#define GOOD_UTF8                                                                                  \
    "a\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"                            \
    "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"
#define UNIX_TIME 1795974410 /* Sun, 29 Nov 2026 17:46:50 */

static struct stint_composer composer;
static struct composed composed;
static uint32_t state_of_entropy;

static struct stint_message make_message(const struct stint_mailbox *to)
{
    struct stint_message message = {.from = {"Pump 3", "pump3@example.com"},
                                    .to = {to, 1},
                                    .subject = "Pressure",
                                    .id = "4711@example.com",
                                    .text = "Low.\n"};

    return message;
}

static const struct stint_mailbox ops = {NULL, "ops@example.com"};

/* The value of field `name`, with encoded words undone, of a message that is good. */
static const char *field_of(const struct stint_message *message, const char *name)
{
    const char *value;

    assert_int_equal(stint_compose(&composer, message), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer, 0);
    value = composed_field(&composed, name);
    assert_non_null(value);
    return composed_decode_words(value);
}

static void assert_refused(const struct stint_message *message, enum stint_message_field field,
                           enum stint_message_fault fault)
{
    assert_int_equal(stint_compose(&composer, message), fault);
    assert_int_equal(composer.fault, fault);
    assert_int_equal(composer.field, field);
    assert_null(composer.source.read);
}

/* ---- The whole ---- */

static void a_message_is_this(void **state)
{
    static const struct stint_mailbox to[] = {{"Gr\xC3\xBC\xC3\x9F"
                                               "e, Inc.",
                                               "ops@example.com"},
                                              {"", "log@example.com"}};
    static const struct stint_message message = {.from = {"Pump 3", "pump3@example.com"},
                                                 .to = {to, 2},
                                                 .subject = "85 \xC2\xB0"
                                                            "C",
                                                 .id = "4711@example.com",
                                                 .unix_time = UNIX_TIME,
                                                 .text = "One=1\n.\nend"};

    (void)state;
    assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer, 0);
    assert_string_equal(composed.octets,
                        "Date: Sun, 29 Nov 2026 17:46:50 -0000\r\n"
                        "From: \"Pump 3\" <pump3@example.com>\r\n"
                        "To: =?UTF-8?Q?Gr=C3=BC=C3=9Fe=2C_Inc=2E?= <ops@example.com>,\r\n"
                        " <log@example.com>\r\n"
                        "Message-ID: <4711@example.com>\r\n"
                        "Subject: =?UTF-8?Q?85_=C2=B0C?=\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "\r\n"
                        "One=3D1\r\n"
                        ".\r\n"
                        "end\r\n");
}

static void an_alert_is_a_mail(void **state)
{
    struct stint_alert alert = {.message = {.entropy = composed_entropy,
                                            .entropy_context = &state_of_entropy,
                                            .unix_time = UNIX_TIME}};
    const struct stint_mail *mail;
    uint16_t recipient = 0;

    (void)state;
    state_of_entropy = 1;
    mail = stint_alert(&alert, "pump3@example.com", "ops@example.com", "Pressure", "Low.");
    assert_int_equal(stint_session_check_mail(mail, &recipient), STINT_FIELD_NONE);
    assert_string_equal(mail->reverse_path, "pump3@example.com");
    assert_int_equal(mail->recipient_count, 1);
    assert_ptr_equal(mail->recipients, &alert.recipient);
    assert_string_equal(alert.recipient.address, "ops@example.com");
    assert_ptr_equal(mail->source, &alert.composer.source);
    composed_check(&composed, &alert.composer, 0);
    assert_string_equal(composed_field(&composed, "From"), "<pump3@example.com>");
    assert_string_equal(composed_field(&composed, "To"), "<ops@example.com>");
    assert_string_equal(composed_body(&composed), "Low.\r\n");
}

static void an_alert_that_must_not_be_sent_is_refused_at_the_start(void **state)
{
    struct stint_alert alert = {.message = {.id = "1@example.com"}};
    const struct stint_mail *mail;
    uint16_t recipient = 0;

    (void)state;
    mail = stint_alert(&alert, "pump3@example.com", "ops@example.com", "a\r\nBcc: b@c.de", "");
    assert_int_equal(stint_session_check_mail(mail, &recipient), STINT_FIELD_SOURCE);
    assert_int_equal(alert.composer.fault, STINT_MESSAGE_CONTROL);
    assert_int_equal(alert.composer.field, STINT_MESSAGE_SUBJECT);
}

/* ---- Date ---- */

static void dates_are_right(void **state)
{
    static const struct {
        uint64_t unix_time;
        const char *date;
    } cases[] = {
        {STINT_UNIX_TIME_MIN, "Wed, 01 Jan 2020 00:00:00 -0000"},
        {1582934399, "Fri, 28 Feb 2020 23:59:59 -0000"},
        {1582934400, "Sat, 29 Feb 2020 00:00:00 -0000"},
        {1583020800, "Sun, 01 Mar 2020 00:00:00 -0000"},
        {1609459199, "Thu, 31 Dec 2020 23:59:59 -0000"},
        {1609459200, "Fri, 01 Jan 2021 00:00:00 -0000"},
        {1614556799, "Sun, 28 Feb 2021 23:59:59 -0000"},
        {1614556800, "Mon, 01 Mar 2021 00:00:00 -0000"},
        {UNIX_TIME, "Sun, 29 Nov 2026 17:46:50 -0000"},
        {2147483647, "Tue, 19 Jan 2038 03:14:07 -0000"},
        {2147483648, "Tue, 19 Jan 2038 03:14:08 -0000"},
        {STINT_UNIX_TIME_MAX, "Thu, 31 Dec 2099 23:59:59 -0000"},
    };
    struct stint_message message = make_message(&ops);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        message.unix_time = cases[i].unix_time;
        assert_string_equal(field_of(&message, "Date"), cases[i].date);
    }
}

/* Day by day, against a calendar that counts. */
static void every_day_of_the_century_has_its_date(void **state)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    struct stint_message message = make_message(&ops);
    unsigned year = 2020, month = 0, day = 1, weekday = 3;
    char expected[40];

    (void)state;
    message.text = "";
    for (message.unix_time = STINT_UNIX_TIME_MIN; message.unix_time <= STINT_UNIX_TIME_MAX;
         message.unix_time += 86400) {
        snprintf(expected, sizeof expected, "%s, %02u %s %u 00:00:00 -0000", weekdays[weekday], day,
                 months[month], year);
        assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
        composed_read(&composed, &composer, 1000);
        assert_string_equal(composed_field(&composed, "Date"), expected);
        weekday = (weekday + 1) % 7;
        if (++day > days[month] + (month == 1 && year % 4 == 0)) {
            day = 1;
            month = (month + 1) % 12;
            year += month == 0;
        }
    }
    assert_int_equal(year, 2100);
}

static void without_a_clock_there_is_no_date(void **state)
{
    static const uint64_t times[] = {0,
                                     1,
                                     300,
                                     STINT_UNIX_TIME_MIN - 1,
                                     STINT_UNIX_TIME_MAX + 1ULL,
                                     1ULL << 32,
                                     (1ULL << 32) + UNIX_TIME,
                                     UINT64_MAX};
    struct stint_message message = make_message(&ops);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(times); i++) {
        message.unix_time = times[i];
        assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
        composed_check(&composed, &composer, 0);
        assert_null(composed_field(&composed, "Date"));
        assert_memory_equal(composed.octets, "From:", 5);
    }
}

/* ---- Message-ID ---- */

static void an_id_is_random_and_stays(void **state)
{
    struct stint_message message = make_message(&ops);
    char ids[100][80];
    size_t i, j;

    (void)state;
    state_of_entropy = 7;
    message.from.address = "\"a@b\"@pumps.example.com";
    message.id = NULL;
    message.entropy = composed_entropy;
    message.entropy_context = &state_of_entropy;
    for (i = 0; i < COUNT(ids); i++) {
        snprintf(ids[i], sizeof ids[i], "%s", field_of(&message, "Message-ID"));
        assert_int_equal(strlen(ids[i]), strlen("<") + 24 + strlen("@pumps.example.com>"));
        assert_int_equal(strspn(ids[i] + 1, "abcdefghijklmnop"), 24);
        assert_string_equal(ids[i] + 25, "@pumps.example.com>");
        for (j = 0; j < i; j++) {
            assert_string_not_equal(ids[i], ids[j]);
        }
    }
}

static int fail_entropy(void *context, uint8_t *buffer, size_t length)
{
    memset(buffer, 0x41, length);
    (void)context;
    return 0;
}

static void without_randomness_there_is_no_id(void **state)
{
    struct stint_message message = make_message(&ops);

    (void)state;
    message.id = NULL;
    assert_refused(&message, STINT_MESSAGE_ID, STINT_MESSAGE_ENTROPY);
    message.entropy = fail_entropy;
    assert_refused(&message, STINT_MESSAGE_ID, STINT_MESSAGE_ENTROPY);
    message.id = "1@example.com";
    assert_string_equal(field_of(&message, "Message-ID"), "<1@example.com>");
}

static void an_id_has_its_form(void **state)
{
    static const char *const bad[] = {"",       "x",          "@b",         "a@",
                                      "a@b@c",  "<a@b>",      "a@b ",       " a@b",
                                      "a b@c",  "\"a\"@b",    "a@b\r\n",    "a@b\nX: y",
                                      "a..b@c", "\xC3\xA4@b", "a@\xC3\xA4", LONG_WORD "x@b"};
    struct stint_message message = make_message(&ops);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(bad); i++) {
        message.id = bad[i];
        assert_refused(&message, STINT_MESSAGE_ID, STINT_MESSAGE_SYNTAX);
    }
    message.id = "!#$%&'*+-/=?^_`{|}~.4711@[192.0.2.1]";
    assert_string_equal(field_of(&message, "Message-ID"), "<!#$%&'*+-/=?^_`{|}~.4711@[192.0.2.1]>");
}

/* ---- Subject and names ---- */

#define SIREN  "\xF0\x9F\x9A\xA8"
#define SIRENS SIREN SIREN SIREN SIREN SIREN SIREN SIREN SIREN SIREN
#define NASOS  "\xD0\xBD\xD0\xB0\xD1\x81\xD0\xBE\xD1\x81"
#define PONPU  "\xE3\x83\x9D\xE3\x83\xB3\xE3\x83\x97\xE4\xB8\x89"

static const char *const texts[] = {
    "x",
    "Pump 3: pressure is low (0.3 bar), look at valve 7 and at \"the other one\", \\soon\\",
    "a=b ?= =x",
    "say \"x\"",
    LONG_WORD,
    (LONG_WORD " " LONG_WORD " a " LONG_WORD),
    (LONG_WORD "x"),
    "=?UTF-8?Q?no?=",
    "x =?y",
    " x",
    "x ",
    "x  y",
    "   ",
    "caf\xC3\xA9",
    (GOOD_UTF8),
    (NASOS " 3: " NASOS " " NASOS NASOS NASOS NASOS " " NASOS),
    (PONPU PONPU PONPU PONPU PONPU),
    (SIRENS),
    ",;:<>@()[].",
};

static void subjects_come_back(void **state)
{
    struct stint_message message = make_message(&ops);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        message.subject = texts[i];
        assert_string_equal(field_of(&message, "Subject"), texts[i]);
    }
    message.subject = NULL;
    assert_string_equal(field_of(&message, "Subject"), "");
    message.subject = "";
    assert_string_equal(field_of(&message, "Subject"), "");
}

/* What stands as it is, and is folded where it has a space. */
static void plain_subjects_are_not_encoded(void **state)
{
    struct stint_message message = make_message(&ops);

    (void)state;
    message.subject = "Pump 3: pressure is low (0.3 bar); look at valve 7, \"the other one\" x";
    (void)field_of(&message, "Subject");
    assert_non_null(
        strstr(composed.octets,
               "Subject: Pump 3: pressure is low (0.3 bar); look at valve 7, \"the other\r\n"
               " one\" x\r\n"));
}

/* The name of a field is 9 octets here, and a word may come anywhere in the line. */
static void every_length_of_every_text_comes_back(void **state)
{
    struct stint_message message = make_message(&ops);
    char subject[400];
    size_t i, shift;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        for (shift = 1; shift < 90; shift++) {
            memset(subject, 'y', shift);
            snprintf(subject + shift, sizeof subject - shift, " %s", texts[i]);
            message.subject = subject;
            assert_string_equal(field_of(&message, "Subject"), subject);
        }
    }
}

static void names_come_back(void **state)
{
    struct stint_message message = make_message(&ops);
    char expected[400];
    const char *value;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); i++) {
        message.from.name = texts[i];
        value = field_of(&message, "From");
        snprintf(expected, sizeof expected,
                 *value == '"' ? "\"%s\" <pump3@example.com>" : "%s <pump3@example.com>", texts[i]);
        assert_string_equal(value, expected);
        /* In quotes there is nothing that would end them, nor an encoded word. */
        if (*value == '"') {
            assert_null(strpbrk(texts[i], "\"\\"));
            assert_null(strstr(texts[i], "=?"));
        }
    }
}

static void many_recipients_are_folded(void **state)
{
    struct stint_mailbox to[300];
    struct stint_message message = make_message(to);
    char address[100];
    const char *value;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(to); i++) {
        to[i].name = texts[i % COUNT(texts)];
        to[i].address = i % 2 == 0 ? "ops@example.com"
                                   : "a.rather.long.local.part@a.rather.long.name.example.com";
    }
    message.to.count = COUNT(to);
    assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
    composed_read(&composed, &composer, 300);
    assert_int_equal(composer.source.size, composed.length);
    value = composed_field(&composed, "To");
    for (i = 0; i < COUNT(to); i++) {
        snprintf(address, sizeof address, "<%s>%s", to[i].address, i + 1 < COUNT(to) ? "," : "");
        value = strstr(value, address);
        assert_non_null(value);
        value += strlen(address);
    }
    assert_string_equal(value, "");
}

/* The longest address does not fit into 78 octets, and is not divided. */
static void a_long_address_has_a_line_of_its_own(void **state)
{
    struct stint_message message = make_message(&ops);
    char address[260];
    size_t i;

    (void)state;
    memset(address, 'x', 254); /* labels of at most 63 octets */
    address[254] = '\0';
    for (i = 64; i < 254; i += 60) {
        address[i] = i == 64 ? '@' : '.';
    }
    message.from.address = address;
    assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer, 257);
    assert_non_null(strstr(composed.octets, "From: \"Pump 3\"\r\n <xxxx"));
}

/* ---- What is refused ---- */

static void set(struct stint_message *message, struct stint_mailbox *to, int field,
                const char *text)
{
    *message = make_message(to);
    to->name = NULL;
    to->address = "ops@example.com";
    switch (field) {
    case 0: message->from.name = text; break;
    case 1: message->from.address = text; break;
    case 2: to->name = text; break;
    case 3: to->address = text; break;
    case 4: message->id = text; break;
    default: message->subject = text; break;
    }
}

/* No control character in any string of the header, at its ends or in the middle. */
static void nothing_can_be_injected(void **state)
{
    static const uint8_t fields[] = {STINT_MESSAGE_FROM, STINT_MESSAGE_FROM, STINT_MESSAGE_TO,
                                     STINT_MESSAGE_TO,   STINT_MESSAGE_ID,   STINT_MESSAGE_SUBJECT};
    static const char *const formats[] = {
        "%ca@b.c",    "a@b.c%c", "a@b%c.c",    "a@b.c%cBcc: <x@y.z>",   "a%c@b.c",
        "\"%c\"@b.c", "a@[%c]",  "\xC3\xA4%c", LONG_WORD LONG_WORD "%c"};
    struct stint_message message;
    struct stint_mailbox to;
    char text[200];
    size_t field, format;
    int c;

    (void)state;
    for (field = 0; field < COUNT(fields); field++) {
        for (format = 0; format < COUNT(formats); format++) {
            for (c = 1; c < 0x80; c = c == ' ' - 1 ? 0x7F : c + 1) {
                snprintf(text, sizeof text, formats[format], c);
                set(&message, &to, (int)field, text);
                assert_int_not_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
                assert_int_equal(composer.field, fields[field]);
                assert_true(composer.fault == STINT_MESSAGE_CONTROL ||
                            composer.fault == STINT_MESSAGE_SYNTAX);
                assert_null(composer.source.read);
            }
        }
    }
}

static const char *const not_utf8[] = {
    "\x80",
    "\xBF",
    "\xC0\x80",
    "\xC1\xBF",
    "\xC2",
    "\xC2 ",
    "\xC2\xC2\x80",
    "\xE0\x9F\xBF",
    "\xE1\x80",
    "\xE1\x80 ",
    "\xED\xA0\x80",
    "\xED\xBF\xBF",
    "\xF0\x8F\xBF\xBF",
    "\xF4\x90\x80\x80",
    "\xF5\x80\x80\x80",
    "\xF8\x88\x80\x80\x80",
    "\xFF",
    "\xF0\x90\x80",
    "caf\xE9",
    "\xF0\x9F\x9A\xA8\x80",
};

static void what_is_no_utf8_is_refused(void **state)
{
    struct stint_message message;
    struct stint_mailbox to;
    char text[100];
    size_t i, prefix;

    (void)state;
    for (i = 0; i < COUNT(not_utf8); i++) {
        for (prefix = 0; prefix < 70; prefix += 23) {
            memset(text, 'x', prefix);
            snprintf(text + prefix, sizeof text - prefix, "%s", not_utf8[i]);
            set(&message, &to, 0, text);
            assert_refused(&message, STINT_MESSAGE_FROM, STINT_MESSAGE_NOT_UTF8);
            set(&message, &to, 2, text);
            assert_refused(&message, STINT_MESSAGE_TO, STINT_MESSAGE_NOT_UTF8);
            set(&message, &to, 5, text);
            assert_refused(&message, STINT_MESSAGE_SUBJECT, STINT_MESSAGE_NOT_UTF8);
            message = make_message(&ops);
            message.text = text;
            assert_refused(&message, STINT_MESSAGE_TEXT, STINT_MESSAGE_NOT_UTF8);
        }
    }
}

/* Each code point but the surrogates, and none of them. */
static void all_of_unicode_passes(void **state)
{
    struct stint_message message = make_message(&ops);
    char text[5] = "";
    uint32_t c;

    (void)state;
    for (c = 0x80; c < 0x110000; c += c < 0x1000 || c > 0x10F000 ? 1 : 61) {
        memset(text, 0, sizeof text);
        if (c < 0x800) {
            text[0] = (char)(0xC0 | c >> 6);
            text[1] = (char)(0x80 | (c & 63));
        } else if (c < 0x10000) {
            text[0] = (char)(0xE0 | c >> 12);
            text[1] = (char)(0x80 | (c >> 6 & 63));
            text[2] = (char)(0x80 | (c & 63));
        } else {
            text[0] = (char)(0xF0 | c >> 18);
            text[1] = (char)(0x80 | (c >> 12 & 63));
            text[2] = (char)(0x80 | (c >> 6 & 63));
            text[3] = (char)(0x80 | (c & 63));
        }
        message.subject = text;
        assert_int_equal(stint_compose(&composer, &message),
                         c >= 0xD800 && c < 0xE000 ? STINT_MESSAGE_NOT_UTF8 : STINT_MESSAGE_GOOD);
    }
}

static void what_is_required_must_be_there(void **state)
{
    struct stint_message message = make_message(&ops);

    (void)state;
    message.from.address = NULL;
    assert_refused(&message, STINT_MESSAGE_FROM, STINT_MESSAGE_SYNTAX);
    message = make_message(&ops);
    message.to.count = 0;
    assert_refused(&message, STINT_MESSAGE_TO, STINT_MESSAGE_MISSING);
    message = make_message(&ops);
    message.text = NULL;
    assert_refused(&message, STINT_MESSAGE_TEXT, STINT_MESSAGE_MISSING);
}

static void the_bad_one_of_many_is_named(void **state)
{
    struct stint_mailbox to[] = {ops, ops, ops, ops};
    struct stint_message message = make_message(to);
    uint16_t i;

    (void)state;
    message.to.count = COUNT(to);
    for (i = 0; i < COUNT(to); i++) {
        to[i].address = "ops@\xC3\xA4.example.com";
        assert_refused(&message, STINT_MESSAGE_TO, STINT_MESSAGE_SYNTAX);
        assert_int_equal(composer.item, i);
        to[i] = ops;
    }
}

static void strings_have_a_limit(void **state)
{
    static char name[10001];
    struct stint_message message;
    struct stint_mailbox to;
    int field;

    (void)state;
    memset(name, 'x', sizeof name - 1);
    for (field = 0; field < 6; field++) {
        set(&message, &to, field, name);
        assert_int_not_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
        assert_null(composer.source.read);
    }
    memset(name, '\0', sizeof name);
    for (field = 0; field < 600; field += 2) {
        memcpy(name + field, "a ", 2);
    }
    name[599] = '\0';
    set(&message, &to, 5, name);
    assert_string_equal(field_of(&message, "Subject"), name);
}

/* ---- Text ---- */

/* Line ends are CRLF, and there is one at the end. */
static void canonical(const char *text, char *expected)
{
    for (; *text != '\0'; text++) {
        if (*text == '\r' || *text == '\n') {
            text += text[0] == '\r' && text[1] == '\n';
            *expected++ = '\r';
            *expected++ = '\n';
        } else {
            *expected++ = *text;
        }
    }
    *expected = '\0';
}

static void assert_text_comes_back(const char *text)
{
    static char expected[COMPOSED_MAX], got[COMPOSED_MAX];
    struct stint_message message = make_message(&ops);
    size_t length;

    message.text = text;
    assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer, 0);
    canonical(text, expected);
    if (*text != '\0' && text[strlen(text) - 1] != '\n' && text[strlen(text) - 1] != '\r') {
        strcat(expected, "\r\n");
    }
    length =
        composed_decode_quoted(composed_body(&composed), strlen(composed_body(&composed)), got);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(got, expected);
}

static void texts_come_back(void **state)
{
    static const char *const bodies[] = {
        "",
        "\n",
        "\r\n",
        "\r",
        "a",
        "a\n",
        "a\r\nb",
        "a\rb\r",
        "\n\n\na",
        "a \n",
        "a ",
        "a\t\nb",
        "\t",
        " ",
        "   \n  ",
        "a=b",
        "=",
        "=\n",
        ".",
        ".\n..\n",
        "\x1B[1m",
        "\x7F",
        "--=_1\n",
        "From me\n",
        GOOD_UTF8,
        GOOD_UTF8 "\n",
        "a\xC3\xA9 \n \xC3\xA9 b\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(bodies); i++) {
        assert_text_comes_back(bodies[i]);
    }
    for (i = 0; i < COUNT(texts); i++) {
        assert_text_comes_back(texts[i]);
    }
}

/* A line of each length, so that each kind of character comes to each column. */
static void lines_of_every_length_come_back(void **state)
{
    static const char *const ends[] = {"",    " ",   "=",   "\xC3\xA9", "\xF0\x9F\x9A\xA8", " \n",
                                       "x\n", "=\n", "  x", "x x",      "\xC3\xA9\xC3\xA9", "\t"};
    char text[300];
    size_t length, i;

    (void)state;
    for (length = 0; length < 160; length++) {
        for (i = 0; i < COUNT(ends); i++) {
            memset(text, 'x', length);
            snprintf(text + length, sizeof text - length, "%s", ends[i]);
            assert_text_comes_back(text);
        }
    }
}

static void random_texts_come_back(void **state)
{
    static const char *const pieces[] = {
        "a",  "bc", " ",   "  ",    "\n",       "\r\n",         "\r",
        "=",  ".",  "\t",  "From ", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x9A\xA8",
        "=_", "--", "\x01"};
    uint32_t seed = 4711;
    char text[2000];
    size_t round, n;

    (void)state;
    for (round = 0; round < 300; round++) {
        text[0] = '\0';
        for (n = test_random(&seed) % 300; n > 0; n--) {
            strcat(text, pieces[test_random(&seed) % COUNT(pieces)]);
        }
        assert_text_comes_back(text);
    }
}

/* Whoever changes a string under way gets no message to its end. */
static void what_changes_under_way_is_noticed(void **state)
{
    char subject[] = "Pressure";
    struct stint_message message = make_message(&ops);
    const struct stint_source *source = &composer.source;
    uint8_t octets[50];

    (void)state;
    message.subject = subject;
    assert_int_equal(stint_compose(&composer, &message), STINT_MESSAGE_GOOD);
    assert_int_equal(source->rewind(source->context), 0);
    assert_int_equal(source->read(source->context, octets, 10), 10);
    subject[0] = '\n';
    assert_int_equal(source->read(source->context, octets, 50), STINT_SOURCE_FAILED);
}

static void everything_has_a_name(void **state)
{
    unsigned i;

    (void)state;
    for (i = STINT_MESSAGE_GOOD; i <= STINT_MESSAGE_SOURCE; i++) {
        assert_string_not_equal(stint_message_fault_name(i), "?");
    }
    assert_string_equal(stint_message_fault_name(i), "?");
    assert_string_equal(stint_message_field_name(STINT_MESSAGE_FROM - 1), "?");
    for (i = STINT_MESSAGE_FROM; i <= STINT_MESSAGE_PART; i++) {
        assert_string_not_equal(stint_message_field_name(i), "?");
    }
    assert_string_equal(stint_message_field_name(i), "?");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_this),
        cmocka_unit_test(an_alert_is_a_mail),
        cmocka_unit_test(an_alert_that_must_not_be_sent_is_refused_at_the_start),
        cmocka_unit_test(dates_are_right),
        cmocka_unit_test(every_day_of_the_century_has_its_date),
        cmocka_unit_test(without_a_clock_there_is_no_date),
        cmocka_unit_test(an_id_is_random_and_stays),
        cmocka_unit_test(without_randomness_there_is_no_id),
        cmocka_unit_test(an_id_has_its_form),
        cmocka_unit_test(subjects_come_back),
        cmocka_unit_test(plain_subjects_are_not_encoded),
        cmocka_unit_test(every_length_of_every_text_comes_back),
        cmocka_unit_test(names_come_back),
        cmocka_unit_test(many_recipients_are_folded),
        cmocka_unit_test(a_long_address_has_a_line_of_its_own),
        cmocka_unit_test(nothing_can_be_injected),
        cmocka_unit_test(what_is_no_utf8_is_refused),
        cmocka_unit_test(all_of_unicode_passes),
        cmocka_unit_test(what_is_required_must_be_there),
        cmocka_unit_test(the_bad_one_of_many_is_named),
        cmocka_unit_test(strings_have_a_limit),
        cmocka_unit_test(texts_come_back),
        cmocka_unit_test(lines_of_every_length_come_back),
        cmocka_unit_test(random_texts_come_back),
        cmocka_unit_test(what_changes_under_way_is_noticed),
        cmocka_unit_test(everything_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
