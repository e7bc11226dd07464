/* SPDX-License-Identifier: MIT */
#include "session/outcome.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"
#include "session/enhanced.h"
#include "session/lmtp.h"
#include "session/recipients.h"
#include "session/session.h"

#include <stddef.h>
#include <string.h>

enum keep { KEEP_UNDECIDED, KEEP_YES, KEEP_NO };

void stint_outcome_start(struct stint_result *result, const struct stint_mail *mail)
{
    memset(result, 0, offsetof(struct stint_result, extensions));
    result->mail = mail;
    result->fate = STINT_FATE_NOT_ACCEPTED;
}

void stint_outcome_forget_recipients(const struct stint_mail *mail)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count && mail->recipients != NULL; i++) {
        mail->recipients[i].fate = STINT_FATE_NOT_ACCEPTED;
        mail->recipients[i].state = STINT_RECIPIENT_WAITS;
        mail->recipients[i].code = 0;
        memset(&mail->recipients[i].enhanced, 0, sizeof mail->recipients[i].enhanced);
    }
}

/*
 * The reply to tell of is the latest until something went wrong. A recipient's refusal is told even
 * if the others are served; of several, the first permanent one, or else the first (552 may be
 * none, RFC 5321 4.5.3.1.10). But what ends the mail behind it is what went wrong.
 */
static bool counts(const struct stint_session *session)
{
    const struct stint_result *result = session->result;
    enum stint_stage stage = stint_session_stage(session);

    if (result->error != STINT_ERROR_NONE || stage == STINT_STAGE_QUIT) {
        return false;
    }
    if (result->code < 400 || !stint_session_goes_on(session)) {
        return true;
    }
    return (stage == STINT_STAGE_RCPT || stint_lmtp_is_of_recipient(session)) &&
           result->code < 500 && session->reply.code >= 500 && session->reply.code != 552;
}

static void add(struct stint_session *session, char c)
{
    if (session->text_length + 1 < session->text_size) {
        session->text[session->text_length++] = c;
    }
}

/* Why a token is refused was told by the challenge before (RFC 7628 3.2.2). */
static bool was_explained(const struct stint_session *session)
{
    return STINT_OAUTH && stint_session_stage(session) == STINT_STAGE_AUTH &&
           session->sasl_step > session->sasl->enough;
}

static void begin_text(struct stint_session *session)
{
    if (!was_explained(session)) {
        session->text_length = 0;
    } else if (session->text_length > 0) {
        add(session, '\n');
    }
}

static bool keeps(struct stint_session *session)
{
    if (session->keep == KEEP_UNDECIDED) {
        session->keep = counts(session) ? KEEP_YES : KEEP_NO;
        if (session->keep == KEEP_YES) {
            begin_text(session);
        }
    }
    return session->keep == KEEP_YES;
}

void stint_outcome_reply_start(struct stint_session *session)
{
    session->keep = KEEP_UNDECIDED;
}

static char shown(uint8_t octet)
{
    return (octet >= ' ' && octet <= '~') || octet == '\n' ? (char)octet : '?';
}

void stint_outcome_text(struct stint_session *session, uint8_t octet)
{
    if (keeps(session)) {
        add(session, shown(octet));
    }
}

void stint_outcome_reply_end(struct stint_session *session)
{
    struct stint_result *result = session->result;

    if (!keeps(session)) {
        return;
    }
    result->code = session->reply.code;
    result->enhanced = stint_enhanced_value(&session->enhanced, result->code);
    result->stage = (uint8_t)stint_session_stage(session);
    result->recipient = stint_lmtp_recipient(session);
    if (session->text_size > 0) {
        session->text[session->text_length] = '\0';
    }
}

#if STINT_SASL_COMPUTES || STINT_OAUTH

/* Where there was no room for all of it, whole quanta of it are there. */
void stint_outcome_decode_text(struct stint_session *session)
{
    size_t length = session->text_length & ~(size_t)3;
    size_t i;

    if (session->keep == KEEP_YES && session->text_size > 0 &&
        stint_base64_decode(session->text, length, (uint8_t *)session->text, &length)) {
        for (i = 0; i < length; i++) {
            session->text[i] = shown((uint8_t)session->text[i]);
        }
        session->text[length] = '\0';
        session->text_length = length;
    }
}

#endif

/* These are what a reply said; the others came about without one. */
static bool is_an_answer(enum stint_error error)
{
    return error == STINT_ERROR_TEMPORARY || error == STINT_ERROR_PERMANENT ||
           error == STINT_ERROR_PARTIAL || error == STINT_ERROR_PROTOCOL ||
           error == STINT_ERROR_SERVER_AUTH;
}

