/* SPDX-License-Identifier: MIT */

/* A message with files, and a letter: RFC 2045, 2046, 2183, 2231 and 5322. What parsers make of
 * them test_compose.py looks at. */

#include "test.h"

#include "composed.h"
#include "message/base64_lines.h"
#include "session/content.h"
#include "session/session.h"

#include <stdlib.h>

#define UNIX_TIME 1795974410 /* Sun, 29 Nov 2026 17:46:50 */
#define LONG_WORD "0123456789012345678901234567890123456789012345678901234567890123"

static struct stint_letter_composer composer;
static struct composed composed;

static const struct stint_mailbox ops = {NULL, "ops@example.com"};
static const struct stint_message plain = {.from = {"Pump 3", "pump3@example.com"},
                                           .to = {&ops, 1},
                                           .subject = "Report",
                                           .id = "4711@example.com",
                                           .text = "All is well.\n"};

static struct stint_letter make_letter(void)
{
    struct stint_letter letter = {.message = plain};

    return letter;
}

static void check_letter(const struct stint_letter *letter)
{
    assert_int_equal(stint_compose_letter(&composer, letter), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 0);
}

static void assert_refused(const struct stint_letter *letter, enum stint_message_field field,
                           enum stint_message_fault fault)
{
    assert_int_equal(stint_compose_letter(&composer, letter), fault);
    assert_int_equal(composer.composer.fault, fault);
    assert_int_equal(composer.composer.field, field);
    assert_null(composer.composer.source.read);
}

static const char *field_of(const struct stint_letter *letter, const char *name)
{
    check_letter(letter);
    return composed_field(&composed, name);
}

/* ---- The whole ---- */

static void a_letter_is_this(void **state)
{
    static const struct stint_mailbox answers[] = {{"Desk", "desk@example.com"}};
    static const struct stint_mailbox copies[] = {{NULL, "a@example.com"}, {NULL, "b@example.com"}};
    static const struct stint_header extra[] = {{"X-Device", "7 \xC2\xB0"}, {"X-Empty", NULL}};
    static const struct stint_part parts[] = {
        {.name = "C:\\logs\\log.csv", .type = "text/csv", .octets = "1;2\n", .size = 4},
        {.id = "chart@pump3", .type = "image/png", .octets = "\x89PNG", .size = 4},
    };
    struct stint_letter letter = {.message = plain,
                                  .zone = -210,
                                  .author = STINT_AUTHOR_RESPONDER,
                                  .priority = STINT_PRIORITY_HIGH,
                                  .sender = {"Gateway", "gateway@example.com"},
                                  .reply_to = {answers, 1},
                                  .cc = {copies, 2},
                                  .bcc = {answers, 1},
                                  .in_reply_to = "<1@example.com>",
                                  .references = "<0@example.com> <1@example.com>",
                                  .list_unsubscribe =
                                      "<mailto:x@example.com>, <https://example.com/u>",
                                  .extra = extra,
                                  .extra_count = 2,
                                  .html = "<p>All is well.</p><img src='cid:chart@pump3'>",
                                  .parts = parts,
                                  .part_count = 2};

    (void)state;
    letter.message.unix_time = UNIX_TIME;
    check_letter(&letter);
    assert_string_equal(composed.octets,
                        "Date: Sun, 29 Nov 2026 14:16:50 -0330\r\n"
                        "From: \"Pump 3\" <pump3@example.com>\r\n"
                        "Sender: \"Gateway\" <gateway@example.com>\r\n"
                        "Reply-To: \"Desk\" <desk@example.com>\r\n"
                        "To: <ops@example.com>\r\n"
                        "Cc: <a@example.com>, <b@example.com>\r\n"
                        "Message-ID: <4711@example.com>\r\n"
                        "In-Reply-To: <1@example.com>\r\n"
                        "References: <0@example.com> <1@example.com>\r\n"
                        "Subject: Report\r\n"
                        "Auto-Submitted: auto-replied\r\n"
                        "Importance: high\r\n"
                        "X-Priority: 1\r\n"
                        "List-Unsubscribe: <mailto:x@example.com>, <https://example.com/u>\r\n"
                        "X-Device: =?UTF-8?Q?7_=C2=B0?=\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: multipart/mixed; boundary=\"=_1\"\r\n"
                        "\r\n"
                        "--=_1\r\n"
                        "Content-Type: multipart/alternative; boundary=\"=_2\"\r\n"
                        "\r\n"
                        "--=_2\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: 7bit\r\n"
                        "\r\n"
                        "All is well.\r\n"
                        "--=_2\r\n"
                        "Content-Type: multipart/related; type=\"text/html\"; boundary=\"=_3\"\r\n"
                        "\r\n"
                        "--=_3\r\n"
                        "Content-Type: text/html; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "\r\n"
                        "<p>All is well.</p><img src=3D'cid:chart@pump3'>\r\n"
                        "--=_3\r\n"
                        "Content-Type: image/png\r\n"
                        "Content-Transfer-Encoding: base64\r\n"
                        "Content-ID: <chart@pump3>\r\n"
                        "Content-Disposition: inline\r\n"
                        "\r\n"
                        "iVBORw==\r\n"
                        "--=_3--\r\n"
                        "--=_2--\r\n"
                        "--=_1\r\n"
                        "Content-Type: text/csv\r\n"
                        "Content-Transfer-Encoding: base64\r\n"
                        "Content-Disposition: attachment;\r\n"
                        " filename=\"log.csv\"\r\n"
                        "\r\n"
                        "MTsyCg==\r\n"
                        "--=_1--\r\n");
}

