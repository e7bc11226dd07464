/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"
#include "session/capabilities.h"
#include "session/command.h"
#include "session/content.h"
#include "session/enhanced.h"
#include "session/lmtp.h"
#include "session/mails.h"
#include "session/order.h"
#include "session/outcome.h"
#include "session/pipelining.h"
#include "session/reply.h"
#include "session/tracing.h"

/* The conversation as octets: replies are read, commands are written. What comes after what is in
 * order.c. */

/* RFC 5321 4.5.3.2.5: for a block of the message to leave. */
#define BLOCK_TIMEOUT 180

/* ---- Breaking off ---- */

static bool message_is_out(const struct stint_session *session)
{
    return session->content_ended && (int32_t)(session->sent - session->content_end) >= 0;
}

/* RFC 5321 4.2.5: is the message's end out, and its reply not in? Then nobody knows its fate,
 * unless nobody can have got it. */
static bool is_in_doubt(const struct stint_session *session)
{
    bool is_for_nobody = session->failed && session->taken == 0;

    return session->content_begun && message_is_out(session) && !is_for_nobody;
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

/* The server said no to all there is, or our own rules do: no more than a polite end is left. After
 * 421 the server closes, and listens no more (RFC 5321 3.8). */
void stint_session_stop(struct stint_session *session, enum stint_error error)
{
    stint_outcome_fault(session, error, stint_session_stage(session));
    stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, verdict(session, error));
    if (session->reply.code == 421) {
        if (stint_lmtp_is_spoken(session)) {
            stint_outcome_settle(session, STINT_FATE_UNKNOWN, NULL); /* for whoever heard nothing */
        }
        session->state = STINT_SESSION_BROKEN;
    }
    stint_order_turn(session, ROW_QUIT);
}

/* RFC 5321 4.2.1: what a reply that is no success means goes by its first digit. */
void stint_session_refused(struct stint_session *session)
{
    switch (session->reply.code / 100) {
    case 4: stint_session_stop(session, STINT_ERROR_TEMPORARY); break;
    case 5: stint_session_stop(session, STINT_ERROR_PERMANENT); break;
    default: stint_session_break(session, STINT_ERROR_PROTOCOL); break;
    }
}

/* ---- Reading ---- */

/* Has the command that is answered next left entirely? Of several chunks, all but the last one
 * have: each is a record of its own. */
static bool command_is_out(const struct stint_session *session)
{
    uint32_t end =
        stint_order_is_content(session->reader.row) ? session->content_end : session->command_end;

    return session->outstanding > 0 && (session->chunks > 1 || (int32_t)(session->sent - end) >= 0);
}

/* A reply that began before that answers something else, however late it ends. */
static bool is_due(const struct stint_session *session)
{
    return session->began_in_time && command_is_out(session);
}

bool stint_session_goes_on(const struct stint_session *session)
{
    return is_due(session) && stint_order_goes_on(session);
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
    stint_sasl_listen(session->work);
    if (session->reader.row == ROW_EHLO) {
        stint_capabilities_clear(&session->capabilities);
    }
}

static bool is_of_auth(const struct stint_session *session)
{
    return session->reader.row == ROW_AUTH || session->reader.row == ROW_AUTH_RESPONSE;
}

