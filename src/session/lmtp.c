/* SPDX-License-Identifier: MIT */
#include "session/lmtp.h"

#if STINT_LMTP

#include "session/recipients.h"

/* The first of those who were taken and heard nothing since; `recipient_count`: there is none. */
static uint16_t next_to_hear(const struct stint_mail *mail)
{
    uint16_t i = 0;

    while (i < mail->recipient_count && mail->recipients[i].state != STINT_RECIPIENT_TAKEN) {
        i++;
    }
    return i;
}

uint16_t stint_lmtp_recipient(const struct stint_session *session)
{
    return stint_lmtp_is_of_recipient(session) ? next_to_hear(session->reader.mail)
                                               : session->reader.recipient;
}

/* It answers the same command as the one before. */
bool stint_lmtp_awaits_another(struct stint_session *session)
{
    const struct stint_mail *mail = session->reader.mail;

    if (!stint_lmtp_is_of_recipient(session) || next_to_hear(mail) == mail->recipient_count) {
        return false;
    }
    session->outstanding++;
    session->chunks = (uint8_t)(session->chunks + stint_order_is_chunk(session->reader.row));
    return true;
}

#endif