static void a_message_with_files_is_this(void **state)
{
    static const struct stint_part part = {.name = "log", .octets = "1;2\n", .size = 4};

    (void)state;
    assert_int_equal(stint_compose_files(&composer, &plain, &part, 1), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 0);
    assert_string_equal(composed.octets, "From: \"Pump 3\" <pump3@example.com>\r\n"
                                         "To: <ops@example.com>\r\n"
                                         "Message-ID: <4711@example.com>\r\n"
                                         "Subject: Report\r\n"
                                         "Auto-Submitted: auto-generated\r\n"
                                         "MIME-Version: 1.0\r\n"
                                         "Content-Type: multipart/mixed; boundary=\"=_1\"\r\n"
                                         "\r\n"
                                         "--=_1\r\n"
                                         "Content-Type: text/plain; charset=utf-8\r\n"
                                         "Content-Transfer-Encoding: quoted-printable\r\n"
                                         "\r\n"
                                         "All is well.\r\n"
                                         "--=_1\r\n"
                                         "Content-Type: application/octet-stream\r\n"
                                         "Content-Transfer-Encoding: base64\r\n"
                                         "Content-Disposition: attachment;\r\n"
                                         " filename=\"log\"\r\n"
                                         "\r\n"
                                         "MTsyCg==\r\n"
                                         "--=_1--\r\n");
    assert_int_equal(stint_compose_files(&composer, &plain, NULL, 0), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 0);
}

static void the_envelope_has_all_recipients(void **state)
{
    static const struct stint_mailbox copies[] = {{NULL, "a@example.com"}, {NULL, "b@example.com"}};
    static const struct stint_mailbox blind = {NULL, "c@example.com"};
    struct stint_letter letter = make_letter();
    struct stint_recipient recipients[4];
    size_t most;

    (void)state;
    letter.cc.list = copies;
    letter.cc.count = 2;
    letter.bcc.list = &blind;
    letter.bcc.count = 1;
    for (most = 0; most <= 4; most++) {
        memset(recipients, 0xFF, sizeof recipients);
        assert_int_equal(stint_letter_recipients(&letter, recipients, most), 4);
        assert_true(most < 1 || strcmp(recipients[0].address, "ops@example.com") == 0);
        assert_true(most < 2 || strcmp(recipients[1].address, "a@example.com") == 0);
        assert_true(most < 3 || strcmp(recipients[2].address, "b@example.com") == 0);
        assert_true(most < 4 || strcmp(recipients[3].address, "c@example.com") == 0);
        assert_true(most == 4 || recipients[most].state == 0xFF);
        assert_true(most == 0 || recipients[most - 1].fate == STINT_FATE_NOT_ACCEPTED);
    }
    check_letter(&letter);
    assert_null(strstr(composed.octets, "c@example.com"));
}

/* ---- Its header ---- */

static void dates_have_their_zone(void **state)
{
    static const struct {
        uint64_t unix_time;
        int16_t zone;
        const char *date;
    } cases[] = {
        {UNIX_TIME, 0, "Sun, 29 Nov 2026 17:46:50 -0000"},
        {UNIX_TIME, STINT_ZONE_UTC, "Sun, 29 Nov 2026 17:46:50 +0000"},
        {UNIX_TIME, 60, "Sun, 29 Nov 2026 18:46:50 +0100"},
        {UNIX_TIME, 345, "Sun, 29 Nov 2026 23:31:50 +0545"},
        {UNIX_TIME, 840, "Mon, 30 Nov 2026 07:46:50 +1400"},
        {UNIX_TIME, -720, "Sun, 29 Nov 2026 05:46:50 -1200"},
        {UNIX_TIME, -1, "Sun, 29 Nov 2026 17:45:50 -0001"},
        {UNIX_TIME, 1439, "Mon, 30 Nov 2026 17:45:50 +2359"},
        {UNIX_TIME, -1439, "Sat, 28 Nov 2026 17:47:50 -2359"},
        {1835481600, 60, "Wed, 01 Mar 2028 01:00:00 +0100"},
        {1835481600, -60, "Tue, 29 Feb 2028 23:00:00 -0100"},
        {STINT_UNIX_TIME_MAX, 0, "Thu, 31 Dec 2099 23:59:59 -0000"},
        {STINT_UNIX_TIME_MAX, 1, NULL},  /* it would be in another century, */
        {STINT_UNIX_TIME_MIN, -1, NULL}, /* or before what a clock shows */
        {0, 60, NULL},
        {0, -60, NULL},
    };
    struct stint_letter letter = make_letter();
    const char *date;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        letter.message.unix_time = cases[i].unix_time;
        letter.zone = cases[i].zone;
        date = field_of(&letter, "Date");
        if (cases[i].date == NULL) {
            assert_null(date);
        } else {
            assert_string_equal(date, cases[i].date);
        }
    }
    letter.zone = STINT_ZONE_UTC + 1;
    assert_refused(&letter, STINT_MESSAGE_ZONE, STINT_MESSAGE_RANGE);
    letter.zone = -1440;
    assert_refused(&letter, STINT_MESSAGE_ZONE, STINT_MESSAGE_RANGE);
    letter.zone = INT16_MIN;
    assert_refused(&letter, STINT_MESSAGE_ZONE, STINT_MESSAGE_RANGE);
}

