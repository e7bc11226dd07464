/* SPDX-License-Identifier: MIT */
#ifndef CLI_MAILS_H
#define CLI_MAILS_H

#include <stddef.h>

#include "composition.h"
#include "message.h"
#include "options.h"
#include "stint/account.h"

/* A mail: a message, and the envelope for it. */
struct mail {
    struct stint_mail envelope; /* first, so that the library's pointers to it lead here */
    struct message message;
};

/* All mails of one run of the command, each with recipients of its own: what becomes of it for them
 * is written there. Zero it first. */
struct mails {
    struct mail *all;
    size_t count;
    struct addresses from; /* none: the null reverse-path */
    struct addresses to;
    struct stint_mail_parameters parameters;
    const char **originals;         /* that these name */
    struct composition composition; /* of the one that is composed */
};

/* Open and look at every message that `options` name, or compose the one that they describe.
 * Returns an enum status, STATUS_DONE or after a complaint. */
int mails_open(struct mails *mails, const struct options *options);

/* Whose envelope it is. */
const struct mail *mail_of(const struct stint_mail *envelope);

void mails_close(struct mails *mails);

#endif
