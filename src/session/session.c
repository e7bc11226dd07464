/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "session/base64.h"
#include "session/capabilities.h"
#include "session/command.h"
#include "session/content.h"
#include "session/enhanced.h"
#include "session/outcome.h"
#include "session/recipients.h"
#include "session/reply.h"
#include "session/sasl.h"
#include "session/tracing.h"

#include <string.h>

/*
 * SMTP's order is the table below: RFC 5321 4.3.2's commands and replies with 4.5.3.2's timeouts. A
 * row is an exchange: a command and the reply to it.
 *
 * Two cursors walk the table. The writer stands at the command that is written next, the reader at
 * the one whose reply is read next; `outstanding` replies lie between them. Where the server offers
 * PIPELINING (RFC 2920) the writer runs ahead, behind rows marked `open`, as far as
 * may_run_ahead() lets it: through MAIL, RCPT and DATA, and from the message to QUIT or through the
 * next mail's. Otherwise it waits until the reader has caught up.
 *
 * To see what is written after what: advance(), for what needs no reply; the after_ functions, for
 * what does; proceed(), where it depends on what the server offers and the account wants.
 */

enum row {
    ROW_GREETING,
    ROW_EHLO,
    ROW_HELO,
    ROW_STARTTLS,
    ROW_AUTH,
    ROW_AUTH_RESPONSE,
    ROW_AUTH_CANCEL,
    ROW_RSET,
    ROW_MAIL,
    ROW_RCPT,
    ROW_DATA,
    ROW_CONTENT, /* of DATA */
    ROW_DOT,     /* nothing of it, for nobody is there to get it */
    ROW_BDAT,    /* all of it, of known size */
    ROW_CHUNK,   /* a part of it */
    ROW_QUIT,
    ROW_IDLE, /* no command: nothing to do, or nothing that can be decided yet */
    ROW_END,
    ROW_BY_OFFER = ROW_IDLE, /* what the server offers and the account wants decides: proceed() */
    ROW_BY_MAIL = ROW_IDLE   /* the mail and those behind it do: advance() */
};

/* Any reply will do. */
#define ANY 0

struct exchange {
    enum stint_stage stage;
    const char *command; /* template, see session/command.h; NULL: the SASL mechanism's */
    uint16_t success;    /* the reply that means yes: a code, or its first digit alone */
    uint16_t timeout;    /* for that reply, in seconds */
    enum row next;
    bool open;                                    /* does not end its group of commands */
    uint16_t extension;                           /* whose it is: enum stint_extension */
    void (*after)(struct stint_session *session); /* the reply to it is complete */
};

static void after_step(struct stint_session *session);
static void after_ehlo(struct stint_session *session);
static void after_starttls(struct stint_session *session);
static void after_auth(struct stint_session *session);
static void after_cancel(struct stint_session *session);
static void after_rset(struct stint_session *session);
static void after_mail(struct stint_session *session);
static void after_rcpt(struct stint_session *session);
static void after_data(struct stint_session *session);
static void after_content(struct stint_session *session);
static void after_dot(struct stint_session *session);
static void after_chunk(struct stint_session *session);
static void after_quit(struct stint_session *session);

/* clang-format off */
#define EHLO_COMMAND "EHLO " STINT_EHLO_NAME "\r\n"
#define HELO_COMMAND "HELO " STINT_EHLO_NAME "\r\n"
#define MAIL_COMMAND "MAIL FROM:<" STINT_REVERSE_PATH ">" STINT_SIZE_PARAMETER STINT_BODY_PARAMETER "\r\n"
#define RCPT_COMMAND "RCPT TO:<" STINT_FORWARD_PATH ">\r\n"
#define CONTENT      STINT_MESSAGE ".\r\n"
#define BDAT_COMMAND "BDAT " STINT_SIZE " LAST\r\n" STINT_MESSAGE

#define STARTTLS_X   STINT_EXTENSION_STARTTLS
#define AUTH_X       STINT_EXTENSION_AUTH
#define CHUNKING_X   STINT_EXTENSION_CHUNKING

/* The times of the greeting, MAIL, RCPT, DATA and the message are RFC 5321 4.5.3.2.1 to 4.5.3.2.6's;
 * it has none for the others, which are ours. */