static void a_letter_to_nobody_says_so(void **state)
{
    struct stint_letter letter = make_letter();

    (void)state;
    letter.message.to.count = 0;
    assert_string_equal(field_of(&letter, "To"), "undisclosed-recipients:;");
    letter.cc.list = &ops;
    letter.cc.count = 1;
    assert_null(field_of(&letter, "To"));
    assert_string_equal(composed_field(&composed, "Cc"), "<ops@example.com>");
}

static void fields_may_be_left_out(void **state)
{
    static const char *const names[] = {
        "Date",       "Sender",     "Reply-To",   "Cc",          "Bcc",
        "References", "Importance", "X-Priority", "In-Reply-To", "List-Unsubscribe"};
    struct stint_letter letter = make_letter();
    size_t i;

    (void)state;
    letter.in_reply_to = "";
    assert_string_equal(field_of(&letter, "Auto-Submitted"), "auto-generated");
    for (i = 0; i < COUNT(names); i++) {
        assert_null(composed_field(&composed, names[i]));
    }
    letter.author = STINT_AUTHOR_PERSON;
    letter.priority = STINT_PRIORITY_LOW;
    assert_null(field_of(&letter, "Auto-Submitted"));
    assert_string_equal(composed_field(&composed, "Importance"), "low");
    assert_string_equal(composed_field(&composed, "X-Priority"), "5");
    letter.author = STINT_AUTHOR_PERSON + 1;
    assert_refused(&letter, STINT_MESSAGE_AUTHOR, STINT_MESSAGE_RANGE);
    letter.author = 0;
    letter.priority = STINT_PRIORITY_LOW + 1;
    assert_refused(&letter, STINT_MESSAGE_PRIORITY, STINT_MESSAGE_RANGE);
}

static void references_are_folded_and_not_encoded(void **state)
{
    static const char *const bad[] = {"a@b",
                                      "<a@b",
                                      "a@b>",
                                      "<>",
                                      "<a b>",
                                      "<a@b> ",
                                      " <a@b>",
                                      "<a@b>  <c@d>",
                                      "<a@b>,,",
                                      "<\xC3\xA4@b>",
                                      "<a@b>\xC2\xA0<c@d>"};
    struct stint_letter letter = make_letter();
    char ids[40 * 20 + 1] = "";
    char word[1000];
    size_t i;

    (void)state;
    for (i = 0; i < 40; i++) {
        strcat(ids, "<0123456789@b.com> ");
    }
    ids[strlen(ids) - 1] = '\0';
    letter.references = ids;
    assert_string_equal(field_of(&letter, "References"), ids);
    for (i = 0; i < COUNT(bad); i++) {
        letter.references = bad[i];
        assert_refused(&letter, STINT_MESSAGE_REFERENCES, STINT_MESSAGE_SYNTAX);
    }
    memset(word, 'x', sizeof word);
    word[0] = '<';
    word[899] = '>';
    word[900] = '\0';
    letter.references = word;
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    composed_check(&composed, &composer.composer, 901);
    word[899] = 'x';
    word[900] = '>';
    word[901] = '\0';
    assert_refused(&letter, STINT_MESSAGE_REFERENCES, STINT_MESSAGE_TOO_LONG);
}

static void extra_fields_are_none_that_are_there(void **state)
{
    static const struct {
        const char *name;
        enum stint_message_fault fault;
    } cases[] = {
        {"X-Device", STINT_MESSAGE_GOOD},
        {"!#$%&'*+-.~", STINT_MESSAGE_GOOD},
        {"Comments", STINT_MESSAGE_GOOD},
        {"Fro", STINT_MESSAGE_GOOD},
        {"From-Device", STINT_MESSAGE_GOOD},
        {LONG_WORD, STINT_MESSAGE_GOOD},
        {NULL, STINT_MESSAGE_MISSING},
        {"", STINT_MESSAGE_MISSING},
        {LONG_WORD "x", STINT_MESSAGE_TOO_LONG},
        {"X Y", STINT_MESSAGE_SYNTAX},
        {"X:", STINT_MESSAGE_SYNTAX},
        {":", STINT_MESSAGE_SYNTAX},
        {" X", STINT_MESSAGE_SYNTAX},
        {"X\r\nY", STINT_MESSAGE_SYNTAX},
        {"X\t", STINT_MESSAGE_SYNTAX},
        {"X\x7F", STINT_MESSAGE_SYNTAX},
        {"\xC3\xA4", STINT_MESSAGE_SYNTAX},
        {"From", STINT_MESSAGE_TWICE},
        {"fROM", STINT_MESSAGE_TWICE},
        {"date", STINT_MESSAGE_TWICE},
        {"BCC", STINT_MESSAGE_TWICE},
        {"message-id", STINT_MESSAGE_TWICE},
        {"Subject", STINT_MESSAGE_TWICE},
        {"mime-version", STINT_MESSAGE_TWICE},
        {"Content-Foo", STINT_MESSAGE_TWICE},
        {"content-type", STINT_MESSAGE_TWICE},
        {"X-Priority", STINT_MESSAGE_TWICE},
        {"Received", STINT_MESSAGE_TWICE},
    };
    struct stint_header extra[] = {{"X-First", "1"}, {NULL, "2"}};
    struct stint_letter letter = make_letter();
    size_t i;

    (void)state;
    letter.extra = extra;
    letter.extra_count = 2;
    for (i = 0; i < COUNT(cases); i++) {
        extra[1].name = cases[i].name;
        if (cases[i].fault == STINT_MESSAGE_GOOD) {
            assert_string_equal(field_of(&letter, cases[i].name), "2");
        } else {
            assert_refused(&letter, STINT_MESSAGE_EXTRA, cases[i].fault);
            assert_int_equal(composer.composer.item, 1);
        }
    }
}

