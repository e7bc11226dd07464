/* SPDX-License-Identifier: MIT */

/* The gate for the caller's strings: what passes cannot end a command or begin another. */

#include "test.h"

#include "guard.h"
#include "session/syntax.h"

#define X8  "xxxxxxxx"
#define X64 X8 X8 X8 X8 X8 X8 X8 X8
#define X63 X8 X8 X8 X8 X8 X8 X8 "xxxxxxx"
#define D252                                                                                       \
    X63 "." X63 "." X63 "."                                                                        \
        "xxxxxxxx" X8 X8 X8 X8 X8 X8 "xxxx"
#define D255 D252 "xxx"

typedef bool (*gate)(const char *text);

static void accepts(gate passes, const char *const *texts, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (!passes(texts[i])) {
            fail_msg("\"%s\" was refused", texts[i]);
        }
    }
}

static void refuses(gate passes, const char *const *texts, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (passes(texts[i])) {
            fail_msg("\"%s\" was accepted", texts[i]);
        }
    }
}

#define ACCEPTS(passes, texts) accepts(passes, texts, COUNT(texts))
#define REFUSES(passes, texts) refuses(passes, texts, COUNT(texts))

static void hosts(void **state)
{
    static const char *const good[] = {
        "h",         "smtp.example.com", "SMTP.EXAMPLE.COM.",     "192.0.2.1", "2001:db8::1",
        "fe80::1%2", "mail_1.lan",       "xn--bcher-kva.example", D255,
    };
    static const char *const bad[] = {
        "",       " ",         "a b", "a\r\nb", "a\n", "host/path", "a@b",    "[::1]",
        "host\t", "b\xc3\xbc", "a,b", "a\"b",   "<a>", "a\x7f",     D255 "x",
    };

    (void)state;
    ACCEPTS(stint_syntax_host, good);
    REFUSES(stint_syntax_host, bad);
}

static void ehlo_names(void **state)
{
    static const char *const good[] = {
        "client.example.com",
        "a",
        "A-1",
        "3com.com",
        "1.2.3.4",
        "[192.0.2.1]",
        "[IPv6:::1]",
        "[IPv6:2001:db8::1]",
        "[x-tag:data]",
        X63,
        "localhost.localdomain",
        "mylocalhost",
        "localhos",
        "localhosts",
        D255,
    };
    static const char *const bad[] = {
        "",
        "localhost",
        "LOCALHOST",
        "LocalHost",
        "-a",
        "a-",
        "a-.b",
        "a.-b",
        ".a",
        "a.",
        "a..b",
        ".",
        "a_b.com",
        "a b",
        "a\r\nQUIT",
        "a\n",
        "b\xc3\xbc.de",
        "[]",
        "[",
        "]",
        "[1.2.3.4",
        "1.2.3.4]",
        "[a]b]",
        "[[1.2.3.4]]",
        "[1.2.3.4] x",
        "[a\r\nb]",
        "[a b]",
        "[a>b]",
        "<a>",
        X64,
        "a." X64 ".b",
        D255 "x",
        "foo.com\x7f",
        "\"a\"",
        "a,b",
    };

    (void)state;
    ACCEPTS(stint_syntax_ehlo_name, good);
    REFUSES(stint_syntax_ehlo_name, bad);
}