static void reply_text(struct stint_session *session, uint8_t octet)
{
    if (session->first_line) {
        stint_enhanced_octet(&session->enhanced, octet);
    }
    if (session->reader.row == ROW_EHLO) {
        stint_capabilities_octet(&session->capabilities, octet);
    }
    if (is_of_auth(session)) {
        stint_sasl_hear(session->sasl, session->work, octet);
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
        stint_exchanges[session->reader.row].after(session);
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

/* From SCRAM's last challenge whoever sees it could guess the password: it is not traced. */
static bool is_secret(const struct stint_session *session)
{
    return STINT_TRACE && is_of_auth(session) && session->reply.code == 334 &&
           stint_sasl_is_secret(session->sasl, session->sasl_step);
}

/* Returns whether the octet may be shown. */
static bool reply_octet(struct stint_session *session, uint8_t octet)
{
    if (session->reply.octets == 0) {
        session->began_in_time = command_is_out(session);
    }
    switch (stint_reply_octet(&session->reply, octet)) {
    case STINT_REPLY_MORE: break;
    case STINT_REPLY_TEXT: reply_text(session, octet); return !is_secret(session);
    case STINT_REPLY_LINE:
        reply_line_end(session);
        stint_outcome_text(session, '\n');
        break;
    case STINT_REPLY_COMPLETE: reply_complete(session); break;
    case STINT_REPLY_MALFORMED: malformed(session); break;
    }
    return true;
}

size_t stint_session_read(struct stint_session *session, const uint8_t *octets, size_t length)
{
    size_t n = 0;
    size_t shown = 0; /* or passed over */

    while (n < length && session->state == STINT_SESSION_TALKS &&
           !stint_mails_one_is_done(session)) {
        if (!reply_octet(session, octets[n++])) {
            stint_trace(session, STINT_TRACE_REPLY, octets + shown, n - 1 - shown);
            stint_trace(session, STINT_TRACE_CHALLENGE, NULL, 0);
            shown = n;
        }
    }
    stint_trace(session, STINT_TRACE_REPLY, octets + shown, n - shown);
    return n;
}

/* ---- Writing ---- */

bool stint_session_may_write(const struct stint_session *session)
{
    if (session->state != STINT_SESSION_TALKS || session->writer.row >= ROW_IDLE ||
        stint_sasl_computes(session->work)) {
        return false;
    }
    return session->command != NULL || session->outstanding == 0 ||
           stint_pipelining_may_run_ahead(session);
}

/* A mechanism that speaks first does it along with AUTH where that fits (RFC 4954 4). */
static const char *auth_command(struct stint_session *session)
{
    if (session->writer.row == ROW_AUTH_RESPONSE) {
        session->sasl_step++;
        return STINT_RESPONSE "\r\n";
    }
    if (!stint_sasl_first_fits(session->sasl, session->account, session->work)) {
        return "AUTH " STINT_MECHANISM "\r\n";
    }
    session->sasl_step++;
    if (stint_sasl_first_is_empty(session->sasl, session->account, session->work)) {
        return "AUTH " STINT_MECHANISM " =\r\n";
    }
    return "AUTH " STINT_MECHANISM " " STINT_RESPONSE "\r\n";
}

/* Everything from AUTH to the message belongs into the channel that the account asks for: looked at
 * once more here, so that no mistake made before can matter. */
static bool is_for_this_channel(const struct stint_session *session)
{
    return session->writer.row < ROW_AUTH || session->writer.row == ROW_QUIT ||
           !stint_opening_wants_starttls(session);
}

/* What the result is to tell of. */
static void note_use(struct stint_session *session)
{
    uint8_t row = session->writer.row;
    unsigned used = stint_exchanges[row].extension;

    used |= row == ROW_MAIL ? session->extensions : 0U;
    used |= session->outstanding > 0 ? STINT_EXTENSION_PIPELINING : 0U;
    session->result->extensions = (uint16_t)(session->result->extensions | used);
}

static const char *next_command(struct stint_session *session)
{
    const char *command = stint_exchanges[session->writer.row].command;

    if (session->writer.row == ROW_EHLO && stint_lmtp_is_spoken(session)) {
        return STINT_LHLO_COMMAND;
    }
    return command != NULL ? command : auth_command(session);
}

static void begin_command(struct stint_session *session)
{
    uint8_t row = session->writer.row;

    if (!is_for_this_channel(session)) {
        stint_session_break(session, STINT_ERROR_NO_STARTTLS);
        return;
    }
    if (stint_order_is_content(row) && !session->content_begun) {
        stint_content_start(session, row == ROW_CONTENT);
    }
    note_use(session);
    stint_command_start(session, next_command(session));
}

static void end_content(struct stint_session *session)
{
    session->content_end = session->written;
    session->content_ended = true;
    if (stint_order_is_chunk(session->writer.row)) {
        session->content_ended = session->content_complete;
        session->chunks++;
    }
}

/* RFC 2033 4.2: many replies answer an LMTP message. */
static bool ends_open(const struct stint_session *session)
{
    uint8_t row = session->writer.row;

    return stint_exchanges[row].open &&
           !(stint_lmtp_is_spoken(session) && stint_order_is_content(row));
}

static void end_command(struct stint_session *session)
{
    if (stint_order_is_content(session->writer.row)) {
        end_content(session);
    }
    if (session->outstanding == 0) {
        session->command_end = session->written;
    }
    session->group_open = ends_open(session);
    session->outstanding++;
    session->epoch++;
    stint_order_advance(session);
}

size_t stint_session_write(struct stint_session *session, uint8_t *octets, size_t room)
{
    size_t total = 0;
    bool ends_record = false; /* behind a chunk, see is_due() */
    size_t n;

    session->source_waits = false;
    while (!ends_record && stint_session_may_write(session)) {
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
        ends_record = stint_order_is_chunk(session->writer.row);
        end_command(session);
    }
    return total;
}

void stint_session_sent(struct stint_session *session, uint32_t sent)
{
    session->sent = sent;
}

/* Until all of the message has left, its blocks are what is waited for; but not while no more of it
 * may be written before a reply is in. */
static bool is_sending_content(const struct stint_session *session)
{
    return session->content_begun && !message_is_out(session) &&
           (session->command != NULL || session->sent != session->written);
}

uint16_t stint_session_timeout(const struct stint_session *session)
{
    if (is_sending_content(session) || session->reader.row >= ROW_IDLE) {
        return BLOCK_TIMEOUT;
    }
    return stint_exchanges[session->reader.row].timeout;
}

/* ---- Beginning ---- */

void stint_session_set_mail(struct stint_session *session, const struct stint_mail *mail)
{
    session->first_mail = mail;
    session->reader.mail = mail;
    session->writer.mail = mail;
}

static void begin_at(struct stint_session *session, enum row row)
{
    stint_order_turn(session, row);
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
