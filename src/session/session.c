/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "session/base64.h"
#include "session/body.h"
#include "session/capabilities.h"
#include "session/command.h"
#include "session/enhanced.h"
#include "session/outcome.h"
#include "session/reply.h"
#include "session/sasl.h"
#include "session/tracing.h"

#include <string.h>

/*
 * SMTP's order is the table below: RFC 5321 4.3.2's commands and replies with 4.5.3.2's timeouts. A
 * row is an exchange: a command and the reply to it.
 *
 * Two cursors walk the table. The writer stands at the command that is written next, the reader at
 * the one whose reply is read next; `outstanding` replies lie between them. As a rule the writer
 * waits until the reader has caught up. Behind a row marked `open`, with PIPELINING (RFC 2920), it
 * need not: the row does not end its group of commands.
 *
 * To see what is sent after what: `next`, where the order is fixed; the after_ functions, where it
 * depends on the reply; proceed(), where it depends on what the server offers and the account
 * wants.
 */

enum row {
    ROW_GREETING,
    ROW_EHLO,
    ROW_HELO,
    ROW_STARTTLS,
    ROW_AUTH,
    ROW_AUTH_RESPONSE,
    ROW_AUTH_CANCEL,
    ROW_MAIL,
    ROW_RCPT,
    ROW_DATA,
    ROW_CONTENT,
    ROW_QUIT,
    ROW_END,
    ROW_BY_OFFER = ROW_END /* what the server offers and the account wants decides: proceed() */
};

/* Any reply will do. */
#define ANY 0

struct exchange {
    enum stint_stage stage;
    const char *command; /* template, see session/command.h; NULL: the SASL mechanism's */
    uint16_t success;    /* the reply that means yes: a code, or its first digit alone */
    uint16_t timeout;    /* for that reply, in seconds */
    enum row next;
    bool open;
    void (*after)(struct stint_session *session); /* the reply to it is complete */
};

static void after_ehlo(struct stint_session *session);
static void after_helo(struct stint_session *session);
static void after_starttls(struct stint_session *session);
static void after_auth(struct stint_session *session);
static void after_cancel(struct stint_session *session);
static void after_step(struct stint_session *session);
static void after_rcpt(struct stint_session *session);
static void after_content(struct stint_session *session);
static void after_quit(struct stint_session *session);

/* clang-format off */
#define EHLO_COMMAND "EHLO " STINT_EHLO_NAME "\r\n"
#define HELO_COMMAND "HELO " STINT_EHLO_NAME "\r\n"
#define MAIL_COMMAND "MAIL FROM:<" STINT_REVERSE_PATH ">" STINT_SIZE_PARAMETER STINT_BODY_PARAMETER "\r\n"
#define RCPT_COMMAND "RCPT TO:<" STINT_FORWARD_PATH ">\r\n"
#define CONTENT      STINT_MESSAGE ".\r\n"

/* The times of the greeting, MAIL, RCPT, DATA and the message are RFC 5321 4.5.3.2.1 to 4.5.3.2.6's;
 * it has none for the others, which are ours. */
static const struct exchange exchanges[] = {
    /*                     stage                 command         yes wait  next          open */
    [ROW_GREETING]      = {STINT_STAGE_GREETING, "",             220, 300, ROW_EHLO,     false, after_step},
    [ROW_EHLO]          = {STINT_STAGE_EHLO,     EHLO_COMMAND,     2, 300, ROW_BY_OFFER, false, after_ehlo},
    [ROW_HELO]          = {STINT_STAGE_HELO,     HELO_COMMAND,     2, 300, ROW_BY_OFFER, false, after_helo},
    [ROW_STARTTLS]      = {STINT_STAGE_STARTTLS, "STARTTLS\r\n", 220, 120, ROW_EHLO,     false, after_starttls},
    [ROW_AUTH]          = {STINT_STAGE_AUTH,     NULL,           235, 120, ROW_BY_OFFER, false, after_auth},
    [ROW_AUTH_RESPONSE] = {STINT_STAGE_AUTH,     NULL,           235, 120, ROW_BY_OFFER, false, after_auth},
    [ROW_AUTH_CANCEL]   = {STINT_STAGE_AUTH,     "*\r\n",        ANY, 120, ROW_QUIT,     false, after_cancel},
    [ROW_MAIL]          = {STINT_STAGE_MAIL,     MAIL_COMMAND,     2, 300, ROW_RCPT,     false, after_step},
    [ROW_RCPT]          = {STINT_STAGE_RCPT,     RCPT_COMMAND,     2, 300, ROW_DATA,     false, after_rcpt},
    [ROW_DATA]          = {STINT_STAGE_DATA,     "DATA\r\n",     354, 120, ROW_CONTENT,  false, after_step},
    [ROW_CONTENT]       = {STINT_STAGE_CONTENT,  CONTENT,          2, 600, ROW_QUIT,     true,  after_content},
    [ROW_QUIT]          = {STINT_STAGE_QUIT,     "QUIT\r\n",     ANY,  10, ROW_END,      false, after_quit},
};
/* clang-format on */

