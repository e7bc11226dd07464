/* SPDX-License-Identifier: MIT */

/* What an EHLO reply offers (RFC 5321 4.1.1.1), fed as the text of its lines. */

#include "test.h"

#include "session/capabilities.h"

#define STARTTLS    STINT_EXTENSION_STARTTLS
#define AUTH        STINT_EXTENSION_AUTH
#define SIZE        STINT_EXTENSION_SIZE
#define EIGHT       STINT_EXTENSION_8BITMIME
#define PIPELINING  STINT_EXTENSION_PIPELINING
#define ENHANCED    STINT_EXTENSION_ENHANCEDSTATUSCODES
#define CHUNKING    STINT_EXTENSION_CHUNKING
#define BINARY      STINT_EXTENSION_BINARYMIME
#define LIMITS      STINT_EXTENSION_LIMITS
#define UTF8        STINT_EXTENSION_SMTPUTF8
#define DSN         STINT_EXTENSION_DSN
#define REQUIRETLS  STINT_EXTENSION_REQUIRETLS
#define PRIORITY    STINT_EXTENSION_MT_PRIORITY
#define BY          STINT_EXTENSION_DELIVERBY
#define HOLD        STINT_EXTENSION_FUTURERELEASE
#define PLAIN       STINT_MECHANISM_PLAIN
#define LOGIN       STINT_MECHANISM_LOGIN
#define CRAM_MD5    STINT_MECHANISM_CRAM_MD5
#define XOAUTH2     STINT_MECHANISM_XOAUTH2
#define OAUTHBEARER STINT_MECHANISM_OAUTHBEARER

struct offer {
    const char *text; /* lines end with LF */
    unsigned extensions;
    unsigned mechanisms;
    uint32_t size;
};

static void read_lines(struct stint_capabilities *capabilities, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            stint_capabilities_line_end(capabilities);
        } else {
            stint_capabilities_octet(capabilities, (uint8_t)*text);
        }
    }
}

static void assert_offer(const struct stint_capabilities *capabilities, const struct offer *offer)
{
    if (capabilities->extensions != offer->extensions ||
        capabilities->mechanisms != offer->mechanisms || capabilities->size != offer->size) {
        fail_msg("extensions %#x, mechanisms %#x, size %u of:\n%s", capabilities->extensions,
                 capabilities->mechanisms, (unsigned)capabilities->size, offer->text);
    }
}

/* `prefix` is what comes before the lines to look at. */
static void check_offers(const char *prefix, const struct offer *offers, size_t count)
{
    struct stint_capabilities capabilities;
    size_t i;

    for (i = 0; i < count; i++) {
        stint_capabilities_clear(&capabilities);
        read_lines(&capabilities, prefix);
        read_lines(&capabilities, offers[i].text);
        assert_offer(&capabilities, &offers[i]);
    }
}