static const struct exchange exchanges[] = {
    /*                     stage                 command         yes wait  next          open   extension */
    [ROW_GREETING]      = {STINT_STAGE_GREETING, "",             220, 300, ROW_EHLO,     false, 0,          after_step},
    [ROW_EHLO]          = {STINT_STAGE_EHLO,     EHLO_COMMAND,     2, 300, ROW_BY_OFFER, false, 0,          after_ehlo},
    [ROW_HELO]          = {STINT_STAGE_HELO,     HELO_COMMAND,     2, 300, ROW_BY_OFFER, false, 0,          after_ehlo},
    [ROW_STARTTLS]      = {STINT_STAGE_STARTTLS, "STARTTLS\r\n", 220, 120, ROW_EHLO,     false, STARTTLS_X, after_starttls},
    [ROW_AUTH]          = {STINT_STAGE_AUTH,     NULL,           235, 120, ROW_BY_OFFER, false, AUTH_X,     after_auth},
    [ROW_AUTH_RESPONSE] = {STINT_STAGE_AUTH,     NULL,           235, 120, ROW_BY_OFFER, false, AUTH_X,     after_auth},
    [ROW_AUTH_CANCEL]   = {STINT_STAGE_AUTH,     "*\r\n",        ANY, 120, ROW_QUIT,     false, AUTH_X,     after_cancel},
    [ROW_RSET]          = {STINT_STAGE_RSET,     "RSET\r\n",       2, 120, ROW_MAIL,     true,  0,          after_rset},
    [ROW_MAIL]          = {STINT_STAGE_MAIL,     MAIL_COMMAND,     2, 300, ROW_RCPT,     true,  0,          after_mail},
    [ROW_RCPT]          = {STINT_STAGE_RCPT,     RCPT_COMMAND,     2, 300, ROW_DATA,     true,  0,          after_rcpt},
    [ROW_DATA]          = {STINT_STAGE_DATA,     "DATA\r\n",     354, 120, ROW_CONTENT,  false, 0,          after_data},
    [ROW_CONTENT]       = {STINT_STAGE_CONTENT,  CONTENT,          2, 600, ROW_BY_MAIL,  true,  0,          after_content},
    [ROW_DOT]           = {STINT_STAGE_CONTENT,  ".\r\n",        ANY, 600, ROW_BY_MAIL,  false, 0,          after_dot},
    [ROW_BDAT]          = {STINT_STAGE_CONTENT,  BDAT_COMMAND,     2, 600, ROW_BY_MAIL,  true,  CHUNKING_X, after_content},
    [ROW_CHUNK]         = {STINT_STAGE_CONTENT,  STINT_CHUNK,      2, 600, ROW_BY_MAIL,  true,  CHUNKING_X, after_chunk},
    [ROW_QUIT]          = {STINT_STAGE_QUIT,     "QUIT\r\n",     ANY,  10, ROW_END,      false, 0,          after_quit},
};
/* clang-format on */

/* RFC 5321 4.5.3.2.5: for a block of the message to leave. */
#define BLOCK_TIMEOUT 180

static bool is_content(uint8_t row)
{
    return row == ROW_CONTENT || row == ROW_BDAT || row == ROW_CHUNK;
}

static bool offers(const struct stint_session *session, enum stint_extension extension)
{
    return stint_capabilities_offer(&session->capabilities, extension);
}

/* ---- A mail and its transactions ---- */

/* RFC 3030: BDAT where it is offered, and the size is known or there is no other way. In chunks it
 * would cost a reply for each of them, so a text of unknown size goes by DATA. */
static enum row content_row(const struct stint_session *session, const struct stint_mail *mail)
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
static bool may_begin_another(const struct stint_session *session)
{
    uint16_t limit = session->capabilities.limits[STINT_LIMIT_MAILMAX];

    return limit == 0 || session->transactions < limit;
}

static const struct stint_mail *next_mail(const struct stint_session *session,
                                          const struct stint_mail *mail)
{
    return may_begin_another(session) ? mail->next : NULL;
}

static bool waits_for_mail(const struct stint_session *session)
{
    return session->account->idle_ms > 0 && !session->quits && may_begin_another(session);
}

/* ---- The writer ---- */

/* Each transaction needs the message from its start; stint_start has seen to the first one. */
static enum stint_error begin_transaction(struct stint_session *session,
                                          const struct stint_mail *mail, bool reset)
{
    const struct stint_source *source = mail->source;

    if (session->transactions > 0 && source->rewind != NULL &&
        source->rewind(source->context) != 0) {
        return STINT_ERROR_SOURCE;
    }
    session->transactions++;
    session->extensions = mail_extensions(session, mail);
    stint_recipients_start(session);
    session->writer.mail = mail;
    session->writer.row = reset ? ROW_RSET : ROW_MAIL;
    return STINT_ERROR_NONE;
}

