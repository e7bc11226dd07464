/* SPDX-License-Identifier: MIT */
#include "stint/letter.h"

#include <string.h>

static size_t add(struct stint_recipient *recipients, size_t most, size_t n,
                  const struct stint_mailboxes *mailboxes)
{
    uint16_t i;

    for (i = 0; i < mailboxes->count; i++, n++) {
        if (n < most) {
            memset(&recipients[n], 0, sizeof recipients[n]);
            recipients[n].address = mailboxes->list[i].address;
        }
    }
    return n;
}

size_t stint_letter_recipients(const struct stint_letter *letter,
                               struct stint_recipient *recipients, size_t most)
{
    size_t n = add(recipients, most, 0, &letter->message.to);

    n = add(recipients, most, n, &letter->cc);
    return add(recipients, most, n, &letter->bcc);
}