/* RFC 5321 4.5.3.2.5: for a block of the message to leave. */
#define BLOCK_TIMEOUT 180

/* ---- Moving the cursors ---- */

static void go_to(struct stint_session *session, enum row row)
{
    session->reader.row = (uint8_t)row;
    session->reader.recipient = 0;
}

/* To the exchange that follows in fixed order: RCPT repeats for each recipient. */
static void advance(const struct stint_session *session, struct stint_cursor *cursor)
{
    if (cursor->row == ROW_RCPT && cursor->recipient + 1 < session->mail->recipient_count) {
        cursor->recipient++;
        return;
    }
    cursor->row = (uint8_t)exchanges[cursor->row].next;
    cursor->recipient = 0;
}

enum stint_stage stint_session_stage(const struct stint_session *session)
{
    return session->reader.row < ROW_END ? exchanges[session->reader.row].stage : STINT_STAGE_QUIT;
}

/* ---- Breaking off ---- */

/* RFC 5321 4.2.5: is the message's end out, and its reply not in? Then nobody knows its fate. */
static bool is_in_doubt(const struct stint_session *session)
{
    return session->reader.row == ROW_CONTENT && session->content_ended &&
           (int32_t)(session->sent - session->content_end) >= 0;
}

/* Behind RCPT, what the server says no to is the message, for all recipients. */
static const struct stint_reply *verdict(const struct stint_session *session,
                                         enum stint_error error)
{
    bool is_refusal = error == STINT_ERROR_TEMPORARY || error == STINT_ERROR_PERMANENT;

    return is_refusal && session->reader.row > ROW_RCPT ? &session->reply : NULL;
}

void stint_session_break(struct stint_session *session, enum stint_error error)
{
    stint_outcome_fault(session, error, stint_session_stage(session));
    if (is_in_doubt(session)) {
        stint_outcome_settle(session, STINT_FATE_UNKNOWN, NULL);
    } else {
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, verdict(session, error));
    }
    session->state = STINT_SESSION_BROKEN;
}

void stint_session_lost(struct stint_session *session, enum stint_error error)
{
    if (session->reader.row >= ROW_QUIT) {
        session->state = STINT_SESSION_ENDED;
    } else {
        stint_session_break(session, error);
    }
}

/* The server said no, or our own rules do: no more than a polite end is left. After 421 the server
 * closes, and listens no more (RFC 5321 3.8). */
static void stop(struct stint_session *session, enum stint_error error)
{
    stint_outcome_fault(session, error, stint_session_stage(session));
    stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, verdict(session, error));
    if (session->reply.code == 421) {
        session->state = STINT_SESSION_BROKEN;
    }
    go_to(session, ROW_QUIT);
}

/* ---- After each reply ---- */

static bool is_success(const struct stint_session *session)
{
    uint16_t success = exchanges[session->reader.row].success;

    return success < 10 ? session->reply.code / 100 == success : session->reply.code == success;
}

/* One recipient refused is not the end. */
bool stint_session_goes_on(const struct stint_session *session)
{
    unsigned digit = session->reply.code / 100;

    if (session->reader.row == ROW_RCPT) {
        return session->reply.code != 421 && (digit == 2 || digit == 4 || digit == 5);
    }
    return is_success(session);
}

/* RFC 5321 4.2.1: what a reply that is no success means goes by its first digit. */
static void refused(struct stint_session *session)
{
    switch (session->reply.code / 100) {
    case 4: stop(session, STINT_ERROR_TEMPORARY); break;
    case 5: stop(session, STINT_ERROR_PERMANENT); break;
    default: stint_session_break(session, STINT_ERROR_PROTOCOL); break;
    }
}

static void after_step(struct stint_session *session)
{
    if (is_success(session)) {
        advance(session, &session->reader);
    } else {
        refused(session);
    }
}

