/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_FIELDS_H
#define STINT_SRC_FIELDS_H

#include "message/writer.h"
#include "stint/letter.h"

/* Put a field that a letter may have: nothing if there is nothing for it. */

/* `name` with its colon, and mailboxes. */
void stint_put_mailbox_field(struct stint_composer *composer, const char *name,
                             const struct stint_mailbox *list, size_t count);

/* Words in angle brackets, which are never encoded (RFC 5322 3.6.4, RFC 2369 2). */
void stint_put_bracket_field(struct stint_composer *composer, const char *name, const char *text);

/* One that is not of the letter. */
void stint_put_extra_field(struct stint_composer *composer, const struct stint_header *extra);

#endif