/* Behind the message comes the next mail, or QUIT; or what comes is decided when the reply is in.
 * Whatever may be said to the caller of a mail is said when it is its turn, so one that seems unfit
 * waits for that, too. RSET ends a transaction that BDAT might leave open (RFC 3030 2). */
static void leave_mail(struct stint_session *session)
{
    const struct stint_mail *next = next_mail(session, session->writer.mail);
    uint16_t recipient;

    if (stint_recipients_wait(session->writer.mail)) {
        session->writer.row = ROW_IDLE;
    } else if (next == NULL) {
        session->writer.row = waits_for_mail(session) ? ROW_IDLE : ROW_QUIT;
    } else {
        session->writer.row = ROW_IDLE;
        if (is_content(session->reader.row) && offers(session, STINT_EXTENSION_PIPELINING) &&
            misfit(session, next) == STINT_ERROR_NONE &&
            stint_session_check_mail(next, &recipient) == STINT_FIELD_NONE) {
            stint_outcome_forget_recipients(next);
            (void)begin_transaction(session, next, session->reader.row != ROW_CONTENT);
        }
    }
}

static void advance_to_recipient(struct stint_session *session)
{
    if (!stint_recipients_ask(session)) {
        session->writer.row = (uint8_t)content_row(session, session->writer.mail);
        session->writer.recipient = 0;
    }
}

/* To what needs no reply to be decided: RCPT repeats for each recipient, a chunk until the source
 * is at its end. */
static void advance(struct stint_session *session)
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
    case ROW_CHUNK:
        if (session->content_complete) {
            leave_mail(session);
        }
        break;
    case ROW_CONTENT:
    case ROW_BDAT: leave_mail(session); break;
    default: writer->row = (uint8_t)exchanges[writer->row].next; break;
    }
}

/* ---- The reader ---- */

/* Nothing is outstanding, and a reply has decided what comes. */
static void turn_to(struct stint_session *session, enum row row)
{
    session->reader.row = (uint8_t)row;
    session->reader.recipient = 0;
    session->writer = session->reader;
}

/* Behind the message: see leave_mail(). */
static void follow_out(struct stint_session *session)
{
    struct stint_cursor *reader = &session->reader;

    session->command_end = session->content_end;
    if (session->writer.mail == reader->mail) {
        reader->row = ROW_QUIT;
    } else {
        reader->mail = reader->mail->next;
        reader->row = reader->row == ROW_CONTENT ? ROW_MAIL : ROW_RSET;
    }
}

/* To the next command written. Where it ends is counted again, so that a reply before its command
 * is told from one behind it, however many commands there are. */
static void follow(struct stint_session *session)
{
    struct stint_cursor *reader = &session->reader;

    if (session->outstanding == 0) {
        *reader = session->writer;
        return;
    }
    switch (reader->row) {
    case ROW_MAIL:
        reader->row = ROW_RCPT;
        reader->recipient = 0;
        (void)stint_recipients_follow(session);
        break;
    case ROW_RCPT:
        if (!stint_recipients_follow(session)) {
            reader->row = (uint8_t)content_row(session, reader->mail);
            reader->recipient = 0;
        }
        break;
    case ROW_CHUNK:
        if (session->chunks == 0) {
            follow_out(session);
        }
        break;
    case ROW_CONTENT:
    case ROW_BDAT: follow_out(session); break;
    default: reader->row = (uint8_t)exchanges[reader->row].next; break;
    }
    if (!is_content(reader->row)) {
        session->command_end +=
            stint_command_length(session, exchanges[reader->row].command, reader);
    }
}

enum stint_stage stint_session_stage(const struct stint_session *session)
{
    return session->reader.row < ROW_IDLE ? exchanges[session->reader.row].stage : STINT_STAGE_QUIT;
}

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
static void stop(struct stint_session *session, enum stint_error error)
{
    stint_outcome_fault(session, error, stint_session_stage(session));
    stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, verdict(session, error));
    if (session->reply.code == 421) {
        session->state = STINT_SESSION_BROKEN;
    }
    turn_to(session, ROW_QUIT);
}

/* ---- The end of a mail ---- */

/* The result is complete. The caller hears of it now if the session goes on, or else at its end. */
static void report(struct stint_session *session)
{
    if (session->reader.row == ROW_IDLE && !waits_for_mail(session) &&
        next_mail(session, session->reader.mail) == NULL) {
        turn_to(session, ROW_QUIT);
    }
    session->mail_done = session->reader.row != ROW_QUIT;
}