static bool wants_starttls(const struct stint_session *session)
{
    return session->account->security != STINT_SECURITY_NONE && !session->secure;
}

/* RFC 3207 4: TLS is required; a server that does not offer it is left, with nothing told to it. */
static void begin_tls(struct stint_session *session)
{
    go_to(session, ROW_STARTTLS);
    if (!stint_capabilities_offer(&session->capabilities, STINT_EXTENSION_STARTTLS)) {
        stop(session, STINT_ERROR_NO_STARTTLS);
    }
}

/* RFC 4954 3: only a mechanism of the latest EHLO reply, which came through verified TLS. */
static void begin_auth(struct stint_session *session)
{
    go_to(session, ROW_AUTH);
    session->sasl = stint_sasl_choose(session->account, session->capabilities.mechanisms);
    session->sasl_step = 0;
    if (session->sasl == NULL) {
        stop(session, STINT_ERROR_NO_AUTH);
    }
}

/* RFC 1870 6.1 and RFC 6152 3: what the server cannot take is not begun. */
static void begin_mail(struct stint_session *session)
{
    const struct stint_source *source = session->mail->source;
    const struct stint_capabilities *offered = &session->capabilities;
    bool eight_bit = stint_capabilities_offer(offered, STINT_EXTENSION_8BITMIME);

    go_to(session, ROW_MAIL);
    stint_body_start(&session->body, eight_bit && source->content != STINT_CONTENT_7BIT);
    if (offered->size > 0 && source->size > offered->size) {
        stop(session, STINT_ERROR_TOO_LARGE);
    } else if (source->content == STINT_CONTENT_8BIT && !eight_bit) {
        stop(session, STINT_ERROR_NO_8BITMIME);
    }
}

/* The first of these that is still to be done. */
static void proceed(struct stint_session *session)
{
    if (wants_starttls(session)) {
        begin_tls(session);
    } else if (session->account->user != NULL && !session->authenticated) {
        begin_auth(session);
    } else if (session->mail != NULL) {
        begin_mail(session);
    } else {
        go_to(session, ROW_QUIT);
    }
}

/* RFC 5321 3.2: a server that does not know EHLO may know HELO, which offers neither TLS nor AUTH.
 */
static bool may_fall_back(const struct stint_session *session)
{
    return (session->reply.code == 500 || session->reply.code == 502) &&
           session->account->security == STINT_SECURITY_NONE;
}

static void after_ehlo(struct stint_session *session)
{
    if (is_success(session)) {
        proceed(session);
    } else if (may_fall_back(session)) {
        stint_capabilities_clear(&session->capabilities);
        stint_outcome_forget_reply(session);
        go_to(session, ROW_HELO);
    } else {
        refused(session);
    }
}

static void after_helo(struct stint_session *session)
{
    if (is_success(session)) {
        proceed(session);
    } else {
        refused(session);
    }
}

static void after_starttls(struct stint_session *session)
{
    if (is_success(session)) {
        session->state = STINT_SESSION_WANTS_TLS;
    } else {
        refused(session);
    }
}

/* RFC 4954 4: 334 asks for the mechanism's next response; 235 ends it, but only when all was said.
 * A challenge too many, or one that is not base64, is answered with "*". */
static void after_auth(struct stint_session *session)
{
    bool said_all = session->sasl_step == session->sasl->response_count;

    if (session->reply.code == 334 && !said_all && session->is_base64) {
        go_to(session, ROW_AUTH_RESPONSE);
    } else if (session->reply.code == 334) {
        stint_outcome_fault(session, STINT_ERROR_PROTOCOL, STINT_STAGE_AUTH);
        go_to(session, ROW_AUTH_CANCEL);
    } else if (!is_success(session)) {
        refused(session);
    } else if (said_all) {
        session->authenticated = true;
        proceed(session);
    } else {
        stint_session_break(session, STINT_ERROR_PROTOCOL);
    }
}

static void after_cancel(struct stint_session *session)
{
    go_to(session, ROW_QUIT);
}

/* Were all refusals temporary? Then so is the error. Counts those that were accepted, too. */
static enum stint_error refusal(const struct stint_mail *mail, uint16_t *accepted)
{
    enum stint_error error = STINT_ERROR_TEMPORARY;
    uint16_t i;

