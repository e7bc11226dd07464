/* SPDX-License-Identifier: MIT */
#include "session/mails.h"

#if STINT_MAILS

#include "session/capabilities.h"
#include "session/limits.h"
#include "session/mail.h"
#include "session/outcome.h"
#include "session/session.h"

static const struct stint_mail *next_mail(const struct stint_session *session,
                                          const struct stint_mail *mail)
{
    return stint_limits_allow_transaction(session) ? mail->next : NULL;
}

static bool waits_for_mail(const struct stint_session *session)
{
    return session->account->idle_ms > 0 && stint_limits_allow_transaction(session);
}

/* ---- Behind a message ---- */

/* May `mail` be begun before the replies to the message before it are in? Whatever may be said to
 * the caller of a mail is said when it is its turn, so one that seems unfit waits for that, too. */
static bool may_run_on(const struct stint_session *session, const struct stint_mail *mail)
{
    uint16_t recipient;

    return stint_order_is_content(session->reader.row) &&
           stint_capabilities_offer(&session->capabilities, STINT_EXTENSION_PIPELINING) &&
           stint_session_check_mail(mail, &recipient) == STINT_FIELD_NONE &&
           stint_mail_misfit(session, mail) == STINT_ERROR_NONE &&
           stint_limits_allow_mail(session, mail);
}

/* The next mail, or QUIT; or what comes is decided when the reply is in. RSET ends a transaction
 * that BDAT might leave open (RFC 3030 2). */
void stint_mails_leave(struct stint_session *session)
{
    const struct stint_mail *next = next_mail(session, session->writer.mail);

    if (next == NULL) {
        session->writer.row = waits_for_mail(session) ? ROW_IDLE : ROW_QUIT;
        return;
    }
    session->writer.row = ROW_IDLE;
    stint_outcome_forget_recipients(next);
    if (may_run_on(session, next)) {
        (void)stint_mail_begin(session, next, session->reader.row != ROW_CONTENT);
    }
}

void stint_mails_follow(struct stint_session *session)
{
    struct stint_cursor *reader = &session->reader;

    if (session->writer.mail != reader->mail) {
        reader->mail = reader->mail->next;
        reader->row = reader->row == ROW_CONTENT ? ROW_MAIL : ROW_RSET;
    }
}

/* ---- Between two ---- */

/* The caller hears of it now if the session goes on, or else at its end. */
void stint_mails_report(struct stint_session *session)
{
    if (session->reader.row == ROW_IDLE && !waits_for_mail(session) &&
        next_mail(session, session->reader.mail) == NULL) {
        stint_order_turn(session, ROW_QUIT);
    }
    session->mail_done = session->reader.row != ROW_QUIT;
}

bool stint_mails_one_is_done(const struct stint_session *session)
{
    return session->mail_done;
}

static void open_next_mail(struct stint_session *session)
{
    const struct stint_mail *next = next_mail(session, session->reader.mail);
    uint16_t recipient = 0;
    enum stint_field field;

    if (next == NULL) {
        if (!waits_for_mail(session)) {
            stint_order_turn(session, ROW_QUIT);
        }
        return;
    }
    session->reader.mail = next;
    session->writer.mail = next;
    stint_outcome_next(session);
    stint_outcome_forget_recipients(next);
    field = stint_session_check_mail(next, &recipient);
    if (field == STINT_FIELD_NONE) {
        stint_mail_open(session, next);
    } else {
        session->result->field = (uint8_t)field;
        session->result->recipient = recipient;
        stint_mail_refuse(session, STINT_ERROR_CONFIG, STINT_STAGE_START);
    }
}

void stint_mails_continue(struct stint_session *session)
{
    bool was_done = session->mail_done;

    session->mail_done = false;
    if (session->state != STINT_SESSION_TALKS) {
        return;
    }
    if (session->reader.row == ROW_IDLE) {
        open_next_mail(session);
    } else if (was_done) {
        stint_outcome_next(session);
    }
}

bool stint_mails_are_awaited(const struct stint_session *session)
{
    return session->state == STINT_SESSION_TALKS && session->reader.row == ROW_IDLE;
}

void stint_mails_end(struct stint_session *session)
{
    stint_order_turn(session, ROW_QUIT);
}

void stint_mails_forget_behind(const struct stint_mail *mail)
{
    while (mail != NULL && mail->next != NULL) {
        mail = mail->next;
        stint_outcome_forget_recipients(mail);
    }
}

#endif
