/* SPDX-License-Identifier: MIT */
#include "session/pipelining.h"

#if STINT_PIPELINING

#include "session/capabilities.h"
#include "session/command.h"
#include "session/lmtp.h"
#include "session/mail.h"
#include "session/mails.h"
#include "session/order.h"
#include "session/recipients.h"

/* ---- The writer ---- */

/* A content goes only to those who were accepted, unless the caller is eager; and only one at a
 * time, so that no more than one can be in doubt. By LMTP it would not be known how many replies
 * come to one that nobody takes. */
static bool bdat_may_run_ahead(const struct stint_session *session)
{
    const struct stint_mail *mail = session->writer.mail;

    if (stint_order_is_chunk(session->writer.row)) {
        return session->content_begun && !session->content_ended;
    }
    return !session->content_begun && mail->policy == STINT_POLICY_ANY && mail->eager &&
           !stint_lmtp_is_spoken(session);
}

bool stint_pipelining_may_run_ahead(const struct stint_session *session)
{
    if (!session->group_open || session->failed || session->outstanding >= session->reply_limit ||
        !stint_capabilities_offer(&session->capabilities, STINT_EXTENSION_PIPELINING)) {
        return false;
    }
    if (stint_order_is_bdat(session->writer.row)) {
        return bdat_may_run_ahead(session);
    }
    return session->writer.row != ROW_DATA || session->writer.mail->policy == STINT_POLICY_ANY;
}

/* ---- The reader ---- */

/* Behind the message: see stint_mail_leave(). */
static void follow_out(struct stint_session *session)
{
    session->command_end = session->content_end;
    if (session->writer.mail == session->reader.mail) {
        session->reader.row = ROW_QUIT;
    } else {
        stint_mails_follow(session);
    }
}

/* Where the command ends is counted again, so that a reply before its command is told from one
 * behind it, however many commands there are. */
void stint_pipelining_follow(struct stint_session *session)
{
    struct stint_cursor *reader = &session->reader;

    switch (reader->row) {
    case ROW_MAIL:
        reader->row = ROW_RCPT;
        reader->recipient = 0;
        (void)stint_recipients_follow(session);
        break;
    case ROW_RCPT:
        if (!stint_recipients_follow(session)) {
            reader->row = (uint8_t)stint_mail_content_row(session, reader->mail);
            reader->recipient = 0;
        }
        break;
    default:
        if (!stint_order_is_content(reader->row)) {
            reader->row = stint_exchanges[reader->row].next;
        } else if (session->chunks == 0) {
            follow_out(session);
        }
        break;
    }
    if (!stint_order_is_content(reader->row)) {
        session->command_end +=
            stint_command_length(session, stint_exchanges[reader->row].command, reader);
    }
}

#endif