static void mailboxes(void **state)
{
    static const char *const good[] = {
        "a@b",
        "Smith@bar.com",
        "first.last@example.com",
        "first+tag@example.com",
        "!#$%&'*+-/=?^_`{|}~@example.com",
        "user@[192.0.2.1]",
        "user@[IPv6:2001:db8::1]",
        "\"quoted string\"@example.com",
        "\"\"@example.com",
        "\"a\\\"b\\\\c\"@example.com",
        "\"a@b\"@example.com",
        "\"<>,;:.\"@example.com",
        "\"\\ \"@example.com",
        X64 "@example.com",
        "a@" D252, /* 254 octets, 256 with the brackets of the path */
        "\"xxxxxx" X8 X8 X8 X8 X8 X8 X8 "\"@example.com",
    };
    static const char *const bad[] = {
        "",
        " ",
        "a",
        "@",
        "@b",
        "a@",
        "a@b@c",
        "a b@c",
        "a@b c",
        " a@b",
        "a@b ",
        "<a@b>",
        "a@b>",
        "a@b> NOTIFY=NEVER",
        "a@b>\r\nRCPT TO:<c@d>",
        "a@b\r\n",
        "a\r\n@b",
        "a\n@b",
        "a@b\r",
        "a@b\n",
        "\"a\r\nb\"@c", /* CVE-2026-30227 */
        "\"a\\\r\nb\"@c",
        "\"a\\\nb\"@c",
        "\"a\rb\"@c",
        "\"a\tb\"@c",
        "\"a\x7f\"@c",
        "\"",
        "\"a",
        "\"a\\",
        "\"a\\\"",
        "\"a\\\"@c",
        "\"a\"",
        "\"a\"b@c",
        "\"a\" @c",
        "a\"b\"@c",
        ".a@b",
        "a.@b",
        "a..b@c",
        ".@b",
        "a@.b",
        "a@b.",
        "a@b..c",
        "a@-b",
        "a@b-",
        "a@b_c",
        "a@[1.2.3.4",
        "a@1.2.3.4]",
        "a@[]",
        "a@[1.2.3.4]x",
        "a@[1.2\r\n]",
        "a,b@c",
        "a;b@c",
        "a:b@c",
        "(comment)a@b",
        "@relay:a@b", /* source routes are for nobody */
        X64 "x@example.com",
        "\"xxxxxxx" X8 X8 X8 X8 X8 X8 X8 "\"@example.com",
        "a@" D252 "x",
        "a@" D255,
        "a@" X64,
    };

    (void)state;
    ACCEPTS(stint_syntax_mailbox, good);
    ACCEPTS(stint_syntax_recipient, good);
    REFUSES(stint_syntax_mailbox, bad);
    REFUSES(stint_syntax_recipient, bad);
}

/* RFC 5321 4.1.1.3: this one needs no domain, but only as a recipient. */
#define E  "\xc3\xa9"
#define E8 E E E E E E E E

/* RFC 6531 3.3. Lengths are of octets, but of a label: of characters. */
static void international_mailboxes(void **state)
{
    static const char *const good[] = {
        "caf" E "@b",
        E "@b",
        "a." E "@b",
        "\"" E " " E "\"@b",
        "a@caf" E ".fr",
        "a@" E,
        "a@" E "." E "-" E,
        "\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b.example",                     /* three octets each */
        "\xf0\x9f\x98\x80@b",                                                /* four */
        E8 E8 E8 E8 "@b",                                                    /* 64 octets */
        "a@" E8 E8 E8 E8 E8 E8 E8 E E E E E E E,                             /* 63 characters */
        "a@" E8 E8 E8 E8 E8 E8 E8 "." E8 E8 E8 E8 E8 E8 E8 "." E8 E E E E E, /* 254 octets */
    };
    static const char *const bad[] = {
        "caf\xe9@b", /* Latin-1 */
        "caf\xc3@b", /* half a character */
        "caf\xc3",
        "\xa9@b",              /* the other half */
        "a\xc0\xae@b",         /* a dot that is longer than need be */
        "a\xed\xa0\x80@b",     /* a surrogate */
        "a\xf4\x90\x80\x80@b", /* beyond Unicode */
        "a\xc2\x85@b",         /* a control character: NEL */
        "\"a\\" E "\"@b",      /* no quoted-pair has it */
        "a@-" E,
        "a@" E "-",
        "a@" E "..b",
        "a@[" E "]",
        "a@" E " b",
        E8 E8 E8 E8 "a@b",
        "a@" E8 E8 E8 E8 E8 E8 E8 E E E E E E E "a",
        "a@" E8 E8 E8 E8 E8 E8 E8 "." E8 E8 E8 E8 E8 E8 E8 "." E8 E E E E E "a",
    };
    static const char *const names[] = {E, "a." E, "[" E "]"};

    (void)state;
    ACCEPTS(stint_syntax_sender, good);
    ACCEPTS(stint_syntax_recipient, good);
    REFUSES(stint_syntax_sender, bad);
    REFUSES(stint_syntax_mailbox, good);
    REFUSES(stint_syntax_recipient, bad);
    REFUSES(stint_syntax_ehlo_name, names);
    REFUSES(stint_syntax_host, names);
    REFUSES(stint_syntax_address, names);
}

static void postmaster(void **state)
{
    static const char *const spellings[] = {"postmaster", "Postmaster", "POSTMASTER", "pOsTmAsTeR"};
    static const char *const others[] = {"postmaste",   "postmasters", "\"postmaster\"",
                                         "postmaster@", "postmaster ", "postmaster\r\n",
                                         "abuse",       "<postmaster>"};

    (void)state;
    ACCEPTS(stint_syntax_recipient, spellings);
    REFUSES(stint_syntax_mailbox, spellings);
    REFUSES(stint_syntax_recipient, others);
}