/* Public logs of November 2026 and before. */
static void providers_are_understood(void **state)
{
    static const struct offer offers[] = {
        /* Gmail, before and inside TLS */
        {"smtp.gmail.com at your service, [203.0.113.7]\nSIZE 35882577\n8BITMIME\nSTARTTLS\n"
         "ENHANCEDSTATUSCODES\nPIPELINING\nCHUNKING\nSMTPUTF8\n",
         SIZE | EIGHT | STARTTLS | ENHANCED | PIPELINING | CHUNKING | UTF8, 0, 35882577},
        {"smtp.gmail.com at your service, [203.0.113.7]\nSIZE 35882577\n8BITMIME\n"
         "AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH\n"
         "ENHANCEDSTATUSCODES\nPIPELINING\nCHUNKING\nSMTPUTF8\n",
         SIZE | EIGHT | AUTH | ENHANCED | PIPELINING | CHUNKING | UTF8,
         PLAIN | LOGIN | XOAUTH2 | OAUTHBEARER, 35882577},
        /* Microsoft 365: no PLAIN */
        {"MN2PR20CA0017.outlook.office365.com Hello [203.0.113.7]\nSIZE 157286400\nPIPELINING\n"
         "DSN\nENHANCEDSTATUSCODES\nSTARTTLS\n8BITMIME\nBINARYMIME\nCHUNKING\nSMTPUTF8\n",
         SIZE | PIPELINING | DSN | ENHANCED | STARTTLS | EIGHT | BINARY | CHUNKING | UTF8, 0,
         157286400},
        {"MN2PR20CA0017.outlook.office365.com Hello [203.0.113.7]\nSIZE 157286400\nPIPELINING\n"
         "DSN\nENHANCEDSTATUSCODES\nAUTH LOGIN XOAUTH2\n8BITMIME\nBINARYMIME\nCHUNKING\n"
         "SMTPUTF8\n",
         SIZE | PIPELINING | DSN | ENHANCED | AUTH | EIGHT | BINARY | CHUNKING | UTF8,
         LOGIN | XOAUTH2, 157286400},
        /* Amazon SES: the last line is no keyword */
        {"email-smtp.amazonaws.com\n8BITMIME\nSIZE 10485760\nSTARTTLS\nAUTH PLAIN LOGIN\nOk\n",
         EIGHT | SIZE | STARTTLS | AUTH, PLAIN | LOGIN, 10485760},
        /* SendGrid: both forms of AUTH */
        {"smtp.sendgrid.net\n8BITMIME\nPIPELINING\nSIZE 31457280\nSTARTTLS\nAUTH PLAIN LOGIN\n"
         "AUTH=PLAIN LOGIN\n",
         EIGHT | PIPELINING | SIZE | STARTTLS | AUTH, PLAIN | LOGIN, 31457280},
        /* Mailgun */
        {"4e119dd77b0c\nAUTH PLAIN LOGIN\nSIZE 52428800\n8BITMIME\nSMTPUTF8\nPIPELINING\n"
         "STARTTLS\n",
         AUTH | SIZE | EIGHT | UTF8 | PIPELINING | STARTTLS, PLAIN | LOGIN, 52428800},
        /* GMX */
        {"gmx.com Hello host [203.0.113.7]\nSIZE 69920427\nAUTH LOGIN PLAIN\nSTARTTLS\n",
         SIZE | AUTH | STARTTLS, PLAIN | LOGIN, 69920427},
        /* Fastmail */
        {"smtp.fastmail.com\nPIPELINING\nSIZE 71000000\nENHANCEDSTATUSCODES\n8BITMIME\n"
         "AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER\n",
         PIPELINING | SIZE | ENHANCED | EIGHT | AUTH, PLAIN | LOGIN | XOAUTH2 | OAUTHBEARER,
         71000000},
        /* Yahoo, with a space too many: then 8BITMIME is not offered */
        {"smtp.mail.yahoo.com\nPIPELINING\nSIZE 41697280\n8 BITMIME\n"
         "AUTH PLAIN LOGIN XOAUTH2 XYMCOOKIE\n",
         PIPELINING | SIZE | AUTH, PLAIN | LOGIN | XOAUTH2, 41697280},
        /* Postmark */
        {"smtp.postmarkapp.com\nPIPELINING\nSIZE 10485760\nSTARTTLS\nAUTH CRAM-MD5 PLAIN LOGIN\n"
         "8BITMIME\n",
         PIPELINING | SIZE | STARTTLS | AUTH | EIGHT, CRAM_MD5 | PLAIN | LOGIN, 10485760},
    };

    (void)state;
    check_offers("", offers, COUNT(offers));
}

/* DELIVERBY's shortest time (RFC 2852), FUTURERELEASE's longest (RFC 4865). */
static void times_are_read(void **state)
{
    static const struct {
        const char *text;
        uint32_t by_min;
        uint32_t hold_max;
    } cases[] = {
        {"DELIVERBY 120\nFUTURERELEASE 86400 2027-01-01T00:00:00Z\n", 120, 86400},
        {"DELIVERBY\nFUTURERELEASE\n", 0, 0},
        {"DELIVERBY 4294967295\nFUTURERELEASE 4294967296\n", 4294967295U, 0},
        {"DELIVERBY soon 5\nFUTURERELEASE -1\n", 0, 0},
        {"DELIVERBY 7 8\nfuturerelease 9 10\n", 7, 9},
        {"XDELIVERBY 7\nSIZE 9 10\n", 0, 0},
        {"DELIVERBY 7\nDELIVERBY 8\n", 8, 0},
    };
    struct stint_capabilities capabilities;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        stint_capabilities_clear(&capabilities);
        read_lines(&capabilities, "mx.example.org\n");
        read_lines(&capabilities, cases[i].text);
        assert_int_equal(capabilities.by_min, cases[i].by_min);
        assert_int_equal(capabilities.hold_max, cases[i].hold_max);
    }
}

