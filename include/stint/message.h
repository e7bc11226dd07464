/* SPDX-License-Identifier: MIT */
#ifndef STINT_MESSAGE_H
#define STINT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/account.h"
#include "stint/source.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Composing: a message is described in a struct and becomes a source like any other. It is made
 * while it is sent, straight into the record, each time in the same octets, and its size is exact.
 *
 * An alert is one call:
 *
 *     static struct stint_alert alert;                   zeroed
 *
 *     alert.message.entropy = port_entropy;              for the Message-ID
 *     alert.message.unix_time = port_unix_time();        for the Date
 *     stint_start(&client, &account,
 *                 stint_alert(&alert, "pump3@example.com", "ops@example.com",
 *                             "Pump 3: 85 °C", "Look at valve 7."),
 *                 now());
 *
 * A message to several, or with names, is described in full:
 *
 *     static const struct stint_mailbox to[] = {{"Grüße, Inc.", "ops@example.com"},
 *                                               {NULL, "log@example.com"}};
 *     static const struct stint_message message = {.from = {"Pump 3", "pump3@example.com"},
 *                                                  .to = {to, 2},
 *                                                  .id = "4711.pump3@example.com",
 *                                                  .subject = "Night report",
 *                                                  .text = "All is well."};
 *     static struct stint_composer composer;
 *
 *     if (stint_compose(&composer, &message) == STINT_MESSAGE_GOOD) {
 *         mail.source = &composer.source;
 *     }
 *
 * Strings are NUL-terminated UTF-8. They stay the caller's, and unchanged while the composer is in
 * use. What is not fit for its place is refused before anything is sent, never altered: no string
 * can end its field or begin another.
 */

/* RFC 5322 3.4: a name, if there is one, and an address. A name is written in quotes, or in encoded
 * words (RFC 2047) where it is not of plain words. */
struct stint_mailbox {
    const char *name; /* NULL or "": none */

    /* local-part@domain (RFC 5321 4.1.2), ASCII: of a domain in other letters the A-labels
     * ("xn--..."); a local part in other letters is refused. */
    const char *address;
};

struct stint_mailboxes {
    const struct stint_mailbox *list;
    uint16_t count;
};

/* Before this no clock was set that is right: 2020-01-01, in seconds since 1970. */
#define STINT_UNIX_TIME_MIN 1577836800U

/* The last second of 2099. */
#define STINT_UNIX_TIME_MAX 4102444799U

/* Octets that a subject, a name or an extra field's text may come to, folded and encoded. */
#define STINT_HEADER_VALUE_MAX 4095

/*
 * A message of text. It says that it is "auto-generated" (RFC 3834), so that no absence notice
 * answers it. Zero it first.
 */
struct stint_message {
    struct stint_mailbox from; /* required */
    struct stint_mailboxes to; /* at least one */

    const char *subject; /* folded, and encoded where it is not of plain words */

    /* The Message-ID (RFC 5322 3.6.4) without its angle brackets, "left@domain": another for each
     * message, but for one that is sent again, because its fate is unknown, the same. NULL: 96 bits
     * by `entropy` at the domain of `from`, the same as long as the composer is. */
    const char *id;

    /* As that of struct stint_tls: fill `buffer` with `length` random octets; returns 1, or 0 if it
     * cannot. Required without `id`. */
    int (*entropy)(void *context, uint8_t *buffer, size_t length);
    void *entropy_context;

    /* Seconds since 1970 in UTC, by a clock that is right, for the Date. 0, or before
     * STINT_UNIX_TIME_MIN or behind STINT_UNIX_TIME_MAX: there is none, and no Date; a submission
     * server adds it (RFC 6409 8.2). */
    uint64_t unix_time;

    /* Plain text, with line ends of any kind and lines of any length; required, may be "". */
    const char *text;
};

