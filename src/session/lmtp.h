/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_LMTP_H
#define STINT_SRC_LMTP_H

#include "session/command.h"
#include "session/order.h"
#include "stint/config.h"
#include "stint/private.h"

/*
 * LMTP (RFC 2033): SMTP to where mail is kept, not passed on. Behind a message the server says of
 * each recipient that it took what became of it for him, in the order of their RCPTs. May be left
 * out (STINT_LMTP): then an account that asks for it is refused.
 *
 * As so many replies come behind a message, nothing else is written there before they are in; and
 * BDAT waits until it is known who was taken.
 */

static inline bool stint_lmtp_is_spoken(const struct stint_session *session)
{
    return STINT_LMTP && session->account->lmtp;
}

/* Instead of EHLO (RFC 2033 4.1). */
#define STINT_LHLO_COMMAND "LHLO " STINT_EHLO_NAME "\r\n"

#if STINT_LMTP

/* RFC 2033 5: not on SMTP's port; and it has none of its own. */
static inline bool stint_lmtp_is_sound(const struct stint_account *account)
{
    return !account->lmtp || (account->port != 0 && account->port != 25);
}

/* Is the reply that is read about one of the recipients (RFC 2033 4.2)? Not one to a chunk before
 * the last, nor one that came too early. */
static inline bool stint_lmtp_is_of_recipient(const struct stint_session *session)
{
    return stint_lmtp_is_spoken(session) && stint_order_is_content(session->reader.row) &&
           session->content_ended && session->began_in_time;
}

/* Whom the reply that is read is about, if it is about one. */
uint16_t stint_lmtp_recipient(const struct stint_session *session);

/* A reply behind the message is settled. Does it await another one? */
bool stint_lmtp_awaits_another(struct stint_session *session);

#else

static inline bool stint_lmtp_is_sound(const struct stint_account *account)
{
    return !account->lmtp;
}

static inline bool stint_lmtp_is_of_recipient(const struct stint_session *session)
{
    (void)session;
    return false;
}

static inline uint16_t stint_lmtp_recipient(const struct stint_session *session)
{
    return session->reader.recipient;
}

static inline bool stint_lmtp_awaits_another(struct stint_session *session)
{
    (void)session;
    return false;
}

#endif

#endif