static void refuse_mail(struct stint_session *session, enum stint_error error,
                        enum stint_stage stage)
{
    stint_outcome_fault(session, error, stage);
    stint_outcome_conclude(session);
    report(session);
}

/* Nothing is outstanding, and both cursors stand at `mail`. */
static void open_transaction(struct stint_session *session, const struct stint_mail *mail)
{
    enum stint_error error = misfit(session, mail);

    turn_to(session, ROW_IDLE);
    if (error == STINT_ERROR_NONE) {
        error = begin_transaction(session, mail, session->transaction);
    }
    if (error == STINT_ERROR_NONE) {
        session->reader = session->writer;
    } else {
        refuse_mail(session, error, STINT_STAGE_MAIL);
    }
}

/* The transaction is settled. Those whom it could not take (RFC 5321 4.5.3.1.10) get another one.
 */
static void finish(struct stint_session *session)
{
    const struct stint_mail *mail = session->reader.mail;

    session->failed = false;
    session->content_begun = false;
    session->content_ended = false;
    if (session->result->error == STINT_ERROR_NONE && stint_recipients_wait(mail) &&
        may_begin_another(session)) {
        open_transaction(session, mail);
    } else {
        stint_outcome_conclude(session);
        follow(session);
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
            turn_to(session, ROW_QUIT);
        }
        return;
    }
    session->reader.mail = next;
    session->writer.mail = next;
    stint_outcome_next(session);
    stint_outcome_forget_recipients(next);
    field = stint_session_check_mail(next, &recipient);
    if (field == STINT_FIELD_NONE) {
        open_transaction(session, next);
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
    session->quits = true;
    turn_to(session, ROW_QUIT);
}

/* ---- A transaction that fails ---- */

/* Whatever was written behind what failed is still answered (RFC 2920 3.1). But a message half of
 * which is out cannot be taken back otherwise than by leaving. */
static void drain(struct stint_session *session)
{
    if (session->command != NULL && session->writer.row == ROW_CHUNK) {
        session->command = NULL; /* of which nothing is written before all is */
    }
    if (session->command != NULL && session->content_begun) {
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, NULL);
        stint_outcome_conclude(session);
        session->state = STINT_SESSION_BROKEN;
    } else if (session->command != NULL || session->outstanding > 0) {
        follow(session);
    } else {
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, NULL);
        turn_to(session, ROW_IDLE);
        finish(session);
    }
}

static enum stint_error refusal(const struct stint_session *session)
{
    return session->reply.code / 100 == 4 ? STINT_ERROR_TEMPORARY : STINT_ERROR_PERMANENT;
}

/* ---- After each reply ---- */

static bool is_success(const struct stint_session *session)
{
    uint16_t success = exchanges[session->reader.row].success;

    return success < 10 ? session->reply.code / 100 == success : session->reply.code == success;
}

/* RFC 5321 4.2.1 and 3.8: a no that is about the mail alone. */
static bool is_refusal(const struct stint_session *session)
{
    unsigned digit = session->reply.code / 100;

    return (digit == 4 || digit == 5) && session->reply.code != 421;
}

/* One recipient refused is not the end. */
bool stint_session_goes_on(const struct stint_session *session)
{
    return is_success(session) || (session->reader.row == ROW_RCPT && is_refusal(session));
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
        follow(session);
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
    turn_to(session, ROW_STARTTLS);
    if (!stint_capabilities_offer(&session->capabilities, STINT_EXTENSION_STARTTLS)) {
        stop(session, STINT_ERROR_NO_STARTTLS);
    }
}

/* RFC 4954 3: only a mechanism of the latest EHLO reply, which came through verified TLS. */
static void begin_auth(struct stint_session *session)
{
    turn_to(session, ROW_AUTH);
    session->sasl = stint_sasl_choose(session->account, session->capabilities.mechanisms);
    session->sasl_step = 0;
    if (session->sasl == NULL) {
        stop(session, STINT_ERROR_NO_AUTH);
    }
}

/* The first of these that is still to be done. */
static void proceed(struct stint_session *session)
{
    if (wants_starttls(session)) {
        begin_tls(session);
    } else if (session->account->user != NULL && !session->authenticated) {
        begin_auth(session);
    } else if (session->reader.mail != NULL) {
        open_transaction(session, session->reader.mail);
    } else {
        turn_to(session, ROW_QUIT);
    }
}

