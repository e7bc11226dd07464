/* SPDX-License-Identifier: MIT */
#include "session/mail.h"

#include "session/capabilities.h"
#include "session/chunking.h"
#include "session/international.h"
#include "session/limits.h"
#include "session/mails.h"
#include "session/order.h"
#include "session/outcome.h"
#include "session/parameters.h"
#include "session/recipients.h"

/* A mail: does it fit the server, how does its message go, and in which transactions. */

static bool offers(const struct stint_session *session, enum stint_extension extension)
{
    return stint_capabilities_offer(&session->capabilities, extension);
}

/* RFC 3030: BDAT where it is offered, and the size is known or there is no other way. In chunks it
 * would cost a reply for each of them, so a text of unknown size goes by DATA. */
enum row stint_mail_content_row(const struct stint_session *session, const struct stint_mail *mail)
{
    const struct stint_source *source = mail->source;

    if (STINT_CHUNKING && source->size_is_exact && source->size > 0 &&
        offers(session, STINT_EXTENSION_CHUNKING)) {
        return ROW_BDAT;
    }
    return stint_chunking_is_binary(source) ? ROW_CHUNK : ROW_DATA;
}

/* What MAIL is to say of the message. */
static uint16_t mail_extensions(const struct stint_session *session, const struct stint_mail *mail)
{
    unsigned wanted = mail->source->size > 0 ? STINT_EXTENSION_SIZE : 0;

    if (mail->source->content == STINT_CONTENT_BINARY) {
        wanted |= STINT_EXTENSION_BINARYMIME;
    } else if (mail->source->content != STINT_CONTENT_7BIT || mail->source->utf8_header) {
        wanted |= STINT_EXTENSION_8BITMIME;
    }
    wanted |= stint_international_is_needed(mail) ? STINT_EXTENSION_SMTPUTF8 : 0U;
    wanted |= stint_parameters_extensions(mail);
    return (uint16_t)(wanted & session->capabilities.extensions);
}

/* RFC 6531 3.1: where it is offered, 8BITMIME is, too. */
static bool takes_utf8(const struct stint_session *session)
{
    return offers(session, STINT_EXTENSION_SMTPUTF8) && offers(session, STINT_EXTENSION_8BITMIME);
}

/* RFC 1870 6.1, RFC 6152 3, RFC 3030 3, RFC 6531 3.1: what the server cannot take is not begun. */
enum stint_error stint_mail_misfit(const struct stint_session *session,
                                   const struct stint_mail *mail)
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
    if (stint_international_is_needed(mail) && !takes_utf8(session)) {
        return STINT_ERROR_NO_SMTPUTF8;
    }
    if (stint_parameters_misfit(session, mail) != STINT_FIELD_NONE) {
        return STINT_ERROR_NO_EXTENSION;
    }
    return STINT_ERROR_NONE;
}

/* Each transaction needs the message from its start. */
enum stint_error stint_mail_begin(struct stint_session *session, const struct stint_mail *mail,
                                  bool reset)
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

/* Behind the message: those whom the transaction has no room for get another one, when the replies
 * to this one are in. */
void stint_mail_leave(struct stint_session *session)
{
    if (stint_limits_left_some(session->writer.mail)) {
        session->writer.row = ROW_IDLE;
    } else {
        stint_mails_leave(session);
    }
}

void stint_mail_refuse(struct stint_session *session, enum stint_error error,
                       enum stint_stage stage)
{
    stint_outcome_fault(session, error, stage);
    stint_mails_report(session);
}

/* Nothing is outstanding, and both cursors stand at `mail`. */
void stint_mail_open(struct stint_session *session, const struct stint_mail *mail)
{
    enum stint_error error = stint_mail_misfit(session, mail);

    stint_order_turn(session, ROW_IDLE);
    if (error == STINT_ERROR_NONE && !stint_limits_allow_mail(session, mail)) {
        stint_outcome_conclude(session);
        stint_mails_report(session);
        return;
    }
    if (error == STINT_ERROR_NONE) {
        error = stint_mail_begin(session, mail, session->transaction);
    }
    if (error == STINT_ERROR_NONE) {
        session->reader = session->writer;
    } else {
        if (error == STINT_ERROR_NO_EXTENSION) {
            session->result->field = (uint8_t)stint_parameters_misfit(session, mail);
        }
        stint_mail_refuse(session, error, STINT_STAGE_MAIL);
    }
}

void stint_mail_finish(struct stint_session *session)
{
    session->failed = false;
    session->content_begun = false;
    session->content_ended = false;
    if (stint_limits_split(session)) {
        stint_mail_open(session, session->reader.mail);
    } else {
        stint_outcome_conclude(session);
        stint_order_follow(session);
        stint_mails_report(session);
    }
}