/* ---- Strings that are not fit for their place ---- */

/* A letter with all that has a string in its header, or in a part's. */
static struct {
    struct stint_letter letter;
    struct stint_mailbox to, cc, reply_to;
    struct stint_header extra;
    struct stint_part part;
} full;

static const struct {
    const char **string;
    enum stint_message_field field;
} strings[] = {
    {&full.letter.message.from.name, STINT_MESSAGE_FROM},
    {&full.letter.message.from.address, STINT_MESSAGE_FROM},
    {&full.letter.sender.name, STINT_MESSAGE_SENDER},
    {&full.letter.sender.address, STINT_MESSAGE_SENDER},
    {&full.reply_to.name, STINT_MESSAGE_REPLY_TO},
    {&full.reply_to.address, STINT_MESSAGE_REPLY_TO},
    {&full.to.name, STINT_MESSAGE_TO},
    {&full.to.address, STINT_MESSAGE_TO},
    {&full.cc.name, STINT_MESSAGE_CC},
    {&full.cc.address, STINT_MESSAGE_CC},
    {&full.letter.message.id, STINT_MESSAGE_ID},
    {&full.letter.in_reply_to, STINT_MESSAGE_IN_REPLY_TO},
    {&full.letter.references, STINT_MESSAGE_REFERENCES},
    {&full.letter.message.subject, STINT_MESSAGE_SUBJECT},
    {&full.letter.list_unsubscribe, STINT_MESSAGE_LIST_UNSUBSCRIBE},
    {&full.extra.name, STINT_MESSAGE_EXTRA},
    {&full.extra.text, STINT_MESSAGE_EXTRA},
    {&full.part.name, STINT_MESSAGE_PART},
    {&full.part.type, STINT_MESSAGE_PART},
    {&full.part.id, STINT_MESSAGE_PART},
};

static void make_full(void)
{
    memset(&full, 0, sizeof full);
    full.to = full.cc = full.reply_to = ops;
    full.extra.name = "X-Device";
    full.part.octets = "";
    full.part.name = "x";
    full.part.type = "a/b";
    full.part.id = "a@b";
    full.letter.message = plain;
    full.letter.message.to.list = &full.to;
    full.letter.sender.address = "a@b.c";
    full.letter.cc.list = &full.cc;
    full.letter.cc.count = 1;
    full.letter.reply_to.list = &full.reply_to;
    full.letter.reply_to.count = 1;
    full.letter.extra = &full.extra;
    full.letter.extra_count = 1;
    full.letter.parts = &full.part;
    full.letter.part_count = 1;
}

/* With `text` in place of string number `i` it is refused, for that string. */
static void assert_string_refused(size_t i, const char *text)
{
    make_full();
    *strings[i].string = text;
    assert_int_not_equal(stint_compose_letter(&composer, &full.letter), STINT_MESSAGE_GOOD);
    assert_int_equal(composer.composer.field, strings[i].field);
    assert_null(composer.composer.source.read);
}

static void nothing_can_be_injected(void **state)
{
    static const char *const formats[] = {"%c",     "a@b.c%c",   "%ca@b.c", "<a@b>%cX: y", "<a%cb>",
                                          "a/b%cc", "a/b; c=%c", "x%c.txt", "\xC3\xA4%c"};
    char text[100];
    size_t i, format;
    int c;

    (void)state;
    for (i = 0; i < COUNT(strings); i++) {
        for (format = 0; format < COUNT(formats); format++) {
            for (c = 1; c < 0x80; c = c == ' ' - 1 ? 0x7F : c + 1) {
                snprintf(text, sizeof text, formats[format], c);
                assert_string_refused(i, text);
            }
        }
    }
    make_full();
    check_letter(&full.letter); /* it is good but for that */
}

static void what_is_no_utf8_is_refused(void **state)
{
    static const char *const formats[] = {"%s",      "a@b%s.c",   "%s@b.c",
                                          "<a@b%s>", "a/b; c=%s", "x%s.txt"};
    static const char *const bad[] = {"\x80",         "\xC0\xAF",         "\xC3",
                                      "\xE2\x82",     "\xED\xA0\x80",     "\xF4\x90\x80\x80",
                                      "\xF0\x9F\x9A", "\xF5\x80\x80\x80", "caf\xE9"};
    char text[100];
    size_t i, j, format;

    (void)state;
    for (i = 0; i < COUNT(strings); i++) {
        for (format = 0; format < COUNT(formats); format++) {
            for (j = 0; j < COUNT(bad); j++) {
                snprintf(text, sizeof text, formats[format], bad[j]);
                assert_string_refused(i, text);
            }
        }
    }
}

/* 10,000 octets: refused, never cut. */
static void what_is_too_long_is_refused(void **state)
{
    static const char *const words[] = {"x", "\xC3\xA4", "x ", "<a@b.c> ", "\"\\"};
    static char text[10001];
    size_t i, word, length, n;

    (void)state;
    for (word = 0; word < COUNT(words); word++) {
        length = strlen(words[word]);
        for (n = 0; n < sizeof text - 1; n += length) {
            memcpy(text + n, words[word], length);
        }
        for (i = 0; i < COUNT(strings); i++) {
            assert_string_refused(i, text);
        }
    }
}

