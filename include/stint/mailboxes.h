/* SPDX-License-Identifier: MIT */
#ifndef STINT_MAILBOXES_H
#define STINT_MAILBOXES_H

#include <stddef.h>

#include "stint/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Mailboxes as people write them: `Ops <ops@example.com>, "Grüße, Inc." <info@example.com>,
 * x@y.example`.
 *
 *     char list[] = "Ops <ops@example.com>, log@example.com";
 *     struct stint_mailbox to[4];
 *     struct stint_mailboxes_error error;
 *     size_t count = stint_mailboxes_parse(list, to, 4, &error);
 */

/* What is wrong with a list. */
enum stint_mailboxes_fault {
    STINT_MAILBOXES_GOOD = 0,
    STINT_MAILBOXES_EMPTY,     /* there is no mailbox, or none between two commas */
    STINT_MAILBOXES_ADDRESS,   /* what should be an address is not of the form local-part@domain */
    STINT_MAILBOXES_NOT_ASCII, /* an address is not ASCII: write its domain as A-labels ("xn--...")
                                */
    STINT_MAILBOXES_QUOTE,     /* a quoted name or local part has no end */
    STINT_MAILBOXES_BRACKET,   /* a "<" has no ">" */
    STINT_MAILBOXES_NAME,      /* a name holds what stands only in quotes: ( ) < > @ ; : , " */
    STINT_MAILBOXES_CONTROL,   /* there is a control character, or a name is not UTF-8 */
    STINT_MAILBOXES_MANY       /* there are more than `most` */
};

struct stint_mailboxes_error {
    enum stint_mailboxes_fault fault;
    size_t offset; /* in the list, of what it is about */
};

/*
 * Parse `list` (RFC 5322 3.4, without groups and comments) into at most `most` mailboxes, which
 * point into it: it is written to, and must stay. Returns how many there are; 0 if something is
 * wrong, which `error` says, that may be NULL.
 */
size_t stint_mailboxes_parse(char *list, struct stint_mailbox *mailboxes, size_t most,
                             struct stint_mailboxes_error *error);

/* English for logs: "is no address". Never NULL; "?" for a value that does not exist. */
const char *stint_mailboxes_fault_name(unsigned fault);

#ifdef __cplusplus
}
#endif

#endif
