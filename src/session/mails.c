/* SPDX-License-Identifier: MIT */
#include "session/capabilities.h"
#include "session/order.h"
#include "session/outcome.h"
#include "session/recipients.h"
#include "session/session.h"

/*
 * Several mails in one session, and several transactions for one mail. Each mail has a result of
 * its own, which the caller is given before the next mail's begins.
 */

static bool offers(const struct stint_session *session, enum stint_extension extension)
{
    return stint_capabilities_offer(&session->capabilities, extension);
}

/* RFC 3030: BDAT where it is offered, and the size is known or there is no other way. In chunks it
 * would cost a reply for each of them, so a text of unknown size goes by DATA. */
enum row stint_mails_content_row(const struct stint_session *session, const struct stint_mail *mail)
{
    const struct stint_source *source = mail->source;

    if (source->size_is_exact && source->size > 0 && offers(session, STINT_EXTENSION_CHUNKING)) {
        return ROW_BDAT;
    }
    return source->content == STINT_CONTENT_BINARY ? ROW_CHUNK : ROW_DATA;
}

/* What MAIL is to say of the message. */
static uint16_t mail_extensions(const struct stint_session *session, const struct stint_mail *mail)
{
    unsigned wanted = mail->source->size > 0 ? STINT_EXTENSION_SIZE : 0;

    if (mail->source->content == STINT_CONTENT_BINARY) {
        wanted |= STINT_EXTENSION_BINARYMIME;
    } else if (mail->source->content != STINT_CONTENT_7BIT) {
        wanted |= STINT_EXTENSION_8BITMIME;
    }
    return (uint16_t)(wanted & session->capabilities.extensions);
}

/* RFC 1870 6.1, RFC 6152 3, RFC 3030 3: what the server cannot take is not begun. */
static enum stint_error misfit(const struct stint_session *session, const struct stint_mail *mail)
{
    const struct stint_source *source = mail->source;
    uint32_t limit = session->capabilities.size;

    if (limit > 0 && source->size > limit) {
        return STINT_ERROR_TOO_LARGE;
    }
    if (source->content == STINT_CONTENT_8BIT && !offers(session, STINT_EXTENSION_8BITMIME)) {
        return STINT_ERROR_NO_8BITMIME;
    }
    if (source->content == STINT_CONTENT_BINARY && !(offers(session, STINT_EXTENSION_BINARYMIME) &&
                                                     offers(session, STINT_EXTENSION_CHUNKING))) {
        return STINT_ERROR_NO_BINARYMIME;
    }
    return STINT_ERROR_NONE;
}

/* RFC 9422 4. */
bool stint_mails_may_begin(const struct stint_session *session)
{
    uint16_t limit = session->capabilities.limits[STINT_LIMIT_MAILMAX];

    return limit == 0 || session->transactions < limit;
}

static const struct stint_mail *next_mail(const struct stint_session *session,
                                          const struct stint_mail *mail)
{
    return stint_mails_may_begin(session) ? mail->next : NULL;
}

static bool waits_for_mail(const struct stint_session *session)
{
    return session->account->idle_ms > 0 && stint_mails_may_begin(session);
}

/* Each transaction needs the message from its start. */
static enum stint_error begin_transaction(struct stint_session *session,
                                          const struct stint_mail *mail, bool reset)
{
    const struct stint_source *source = mail->source;

    stint_recipients_start(session, mail);
    if (source->rewind != NULL && source->rewind(source->context) != 0) {
        return STINT_ERROR_SOURCE;
    }
    session->transactions++;
    session->extensions = mail_extensions(session, mail);
    session->writer.mail = mail;
    session->writer.row = reset ? ROW_RSET : ROW_MAIL;
    return STINT_ERROR_NONE;
}

/* Behind the message comes the next mail, or QUIT; or what comes is decided when the reply is in.
 * Whatever may be said to the caller of a mail is said when it is its turn, so one that seems unfit
 * waits for that, too. RSET ends a transaction that BDAT might leave open (RFC 3030 2). */
void stint_mails_leave(struct stint_session *session)
{
    const struct stint_mail *next = next_mail(session, session->writer.mail);
    uint16_t recipient;

    if (stint_recipients_wait(session->writer.mail)) {
        session->writer.row = ROW_IDLE;
    } else if (next == NULL) {
        session->writer.row = waits_for_mail(session) ? ROW_IDLE : ROW_QUIT;
    } else {
        session->writer.row = ROW_IDLE;
        stint_outcome_forget_recipients(next);
        if (stint_order_is_content(session->reader.row) &&
            offers(session, STINT_EXTENSION_PIPELINING) &&
            stint_session_check_mail(next, &recipient) == STINT_FIELD_NONE &&
            misfit(session, next) == STINT_ERROR_NONE &&
            stint_recipients_may_be_asked(session, next)) {
            (void)begin_transaction(session, next, session->reader.row != ROW_CONTENT);
        }
    }
}

/* ---- At the end of one ---- */

/* The result is complete. The caller hears of it now if the session goes on, or else at its end. */
static void report(struct stint_session *session)
{
    if (session->reader.row == ROW_IDLE && !waits_for_mail(session) &&
        next_mail(session, session->reader.mail) == NULL) {
        stint_order_turn(session, ROW_QUIT);
    }
    session->mail_done = session->reader.row != ROW_QUIT;
}

static void refuse_mail(struct stint_session *session, enum stint_error error,
                        enum stint_stage stage)
{
    stint_outcome_fault(session, error, stage);
    report(session);
}

/* Nothing is outstanding, and both cursors stand at `mail`. */
void stint_mails_open(struct stint_session *session, const struct stint_mail *mail)
{
    enum stint_error error = misfit(session, mail);

    stint_order_turn(session, ROW_IDLE);
    if (error == STINT_ERROR_NONE && !stint_recipients_may_be_asked(session, mail)) {
        stint_outcome_conclude(session);
        report(session);
        return;
    }
    if (error == STINT_ERROR_NONE) {
        error = begin_transaction(session, mail, session->transaction);
    }
    if (error == STINT_ERROR_NONE) {
        session->reader = session->writer;
    } else {
        refuse_mail(session, error, STINT_STAGE_MAIL);
    }
}

/* Those whom a transaction could not take (RFC 5321 4.5.3.1.10) get another one. */
bool stint_mails_split(const struct stint_session *session)
{
    return session->result->error == STINT_ERROR_NONE &&
           stint_recipients_wait(session->reader.mail) && stint_mails_may_begin(session);
}

void stint_mails_finish(struct stint_session *session)
{
    session->failed = false;
    session->content_begun = false;
    session->content_ended = false;
    if (stint_mails_split(session)) {
        stint_mails_open(session, session->reader.mail);
    } else {
        stint_outcome_conclude(session);
        stint_order_follow(session);
        report(session);
    }
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
        stint_mails_open(session, next);
    } else {
        session->result->field = (uint8_t)field;
        session->result->recipient = recipient;
        refuse_mail(session, STINT_ERROR_CONFIG, STINT_STAGE_START);
    }
}

void stint_session_continue(struct stint_session *session)
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

bool stint_session_is_idle(const struct stint_session *session)
{
    return session->state == STINT_SESSION_TALKS && session->reader.row == ROW_IDLE;
}

void stint_session_quit(struct stint_session *session)
{
    stint_order_turn(session, ROW_QUIT);
}
