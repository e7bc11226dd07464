/* SPDX-License-Identifier: MIT */
#include "message/words.h"

#include "message/quoted.h"
#include "message/utf8.h"
#include "session/syntax.h"

#include <string.h>

/* Octets of a word that fits into a line behind the longest name of a field. */
#define WORD_MAX 64U

/* Octets of the word that `text` begins with; 0 if it cannot stand as it is. Then the string is
 * encoded: for a letter, or for something quoted in quotes; for "=?", which would be taken for an
 * encoded word, even in quotes; for a word that is too long, or not there, as spaces may not last
 * at the ends, nor several in a row. */
static size_t word_length(const char *text, bool quoted)
{
    size_t n;

    for (n = 0; text[n] != ' ' && text[n] != '\0'; n++) {
        if (n == WORD_MAX || (uint8_t)text[n] > '~' || (text[n] == '=' && text[n + 1] == '?') ||
            (quoted && (text[n] == '"' || text[n] == '\\'))) {
            return 0;
        }
    }
    return n;
}

/* Returns false if the string must be encoded. */
static bool put_plain(struct stint_composer *composer, const char *text, bool quoted)
{
    const char *begin = text;
    size_t length;

    while ((length = word_length(text, quoted)) > 0) {
        stint_put_space(composer, length + 2);
        if (quoted && text == begin) {
            stint_put_char(composer, '"');
        }
        stint_put(composer, text, length);
        text += length;
        if (*text++ == '\0') {
            if (quoted) {
                stint_put_char(composer, '"');
            }
            return true;
        }
    }
    return false;
}

void stint_put_words(struct stint_composer *composer, const char *text, bool quoted)
{
    size_t position = composer->position;
    size_t column = composer->column;

    if (text == NULL || *text == '\0') {
        return;
    }
    composer->fault = (uint8_t)stint_utf8_fault(text, ' ');
    if (composer->fault == STINT_MESSAGE_GOOD && !put_plain(composer, text, quoted)) {
        composer->position = position;
        composer->column = column;
        stint_put_encoded_words(composer, text);
    }
    if (composer->position - position > STINT_HEADER_VALUE_MAX) {
        composer->fault = STINT_MESSAGE_TOO_LONG;
    }
}

static void put_mailbox(struct stint_composer *composer, const struct stint_mailbox *mailbox)
{
    const char *address = mailbox->address;

    stint_put_words(composer, mailbox->name, true);
    if (address == NULL || !stint_syntax_mailbox(address)) {
        composer->fault = STINT_MESSAGE_SYNTAX;
        return;
    }
    stint_put_space(composer, strlen(address) + sizeof "<>," - 1);
    stint_put_char(composer, '<');
    stint_put_string(composer, address);
    stint_put_char(composer, '>');
}

void stint_put_mailboxes(struct stint_composer *composer, const struct stint_mailbox *list,
                         size_t count)
{
    size_t i;

    if (count == 0) {
        composer->fault = STINT_MESSAGE_MISSING;
    }
    for (i = 0; i < count && composer->fault == STINT_MESSAGE_GOOD; i++) {
        if (i > 0) {
            stint_put_char(composer, ',');
        }
        composer->item = (uint16_t)i;
        put_mailbox(composer, &list[i]);
    }
}
