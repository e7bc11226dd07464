/* SPDX-License-Identifier: MIT */
#include "sasl/sasl.h"
#include "session/capabilities.h"
#include "session/lmtp.h"
#include "session/mail.h"
#include "session/order.h"
#include "session/outcome.h"
#include "session/session.h"

/* From the greeting to the first mail, and QUIT. */

void stint_after_greeting(struct stint_session *session)
{
    if (stint_order_is_success(session)) {
        stint_order_follow(session);
    } else {
        stint_session_refused(session);
    }
}

bool stint_opening_wants_starttls(const struct stint_session *session)
{
    return session->account->security != STINT_SECURITY_NONE && !session->secure;
}

/* RFC 3207 4: TLS is required; a server that does not offer it is left, with nothing told to it. */
static void begin_tls(struct stint_session *session)
{
    stint_order_turn(session, ROW_STARTTLS);
    if (!stint_capabilities_offer(&session->capabilities, STINT_EXTENSION_STARTTLS)) {
        stint_session_stop(session, STINT_ERROR_NO_STARTTLS);
    }
}

/* RFC 4954 3: only a mechanism of the latest EHLO reply, which came through verified TLS. */
static void begin_auth(struct stint_session *session)
{
    stint_order_turn(session, ROW_AUTH);
    session->sasl =
        stint_sasl_choose(session->account, session->capabilities.mechanisms, session->work);
    session->sasl_step = 0;
    if (session->sasl == NULL) {
        stint_session_stop(session, STINT_ERROR_NO_AUTH);
    } else {
        stint_sasl_begin(session->sasl, session->account, session->capabilities.mechanisms,
                         session->work);
    }
}

/* The first of these that is still to be done. */
static void proceed(struct stint_session *session)
{
    if (stint_opening_wants_starttls(session)) {
        begin_tls(session);
    } else if (session->account->user != NULL && !session->authenticated) {
        begin_auth(session);
    } else if (session->reader.mail != NULL) {
        stint_mail_open(session, session->reader.mail);
    } else {
        stint_order_turn(session, ROW_QUIT);
    }
}

/* RFC 5321 3.2: a server that does not know EHLO may know HELO, which offers neither TLS nor AUTH.
 * LMTP has no such thing (RFC 2033 4.1). */
static bool may_fall_back(const struct stint_session *session)
{
    return session->reader.row == ROW_EHLO &&
           (session->reply.code == 500 || session->reply.code == 502) &&
           session->account->security == STINT_SECURITY_NONE && !stint_lmtp_is_spoken(session);
}

void stint_after_ehlo(struct stint_session *session)
{
    if (stint_order_is_success(session)) {
        session->result->extensions |=
            session->capabilities.extensions & STINT_EXTENSION_ENHANCEDSTATUSCODES;
        proceed(session);
    } else if (may_fall_back(session)) {
        stint_capabilities_clear(&session->capabilities);
        stint_outcome_forget_reply(session);
        stint_order_turn(session, ROW_HELO);
    } else {
        stint_session_refused(session);
    }
}

void stint_after_starttls(struct stint_session *session)
{
    if (stint_order_is_success(session)) {
        session->state = STINT_SESSION_WANTS_TLS;
    } else {
        stint_session_refused(session);
    }
}

/* RFC 4954 4: a challenge too many, or one that is not base64, is answered with "*". */
static void cancel(struct stint_session *session, enum stint_error error)
{
    stint_sasl_end(session->sasl, session->account, session->work);
    stint_outcome_fault(session, error, STINT_STAGE_AUTH);
    stint_order_turn(session, ROW_AUTH_CANCEL);
}

static void challenged(struct stint_session *session)
{
    uint8_t step = session->sasl_step;

    if (step == session->sasl->count || !session->is_base64) {
        cancel(session, STINT_ERROR_PROTOCOL);
    } else if (!stint_sasl_challenge(session->sasl, session->account, session->work, step)) {
        stint_outcome_decode_text(session);
        cancel(session, STINT_ERROR_SERVER_AUTH);
    } else {
        if (step >= session->sasl->enough) {
            stint_outcome_decode_text(session); /* why it will be refused */
        }
        stint_order_turn(session, ROW_AUTH_RESPONSE);
    }
}

/* 235 is success only when all was said, and the server has proved what it has to. */
static void succeeded(struct stint_session *session)
{
    bool is_proved = stint_sasl_is_proved(session->sasl, session->work);

    stint_sasl_end(session->sasl, session->account, session->work);
    if (!is_proved) {
        stint_session_break(session, STINT_ERROR_SERVER_AUTH);
    } else if (session->sasl_step != session->sasl->enough) {
        stint_session_break(session, STINT_ERROR_PROTOCOL);
    } else {
        session->authenticated = true;
        proceed(session);
    }
}

/* RFC 4954 4: 334 asks for the mechanism's next response; 235 ends it. */
void stint_after_auth(struct stint_session *session)
{
    if (session->reply.code == 334) {
        challenged(session);
    } else if (stint_order_is_success(session)) {
        succeeded(session);
    } else {
        stint_sasl_end(session->sasl, session->account, session->work);
        stint_session_refused(session);
    }
}

void stint_after_cancel(struct stint_session *session)
{
    stint_order_turn(session, ROW_QUIT);
}

/* Whatever it says: QUIT changes nothing. */
void stint_after_quit(struct stint_session *session)
{
    session->state = STINT_SESSION_ENDED;
}
