/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_OUTCOME_H
#define STINT_SRC_OUTCOME_H

#include "stint/config.h"
#include "stint/private.h"

/*
 * What the caller is told: the first error, the reply that counts and its text, and every
 * recipient's fate.
 */

/* Nothing has happened to the mail (NULL: none): no error, nothing accepted. */
void stint_outcome_start(struct stint_result *result, const struct stint_mail *mail);

/* The caller has taken the result; from here on it is about the mail where the reader stands. */
void stint_outcome_next(struct stint_session *session);

/* Nothing has happened to its recipients. */
void stint_outcome_forget_recipients(const struct stint_mail *mail);

/* A reply is about to be read. */
void stint_outcome_reply_start(struct stint_session *session);

/* An octet of its text, or LF between its lines; the code is known. */
void stint_outcome_text(struct stint_session *session, uint8_t octet);

/* The text of the reply just read is base64: tell what it stands for (RFC 4954 4). */
#if STINT_SASL_COMPUTES || STINT_OAUTH
void stint_outcome_decode_text(struct stint_session *session);
#else
static inline void stint_outcome_decode_text(struct stint_session *session)
{
    (void)session;
}
#endif

/* The reply is complete: keep its code if it counts. */
void stint_outcome_reply_end(struct stint_session *session);

/* The reply just read does not count after all. */
void stint_outcome_forget_latest(struct stint_session *session);

/* The reply kept so far is not what went wrong. */
void stint_outcome_forget_reply(struct stint_session *session);

/* Something went wrong. Only the first time counts. */
void stint_outcome_fault(struct stint_session *session, enum stint_error error,
                         enum stint_stage stage);

/* The transaction is over. The recipients that RCPT accepted share this fate, decided by the reply
 * just read (NULL: by none); if it is unknown, so do those whose reply to RCPT was not read. */
void stint_outcome_settle(struct stint_session *session, enum stint_fate fate,
                          const struct stint_reply *reply);

/* The mail is over. What the recipients were told is its error, if nothing worse happened. */
void stint_outcome_conclude(struct stint_session *session);

#endif