/* RFC 5321 3.2: a server that does not know EHLO may know HELO, which offers neither TLS nor AUTH.
 */
static bool may_fall_back(const struct stint_session *session)
{
    return session->reader.row == ROW_EHLO &&
           (session->reply.code == 500 || session->reply.code == 502) &&
           session->account->security == STINT_SECURITY_NONE;
}

static void after_ehlo(struct stint_session *session)
{
    if (is_success(session)) {
        session->result->extensions |=
            session->capabilities.extensions & STINT_EXTENSION_ENHANCEDSTATUSCODES;
        proceed(session);
    } else if (may_fall_back(session)) {
        stint_capabilities_clear(&session->capabilities);
        stint_outcome_forget_reply(session);
        turn_to(session, ROW_HELO);
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
        turn_to(session, ROW_AUTH_RESPONSE);
    } else if (session->reply.code == 334) {
        stint_outcome_fault(session, STINT_ERROR_PROTOCOL, STINT_STAGE_AUTH);
        turn_to(session, ROW_AUTH_CANCEL);
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
    turn_to(session, ROW_QUIT);
}

/* A step of the transaction; behind one that failed, what is left of it. */
static void judge(struct stint_session *session)
{
    if (!is_success(session) && !is_refusal(session)) {
        refused(session);
    } else if (session->failed) {
        drain(session);
    } else if (is_success(session)) {
        follow(session);
    } else {
        stint_outcome_fault(session, refusal(session), stint_session_stage(session));
        if (session->reader.row > ROW_RCPT) {
            stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, &session->reply);
        }
        session->failed = true;
        drain(session);
    }
}

static void after_rset(struct stint_session *session)
{
    session->transaction = session->transaction && !is_success(session);
    judge(session);
}

static void after_mail(struct stint_session *session)
{
    session->transaction = session->transaction || is_success(session);
    judge(session);
}

/* RFC 5321 3.3: content follows only if somebody takes it; by policy, only if everybody does. */
static void after_last_rcpt(struct stint_session *session)
{
    const struct stint_mail *mail = session->reader.mail;

    session->failed = session->failed || session->taken == 0 ||
                      (mail->policy == STINT_POLICY_ALL && session->taken < mail->recipient_count);
    if (session->failed) {
        drain(session);
    } else {
        follow(session);
    }
}

/* Those whom there is no room for are asked again. */
static void note_answer(struct stint_session *session, struct stint_recipient *recipient)
{
    session->unanswered--;
    recipient->code = session->reply.code;
    recipient->enhanced = stint_enhanced_value(&session->enhanced, recipient->code);
    if (is_success(session)) {
        recipient->state = STINT_RECIPIENT_TAKEN;
        session->taken++;
    } else if (stint_recipients_were_too_many(session)) {
        recipient->state = STINT_RECIPIENT_WAITS;
        stint_outcome_forget_reply(session);
    } else {
        recipient->state = STINT_RECIPIENT_REFUSED;
    }
}

static void after_rcpt(struct stint_session *session)
{
    unsigned digit = session->reply.code / 100;

    if (digit == 2 || digit == 4 || digit == 5) {
        note_answer(session, &session->reader.mail->recipients[session->reader.recipient]);
    }
    if (!stint_session_goes_on(session)) {
        refused(session);
    } else if (session->unanswered == 0) {
        after_last_rcpt(session);
    } else if (session->failed) {
        drain(session);
    } else {
        follow(session);
    }
}

/* RFC 2920 3.1: DATA was said before it was known that nobody takes the message. Then none is sent;
 * but if somebody does take it, not even the dot may be. */
static void after_data(struct stint_session *session)
{
    if (!session->failed || !is_success(session)) {
        judge(session);
    } else if (session->taken == 0) {
        turn_to(session, ROW_DOT);
    } else {
        stint_session_break(session, STINT_ERROR_PROTOCOL);
    }
}

/* RFC 5321 4.2.5: with 2yz, and with nothing else, the server has taken responsibility. If it did
 * so for a mail that it had refused before, who knows. */
static void settle_by_reply(struct stint_session *session)
{
    if (is_success(session) && session->failed) {
        stint_outcome_settle(session, STINT_FATE_UNKNOWN, NULL);
    } else if (is_success(session)) {
        stint_outcome_settle(session, STINT_FATE_ACCEPTED, &session->reply);
    } else {
        stint_outcome_fault(session, refusal(session), STINT_STAGE_CONTENT);
        stint_outcome_settle(session, STINT_FATE_NOT_ACCEPTED, &session->reply);
    }
}

