/* SPDX-License-Identifier: MIT */
#include "session/syntax.h"

#include "session/international.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if STINT_SYNTAX

#define HOST_MAX       255U
#define LOCAL_PART_MAX 64U
#define DOMAIN_MAX     255U
#define MAILBOX_MAX    254U /* a path has 256 with its angle brackets */
#define LABEL_MAX      63U
#define ADDRESS_MAX    60U
#define USER_MAX       255U

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool among(char c, const char *set)
{
    for (; *set != '\0'; set++) {
        if (*set == c) {
            return true;
        }
    }
    return false;
}

/* RFC 5321 4.1.2 atext, RFC 6531 3.3. */
static bool is_atext(char c)
{
    return is_alnum(c) || stint_international_octet(c) || among(c, "!#$%&'*+-/=?^_`{|}~");
}

static bool equal_ignoring_case(const char *text, const char *lower)
{
    while (*lower != '\0' && (*text | 0x20) == *lower) {
        text++;
        lower++;
    }
    return *lower == '\0' && *text == '\0';
}

bool stint_syntax_host(const char *host)
{
    size_t i;

    for (i = 0; host[i] != '\0'; i++) {
        if (i == HOST_MAX || !(is_alnum(host[i]) || among(host[i], "-._:%"))) {
            return false;
        }
    }
    return i > 0;
}

/* Of a label, but for hyphens: RFC 5321 4.1.2 Let-dig, RFC 6531 3.3 U-Label. */
static bool is_letter(char c)
{
    return is_alnum(c) || stint_international_octet(c);
}

/* A U-label may have more octets than its A-label, but not more characters. */
static bool is_character(char c)
{
    return !stint_international_octet(c) || ((uint8_t)c & 0xC0) != 0x80;
}

/* RFC 5321 4.1.2 Domain: labels of letters, digits and inner hyphens, between single dots. */
static bool is_domain(const char *domain, size_t length)
{
    size_t label = 0;
    size_t i;

    for (i = 0; i < length; i++) {
        if (domain[i] == '.') {
            if (label == 0 || domain[i - 1] == '-') {
                return false;
            }
            label = 0;
        } else if (!is_letter(domain[i]) && (domain[i] != '-' || label == 0)) {
            return false;
        } else if ((label += is_character(domain[i])) > LABEL_MAX) {
            return false;
        }
    }
    return label > 0 && domain[length - 1] != '-' && length <= DOMAIN_MAX;
}

/* The address itself is for the server to judge; here only its characters count. */
static bool is_address(const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (!is_alnum(text[i]) && !among(text[i], "-.:")) {
            return false;
        }
    }
    return length > 0;
}

/* RFC 5321 4.1.3: "[192.0.2.1]", "[IPv6:2001:db8::1]", "[tag:...]". */
static bool is_literal(const char *text, size_t length)
{
    return length >= 2 && length <= DOMAIN_MAX && text[0] == '[' && text[length - 1] == ']' &&
           is_address(text + 1, length - 2);
}

bool stint_syntax_address(const char *address)
{
    size_t length = strlen(address);

    return length <= ADDRESS_MAX && is_address(address, length);
}

static bool is_international(const char *name)
{
    while (*name != '\0' && !stint_international_octet(*name)) {
        name++;
    }
    return *name != '\0';
}

/* RFC 6531 3.7.1: before EHLO nobody knows whether the server takes UTF-8. */
bool stint_syntax_ehlo_name(const char *name)
{
    size_t length = strlen(name);

    return is_literal(name, length) || (is_domain(name, length) && !is_international(name) &&
                                        !equal_ignoring_case(name, "localhost"));
}

/* RFC 5321 4.1.2 Dot-string. Returns its length, 0 if there is none. */
static size_t dot_string(const char *text)
{
    size_t n = 0;

    for (;;) {
        if (!is_atext(text[n])) {
            return 0;
        }
        while (is_atext(text[n])) {
            n++;
        }
        if (text[n] != '.') {
            return n;
        }
        n++;
    }
}

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

/* RFC 5321 4.1.2 Quoted-string, RFC 6531 3.3: no quoted-pair is UTF-8. Returns its length with
 * quotes, 0 if there is none. */
static size_t quoted_string(const char *text)
{
    size_t n = 1;

    while (text[n] != '"') {
        if (text[n] == '\\') {
            n++;
        } else if (stint_international_octet(text[n])) {
            n++;
            continue;
        }
        if (!is_printable(text[n])) {
            return 0;
        }
        n++;
    }
    return n + 1;
}

static bool is_mailbox(const char *mailbox)
{
    size_t local = mailbox[0] == '"' ? quoted_string(mailbox) : dot_string(mailbox);
    const char *domain;
    size_t length;

    if (local == 0 || local > LOCAL_PART_MAX || mailbox[local] != '@') {
        return false;
    }
    domain = mailbox + local + 1;
    length = strlen(domain);
    return local + 1 + length <= MAILBOX_MAX &&
           (is_domain(domain, length) || is_literal(domain, length));
}

bool stint_syntax_mailbox(const char *mailbox)
{
    return !is_international(mailbox) && is_mailbox(mailbox);
}

bool stint_syntax_sender(const char *sender)
{
    return is_mailbox(sender) && stint_international_is_sound(sender);
}

bool stint_syntax_recipient(const char *recipient)
{
    return equal_ignoring_case(recipient, "postmaster") || stint_syntax_sender(recipient);
}

bool stint_syntax_user(const char *user)
{
    size_t i;

    for (i = 0; user[i] != '\0'; i++) {
        if (i == USER_MAX || (uint8_t)user[i] < ' ' || user[i] == 0x7F) {
            return false;
        }
    }
    return i > 0;
}

#endif
