/* SPDX-License-Identifier: MIT */
#include "stint/mailboxes.h"

#include "message/utf8.h"
#include "session/syntax.h"

#include <stdbool.h>
#include <string.h>

/* One mailbox of the list, in the list. */
struct piece {
    char *begin;
    char *open;  /* its "<"; NULL: none */
    char *close; /* the ">" */
    char *end;   /* the comma behind it, or the NUL */
    char *fault; /* where the fault is */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static char *skip_space(char *c)
{
    while (is_space(*c)) {
        c++;
    }
    return c;
}

/* Cut off the space in front of `end`. */
static void trim(const char *begin, char *end)
{
    while (end > begin && is_space(end[-1])) {
        end--;
    }
    *end = '\0';
}

/* The quote that ends what the one at `c` begins (RFC 5322 3.2.4); NULL: there is none. */
static char *closing_quote(char *c)
{
    for (c++; *c != '"'; c++) {
        if (*c == '\\' && c[1] != '\0') {
            c++;
        } else if (*c == '\0') {
            return NULL;
        }
    }
    return c;
}

/* Find the brackets and the end of the mailbox at `piece->begin`. */
static enum stint_mailboxes_fault divide(struct piece *piece)
{
    char *c;

    piece->open = NULL;
    piece->close = NULL;
    for (c = piece->begin; *c != '\0' && (*c != ',' || (piece->open && !piece->close)); c++) {
        if (*c == '"') {
            piece->fault = c;
            c = closing_quote(c);
            if (c == NULL) {
                return STINT_MAILBOXES_QUOTE;
            }
        } else if (*c == '<' && piece->open == NULL) {
            piece->open = c;
        } else if (*c == '>' && piece->open != NULL && piece->close == NULL) {
            piece->close = c;
        }
    }
    piece->end = c;
    piece->fault = piece->open;
    return piece->open != NULL && piece->close == NULL ? STINT_MAILBOXES_BRACKET
                                                       : STINT_MAILBOXES_GOOD;
}

/* RFC 5322 3.2.3 specials, but the dot, which many names have. */
static bool is_special(char c)
{
    return c != '\0' && memchr("()<>[]:;@\\,", c, 11) != NULL;
}

/* What stands between `name` and `end`, without its quotes. */
static enum stint_mailboxes_fault take_name(struct piece *piece, char *name, const char *end)
{
    char *to = name;
    char *c;
    bool quoted = false;

    for (c = name; c < end; c++) {
        piece->fault = c;
        if (*c == '"') {
            quoted = !quoted;
            continue;
        }
        if (!quoted && is_special(*c)) {
            return STINT_MAILBOXES_NAME;
        }
        c += quoted && *c == '\\';
        *to++ = *c;
    }
    trim(name, to);
    piece->fault = name;
    return stint_utf8_fault(name, ' ') == STINT_MESSAGE_GOOD ? STINT_MAILBOXES_GOOD
                                                             : STINT_MAILBOXES_CONTROL;
}

static enum stint_mailboxes_fault take_address(struct piece *piece, char *address, char *end)
{
    const char *c;

    trim(address, end);
    piece->fault = address;
    if (stint_syntax_mailbox(address)) {
        return STINT_MAILBOXES_GOOD;
    }
    for (c = address; *c > 0 && (uint8_t)*c < 0x80; c++) {
    }
    return *c == '\0' ? STINT_MAILBOXES_ADDRESS : STINT_MAILBOXES_NOT_ASCII;
}

/* Name and address, or an address alone. */
static enum stint_mailboxes_fault take(struct piece *piece, struct stint_mailbox *mailbox)
{
    enum stint_mailboxes_fault fault;

    piece->fault = piece->begin;
    if (piece->begin == piece->end) {
        return STINT_MAILBOXES_EMPTY;
    }
    if (piece->open == NULL) {
        mailbox->name = NULL;
        mailbox->address = piece->begin;
        return take_address(piece, piece->begin, piece->end);
    }
    piece->fault = skip_space(piece->close + 1);
    if (piece->fault != piece->end) {
        return STINT_MAILBOXES_ADDRESS;
    }
    mailbox->name = piece->begin < piece->open ? piece->begin : NULL;
    mailbox->address = skip_space(piece->open + 1);
    fault = take_address(piece, skip_space(piece->open + 1), piece->close);
    return fault != STINT_MAILBOXES_GOOD ? fault : take_name(piece, piece->begin, piece->open);
}

size_t stint_mailboxes_parse(char *list, struct stint_mailbox *mailboxes, size_t most,
                             struct stint_mailboxes_error *error)
{
    struct piece piece = {.end = list};
    enum stint_mailboxes_fault fault;
    size_t count = 0;
    bool more = true;

    do {
        piece.begin = skip_space(piece.end + (count > 0));
        fault = divide(&piece);
        if (fault == STINT_MAILBOXES_GOOD && count == most) {
            piece.fault = piece.begin;
            fault = STINT_MAILBOXES_MANY;
        }
        if (fault == STINT_MAILBOXES_GOOD) {
            more = *piece.end == ',';
            fault = take(&piece, &mailboxes[count++]);
        }
    } while (fault == STINT_MAILBOXES_GOOD && more);
    if (error != NULL) {
        error->fault = fault;
        error->offset = fault != STINT_MAILBOXES_GOOD ? (size_t)(piece.fault - list) : 0;
    }
    return fault == STINT_MAILBOXES_GOOD ? count : 0;
}

const char *stint_mailboxes_fault_name(unsigned fault)
{
    static const char *const names[] = {
        [STINT_MAILBOXES_GOOD] = "good",
        [STINT_MAILBOXES_EMPTY] = "an address is missing",
        [STINT_MAILBOXES_ADDRESS] = "is no address of the form local-part@domain",
        [STINT_MAILBOXES_NOT_ASCII] = "is an address that is not ASCII",
        [STINT_MAILBOXES_QUOTE] = "begins a quote that has no end",
        [STINT_MAILBOXES_BRACKET] = "has no \">\"",
        [STINT_MAILBOXES_NAME] = "stands in a name only in quotes",
        [STINT_MAILBOXES_CONTROL] = "holds a control character, or is not UTF-8",
        [STINT_MAILBOXES_MANY] = "is one too many",
    };

    return fault < sizeof names / sizeof names[0] ? names[fault] : "?";
}
