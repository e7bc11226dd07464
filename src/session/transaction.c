/* SPDX-License-Identifier: MIT */
#include "session/enhanced.h"
#include "session/limits.h"
#include "session/lmtp.h"
#include "session/mail.h"
#include "session/order.h"
#include "session/outcome.h"
#include "session/recipients.h"
#include "session/session.h"

/* A mail transaction (RFC 5321 3.3): what follows the replies from RSET to the message. */

/* Whatever was written behind what failed is still answered (RFC 2920 3.1). But a message half of
 * which is out cannot be taken back otherwise than by leaving. */
static void drain(struct stint_session *session)
{
    if (session->command != NULL && stint_order_is_chunk(session->writer.row)) {
        session->command = NULL; /* of which nothing is written before all is */
    }
    if (session->command != NULL && session->content_begun && !session->content_ended) {
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, NULL);
        stint_outcome_conclude(session);
        session->state = STINT_SESSION_BROKEN;
    } else if (session->command != NULL || session->outstanding > 0) {
        stint_order_follow(session);
    } else {
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, NULL);
        stint_order_turn(session, ROW_IDLE);
        stint_mail_finish(session);
    }
}

static enum stint_error refusal(const struct stint_session *session)
{
    return session->reply.code / 100 == 4 ? STINT_ERROR_TEMPORARY : STINT_ERROR_PERMANENT;
}

/* A step of the transaction; behind one that failed, what is left of it. */
static void judge(struct stint_session *session)
{
    if (!stint_order_is_success(session) && !stint_order_is_refusal(session)) {
        stint_session_refused(session);
    } else if (session->failed) {
        drain(session);
    } else if (stint_order_is_success(session)) {
        stint_order_follow(session);
    } else {
        stint_outcome_fault(session, refusal(session), stint_session_stage(session));
        if (session->reader.row > ROW_RCPT) {
            stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, &session->reply);
        }
        session->failed = true;
        drain(session);
    }
}

void stint_after_rset(struct stint_session *session)
{
    session->transaction = session->transaction && !stint_order_is_success(session);
    judge(session);
}

void stint_after_mail(struct stint_session *session)
{
    session->transaction = session->transaction || stint_order_is_success(session);
    judge(session);
}

/* RFC 5321 3.3: content follows only if somebody takes it; by policy, only if everybody does. */
static bool is_for_nobody(const struct stint_session *session)
{
    const struct stint_mail *mail = session->reader.mail;

    return session->taken == 0 ||
           (mail->policy == STINT_POLICY_ALL && session->taken < mail->recipient_count);
}

/* What comes behind the last refusal does not change what went wrong: the mail is decided, unless
 * there are others to be asked. */
static void after_last_rcpt(struct stint_session *session)
{
    if (!session->failed && is_for_nobody(session)) {
        session->failed = true;
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, NULL);
        if (!stint_limits_split(session)) {
            stint_outcome_conclude(session);
        }
    }
    if (session->failed) {
        drain(session);
    } else {
        stint_order_follow(session);
    }
}

/* Those whom there is no room for are asked again: that is no refusal to tell of. */
static void note_answer(struct stint_session *session, struct stint_recipient *recipient)
{
    session->unanswered--;
    recipient->code = session->reply.code;
    recipient->enhanced = stint_enhanced_value(&session->enhanced, recipient->code);
    if (stint_order_is_success(session)) {
        recipient->state = STINT_RECIPIENT_TAKEN;
        session->taken++;
    } else if (stint_limits_were_exceeded(session)) {
        recipient->state = STINT_RECIPIENT_WAITS_AGAIN;
        stint_outcome_forget_latest(session);
    } else {
        recipient->state = STINT_RECIPIENT_REFUSED;
    }
}

void stint_after_rcpt(struct stint_session *session)
{
    unsigned digit = session->reply.code / 100;

    if (stint_order_is_success(session) || digit == 4 || digit == 5) {
        note_answer(session, &session->reader.mail->recipients[session->reader.recipient]);
    }
    if (!stint_order_goes_on(session)) {
        stint_session_refused(session);
    } else if (session->unanswered == 0) {
        after_last_rcpt(session);
    } else if (session->failed) {
        drain(session);
    } else {
        stint_order_follow(session);
    }
}

/* RFC 2920 3.1: DATA was said before it was known that nobody takes the message. Then none is sent;
 * but if somebody does take it, not even the dot may be. Nor by LMTP, where nobody means no reply
 * (RFC 2033 4.2). */
void stint_after_data(struct stint_session *session)
{
    if (!session->failed || !stint_order_is_success(session)) {
        judge(session);
    } else if (session->taken == 0 && !stint_lmtp_is_spoken(session)) {
        stint_order_turn(session, ROW_DOT);
    } else {
        stint_session_break(session, STINT_ERROR_PROTOCOL);
    }
}

/* RFC 5321 4.2.5: with 2yz, and with nothing else, the server has taken responsibility. If it did
 * so for a mail that it had refused before, who knows. */
static void settle_by_reply(struct stint_session *session)
{
    if (stint_order_is_success(session) && session->failed) {
        stint_outcome_settle(session, STINT_FATE_UNKNOWN, NULL);
    } else if (stint_order_is_success(session)) {
        stint_outcome_settle(session, STINT_FATE_ACCEPTED, &session->reply);
    } else {
        if (!session->failed && !stint_lmtp_is_of_recipient(session)) {
            stint_outcome_fault(session, refusal(session), STINT_STAGE_CONTENT);
        }
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, &session->reply);
    }
}

/* The final dot ends the transaction; BDAT does if none was refused (RFC 3030 2). */
void stint_after_content(struct stint_session *session)
{
    if (!stint_order_is_success(session) && !stint_order_is_refusal(session)) {
        stint_session_refused(session);
        return;
    }
    settle_by_reply(session);
    if (stint_lmtp_awaits_another(session)) {
        return;
    }
    session->transaction =
        session->reader.row != ROW_CONTENT && (session->failed || !stint_order_is_success(session));
    stint_mail_finish(session);
}

/* RFC 3030 2: each chunk is answered, and behind one that is refused no other is sent. */
void stint_after_chunk(struct stint_session *session)
{
    session->chunks--;
    if (session->content_ended && session->chunks == 0) {
        stint_after_content(session);
    } else {
        judge(session);
    }
}

/* No message went out, and nobody was there to get it. */
void stint_after_dot(struct stint_session *session)
{
    session->transaction = false;
    judge(session);
}