static void after_content(struct stint_session *session)
{
    if (!is_success(session) && !is_refusal(session)) {
        refused(session);
        return;
    }
    settle_by_reply(session);
    session->transaction = !is_success(session) && session->reader.row != ROW_CONTENT;
    finish(session);
}

/* RFC 3030 2: each chunk is answered, and behind one that is refused no other is sent. */
static void after_chunk(struct stint_session *session)
{
    session->chunks--;
    if (session->content_ended && session->chunks == 0) {
        after_content(session);
    } else {
        judge(session);
    }
}

/* No message went out, and nobody was there to get it. */
static void after_dot(struct stint_session *session)
{
    session->transaction = false;
    drain(session);
}

/* Whatever it says: QUIT changes nothing. */
static void after_quit(struct stint_session *session)
{
    session->state = STINT_SESSION_ENDED;
}

/* ---- Reading ---- */

/* Has the command that this reply would answer left entirely? Of several chunks, all but the last
 * one have: each is a record of its own. */
static bool is_due(const struct stint_session *session)
{
    uint32_t end = is_content(session->reader.row) ? session->content_end : session->command_end;

    return session->outstanding > 0 && (session->chunks > 1 || (int32_t)(session->sent - end) >= 0);
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

    while (n < length && session->state == STINT_SESSION_TALKS && !session->mail_done) {
        reply_octet(session, octets[n]);
        n++;
    }
    stint_trace(session, STINT_TRACE_REPLY, octets, n);
    return n;
}

/* ---- Writing ---- */

/* RFC 2920: may the next command go before the replies to those before it are in? A content goes
 * only to those who were accepted, unless the caller is eager; and only one at a time, so that no
 * more than one can be in doubt. */
static bool may_run_ahead(const struct stint_session *session)
{
    const struct stint_mail *mail = session->writer.mail;

    if (!session->group_open || session->failed || session->outstanding >= session->reply_limit ||
        !offers(session, STINT_EXTENSION_PIPELINING)) {
        return false;
    }
    switch (session->writer.row) {
    case ROW_DATA: return mail->policy == STINT_POLICY_ANY;
    case ROW_CHUNK:
    case ROW_BDAT:
        if (session->content_begun) {
            return session->writer.row == ROW_CHUNK && !session->content_ended;
        }
        return mail->policy == STINT_POLICY_ANY && mail->eager;
    default: return true;
    }
}

bool stint_session_may_write(const struct stint_session *session)
{
    if (session->state != STINT_SESSION_TALKS || session->writer.row >= ROW_IDLE) {
        return false;
    }
    return session->command != NULL || session->outstanding == 0 || may_run_ahead(session);
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

/* What the result is to tell of. */
static void note_use(struct stint_session *session)
{
    uint8_t row = session->writer.row;
    unsigned used = exchanges[row].extension;

    used |= row == ROW_MAIL ? session->extensions : 0U;
    used |= session->outstanding > 0 ? STINT_EXTENSION_PIPELINING : 0U;
    session->result->extensions = (uint16_t)(session->result->extensions | used);
}

static void begin_command(struct stint_session *session)
{
    uint8_t row = session->writer.row;
    const char *command = exchanges[row].command;

    if (!is_for_this_channel(session)) {
        stint_session_break(session, STINT_ERROR_NO_STARTTLS);
        return;
    }
    if (is_content(row) && !session->content_begun) {
        stint_content_start(session, row == ROW_CONTENT);
    }
    note_use(session);
    stint_command_start(session, command != NULL ? command : auth_command(session));
}

static void end_content(struct stint_session *session)
{
    session->content_end = session->written;
    session->content_ended = true;
    if (session->writer.row == ROW_CHUNK) {
        session->content_ended = session->content_complete;
        session->chunks++;
    }
}

static void end_command(struct stint_session *session)
{
    if (is_content(session->writer.row)) {
        end_content(session);
    }
    if (session->outstanding == 0) {
        session->command_end = session->written;
    }
    session->group_open = exchanges[session->writer.row].open;
    session->outstanding++;
    session->epoch++;
    advance(session);
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
    return exchanges[session->reader.row].timeout;
}

/* ---- Beginning ---- */

void stint_session_set_mail(struct stint_session *session, const struct stint_mail *mail)
{
    session->reader.mail = mail;
    session->writer.mail = mail;
}

static void begin_at(struct stint_session *session, enum row row)
{
    turn_to(session, row);
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
