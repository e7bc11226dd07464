/* SPDX-License-Identifier: MIT */
#include "message/fields.h"

#include "message/utf8.h"
#include "message/words.h"

#include <string.h>

/* Octets of an extra field's name, so that any word has room behind it. */
#define NAME_LIMIT 64

/* So a line with the longest one has less than 998 octets (RFC 5322 2.1.1). */
#define BRACKETS_LIMIT 900

static bool is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

void stint_put_mailbox_field(struct stint_composer *composer, const char *name,
                             const struct stint_mailbox *list, size_t count)
{
    if (count > 0) {
        stint_put_string(composer, name);
        stint_put_mailboxes(composer, list, count);
        stint_put_line_end(composer);
    }
}

/* "<", printable ASCII, ">", and perhaps a comma. */
static enum stint_message_fault bracket_fault(const char *word, size_t length)
{
    size_t i;

    for (i = 1; i < length && word[i] > ' ' && word[i] <= '~'; i++) {
    }
    length -= length > 0 && word[length - 1] == ',';
    if (length < 3 || i < length || word[0] != '<' || word[length - 1] != '>') {
        return STINT_MESSAGE_SYNTAX;
    }
    return length > BRACKETS_LIMIT ? STINT_MESSAGE_TOO_LONG : STINT_MESSAGE_GOOD;
}

void stint_put_bracket_field(struct stint_composer *composer, const char *name, const char *text)
{
    size_t length;

    if (is_empty(text)) {
        return;
    }
    stint_put_string(composer, name);
    composer->fault = (uint8_t)stint_utf8_fault(text, ' ');
    while (composer->fault == STINT_MESSAGE_GOOD) {
        for (length = 0; text[length] != ' ' && text[length] != '\0'; length++) {
        }
        composer->fault = (uint8_t)bracket_fault(text, length);
        stint_put_space(composer, length);
        stint_put(composer, text, length);
        text += length;
        if (*text++ == '\0') {
            break;
        }
    }
    stint_put_line_end(composer);
}

/* Does `name` begin with `known`, in any case of letters? */
static bool begins(const char *name, const char *known)
{
    while (*known != '\0' && (*name | 0x20) == (*known | 0x20)) {
        name++;
        known++;
    }
    return *known == '\0';
}

/* RFC 5322 3.6: most fields may be there but once. The trace fields are not the author's, and Bcc
 * is nobody's to read. */
static bool is_taken(const char *name)
{
    static const char taken[] =
        "Date\0From\0Sender\0Reply-To\0To\0Cc\0Bcc\0Message-ID\0In-Reply-To\0"
        "References\0Subject\0Auto-Submitted\0Importance\0X-Priority\0"
        "List-Unsubscribe\0MIME-Version\0Return-Path\0Received\0";
    const char *known;

    for (known = taken; *known != '\0'; known += strlen(known) + 1) {
        if (begins(name, known) && name[strlen(known)] == '\0') {
            return true;
        }
    }
    return begins(name, "Content-");
}

static enum stint_message_fault name_fault(const char *name)
{
    size_t i;

    if (is_empty(name)) {
        return STINT_MESSAGE_MISSING;
    }
    for (i = 0; name[i] > ' ' && name[i] <= '~' && name[i] != ':'; i++) {
    }
    if (name[i] != '\0') {
        return STINT_MESSAGE_SYNTAX;
    }
    if (i > NAME_LIMIT) {
        return STINT_MESSAGE_TOO_LONG;
    }
    return is_taken(name) ? STINT_MESSAGE_TWICE : STINT_MESSAGE_GOOD;
}

void stint_put_extra_field(struct stint_composer *composer, const struct stint_header *extra)
{
    composer->fault = (uint8_t)name_fault(extra->name);
    if (composer->fault == STINT_MESSAGE_GOOD && !is_empty(extra->text)) {
        stint_put_string(composer, extra->name);
        stint_put_char(composer, ':');
        stint_put_text(composer, extra->text);
        stint_put_line_end(composer);
    }
}