/* Where the caller gives no name for EHLO, the port's word is checked like the caller's. */
static void addresses(void **state)
{
    static const char *const good[] = {"192.0.2.1", "IPv6:2001:db8::1", "IPv6:::1", "x-tag:data",
                                       X8 X8 X8 X8 X8 X8 X8 "xxxx"};
    static const char *const bad[] = {"",
                                      "1.2.3.4\r\nQUIT",
                                      "1.2.3.4]",
                                      "[1.2.3.4",
                                      "a b",
                                      "a\n",
                                      "fe80::1%2",
                                      "\xc3\xbc",
                                      X8 X8 X8 X8 X8 X8 X8 "xxxxx",
                                      X64 X64 X64 X64};

    (void)state;
    ACCEPTS(stint_syntax_address, good);
    REFUSES(stint_syntax_address, bad);
}

static void credentials(void **state)
{
    static const char *const good[] = {
        "a",        " ",        "user@example.com", "p\xc3\xa4ss w\xc3\xb6rd",
        "\x80\xff", "~!\"\\<>", X64 X64 X64 X63,
    };
    static const char *const bad[] = {
        "", "a\r\nb", "a\n", "\t", "a\x01", "a\x1f", "a\x7f", X64 X64 X64 X64,
    };

    (void)state;
    ACCEPTS(stint_syntax_user, good);
    REFUSES(stint_syntax_user, bad);
}

/* Whatever is put anywhere into a good string: what passes has neither CR nor LF nor anything else
 * that the wire would take for an end. */
static void no_octet_gets_through_that_ends_a_command(void **state)
{
    static const struct {
        gate passes;
        const char *text;
        const char *allowed; /* beside letters and digits, at any place */
    } gates[] = {
        {stint_syntax_host, "mail.example.com", "-._:%"},
        {stint_syntax_ehlo_name, "mail.example.com", "-."},
        {stint_syntax_ehlo_name, "[IPv6:2001:db8::1]", "-.:"},
        {stint_syntax_mailbox, "first.last@example.com", "!#$%&'*+-/=?^_`{|}~."},
        {stint_syntax_address, "IPv6:2001:db8::1", "-.:"},
        {stint_syntax_recipient, "postmaster", "@!#$%&'*+-/=?^_`{|}~."},
        {stint_syntax_mailbox, "\"first last\"@[192.0.2.1]", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
    };
    char text[64];
    size_t i;
    size_t place;
    int octet;

    (void)state;
    for (i = 0; i < COUNT(gates); i++) {
        for (place = 0; place < strlen(gates[i].text); place++) {
            for (octet = 1; octet < 256; octet++) {
                bool harmless = (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
                                (octet >= 'a' && octet <= 'z') ||
                                strchr(gates[i].allowed, octet) != NULL;

                strcpy(text, gates[i].text);
                text[place] = (char)octet;
                if (!harmless && octet != gates[i].text[place]) {
                    assert_false(gates[i].passes(text));
                }
            }
        }
    }
}

/* Nothing behind a string's end is looked at, whatever it is and wherever it is cut. */
static void nothing_behind_the_end_is_read(void **state)
{
    static const gate gates[] = {stint_syntax_host,    stint_syntax_ehlo_name, stint_syntax_address,
                                 stint_syntax_mailbox, stint_syntax_recipient, stint_syntax_user};
    static const char *const texts[] = {"\"a\\\"b\\\\c\"@[IPv6:2001:db8::1]", "first.last@a-b.c-d",
                                        "postmaster", "localhost", "[1.2.3.4]"};
    struct guard guard;
    size_t i;
    size_t length;
    size_t g;

    (void)state;
    guard_map(&guard, 1);
    for (i = 0; i < COUNT(texts); i++) {
        for (length = 0; length <= strlen(texts[i]); length++) {
            char *copy = (char *)guard.end - length - 1;

            memcpy(copy, texts[i], length);
            copy[length] = '\0';
            for (g = 0; g < COUNT(gates); g++) {
                (void)gates[g](copy);
            }
        }
    }
    guard_unmap(&guard);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts),
        cmocka_unit_test(ehlo_names),
        cmocka_unit_test(mailboxes),
        cmocka_unit_test(international_mailboxes),
        cmocka_unit_test(postmaster),
        cmocka_unit_test(addresses),
        cmocka_unit_test(credentials),
        cmocka_unit_test(no_octet_gets_through_that_ends_a_command),
        cmocka_unit_test(nothing_behind_the_end_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