/* ---- Its texts ---- */

static void texts_are_encoded_by_what_they_hold(void **state)
{
    static const struct {
        const char *text;
        const char *encoding;
        const char *body;
    } cases[] = {
        {"", "7bit", ""},
        {"a", "7bit", "a\r\n"},
        {"a\nb\r\rc\r\n", "7bit", "a\r\nb\r\n\r\nc\r\n"},
        {LONG_WORD "12345678901", "7bit", LONG_WORD "12345678901\r\n"},
        {LONG_WORD "123456789012", "quoted-printable", LONG_WORD "12345678901=\r\n2\r\n"},
        {"a=1234567890", "quoted-printable", "a=3D1234567890\r\n"},
        {"1234567 \n", "quoted-printable", "1234567=20\r\n"},
        {"12345678 \xC3\xA9.", "quoted-printable", "12345678 =C3=A9.\r\n"},
        {"\xC3\xA9", "base64", "w6k=\r\n"},
        {"\xC3\xA9\n\xC3\xA9\r\xC3\xA9\r\n", "base64", "w6kNCsOpDQrDqQ0K\r\n"},
    };
    struct stint_letter letter = make_letter();
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        letter.message.text = cases[i].text;
        assert_string_equal(field_of(&letter, "Content-Transfer-Encoding"), cases[i].encoding);
        assert_string_equal(composed_body(&composed), cases[i].body);
    }
    letter.message.text = NULL;
    assert_refused(&letter, STINT_MESSAGE_TEXT, STINT_MESSAGE_MISSING);
    letter.html = "\xFF";
    assert_refused(&letter, STINT_MESSAGE_HTML, STINT_MESSAGE_NOT_UTF8);
    letter.html = "<p>x";
    assert_string_equal(field_of(&letter, "Content-Type"), "text/html; charset=utf-8");
    letter.message.text = "\xC3";
    assert_refused(&letter, STINT_MESSAGE_TEXT, STINT_MESSAGE_NOT_UTF8);
}

/* CR and LF of a line end may fall on both sides of a line of base64. */
static void line_ends_anywhere_are_encoded_right(void **state)
{
    static const char *const ends[] = {"\r\n", "\n", "\r", "\n\n", "\r\n\r\n", "\n\r"};
    struct stint_letter letter = make_letter();
    char text[400], expected[400];
    size_t before, i, n;

    (void)state;
    letter.message.text = text;
    for (i = 0; i < COUNT(ends); i++) {
        for (before = 50; before < 120; before++) {
            n = 0;
            for (text[0] = '\0'; n < before; n += 2) {
                strcat(text, "\xC3\xA9");
            }
            strcpy(expected, text);
            strcat(text, ends[i]);
            strcat(expected, i < 3 ? "\r\n" : "\r\n\r\n");
            strcat(text, "\xC3\xA9");
            strcat(expected, "\xC3\xA9");
            check_letter(&letter);
            assert_int_equal(strlen(composed_body(&composed)),
                             stint_base64_size((uint32_t)strlen(expected)));
        }
    }
}

/* ---- Its parts ---- */

static void names_are_those_of_files(void **state)
{
    static const struct {
        const char *name;
        const char *parameter; /* NULL: refused */
    } cases[] = {
        {"a.txt", ";\r\n filename=\"a.txt\"\r\n"},
        {"/etc/passwd", ";\r\n filename=\"passwd\"\r\n"},
        {"..\\..\\x.exe", ";\r\n filename=\"x.exe\"\r\n"},
        {"a \"b\".txt", ";\r\n filename=\"a b.txt\"\r\n"},
        {"a;b=c'd%20.txt", ";\r\n filename=\"a;b=c'd%20.txt\"\r\n"},
        {"=?utf-8?Q?..=2Fx?=", ";\r\n filename*=UTF-8''%3D%3Futf-8%3FQ%3F..%3D2Fx%3F%3D\r\n"},
        {"=\"?utf-8?Q?x?=", ";\r\n filename*=UTF-8''%3D%3Futf-8%3FQ%3Fx%3F%3D\r\n"},
        {"Me\xC3\x9Fwerte 3.csv", ";\r\n filename*=UTF-8''Me%C3%9Fwerte%203.csv\r\n"},
        {"012345678901234567890123456789012345678901234",
         ";\r\n filename=\"012345678901234567890123456789012345678901234\"\r\n"},
        {"012345678901234567890123456789012345678\xC3\x9F",
         ";\r\n filename*=UTF-8''012345678901234567890123456789012345678%C3%9F\r\n"},
        {"\xC3\x9F"
         "0123456789012345678901234567890123456789",
         ";\r\n filename*0*=UTF-8''%C3%9F0123456789012345678901234567890123456;\r\n"
         " filename*1*=789\r\n"},
        {"012345678901234567890123456789012345678901234567890.txt",
         ";\r\n filename*0*=UTF-8''0123456789012345678901234567890123456789012;\r\n"
         " filename*1*=34567890.txt\r\n"},
        {"", "\r\n"},
        {".", NULL},
        {"..", NULL},
        {"/", NULL},
        {"a/", NULL},
        {"\"", NULL},
        {".\"", NULL},
        {"\xFF", NULL},
    };
    struct stint_part part = {.octets = ""};
    struct stint_letter letter = make_letter();
    char expected[300];
    char name[400];
    size_t i;

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    for (i = 0; i < COUNT(cases); i++) {
        part.name = cases[i].name;
        if (cases[i].parameter == NULL) {
            assert_int_not_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
            assert_int_equal(composer.composer.field, STINT_MESSAGE_PART);
            continue;
        }
        check_letter(&letter);
        snprintf(expected, sizeof expected, "Content-Disposition: attachment%s\r\n",
                 cases[i].parameter);
        assert_non_null(strstr(composed.octets, expected));
    }
    memset(name, 'x', sizeof name);
    name[255] = '\0';
    part.name = name;
    check_letter(&letter);
    name[255] = 'x';
    name[256] = '\0';
    assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_TOO_LONG);
}

