/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_MAILS_H
#define STINT_SRC_MAILS_H

#include "session/order.h"
#include "stint/config.h"
#include "stint/private.h"

/*
 * Several mails in one session. Each has a result of its own, which the caller is given before the
 * next one's begins. May be left out (STINT_MAILS): then QUIT follows the first.
 */

#if STINT_MAILS

/* The writer has written the message of a mail that nobody waits for: what comes behind it? */
void stint_mails_leave(struct stint_session *session);

/* Behind it another mail's command was written: the reader moves there. */
void stint_mails_follow(struct stint_session *session);

/* The result of the reader's mail is complete. */
void stint_mails_report(struct stint_session *session);

/* Is it, and the session goes on? The caller takes it until the next step. */
bool stint_mails_one_is_done(const struct stint_session *session);

/* At each step: the caller has taken it; if there was nothing to do, there may be another mail. */
void stint_mails_continue(struct stint_session *session);

/* Is there nothing to do until another mail comes? */
bool stint_mails_are_awaited(const struct stint_session *session);

/* None will. */
void stint_mails_end(struct stint_session *session);

/* The session is over: nobody got those behind `mail` (NULL: none). */
void stint_mails_forget_behind(const struct stint_mail *mail);

#else

static inline void stint_mails_leave(struct stint_session *session)
{
    session->writer.row = ROW_QUIT;
}

static inline void stint_mails_follow(struct stint_session *session)
{
    (void)session;
}

static inline void stint_mails_report(struct stint_session *session)
{
    if (session->reader.row == ROW_IDLE) {
        stint_order_turn(session, ROW_QUIT);
    }
}

static inline bool stint_mails_one_is_done(const struct stint_session *session)
{
    (void)session;
    return false;
}

static inline void stint_mails_continue(struct stint_session *session)
{
    (void)session;
}

static inline bool stint_mails_are_awaited(const struct stint_session *session)
{
    (void)session;
    return false;
}

static inline void stint_mails_end(struct stint_session *session)
{
    (void)session;
}

static inline void stint_mails_forget_behind(const struct stint_mail *mail)
{
    (void)mail;
}

#endif

#endif