    *accepted = 0;
    for (i = 0; i < mail->recipient_count; i++) {
        *accepted = (uint16_t)(*accepted + (mail->recipients[i].code / 100 == 2));
        error = mail->recipients[i].code >= 500 ? STINT_ERROR_PERMANENT : error;
    }
    return error;
}

/* RFC 5321 3.3: content follows only if somebody takes it; by policy, only if everybody does. */
static void after_last_rcpt(struct stint_session *session)
{
    const struct stint_mail *mail = session->mail;
    uint16_t accepted;
    enum stint_error error = refusal(mail, &accepted);

    if (accepted == 0 || (accepted < mail->recipient_count && mail->policy == STINT_POLICY_ALL)) {
        stop(session, error);
    } else {
        advance(session, &session->reader);
    }
}

static void after_rcpt(struct stint_session *session)
{
    struct stint_recipient *recipient = &session->mail->recipients[session->reader.recipient];
    unsigned digit = session->reply.code / 100;

    if (digit == 2 || digit == 4 || digit == 5) {
        recipient->code = session->reply.code;
        recipient->enhanced = stint_enhanced_value(&session->enhanced, recipient->code);
    }
    if (!stint_session_goes_on(session)) {
        refused(session);
    } else if (session->reader.recipient + 1 < session->mail->recipient_count) {
        advance(session, &session->reader);
    } else {
        after_last_rcpt(session);
    }
}

/* RFC 5321 4.2.5: with 2yz, and with nothing else, the server has taken responsibility. */
static void after_content(struct stint_session *session)
{
    if (is_success(session)) {
        stint_outcome_settle(session, STINT_FATE_ACCEPTED, &session->reply);
        if (session->result->fate != STINT_FATE_ACCEPTED) {
            stint_outcome_fault(session, STINT_ERROR_PARTIAL, STINT_STAGE_RCPT);
        }
        advance(session, &session->reader);
    } else {
        refused(session);
    }
}

/* Whatever it says: QUIT changes nothing. */
static void after_quit(struct stint_session *session)
{
    advance(session, &session->reader);
    session->state = STINT_SESSION_ENDED;
}

/* ---- Reading ---- */

/* Has the command that this reply would answer left entirely? */
static bool is_due(const struct stint_session *session)
{
    uint32_t end = session->reader.row == ROW_CONTENT ? session->content_end : session->command_end;

    return session->outstanding > 0 && (int32_t)(session->sent - end) >= 0;
}

/* A reply that nothing asked for: the server is leaving (RFC 5321 3.8), or it is out of step. */
static void unsolicited(struct stint_session *session)
{
    switch (session->reply.code / 100) {
    case 4: stint_session_lost(session, STINT_ERROR_TEMPORARY); break;
    case 5: stint_session_lost(session, STINT_ERROR_PERMANENT); break;
    default: stint_session_lost(session, STINT_ERROR_PROTOCOL); break;
    }
}

static void begin_reply(struct stint_session *session)
{
    stint_reply_start(&session->reply);
    stint_enhanced_start(&session->enhanced);
    stint_outcome_reply_start(session);
    session->first_line = true;
    session->is_base64 = true;
    if (session->reader.row == ROW_EHLO) {
        stint_capabilities_clear(&session->capabilities);
    }
}

static void reply_text(struct stint_session *session, uint8_t octet)
{
    if (session->first_line) {
        stint_enhanced_octet(&session->enhanced, octet);
    }
    if (session->reader.row == ROW_EHLO) {
        stint_capabilities_octet(&session->capabilities, octet);
    }
    session->is_base64 = session->is_base64 && stint_base64_character(octet);
    stint_outcome_text(session, octet);
}

static void reply_line_end(struct stint_session *session)
{
    session->first_line = false;
    if (session->reader.row == ROW_EHLO) {
        stint_capabilities_line_end(&session->capabilities);
    }
}

static void reply_complete(struct stint_session *session)
{
    reply_line_end(session);
    stint_outcome_reply_end(session);
    if (!is_due(session)) {
        unsolicited(session);
    } else {
        session->outstanding--;
        session->epoch++;
        exchanges[session->reader.row].after(session);
        if (session->outstanding == 0) {
            session->writer = session->reader;
        }
    }
    begin_reply(session);
}

static void malformed(struct stint_session *session)
{
    if (session->result->error == STINT_ERROR_NONE && session->reader.row < ROW_QUIT) {
        stint_outcome_forget_reply(session);
    }
    stint_session_lost(session, STINT_ERROR_PROTOCOL);
}