static void types_have_their_form(void **state)
{
    static const char *const good[] = {"a/b", "application/vnd.x-y+json", "text/csv; charset=utf-8",
                                       "text/plain;format=flowed", "a/b; c=\"d e\""};
    static const char *const bad[] = {"",
                                      "a",
                                      "a/",
                                      "/b",
                                      "a/b/c",
                                      "a /b",
                                      "a/ b",
                                      "a/b c",
                                      "multipart/x",
                                      "Multipart/mixed",
                                      "message/rfc822",
                                      "MESSAGE/partial",
                                      "a/b;\r\nX: y",
                                      "a/b\n",
                                      "\xC3\xA4/b",
                                      "a/b;\xC3\xA4",
                                      "a=/b"};
    static const char *const bad_ids[] = {"", "x", "<a@b>", "a@b@c", "\"a\"@b", "a@b\r\n"};
    struct stint_part part = {.octets = ""};
    struct stint_letter letter = make_letter();
    char type[300] = "a/";
    size_t i;

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    for (i = 0; i < COUNT(good); i++) {
        part.type = good[i];
        check_letter(&letter);
        assert_non_null(strstr(composed.octets, good[i]));
    }
    for (i = 0; i < COUNT(bad); i++) {
        part.type = bad[i];
        assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_SYNTAX);
    }
    memset(type + 2, 'b', 199);
    part.type = type;
    assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_SYNTAX);
    part.type = NULL;
    for (i = 0; i < COUNT(bad_ids); i++) {
        part.id = bad_ids[i];
        assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_SYNTAX);
    }
    part.id = NULL;
    part.octets = NULL;
    part.size = 1;
    assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_MISSING);
}

static void parts_have_a_limit(void **state)
{
    struct stint_part parts[] = {{.octets = "", .size = STINT_PARTS_MAX},
                                 {.octets = "", .size = 0}};
    struct stint_letter letter = make_letter();

    (void)state;
    letter.parts = parts;
    letter.part_count = 2;
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    assert_true(composer.composer.source.size > 4000000000U);
    parts[1].size = 1;
    assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_TOO_LONG);
    assert_int_equal(composer.composer.item, 1);
    parts[1].size = UINT32_MAX;
    assert_refused(&letter, STINT_MESSAGE_PART, STINT_MESSAGE_TOO_LONG);
}

static void base64_is_as_long_as_told(void **state)
{
    static const char vector[] = "Zm9vYmFy"; /* RFC 4648 10: "foobar" */
    static uint8_t octets[300];
    struct stint_part part = {.octets = octets};
    struct stint_letter letter = make_letter();

    (void)state;
    memcpy(octets, "foobar", 6);
    letter.parts = &part;
    letter.part_count = 1;
    for (part.size = 0; part.size < sizeof octets; part.size++) {
        check_letter(&letter);
        if (part.size == 6) {
            assert_non_null(strstr(composed.octets, vector));
        }
    }
}

/* ---- Parts that are read ---- */

struct reader {
    const uint8_t *octets;
    uint32_t length;
    uint32_t expected; /* the offset asked for next */
    size_t most;       /* octets a call gives */
    bool again;        /* AGAIN before each of them */
    bool waited;
    int end;
};

static int read_part(void *context, uint32_t offset, uint8_t *buffer, size_t room)
{
    struct reader *reader = context;
    size_t left = reader->length - offset;
    size_t n = room < reader->most ? room : reader->most;

    assert_true(room > 0 && room <= 57);
    assert_true(offset == reader->expected || offset == 0);
    assert_true(offset <= reader->length);
    reader->expected = offset;
    if (reader->again && !reader->waited) {
        reader->waited = true;
        return STINT_SOURCE_AGAIN;
    }
    reader->waited = false;
    n = n < left ? n : left;
    if (n == 0) {
        return reader->end;
    }
    memcpy(buffer, reader->octets + offset, n);
    reader->expected = offset + (uint32_t)n;
    return (int)n;
}

/* Reads to the end, whatever that is, `room` octets at a time. */
static int read_to_end(size_t room)
{
    const struct stint_source *source = &composer.composer.source;
    size_t n = 0;
    int got;

    assert_int_equal(source->rewind(source->context), 0);
    for (;;) {
        got = source->read(source->context, (uint8_t *)composed.octets + n, room);
        if (got > 0) {
            n += (size_t)got;
        } else if (got != STINT_SOURCE_AGAIN) {
            composed.length = n;
            composed.octets[n] = '\0';
            return got;
        }
    }
}