void stint_outcome_forget_reply(struct stint_session *session)
{
    session->result->code = 0;
    memset(&session->result->enhanced, 0, sizeof session->result->enhanced);
    session->text_length = 0;
    if (session->text_size > 0) {
        session->text[0] = '\0';
    }
}

void stint_outcome_forget_latest(struct stint_session *session)
{
    if (session->keep == KEEP_YES) {
        stint_outcome_forget_reply(session);
    }
}

void stint_outcome_next(struct stint_session *session)
{
    stint_outcome_start(session->result, session->reader.mail);
    stint_outcome_forget_reply(session);
}

void stint_outcome_fault(struct stint_session *session, enum stint_error error,
                         enum stint_stage stage)
{
    struct stint_result *result = session->result;

    if (result->error == STINT_ERROR_NONE) {
        result->error = (uint8_t)error;
        result->stage = (uint8_t)stage;
        if (!is_an_answer(error)) {
            stint_outcome_forget_reply(session);
        }
    }
}

/* Of two recipients together. What is unknown is worst: it can be neither trusted nor sent again.
 */
static uint8_t worse(uint8_t one, uint8_t other)
{
    if (one == STINT_FATE_UNKNOWN || other == STINT_FATE_UNKNOWN) {
        return STINT_FATE_UNKNOWN;
    }
    return one == STINT_FATE_ACCEPTED ? other : one;
}

static uint8_t fate_of_all(const struct stint_mail *mail)
{
    uint8_t worst = STINT_FATE_ACCEPTED;
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        worst = worse(worst, mail->recipients[i].fate);
    }
    return worst;
}

/* With PIPELINING a whole transaction may be out before the first reply to it is in. */
static bool is_unanswered(const struct stint_recipient *recipient, enum stint_fate fate)
{
    return recipient->state == STINT_RECIPIENT_ASKED && fate == STINT_FATE_UNKNOWN;
}

static void settle_one(struct stint_recipient *recipient, enum stint_fate fate, uint16_t code,
                       struct stint_enhanced enhanced)
{
    if (recipient->state == STINT_RECIPIENT_TAKEN) {
        recipient->code = code;
        recipient->enhanced = enhanced;
    }
    if (recipient->state == STINT_RECIPIENT_TAKEN || is_unanswered(recipient, fate)) {
        recipient->fate = (uint8_t)fate;
    }
    if (recipient->state >= STINT_RECIPIENT_ASKED && recipient->state < STINT_RECIPIENT_SETTLED) {
        recipient->state = STINT_RECIPIENT_SETTLED;
    }
}

void stint_outcome_settle(struct stint_session *session, enum stint_fate fate,
                          const struct stint_reply *reply)
{
    const struct stint_mail *mail = session->reader.mail;
    uint16_t code = reply != NULL ? reply->code : 0;
    struct stint_enhanced enhanced = {0, 0, 0};
    uint16_t count, i;

    if (mail == NULL) {
        return;
    }
    if (reply != NULL) {
        enhanced = stint_enhanced_value(&session->enhanced, code);
    }
    count = mail->recipient_count;
    if (reply != NULL && stint_lmtp_is_of_recipient(session)) {
        count = (uint16_t)(stint_lmtp_recipient(session) + 1);
    }
    for (i = 0; i < count; i++) {
        settle_one(&mail->recipients[i], fate, code, enhanced);
    }
    session->result->fate = fate_of_all(mail);
}

/* Were all refusals temporary? Then so is the error. If somebody got it, it is no more than
 * partial. */
static enum stint_error refusal(const struct stint_mail *mail)
{
    enum stint_error error = STINT_ERROR_TEMPORARY;
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (mail->recipients[i].fate == STINT_FATE_ACCEPTED) {
            return STINT_ERROR_PARTIAL;
        }
        error = mail->recipients[i].code >= 500 ? STINT_ERROR_PERMANENT : error;
    }
    return error;
}

/* Who waited in vain was refused by no reply. */
static void tell_of_unasked(struct stint_session *session)
{
    struct stint_result *result = session->result;
    const struct stint_recipient *recipients = session->reader.mail->recipients;

    stint_outcome_forget_reply(session);
    result->stage = STINT_STAGE_RCPT;
    result->recipient = 0;
    while (recipients[result->recipient].fate == STINT_FATE_ACCEPTED) {
        result->recipient++;
    }
}

void stint_outcome_conclude(struct stint_session *session)
{
    struct stint_result *result = session->result;

    if (result->fate == STINT_FATE_ACCEPTED && result->error == STINT_ERROR_NONE) {
        result->stage = STINT_STAGE_QUIT;
    } else if (result->error == STINT_ERROR_NONE) {
        if (result->code < 400) {
            tell_of_unasked(session);
        }
        stint_outcome_fault(session, refusal(session->reader.mail),
                            (enum stint_stage)result->stage);
    }
}
