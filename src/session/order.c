/* SPDX-License-Identifier: MIT */
#include "session/order.h"

#include "session/command.h"
#include "session/lmtp.h"
#include "session/mail.h"
#include "session/mails.h"
#include "session/parameters.h"
#include "session/pipelining.h"
#include "session/recipients.h"
#include "session/session.h"

/*
 * SMTP's order is the table below: RFC 5321 4.3.2's commands and replies with 4.5.3.2's timeouts. A
 * row is an exchange: a command and the reply to it.
 *
 * Two cursors walk the table. The writer stands at the command that is written next, the reader at
 * the one whose reply is read next; `outstanding` replies lie between them. Where the server offers
 * PIPELINING (RFC 2920) the writer runs ahead, behind rows marked `open`, as far as
 * pipelining.c lets it: through MAIL, RCPT and DATA, and from the message to QUIT or through the
 * next mail's. Otherwise it waits until the reader has caught up.
 *
 * To see what is written after what: stint_order_advance(), for what needs no reply; the after_
 * functions, for what does; proceed(), where it depends on what the server offers and the account
 * wants.
 */

/* clang-format off */
#define EHLO_COMMAND "EHLO " STINT_EHLO_NAME "\r\n"
#define HELO_COMMAND "HELO " STINT_EHLO_NAME "\r\n"
#define MAIL_COMMAND "MAIL FROM:<" STINT_REVERSE_PATH ">" STINT_SIZE_PARAMETER STINT_BODY_PARAMETER STINT_MAIL_PARAMETERS "\r\n"
#define RCPT_COMMAND "RCPT TO:<" STINT_FORWARD_PATH ">" STINT_RCPT_PARAMETERS "\r\n"
#define CONTENT      STINT_MESSAGE ".\r\n"
#define BDAT_COMMAND "BDAT " STINT_SIZE " LAST\r\n" STINT_MESSAGE

/* RFC 5321 4.2.3: the server closes the connection. */
#define CLOSING 221

#define STARTTLS_X   STINT_EXTENSION_STARTTLS
#define AUTH_X       STINT_EXTENSION_AUTH
#define CHUNKING_X   STINT_EXTENSION_CHUNKING

/* The times of the greeting, MAIL, RCPT, DATA and the message are RFC 5321 4.5.3.2.1 to 4.5.3.2.6's;
 * it has none for the others, which are ours. */
const struct exchange stint_exchanges[] = {
    /*                     command          yes wait  next          open   extension   stage */
    [ROW_GREETING]      = {"",             220, 300, ROW_EHLO,     false, 0,          STINT_STAGE_GREETING, stint_after_greeting},
    [ROW_EHLO]          = {EHLO_COMMAND,     2, 300, ROW_BY_OFFER, false, 0,          STINT_STAGE_EHLO,     stint_after_ehlo},
    [ROW_HELO]          = {HELO_COMMAND,     2, 300, ROW_BY_OFFER, false, 0,          STINT_STAGE_HELO,     stint_after_ehlo},
    [ROW_STARTTLS]      = {"STARTTLS\r\n", 220, 120, ROW_EHLO,     false, STARTTLS_X, STINT_STAGE_STARTTLS, stint_after_starttls},
    [ROW_AUTH]          = {NULL,           235, 120, ROW_BY_OFFER, false, AUTH_X,     STINT_STAGE_AUTH,     stint_after_auth},
    [ROW_AUTH_RESPONSE] = {NULL,           235, 120, ROW_BY_OFFER, false, AUTH_X,     STINT_STAGE_AUTH,     stint_after_auth},
    [ROW_AUTH_CANCEL]   = {"*\r\n",        ANY, 120, ROW_QUIT,     false, AUTH_X,     STINT_STAGE_AUTH,     stint_after_cancel},
    [ROW_RSET]          = {"RSET\r\n",       2, 120, ROW_MAIL,     true,  0,          STINT_STAGE_RSET,     stint_after_rset},
    [ROW_MAIL]          = {MAIL_COMMAND,     2, 300, ROW_RCPT,     true,  0,          STINT_STAGE_MAIL,     stint_after_mail},
    [ROW_RCPT]          = {RCPT_COMMAND,     2, 300, ROW_DATA,     true,  0,          STINT_STAGE_RCPT,     stint_after_rcpt},
    [ROW_DATA]          = {"DATA\r\n",     354, 120, ROW_CONTENT,  false, 0,          STINT_STAGE_DATA,     stint_after_data},
    [ROW_CONTENT]       = {CONTENT,          2, 600, ROW_BY_MAIL,  true,  0,          STINT_STAGE_CONTENT,  stint_after_content},
    [ROW_DOT]           = {".\r\n",          2, 600, ROW_BY_MAIL,  false, 0,          STINT_STAGE_CONTENT,  stint_after_dot},
#if STINT_CHUNKING
    [ROW_BDAT]          = {BDAT_COMMAND,     2, 600, ROW_BY_MAIL,  true,  CHUNKING_X, STINT_STAGE_CONTENT,  stint_after_content},
    [ROW_CHUNK]         = {STINT_CHUNK,      2, 600, ROW_BY_MAIL,  true,  CHUNKING_X, STINT_STAGE_CONTENT,  stint_after_chunk},
#endif
    [ROW_QUIT]          = {"QUIT\r\n",     ANY,  10, ROW_END,      false, 0,          STINT_STAGE_QUIT,     stint_after_quit},
};
/* clang-format on */