static void parts_are_read_as_they_come(void **state)
{
    static uint8_t octets[500];
    static struct composed expected;
    struct reader reader = {.octets = octets, .end = STINT_SOURCE_FAILED};
    struct stint_part parts[] = {{.octets = octets}, {.octets = octets}, {.octets = octets}};
    struct stint_letter letter = make_letter();
    uint32_t seed = 7;
    size_t i, room;

    (void)state;
    for (i = 0; i < sizeof octets; i++) {
        octets[i] = (uint8_t)test_random(&seed);
    }
    letter.parts = parts;
    letter.part_count = 3;
    for (i = 0; i < 400; i++) {
        reader.length = test_random(&seed) % sizeof octets;
        reader.most = 1 + test_random(&seed) % 60;
        reader.again = test_random(&seed) % 2 == 0;
        room = 1 + test_random(&seed) % 200;
        parts[0].size = 3;
        parts[1].octets = octets;
        parts[1].size = reader.length;
        parts[2].size = 4;
        check_letter(&letter);
        expected = composed;
        parts[1].octets = NULL;
        parts[1].read = read_part;
        parts[1].context = &reader;
        assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
        assert_int_equal(composer.composer.source.size, expected.length);
        assert_true(composer.composer.source.size_is_exact);
        assert_int_equal(read_to_end(room), STINT_SOURCE_END);
        assert_int_equal(composed.length, expected.length);
        assert_memory_equal(composed.octets, expected.octets, expected.length);
        /* once more, and of a length that is not told */
        parts[1].size = STINT_PART_SIZE_UNKNOWN;
        reader.end = STINT_SOURCE_END;
        assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
        assert_int_equal(composer.composer.source.size, 0);
        assert_false(composer.composer.source.size_is_exact);
        assert_int_equal(read_to_end(room), STINT_SOURCE_END);
        assert_int_equal(read_to_end(room), STINT_SOURCE_END);
        assert_int_equal(composed.length, expected.length);
        assert_memory_equal(composed.octets, expected.octets, expected.length);
        reader.end = STINT_SOURCE_FAILED;
    }
}

/* Nobody reads further than was said. */
static void a_part_that_grows_is_what_it_was(void **state)
{
    static const uint8_t octets[] = "123456";
    struct reader reader = {.octets = octets, .length = 3, .most = 57, .end = STINT_SOURCE_FAILED};
    struct stint_part part = {.read = read_part, .context = &reader, .size = 3};
    struct stint_letter letter = make_letter();

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    reader.length = 6;
    assert_int_equal(read_to_end(200), STINT_SOURCE_END);
    assert_non_null(strstr(composed.octets, "\r\n\r\nMTIz\r\n--=_1--\r\n"));
}

/* It has fewer octets than was said, or fails: nothing tells of an end, not even when asked again.
 */
static void a_part_that_fails_ends_the_letter(void **state)
{
    static const int ends[] = {STINT_SOURCE_END, STINT_SOURCE_FAILED, 0, -4, 58, 1000};
    static const uint8_t octets[300];
    struct reader reader = {.octets = octets, .most = 57};
    struct stint_part part = {.read = read_part, .context = &reader, .size = 300};
    struct stint_letter letter = make_letter();
    size_t i, room;

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    for (i = 0; i < COUNT(ends); i++) {
        for (reader.length = 0; reader.length < 300; reader.length += 23) {
            reader.end = ends[i];
            reader.again = reader.length % 2 == 0;
            room = 1 + reader.length % 100;
            assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
            assert_int_equal(read_to_end(room), STINT_SOURCE_FAILED);
            assert_int_equal(composer.composer.fault, STINT_MESSAGE_SOURCE);
            assert_int_equal(
                composer.composer.source.read(&composer, (uint8_t *)composed.octets, room),
                reader.again ? STINT_SOURCE_AGAIN : STINT_SOURCE_FAILED);
            assert_null(strstr(composed.octets, "--=_1--"));
        }
    }
}

/* The same octets, with the same Message-ID. */
static void a_part_that_failed_may_be_read_again(void **state)
{
    static const uint8_t octets[300];
    struct reader reader = {.octets = octets, .most = 57, .end = STINT_SOURCE_FAILED};
    struct stint_part part = {.read = read_part, .context = &reader, .size = 300};
    struct stint_letter letter = make_letter();

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    reader.length = 100;
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    assert_int_equal(read_to_end(77), STINT_SOURCE_FAILED);
    reader.length = 300;
    assert_int_equal(read_to_end(77), STINT_SOURCE_END);
    assert_int_equal(composed.length, composer.composer.source.size);
}

/* It must not end where its length is one that stands for an unknown one. */
static void a_part_without_end_is_broken_off(void **state)
{
    static const uint8_t octets[300];
    struct reader reader = {.octets = octets, .length = 300, .most = 57, .end = STINT_SOURCE_END};
    struct stint_part part = {
        .read = read_part, .context = &reader, .size = STINT_PART_SIZE_UNKNOWN};
    struct stint_letter letter = make_letter();
    const struct stint_source *source = &composer.composer.source;
    char buffer[79];

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
    assert_int_equal(source->rewind(source->context), 0);
    while (composer.composer.place.offset < 57) {
        assert_true(source->read(source->context, (uint8_t *)buffer, 78) > 0);
    }
    composer.composer.place.offset = STINT_PARTS_MAX + 1; /* as if it had had so many */
    while (source->read(source->context, (uint8_t *)buffer, 78) > 0) {
    }
    assert_int_equal(composer.composer.fault, STINT_MESSAGE_SOURCE);
}

