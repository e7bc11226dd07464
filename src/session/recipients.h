/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_RECIPIENTS_H
#define STINT_SRC_RECIPIENTS_H

#include "stint/private.h"

/* Whom a transaction is for: everybody who waits, within the server's limits (limits.h). */

/* `state` of struct stint_recipient. */
enum stint_recipient_state {
    STINT_RECIPIENT_WAITS = 0,
    STINT_RECIPIENT_WAITS_AGAIN, /* there was no room for him in the transaction he was asked in */
    STINT_RECIPIENT_ASKED,       /* in this transaction; not answered */
    STINT_RECIPIENT_TAKEN,       /* the server said 2yz */
    STINT_RECIPIENT_REFUSED,     /* 4yz or 5yz, for good */
    STINT_RECIPIENT_SETTLED,     /* in an earlier transaction */
    STINT_RECIPIENT_LEFT_OUT     /* never to be asked */
};

static inline bool stint_recipient_waits(const struct stint_recipient *recipient)
{
    return recipient->state <= STINT_RECIPIENT_WAITS_AGAIN;
}

/* A transaction for `mail` begins: nobody is asked, and what those who wait were told before has
 * decided nothing. */
void stint_recipients_start(struct stint_session *session, const struct stint_mail *mail);

/* The writer moves to the next recipient to ask, from where it stands on. Returns false if there is
 * none in this transaction. */
bool stint_recipients_ask(struct stint_session *session);

/* The reader moves to the next recipient asked. Returns false if it stood at the last one. */
bool stint_recipients_follow(struct stint_session *session);

#endif
