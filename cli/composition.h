/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMPOSITION_H
#define CLI_COMPOSITION_H

#include "addresses.h"
#include "attachments.h"
#include "message.h"
#include "options.h"

#include "stint/letter.h"

/* The letter that the options describe. Zero it first, and do not copy it once it is open. */
struct composition {
    struct stint_letter letter;
    struct stint_letter_composer composer;
    struct message *message; /* that it is the source of */

    const struct addresses *from;
    const struct addresses *to;
    struct addresses cc, bcc, reply_to;
    struct attachments attachments;
    struct stint_header *headers;
    char **header_texts; /* that these point into */
    size_t header_count;
    char *html;
    char *text; /* if it is flowed */
};

/* Compose `message`, which is of this as long as it is used, from one address to others. Returns an
 * enum status, STATUS_DONE or after a complaint. */
int composition_open(struct composition *composition, const struct options *options,
                     const struct addresses *from, const struct addresses *to,
                     struct message *message);

/* To, Cc and Bcc, each address once: memory that is the caller's to free, and how many there are in
 * it. NULL if there is no memory. */
struct stint_recipient *composition_recipients(const struct composition *composition,
                                               size_t *count);

void composition_close(struct composition *composition);

#endif