/* ---- The writer ---- */

static void advance_to_recipient(struct stint_session *session)
{
    if (!stint_recipients_ask(session)) {
        session->writer.row = (uint8_t)stint_mail_content_row(session, session->writer.mail);
        session->writer.recipient = 0;
    }
}

/* To what needs no reply to be decided: RCPT repeats for each recipient, a chunk until the source
 * is at its end. */
void stint_order_advance(struct stint_session *session)
{
    struct stint_cursor *writer = &session->writer;

    switch (writer->row) {
    case ROW_MAIL:
        writer->row = ROW_RCPT;
        writer->recipient = 0;
        advance_to_recipient(session);
        break;
    case ROW_RCPT:
        writer->recipient++;
        advance_to_recipient(session);
        break;
    default:
        if (!stint_order_is_content(writer->row)) {
            writer->row = stint_exchanges[writer->row].next;
        } else if (!stint_order_is_chunk(writer->row) || session->content_complete) {
            stint_mail_leave(session);
        }
        break;
    }
}

/* ---- The reader ---- */

/* Nothing is outstanding, and a reply has decided what comes. */
void stint_order_turn(struct stint_session *session, enum row row)
{
    session->reader.row = (uint8_t)row;
    session->reader.recipient = 0;
    session->writer = session->reader;
}

/* To the next command written; if there is none, to where the writer stands. */
void stint_order_follow(struct stint_session *session)
{
    if (session->outstanding == 0) {
        session->reader = session->writer;
    } else {
        stint_pipelining_follow(session);
    }
}

enum stint_stage stint_session_stage(const struct stint_session *session)
{
    return session->reader.row < ROW_IDLE
               ? (enum stint_stage)stint_exchanges[session->reader.row].stage
               : STINT_STAGE_QUIT;
}

/* ---- The reply just read ---- */

/* 221 is the answer to QUIT: where it comes sooner, a reply is missing, and QUIT may be out. */
bool stint_order_is_success(const struct stint_session *session)
{
    uint16_t success = stint_exchanges[session->reader.row].success;
    uint16_t code = session->reply.code;

    return success < 10 ? code / 100 == success && code != CLOSING : code == success;
}

/* RFC 5321 4.2.1 and 3.8: a no that is about the mail alone. */
bool stint_order_is_refusal(const struct stint_session *session)
{
    unsigned digit = session->reply.code / 100;

    return (digit == 4 || digit == 5) && session->reply.code != 421;
}

/* One recipient refused is not the end; nor is what is refused behind that. */
bool stint_order_goes_on(const struct stint_session *session)
{
    return stint_order_is_success(session) ||
           ((session->reader.row == ROW_RCPT || stint_lmtp_is_of_recipient(session) ||
             session->failed) &&
            stint_order_is_refusal(session));
}