static void keywords_are_whole_words_at_the_start(void **state)
{
    static const struct offer offers[] = {
        {"STARTTLS\n", STARTTLS, 0, 0},
        {"XSTARTTLS\n", 0, 0, 0},
        {"STARTTLSX\n", 0, 0, 0},
        {"STARTTL\n", 0, 0, 0},
        {"REQUIRETLS\nMT-PRIORITY MIXER STANAG4406\nDELIVERBY\nFUTURERELEASE 60 "
         "2027-01-01T00:00:00Z\nDSN\n",
         REQUIRETLS | PRIORITY | BY | HOLD | DSN, 0, 0},
        {"REQUIRE-TLS\nMT-PRIORITIES\nDELIVER BY\nFUTURE-RELEASE 60\nXDSN\n", 0, 0, 0},
        {"START TLS\n", 0, 0, 0},
        {"HELP STARTTLS\n", 0, 0, 0},
        {" STARTTLS\n", 0, 0, 0},
        {"\tSTARTTLS\n", 0, 0, 0},
        {"-STARTTLS\n", 0, 0, 0},
        {"STARTTLS \n", STARTTLS, 0, 0},
        {"STARTTLS AUTH PLAIN\n", STARTTLS, 0, 0},
        {"STARTTLS=1\n", 0, 0, 0},
        {"8 BITMIME\n", 0, 0, 0},
        {"8BITMIMEX\n", 0, 0, 0},
        {"AUTHX PLAIN\n", 0, 0, 0},
        {"XAUTH PLAIN\n", 0, 0, 0},
        {"XAUTH=PLAIN\n", 0, 0, 0},
        {"PIPELININGENHANCEDSTATUSCODES\n", 0, 0, 0},
        {"X-EXPS GSSAPI\nVRFY\n", 0, 0, 0},
        {"SIZEX 100\n", 0, 0, 0},
        {"\n\n\n", 0, 0, 0},
        {"DSN\nDSN\nDSN\n", DSN, 0, 0},
    };

    (void)state;
    check_offers("foo.com\n", offers, COUNT(offers));
}

static void any_case_will_do(void **state)
{
    static const struct offer offers[] = {
        {"starttls\n8bitmime\nPipelining\neNhAnCeDsTaTuScOdEs\n",
         STARTTLS | EIGHT | PIPELINING | ENHANCED, 0, 0},
        {"auth plain Login\nsize 7\nchunking\nsmtputf8\ndsn\n", AUTH | SIZE | CHUNKING | UTF8 | DSN,
         PLAIN | LOGIN, 7},
        {"auth=Plain\n", AUTH, PLAIN, 0},
        /* what an upper-casing by bit 0x20 would take for letters */
        {"STARTTL\x13\n", 0, 0, 0},
        {"{\n[\n`\n@\n", 0, 0, 0},
    };

    (void)state;
    check_offers("foo.com\n", offers, COUNT(offers));
}

static void the_first_line_holds_none(void **state)
{
    static const struct offer offers[] = {
        {"STARTTLS\n", 0, 0, 0},
        {"STARTTLS\nDSN\n", DSN, 0, 0},
        {"AUTH PLAIN LOGIN\nDSN\n", 0 | DSN, 0, 0},
        {"SIZE 100\nSIZE\n", SIZE, 0, 0},
        {"\nDSN\n", DSN, 0, 0},
    };

    (void)state;
    check_offers("", offers, COUNT(offers));
}

static void mechanisms_are_whole_words(void **state)
{
    static const struct offer offers[] = {
        {"AUTH\n", AUTH, 0, 0},
        {"AUTH \n", AUTH, 0, 0},
        {"AUTH PLAIN\n", AUTH, PLAIN, 0},
        {"AUTH PLAINISH\n", AUTH, 0, 0},
        {"AUTH XPLAIN\n", AUTH, 0, 0},
        {"AUTH PLAIN-CLIENTTOKEN\n", AUTH, 0, 0},
        {"AUTH PLAI N\n", AUTH, 0, 0},
        {"AUTH  LOGIN   PLAIN  \n", AUTH, PLAIN | LOGIN, 0},
        {"AUTH DIGEST-MD5 SCRAM-SHA-512 LOGIN\n", AUTH, LOGIN, 0},
        {"AUTH CRAM-MD5 CRAM-MD CRAM-MD5X\n", AUTH, CRAM_MD5, 0},
        {"AUTH SCRAM-SHA-256 SCRAM-SHA-1-PLUS\n", AUTH,
         STINT_MECHANISM_SCRAM_SHA_256 | STINT_MECHANISM_SCRAM_SHA_1_PLUS, 0},
        {"AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-1 \n", AUTH,
         STINT_MECHANISM_SCRAM_SHA_256_PLUS | STINT_MECHANISM_SCRAM_SHA_1, 0},
        {"AUTH SCRAM-SHA-256-PLUSS SCRAM-SHA-256-PLU SCRAM-SHA-\n", AUTH, 0, 0},
        {"AUTH X01234567890123456789012345678901234567890123456789 PLAIN\n", AUTH, PLAIN, 0},
        {"AUTH LOGIN\nAUTH PLAIN\n", AUTH, PLAIN | LOGIN, 0},
        {"AUTH=LOGIN\n", AUTH, LOGIN, 0},
        {"AUTH=LOGIN PLAIN\n", AUTH, PLAIN | LOGIN, 0},
        {"AUTH= PLAIN\n", AUTH, PLAIN, 0},
        {"AUTH==PLAIN\n", AUTH, 0, 0},
        {"AUTH =PLAIN\n", AUTH, 0, 0},
        {"AUTH LOGIN=PLAIN\n", AUTH, 0, 0},
        {"AUTH XOAUTH XOAUTH2X OAUTHBEARE EXTERNALS\n", AUTH, 0, 0},
        {"AUTH EXTERNAL\n", AUTH, STINT_MECHANISM_EXTERNAL, 0},
        {"AUTH PLAIN,LOGIN\n", AUTH, 0, 0},
        {"PLAIN\n", 0, 0, 0},
        {"SIZE PLAIN\n", SIZE, 0, 0},
        {"DSN LOGIN\n", DSN, 0, 0},
    };

    (void)state;
    check_offers("foo.com\n", offers, COUNT(offers));
}

