/* SPDX-License-Identifier: MIT */
#include "session/recipients.h"

#include "session/limits.h"

#include <string.h>

void stint_recipients_start(struct stint_session *session, const struct stint_mail *mail)
{
    uint16_t i;

    session->asked = 0;
    session->unanswered = 0;
    session->taken = 0;
    for (i = 0; i < mail->recipient_count; i++) {
        if (stint_recipient_waits(&mail->recipients[i])) {
            mail->recipients[i].code = 0;
            memset(&mail->recipients[i].enhanced, 0, sizeof mail->recipients[i].enhanced);
        }
    }
}

bool stint_recipients_ask(struct stint_session *session)
{
    const struct stint_mail *mail = session->writer.mail;
    uint16_t i;

    for (i = session->writer.recipient; i < mail->recipient_count; i++) {
        if (stint_recipient_waits(&mail->recipients[i]) &&
            stint_limits_allow_recipient(session, mail, i)) {
            mail->recipients[i].state = STINT_RECIPIENT_ASKED;
            session->writer.recipient = i;
            session->asked++;
            session->unanswered++;
            return true;
        }
    }
    return false;
}

bool stint_recipients_follow(struct stint_session *session)
{
    const struct stint_mail *mail = session->reader.mail;
    uint16_t i;

    for (i = session->reader.recipient; i < mail->recipient_count; i++) {
        if (mail->recipients[i].state == STINT_RECIPIENT_ASKED) {
            session->reader.recipient = i;
            return true;
        }
    }
    return false;
}