/* What is wrong with a message. */
enum stint_message_fault {
    STINT_MESSAGE_GOOD = 0,
    STINT_MESSAGE_MISSING,  /* it is required */
    STINT_MESSAGE_CONTROL,  /* it holds CR, LF, TAB, DEL or another control character */
    STINT_MESSAGE_NOT_UTF8, /* it is not UTF-8 */
    STINT_MESSAGE_TOO_LONG, /* over STINT_HEADER_VALUE_MAX octets, or what else is said there */
    STINT_MESSAGE_SYNTAX,  /* it is not of the form asked for, such as local-part@domain in ASCII */
    STINT_MESSAGE_ENTROPY, /* there is neither `id` nor `entropy`, or `entropy` failed */

    /* of a letter (stint/letter.h) */
    STINT_MESSAGE_RANGE, /* no such zone, author or priority */
    STINT_MESSAGE_TWICE, /* an extra field that a letter has anyhow */
    STINT_MESSAGE_SOURCE /* a part's `read` failed, or had fewer octets than `size` says */
};

/* Where. */
enum stint_message_field {
    STINT_MESSAGE_FROM = 0x10,
    STINT_MESSAGE_TO,
    STINT_MESSAGE_ID,
    STINT_MESSAGE_SUBJECT,
    STINT_MESSAGE_TEXT,

    /* of a letter */
    STINT_MESSAGE_ZONE,
    STINT_MESSAGE_SENDER,
    STINT_MESSAGE_REPLY_TO,
    STINT_MESSAGE_CC,
    STINT_MESSAGE_IN_REPLY_TO,
    STINT_MESSAGE_REFERENCES,
    STINT_MESSAGE_AUTHOR,
    STINT_MESSAGE_PRIORITY,
    STINT_MESSAGE_LIST_UNSUBSCRIBE,
    STINT_MESSAGE_EXTRA,
    STINT_MESSAGE_HTML,
    STINT_MESSAGE_PART
};

/* Private: where a composer stands. It makes a message unit by unit: the header, or a line. */
struct stint_place {
    const char *text; /* what is left of it; NULL: not begun */
    uint32_t offset;
    uint16_t item;
    uint8_t row;
};

struct stint_composer {
    /* For struct stint_mail: rewindable, of exact size, 7-bit. */
    struct stint_source source;

    uint8_t fault; /* enum stint_message_fault; */
    uint8_t field; /* enum stint_message_field that it is about, */
    uint16_t item; /* and which of a list */

    /* Private: src/message/writer.h */
    const struct stint_message *message;
    struct stint_place place; /* of the unit being given out */
    struct stint_place next;  /* of the one behind it */
    size_t taken;             /* octets of the unit that were given out */
    size_t position;          /* octets of it that were made */
    size_t column;            /* of them, behind the last line end */
    size_t room;              /* for octets behind those that were given out */
    uint8_t *end;             /* of that room; NULL: they are only counted */
    void (*unit)(struct stint_composer *composer);
    uint8_t unique[24];
    uint8_t date[7];
};

/*
 * Make `composer->source` read `message`; what the composer held before is gone. Both must stay
 * where they are while the source is in use. Returns STINT_MESSAGE_GOOD, or what is wrong, which
 * `fault`, `field` and `item` say, too; then stint_start refuses the source (STINT_FIELD_SOURCE).
 */
enum stint_message_fault stint_compose(struct stint_composer *composer,
                                       const struct stint_message *message);

/* All there is to an alert. Zero it first. */
struct stint_alert {
    /* Written by Stint: the envelope. */
    struct stint_recipient recipient; /* its `fate` says what became of it */
    struct stint_mailbox to;
    struct stint_mail mail;

    /* Set `entropy` or `id`, and `unix_time`; the rest is written by Stint. */
    struct stint_message message;

    struct stint_composer composer; /* its `fault` says what is wrong */
};

/*
 * An alert as a mail for stint_start, from one address to one other. What must not be sent makes a
 * mail that stint_start refuses.
 */
const struct stint_mail *stint_alert(struct stint_alert *alert, const char *from, const char *to,
                                     const char *subject, const char *text);

/* English for logs: "Subject", and "holds a control character". Never NULL; "?" for a value that
 * does not exist. */
const char *stint_message_field_name(unsigned field);
const char *stint_message_fault_name(unsigned fault);

#ifdef __cplusplus
}
#endif

#endif