/* RFC 1870 4: 0, nothing or nonsense is no limit. What passes 32 bits limits no message here. */
static void size_limits(void **state)
{
    static const struct offer offers[] = {
        {"SIZE\n", SIZE, 0, 0},
        {"SIZE \n", SIZE, 0, 0},
        {"SIZE 0\n", SIZE, 0, 0},
        {"SIZE 00000000000000000000\n", SIZE, 0, 0},
        {"SIZE 1\n", SIZE, 0, 1},
        {"SIZE  1\n", SIZE, 0, 1},
        {"SIZE 00000000000000000009\n", SIZE, 0, 9},
        {"SIZE 000000000000000000009\n", SIZE, 0, 0}, /* 21 digits */
        {"SIZE 000000000000000000010\n", SIZE, 0, 0},
        {"SIZE 429496729\n", SIZE, 0, 429496729},
        {"SIZE 4294967294\n", SIZE, 0, 4294967294U},
        {"SIZE 4294967295\n", SIZE, 0, 4294967295U},
        {"SIZE 4294967296\n", SIZE, 0, 0},
        {"SIZE 4294967300\n", SIZE, 0, 0},
        {"SIZE 42949672950\n", SIZE, 0, 0},
        {"SIZE 18446744073709551617\n", SIZE, 0, 0},
        {"SIZE 99999999999999999999\n", SIZE, 0, 0},
        {"SIZE 100x\n", SIZE, 0, 0},
        {"SIZE x100\n", SIZE, 0, 0},
        {"SIZE -1\n", SIZE, 0, 0},
        {"SIZE +1\n", SIZE, 0, 0},
        {"SIZE 1.5\n", SIZE, 0, 0},
        {"SIZE=100\n", 0, 0, 0},
        {"SIZE 100 200\n", SIZE, 0, 100},
        {"SIZE x 200\n", SIZE, 0, 0},
        {"SIZE 100\nDSN 7\n", SIZE | DSN, 0, 100},
    };

    (void)state;
    check_offers("foo.com\n", offers, COUNT(offers));
}

