/* SPDX-License-Identifier: MIT */
#ifndef CLI_ADDRESSES_H
#define CLI_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

#include "stint/mailboxes.h"

/* The mailboxes of an option: each of its values is a list. Zero it first. */
struct addresses {
    struct stint_mailbox *list;
    uint16_t count;
    char **texts; /* that the list points into */
    size_t text_count;
};

/* `international`: may a local part be in other letters than ASCII (RFC 6531)? Returns an enum
 * status, STATUS_DONE or after a complaint. */
int addresses_read(struct addresses *addresses, const char *option, const struct values *values,
                   bool international);

struct stint_mailboxes addresses_of(const struct addresses *addresses);

void addresses_free(struct addresses *addresses);

#endif