static void levels_with_one_part_are_left_out(void **state)
{
    static const struct {
        const char *text, *html;
        bool shown, attached;
        const char *levels; /* of the boundaries, in their order */
    } cases[] = {
        {"t", NULL, false, false, ""},
        {NULL, "h", false, false, ""},
        {"t", "h", false, false, "222"},
        {"t", NULL, false, true, "111"},
        {NULL, "h", true, false, "333"},
        {"t", "h", true, false, "223332"},
        {"t", "h", false, true, "122211"},
        {"t", "h", true, true,
         "1223332"
         "11"},
        {NULL, "h", true, true, "133311"},
        {"t", NULL, true, false, "111"},
        {NULL, NULL, false, true, "11"},
    };
    static const struct stint_part shown = {.id = "a@b", .octets = "x", .size = 1};
    static const struct stint_part attached = {.octets = "y", .size = 1};
    struct stint_letter letter = make_letter();
    struct stint_part parts[2];
    char levels[20];
    const char *at;
    size_t i, n;

    (void)state;
    letter.parts = parts;
    for (i = 0; i < COUNT(cases); i++) {
        letter.message.text = cases[i].text;
        letter.html = cases[i].html;
        letter.part_count = 0;
        if (cases[i].attached) {
            parts[letter.part_count++] = attached;
        }
        if (cases[i].shown) {
            parts[letter.part_count++] = shown;
        }
        check_letter(&letter);
        n = 0;
        for (at = composed.octets; (at = strstr(at, "\r\n--=_")) != NULL; at += 6) {
            levels[n++] = at[6];
        }
        levels[n] = '\0';
        assert_string_equal(levels, cases[i].levels);
    }
}

/* By BDAT (RFC 3030): what the session promises of its size holds, with room for little or for
 * much. */
static void the_session_gets_what_was_promised(void **state)
{
    static uint8_t octets[1000];
    static const struct stint_part part = {.octets = octets, .size = sizeof octets};
    struct stint_letter letter = make_letter();
    struct stint_mail mail = {.source = &composer.composer.source};
    struct stint_session session;
    struct stint_result result;
    uint8_t wire[2000];
    size_t room, n;
    bool complete;

    (void)state;
    letter.parts = &part;
    letter.part_count = 1;
    letter.html = ".\n..\n";
    for (room = 2; room < sizeof wire; room += 13) {
        memset(&session, 0, sizeof session);
        memset(&result, 0, sizeof result);
        session.result = &result;
        check_letter(&letter);
        assert_int_equal(stint_compose_letter(&composer, &letter), STINT_MESSAGE_GOOD);
        stint_session_set_mail(&session, &mail);
        stint_content_start(&session, false);
        n = 0;
        for (complete = false; !complete;) {
            size_t got = stint_content_write(&session, wire, room, &complete);

            assert_int_equal(result.error, STINT_ERROR_NONE);
            assert_memory_equal(wire, composed.octets + n, got);
            n += got;
        }
        assert_int_equal(n, composed.length);
    }
}

/* Any text may be in a part but what would end it. */
static void no_part_holds_a_boundary(void **state)
{
    static const char text[] = "--=_1\r\n--=_1--\r\n--=_2--\n--=_3\n";
    struct stint_part part = {.name = "--=_1", .octets = text, .size = sizeof text - 1};
    struct stint_letter letter = make_letter();
    const char *at;
    unsigned n = 0;

    (void)state;
    letter.message.text = text;
    letter.html = text;
    letter.message.subject = "--=_1";
    letter.parts = &part;
    letter.part_count = 1;
    check_letter(&letter);
    for (at = composed.octets; (at = strstr(at, "\r\n--=_")) != NULL; at++) {
        n++;
    }
    assert_int_equal(n, 6); /* around two alternatives, and two parts */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_is_this),
        cmocka_unit_test(a_message_with_files_is_this),
        cmocka_unit_test(the_envelope_has_all_recipients),
        cmocka_unit_test(dates_have_their_zone),
        cmocka_unit_test(a_letter_to_nobody_says_so),
        cmocka_unit_test(fields_may_be_left_out),
        cmocka_unit_test(references_are_folded_and_not_encoded),
        cmocka_unit_test(extra_fields_are_none_that_are_there),
        cmocka_unit_test(nothing_can_be_injected),
        cmocka_unit_test(what_is_no_utf8_is_refused),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(texts_are_encoded_by_what_they_hold),
        cmocka_unit_test(line_ends_anywhere_are_encoded_right),
        cmocka_unit_test(names_are_those_of_files),
        cmocka_unit_test(types_have_their_form),
        cmocka_unit_test(parts_have_a_limit),
        cmocka_unit_test(base64_is_as_long_as_told),
        cmocka_unit_test(parts_are_read_as_they_come),
        cmocka_unit_test(a_part_that_grows_is_what_it_was),
        cmocka_unit_test(a_part_that_fails_ends_the_letter),
        cmocka_unit_test(a_part_that_failed_may_be_read_again),
        cmocka_unit_test(a_part_without_end_is_broken_off),
        cmocka_unit_test(levels_with_one_part_are_left_out),
        cmocka_unit_test(the_session_gets_what_was_promised),
        cmocka_unit_test(no_part_holds_a_boundary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
