/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_WORDS_H
#define STINT_SRC_WORDS_H

#include "message/writer.h"

/*
 * The caller's strings in a field: folded, encoded where they must be, and refused where they are
 * not fit for it. Each begins with the space in front of it.
 */

/* A string of words, or nothing if it is NULL or empty: unstructured text (RFC 5322 3.2.5), or, if
 * `quoted`, a phrase (3.2.5), in quotes. */
void stint_put_words(struct stint_composer *composer, const char *text, bool quoted);

static inline void stint_put_text(struct stint_composer *composer, const char *text)
{
    stint_put_words(composer, text, false);
}

/* Mailboxes (RFC 5322 3.4), of which there must be one at least. */
void stint_put_mailboxes(struct stint_composer *composer, const struct stint_mailbox *list,
                         size_t count);

#endif