/* No word is so long that it harms, or that it becomes another one. */
/* RFC 9422 3 and 4. */
static void transactions_are_limited(void **state)
{
    static const struct {
        const char *text;
        uint16_t mails, recipients, domains;
    } cases[] = {
        {"LIMITS RCPTMAX=20 MAILMAX=5 RCPTDOMAINMAX=1\n", 5, 20, 1},
        {"limits rcptmax=20\n", 0, 20, 0},
        {"LIMITS MAILMAX=1\n", 1, 0, 0},
        {"LIMITS RCPTDOMAINMAX=999999\n", 0, 0, 65535},
        {"LIMITS RCPTMAX=65535 MAILMAX=65536\n", 65535, 65535, 0},
        {"LIMITS RCPTMAX=1  MAILMAX=2 \n", 2, 1, 0},
        /* names that are not known, and values that are no number */
        {"LIMITS XRCPTMAX=1 RCPTMAXX=2 RCPTMAX3 =4 SIZEMAX=5\n", 0, 0, 0},
        {"LIMITS RCPTMAX= MAILMAX=-1 RCPTDOMAINMAX=x\n", 0, 0, 0},
        {"LIMITS RCPTMAX=7 RCPTMAX=0 MAILMAX=1x MAILMAX=4\n", 4, 7, 0},
        {"LIMITS RCPTDOMAINMAX=1000000\nLIMITS RCPTMAX=3\n", 0, 3, 0},
        {"LIMITS RCPTMAX=4294967296\n", 0, 0, 0},
        {"RCPTMAX=3\nXLIMITS RCPTMAX=3\nSIZE RCPTMAX=3\n", 0, 0, 0},
        {"LIMITS\n", 0, 0, 0},
    };
    struct stint_capabilities c;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        stint_capabilities_clear(&c);
        read_lines(&c, "mx\n");
        read_lines(&c, cases[i].text);
        if (c.limits[STINT_LIMIT_MAILMAX] != cases[i].mails ||
            c.limits[STINT_LIMIT_RCPTMAX] != cases[i].recipients ||
            c.limits[STINT_LIMIT_RCPTDOMAINMAX] != cases[i].domains) {
            fail_msg("%u, %u, %u of %s", c.limits[STINT_LIMIT_MAILMAX],
                     c.limits[STINT_LIMIT_RCPTMAX], c.limits[STINT_LIMIT_RCPTDOMAINMAX],
                     cases[i].text);
        }
    }
    stint_capabilities_clear(&c);
    read_lines(&c, "mx\nLIMITS RCPTMAX=3\n");
    assert_true(stint_capabilities_offer(&c, LIMITS));
    stint_capabilities_clear(&c);
    assert_int_equal(c.limits[STINT_LIMIT_RCPTMAX], 0);
}

static void long_words_are_nothing(void **state)
{
    static const char *const keywords[] = {"STARTTLS", "AUTH", "SIZE", "8BITMIME",
                                           "ENHANCEDSTATUSCODES"};
    struct stint_capabilities capabilities;
    size_t length;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(keywords); i++) {
        for (length = strlen(keywords[i]) + 1; length < 600; length++) {
            size_t n;

            stint_capabilities_clear(&capabilities);
            read_lines(&capabilities, "foo.com\n");
            read_lines(&capabilities, keywords[i]);
            for (n = strlen(keywords[i]); n < length; n++) {
                stint_capabilities_octet(&capabilities, 'X');
            }
            read_lines(&capabilities, " PLAIN 100\n");
            assert_int_equal(capabilities.extensions, 0);
            assert_int_equal(capabilities.mechanisms, 0);
            assert_int_equal(capabilities.size, 0);
        }
    }
}

static void any_octet_may_come(void **state)
{
    struct stint_capabilities capabilities;
    uint32_t seed = 7;
    unsigned i;

    (void)state;
    stint_capabilities_clear(&capabilities);
    for (i = 0; i < 200000; i++) {
        uint32_t r = test_random(&seed);

        if (r % 50 == 0) {
            stint_capabilities_line_end(&capabilities);
        } else {
            stint_capabilities_octet(&capabilities, (uint8_t)(r >> 8));
        }
    }
    assert_int_equal(capabilities.extensions, 0);
}

static void offers_are_told_apart(void **state)
{
    struct stint_capabilities capabilities;

    (void)state;
    stint_capabilities_clear(&capabilities);
    read_lines(&capabilities, "foo.com\nSIZE 5\nAUTH PLAIN\n");
    assert_true(stint_capabilities_offer(&capabilities, SIZE));
    assert_true(stint_capabilities_offer(&capabilities, AUTH));
    assert_false(stint_capabilities_offer(&capabilities, STARTTLS));
    assert_false(stint_capabilities_offer(&capabilities, DSN));
}

static void clear_forgets_everything(void **state)
{
    struct stint_capabilities capabilities;
    static const struct offer nothing = {"", 0, 0, 0};

    (void)state;
    stint_capabilities_clear(&capabilities);
    read_lines(&capabilities, "foo.com\nSIZE 5\nAUTH PLAIN\nSTARTTLS\nhalf a line");
    stint_capabilities_clear(&capabilities);
    assert_offer(&capabilities, &nothing);
    read_lines(&capabilities, "STARTTLS\n"); /* a first line again */
    assert_offer(&capabilities, &nothing);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers_are_understood),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(keywords_are_whole_words_at_the_start),
        cmocka_unit_test(any_case_will_do),
        cmocka_unit_test(the_first_line_holds_none),
        cmocka_unit_test(mechanisms_are_whole_words),
        cmocka_unit_test(size_limits),
        cmocka_unit_test(transactions_are_limited),
        cmocka_unit_test(long_words_are_nothing),
        cmocka_unit_test(any_octet_may_come),
        cmocka_unit_test(offers_are_told_apart),
        cmocka_unit_test(clear_forgets_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
