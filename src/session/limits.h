/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_LIMITS_H
#define STINT_SRC_LIMITS_H

#include "stint/config.h"
#include "stint/private.h"

/*
 * A server may take only so many recipients and mails, and say so beforehand (LIMITS, RFC 9422) or
 * when there is one too many (452, RFC 5321 4.5.3.1.10). Whom a transaction has no room for waits
 * for another one of the same mail. May be left out (STINT_LIMITS): then everybody is asked once.
 */

#if STINT_LIMITS

/* May there be another transaction in this session? */
bool stint_limits_allow_transaction(const struct stint_session *session);

/* Is there anybody to ask in a transaction for `mail`? */
bool stint_limits_allow_mail(const struct stint_session *session, const struct stint_mail *mail);

/* May this recipient be asked in this transaction? Then he will be. */
bool stint_limits_allow_recipient(struct stint_session *session, const struct stint_mail *mail,
                                  uint16_t index);

/* Does the reply just read, a refusal, mean that there were too many for this transaction? */
bool stint_limits_were_exceeded(const struct stint_session *session);

/* Does anybody wait for another transaction of `mail`? */
bool stint_limits_left_some(const struct stint_mail *mail);

/* Is there to be one for the reader's mail? */
bool stint_limits_split(const struct stint_session *session);

#else

static inline bool stint_limits_allow_transaction(const struct stint_session *session)
{
    (void)session;
    return true;
}

static inline bool stint_limits_allow_mail(const struct stint_session *session,
                                           const struct stint_mail *mail)
{
    (void)session, (void)mail;
    return true;
}

static inline bool stint_limits_allow_recipient(const struct stint_session *session,
                                                const struct stint_mail *mail, uint16_t index)
{
    (void)session, (void)mail, (void)index;
    return true;
}

static inline bool stint_limits_were_exceeded(const struct stint_session *session)
{
    (void)session;
    return false;
}

static inline bool stint_limits_left_some(const struct stint_mail *mail)
{
    (void)mail;
    return false;
}

static inline bool stint_limits_split(const struct stint_session *session)
{
    (void)session;
    return false;
}

#endif

#endif