static void reply_octet(struct stint_session *session, uint8_t octet)
{
    switch (stint_reply_octet(&session->reply, octet)) {
    case STINT_REPLY_MORE: break;
    case STINT_REPLY_TEXT: reply_text(session, octet); break;
    case STINT_REPLY_LINE:
        reply_line_end(session);
        stint_outcome_text(session, '\n');
        break;
    case STINT_REPLY_COMPLETE: reply_complete(session); break;
    case STINT_REPLY_MALFORMED: malformed(session); break;
    }
}

size_t stint_session_read(struct stint_session *session, const uint8_t *octets, size_t length)
{
    size_t n = 0;

    while (n < length && session->state == STINT_SESSION_TALKS) {
        reply_octet(session, octets[n]);
        n++;
    }
    stint_trace(session, STINT_TRACE_REPLY, octets, n);
    return n;
}

/* ---- Writing ---- */

bool stint_session_may_write(const struct stint_session *session)
{
    if (session->state != STINT_SESSION_TALKS || session->writer.row >= ROW_END) {
        return false;
    }
    return session->command != NULL || session->outstanding == 0 ||
           (session->group_open &&
            stint_capabilities_offer(&session->capabilities, STINT_EXTENSION_PIPELINING));
}

/* A mechanism with a first response says it along with AUTH where that fits (RFC 4954 4). */
static const char *auth_command(struct stint_session *session)
{
    if (session->writer.row == ROW_AUTH_RESPONSE) {
        return session->sasl->responses[session->sasl_step++];
    }
    if (stint_sasl_first_fits(session->sasl, session->account)) {
        session->sasl_step = 1;
        return session->sasl->with_first;
    }
    return session->sasl->without;
}

/* Everything from AUTH to the message belongs into the channel that the account asks for: looked at
 * once more here, so that no mistake made before can matter. */
static bool is_for_this_channel(const struct stint_session *session)
{
    return session->writer.row < ROW_AUTH || session->writer.row == ROW_QUIT ||
           !wants_starttls(session);
}

static void begin_command(struct stint_session *session)
{
    const char *command = exchanges[session->writer.row].command;

    if (!is_for_this_channel(session)) {
        stint_session_break(session, STINT_ERROR_NO_STARTTLS);
        return;
    }
    stint_command_start(session, command != NULL ? command : auth_command(session));
}

static void end_command(struct stint_session *session)
{
    if (session->writer.row == ROW_CONTENT) {
        session->content_end = session->written;
        session->content_ended = true;
    }
    session->command_end = session->written;
    session->group_open = exchanges[session->writer.row].open;
    session->outstanding++;
    session->epoch++;
    advance(session, &session->writer);
}

size_t stint_session_write(struct stint_session *session, uint8_t *octets, size_t room)
{
    size_t total = 0;
    size_t n;

    session->source_waits = false;
    while (stint_session_may_write(session)) {
        if (session->command == NULL) {
            begin_command(session);
        }
        if (session->state != STINT_SESSION_TALKS) {
            break;
        }
        n = stint_command_write(session, octets + total, room - total);
        total += n;
        session->written += (uint32_t)n;
        if (session->command != NULL) {
            break;
        }
        end_command(session);
    }
    return total;
}

void stint_session_sent(struct stint_session *session, uint32_t sent)
{
    session->sent = sent;
}

/* Until all of the message has left, its blocks are what is waited for. */
static bool is_sending_content(const struct stint_session *session)
{
    return session->reader.row == ROW_CONTENT && !is_in_doubt(session);
}

uint16_t stint_session_timeout(const struct stint_session *session)
{
    if (is_sending_content(session) || session->reader.row >= ROW_END) {
        return BLOCK_TIMEOUT;
    }
    return exchanges[session->reader.row].timeout;
}

/* ---- Beginning ---- */

static void begin_at(struct stint_session *session, enum row row)
{
    go_to(session, row);
    session->writer = session->reader;
    session->state = STINT_SESSION_TALKS;
    stint_capabilities_clear(&session->capabilities);
    begin_reply(session);
}

void stint_session_start(struct stint_session *session, bool secure)
{
    session->secure = secure;
    begin_at(session, ROW_GREETING);
    end_command(session); /* the greeting answers the connection itself */
}

void stint_session_secured(struct stint_session *session)
{
    session->secure = true;
    begin_at(session, ROW_EHLO);
}
