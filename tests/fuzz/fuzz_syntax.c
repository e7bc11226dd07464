/* SPDX-License-Identifier: MIT */

/*
 * The gate for the caller's strings.
 *
 * Input: the string.
 * Promise: what passes holds no octet that could end a command, an argument or a path, and keeps
 * within RFC 5321's lengths.
 */

#include "fuzz.h"

#include "session/syntax.h"
#include "tls/address.h"

/* Printable ASCII only, and what may be UTF-8 if `utf8`: so neither CR nor LF, and nothing that a
 * server could take for one. */
static bool is_printable(const char *text, size_t length, bool utf8)
{
    size_t i;

    for (i = 0; i < length; i++) {
        bool may_be_utf8 = utf8 && ((uint8_t)text[i] & 0x80) != 0;

        if (!may_be_utf8 && (text[i] < ' ' || text[i] > '~')) {
            return false;
        }
    }
    return true;
}

/* Is there none of `set`? Between quotes it may stand, if `quotes`. */
static bool is_free_of(const char *text, const char *set, bool quotes)
{
    bool quoted = false;

    for (; *text != '\0'; text++) {
        if (quotes && quoted && *text == '\\') {
            text++;
            PROMISE(*text != '\0');
        } else if (quotes && *text == '"') {
            quoted = !quoted;
        } else if (!quoted && strchr(set, *text) != NULL) {
            return false;
        }
    }
    return !quoted;
}

static void check_word(const char *text, size_t length, size_t longest, bool utf8)
{
    PROMISE(length >= 1 && length <= longest);
    PROMISE(is_printable(text, length, utf8));
    PROMISE(is_free_of(text, " <>\"\\()@,;", false));
}

static void check_mailbox(const char *text, size_t length, bool utf8)
{
    const char *domain = strrchr(text, '@');

    PROMISE(length >= 3 && length <= 254);
    PROMISE(is_printable(text, length, utf8));
    PROMISE(is_free_of(text, " <>\\(),;:", true) || strchr(domain, '[') != NULL);
    PROMISE(is_free_of(text, " <>\\(),;", true));
    PROMISE(domain != NULL && domain - text >= 1 && domain - text <= 64);
    check_word(domain + 1, length - (size_t)(domain + 1 - text), 255, utf8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = exact_string(data, size);
    size_t length = strlen(text);
    uint8_t address[16];
    uint8_t octets;

    if (stint_syntax_host(text)) {
        check_word(text, length, 255, false);
        octets = stint_address(text, address);
        PROMISE(octets == 0 || octets == 4 || octets == 16);
        PROMISE(octets != 16 || strchr(text, ':') != NULL);
    }
    if (stint_syntax_ehlo_name(text)) {
        check_word(text, length, 255, false);
        PROMISE((text[0] == '[') == (text[length - 1] == ']'));
    }
    if (stint_syntax_address(text)) {
        check_word(text, length, 60, false);
        PROMISE(is_free_of(text, "[]", false));
    }
    if (stint_syntax_mailbox(text)) {
        check_mailbox(text, length, false);
        PROMISE(stint_syntax_sender(text));
    }
    if (stint_syntax_sender(text)) {
        check_mailbox(text, length, true);
        PROMISE(stint_syntax_recipient(text));
    } else if (stint_syntax_recipient(text)) {
        check_word(text, length, strlen("postmaster"), false);
    }
    if (stint_syntax_user(text)) { /* leaves in base64 only; UTF-8 */
        PROMISE(length >= 1 && length <= 255);
        PROMISE(strpbrk(text, "\r\n\t\x01\x1F\x7F") == NULL);
    }
    free(text);
    return 0;
}
