/* SPDX-License-Identifier: MIT */
#include "stint/client.h"

#include "channel.h"
#include "deadline.h"
#include "phase.h"
#include "port.h"
#include "sasl/sasl.h"
#include "session/capabilities.h"
#include "session/mails.h"
#include "session/outcome.h"
#include "session/session.h"
#include "session/syntax.h"
#include "start.h"
#include "tls/tls.h"

#include <string.h>

/*
 * The composition: behind start.c, a connection is opened, secured, talked over and closed. Each
 * phase is a function that does what it can at one step. What passes through them is moved by four
 * small ones:
 *
 *     transport --receive--> channel --listen--> session --speak--> channel --transmit--> transport
 */

/* Less than any certificate has: so one step verifies at most one of them. */
#define HANDSHAKE_PIECE 128U

#define CLOSE_INTERVAL_MS 50U

static bool is_implicit(const struct stint_account *account)
{
    return account->security == STINT_SECURITY_IMPLICIT ||
           (account->security == STINT_SECURITY_BY_PORT &&
            stint_port(account) == STINT_PORT_SUBMISSIONS);
}

/* A server may dislike the session that it was offered: then it is worth another connection, where
 * nothing is offered. */
static bool may_reconnect(const struct stint_client *client, enum stint_error error)
{
    return client->phase == PHASE_HANDSHAKE && client->channel.tls != NULL &&
           stint_tls_has_offered(client->tls) &&
           (error == STINT_ERROR_TLS || error == STINT_ERROR_CLOSED || error == STINT_ERROR_IO);
}

/* The connection is of no more use. What that means for the message, the session knows. */
static void fail(struct stint_client *client, enum stint_error error)
{
    if (may_reconnect(client, error)) {
        stint_phase_enter(client, PHASE_RECONNECT);
        return;
    }
    if (client->phase == PHASE_OPEN || client->phase == PHASE_RECONNECT) {
        stint_outcome_fault(&client->session, error, STINT_STAGE_CONNECT);
    } else if (client->phase == PHASE_HANDSHAKE) {
        stint_outcome_fault(&client->session, error, STINT_STAGE_TLS);
    } else if (client->phase == PHASE_TALK) {
        stint_session_lost(&client->session, error);
    }
    stint_tls_explain(client->tls, &client->result);
    stint_phase_enter(client, PHASE_CLOSE);
}

/* ---- Moving octets ---- */

static void receive(struct stint_client *client)
{
    size_t room;
    uint8_t *octets = stint_channel_record_in(&client->channel, &room);
    int got;

    client->input_waits = false;
    if (client->input_end != 0 || octets == NULL) {
        return;
    }
    if (client->phase == PHASE_HANDSHAKE && room > HANDSHAKE_PIECE) {
        room = HANDSHAKE_PIECE;
    }
    got = client->io->read(client->io_context, octets, room);
    if (got > 0 && (size_t)got <= room) {
        stint_channel_record_in_ack(&client->channel, (size_t)got);
        client->result.octets_received += (uint32_t)got;
        client->result.round_trips = (uint16_t)(client->result.round_trips + client->asked);
        client->asked = false;
        client->moved = true;
    } else if (got == STINT_IO_AGAIN) {
        client->input_waits = true;
    } else {
        client->input_end = got == STINT_IO_CLOSED ? STINT_ERROR_CLOSED : STINT_ERROR_IO;
        client->moved = true;
    }
}

static void listen(struct stint_client *client)
{
    size_t length;
    const uint8_t *octets = stint_channel_data_in(&client->channel, &length);

    if (octets != NULL) {
        length = stint_session_read(&client->session, octets, length);
        if (length > 0) {
            stint_channel_data_in_ack(&client->channel, length);
            client->moved = true;
        }
    }
}

static void speak(struct stint_client *client)
{
    size_t length;
    uint8_t *octets;

    client->session.source_waits = false; /* unless it is asked now */
    if (client->output_end != 0 || !stint_session_may_write(&client->session)) {
        return;
    }
    octets = stint_channel_data_out(&client->channel, &length);
    if (octets != NULL) {
        length = stint_session_write(&client->session, octets, length);
        if (length > 0 && client->session.state == STINT_SESSION_TALKS) {
            stint_channel_data_out_flush(&client->channel, length);
            client->moved = true;
        }
    }
}

/* Nothing more can be sent; but what the server said before that may still be read. */
static void end_output(struct stint_client *client, enum stint_error error)
{
    stint_channel_discard(&client->channel);
    client->output_end = (uint8_t)error;
    client->input_waits = false; /* so it is read once more */
    client->unflushed = false;
    client->moved = true;
}

/* A flight goes out as a whole: the port may gather until nothing more comes before the server's
 * answer. */
static void flush(struct stint_client *client)
{
    bool more_to_come = client->phase == PHASE_TALK && !client->session.source_waits &&
                        stint_session_may_write(&client->session);
    int status;

    if (!client->unflushed || more_to_come) {
        return;
    }
    status = client->io->flush(client->io_context);
    if (status == STINT_IO_DONE) {
        client->unflushed = false;
        client->flushed = client->channel.sent;
    } else if (status == STINT_IO_AGAIN) {
        client->output_waits = true;
    } else {
        if (status == STINT_IO_FAILED) {
            stint_session_sent(&client->session, client->flushed); /* the rest was only kept */
        }
        end_output(client, STINT_ERROR_IO);
    }
}

static void transmit(struct stint_client *client)
{
    size_t length;
    uint8_t *octets;
    int taken = 1;

    client->output_waits = false;
    if (client->output_end != 0) {
        stint_channel_discard(&client->channel); /* nothing may follow a torn record */
        return;
    }
    while (taken > 0 && (octets = stint_channel_record_out(&client->channel, &length)) != NULL) {
        taken = client->io->write(client->io_context, octets, length);
        if (taken > 0 && (size_t)taken <= length) {
            stint_channel_record_out_ack(&client->channel, (size_t)taken);
            stint_session_sent(&client->session, client->channel.sent);
            client->result.octets_sent += (uint32_t)taken;
            client->asked = true;
            client->unflushed = true;
            client->moved = true;
        } else if (taken == STINT_IO_AGAIN) {
            client->output_waits = true;
        } else {
            end_output(client, STINT_ERROR_IO);
            taken = STINT_IO_FAILED;
        }
    }
    if (taken > 0) {
        flush(client);
    }
}

/* Why there is no more to be had from the peer; STINT_ERROR_NONE while there is. */
static enum stint_error input_error(const struct stint_client *client)
{
    size_t length;

    if (stint_channel_data_in(&client->channel, &length) != NULL) {
        return STINT_ERROR_NONE;
    }
    if (client->channel.tls != NULL && stint_tls_is_closed(client->channel.tls)) {
        return stint_tls_error(client->channel.tls);
    }
    if (client->input_end == STINT_ERROR_CLOSED && client->channel.tls != NULL) {
        return STINT_ERROR_TRUNCATED;
    }
    if (client->output_end != 0 && client->input_waits) {
        return (enum stint_error)client->output_end; /* the server had no last words */
    }
    return (enum stint_error)client->input_end;
}

/* ---- The phases ---- */

static void begin_handshake(struct stint_client *client)
{
    enum stint_error error;

    stint_phase_enter(client, PHASE_HANDSHAKE);
    error = stint_tls_start(client->tls, client->session.account, client->in, client->in_size,
                            client->out, client->out_size);
    if (error != STINT_ERROR_NONE) {
        fail(client, error);
    } else {
        stint_channel_secure(&client->channel, client->tls);
    }
}

/* How many replies may lie unread. Servers put those to a group of commands into one record, and
 * that must fit, at 512 octets for each (RFC 5321 4.5.3.1.5), unless they agreed to smaller
 * records. With one buffer nothing can be read while a record leaves: so no more than the server's
 * side of the connection can hold meanwhile (RFC 2920 3.1). */
static uint8_t reply_limit(const struct stint_client *client)
{
    size_t plaintext = client->in_size - STINT_IN_OVERHEAD;
    size_t limit = plaintext / 512;

    if (client->channel.tls == NULL ||
        (client->out != NULL && stint_tls_fragment_limit(client->tls) <= plaintext)) {
        return UINT8_MAX;
    }
    return (uint8_t)(limit < UINT8_MAX ? limit : UINT8_MAX);
}

static void begin_talk(struct stint_client *client)
{
    client->session.reply_limit = reply_limit(client);
    stint_phase_enter(client, PHASE_TALK);
}

/* An account without an EHLO name needs the address that the connection is made from. */
static bool knows_its_name(struct stint_client *client)
{
    const char *address = NULL;

    if (client->session.account->ehlo_name != NULL) {
        return true;
    }
    if (client->io->local_address != NULL) {
        address = client->io->local_address(client->io_context);
    }
    client->session.local_address = address;
    return address != NULL && stint_syntax_address(address);
}

static void connected(struct stint_client *client)
{
    client->result.round_trips++;
    client->asked = true;
    if (!knows_its_name(client)) {
        client->result.field = STINT_FIELD_EHLO_NAME;
        fail(client, STINT_ERROR_CONFIG);
    } else if (is_implicit(client->session.account)) {
        begin_handshake(client);
    } else {
        stint_session_start(&client->session, false);
        begin_talk(client);
    }
}

static void open_connection(struct stint_client *client, uint32_t now_ms)
{
    const struct stint_account *account = client->session.account;
    int status;

    client->opened = true;
    status = client->io->open(client->io_context, account->host, stint_port(account),
                              stint_deadline_left_ms(client, now_ms));
    if (status == STINT_IO_DONE) {
        connected(client);
    } else if (status == STINT_IO_AGAIN) {
        client->output_waits = true;
    } else {
        fail(client, STINT_ERROR_IO);
    }
}

/* RFC 3207 4.2: the session begins again inside TLS; with implicit TLS it only begins. */
static void secured(struct stint_client *client)
{
    stint_tls_keep(client->tls);
    client->session.work = stint_tls_lend(client->tls);
    if (client->session.state == STINT_SESSION_WANTS_TLS) {
        stint_session_secured(&client->session);
    } else {
        stint_session_start(&client->session, true);
    }
    begin_talk(client);
}

static void handshake(struct stint_client *client)
{
    enum stint_error error;

    stint_tls_busy(client->tls);
    transmit(client);
    if (!client->moved) { /* what was sent now is not answered now */
        receive(client);
    }
    error = input_error(client);
    if (stint_tls_is_ready(client->tls)) {
        secured(client);
    } else if (error != STINT_ERROR_NONE) {
        fail(client, error == STINT_ERROR_TRUNCATED ? STINT_ERROR_CLOSED : error);
    }
}

/* The seam of STARTTLS (RFC 3207 4.2, CVE-2021-22947): whatever came in clear behind the 220 was
 * put there by somebody who hopes to have it taken for the server's word inside TLS. */
static void cross_seam(struct stint_client *client)
{
    size_t length;

    if (stint_channel_data_in(&client->channel, &length) == NULL) {
        receive(client);
    }
    if (stint_channel_data_in(&client->channel, &length) != NULL) {
        fail(client, STINT_ERROR_INJECTION);
    } else if (client->input_end != 0) {
        fail(client, (enum stint_error)client->input_end);
    } else {
        begin_handshake(client);
    }
}

/* Nothing was done, and nothing is waited for: BearSSL has shut all its doors. It does so when
 * HelloRequests come faster than they can be answered. */
static bool is_stuck(const struct stint_client *client)
{
    return !client->moved && !client->input_waits && !client->output_waits &&
           !client->session.source_waits;
}

/* No reply is to blame for that, least of all the last one, which was good. */
static void give_up_stuck(struct stint_client *client)
{
    if (client->result.error == STINT_ERROR_NONE &&
        stint_session_stage(&client->session) != STINT_STAGE_QUIT) {
        stint_outcome_forget_reply(&client->session);
    }
    fail(client, STINT_ERROR_PROTOCOL);
}

/* A piece at each step, so that none takes long. */
static void compute(struct stint_client *client)
{
    if (stint_sasl_computes(client->session.work)) {
        stint_tls_busy(client->tls);
        stint_sasl_compute(client->session.work);
        client->moved = true;
    }
}

static void talk(struct stint_client *client)
{
    enum stint_error error;

    receive(client);
    listen(client);
    if (stint_mails_one_is_done(&client->session)) {
        return; /* the result is the caller's until the next step */
    }
    compute(client);
    speak(client);
    if (client->session.state == STINT_SESSION_TALKS) {
        transmit(client); /* once it is broken, what waits to be sent must not leave after all */
    }
    switch (client->session.state) {
    case STINT_SESSION_WANTS_TLS: cross_seam(client); return;
    case STINT_SESSION_ENDED: stint_phase_enter(client, PHASE_GOODBYE); return;
    case STINT_SESSION_BROKEN: stint_phase_enter(client, PHASE_CLOSE); return;
    default: break;
    }
    error = input_error(client);
    if (error != STINT_ERROR_NONE) {
        fail(client, error);
    } else if (is_stuck(client)) {
        give_up_stuck(client);
    }
}

/* close_notify goes out if it can go now; the peer's is not waited for (RFC 5246 7.2.1). */
static void say_goodbye(struct stint_client *client)
{
    if (client->channel.tls != NULL && client->input_end == 0 && client->output_end == 0) {
        stint_tls_close(client->channel.tls);
        transmit(client);
    }
    stint_phase_enter(client, PHASE_CLOSE);
}

static void close_connection(struct stint_client *client)
{
    if (client->opened && client->io->close(client->io_context) != STINT_IO_DONE) {
        return;
    }
    stint_channel_end(&client->channel);
    if (client->phase == PHASE_RECONNECT) {
        stint_client_begin(client, client->session.account,
                           client->session.first_mail); /* none was begun */
        return;
    }
    stint_client_finish(client);
    if (client->result.error == STINT_ERROR_NONE) {
        client->result.stage = STINT_STAGE_QUIT;
    }
}

/* ---- Time ---- */

/* Nobody wants to send anything more. Else: a peer that takes no more may have said why (421, 552);
 * with one buffer for both directions that could not be read before. */
static void give_up_waiting(struct stint_client *client, uint32_t now_ms)
{
    size_t length;

    if (stint_deadline_is_idle(client)) {
        stint_mails_end(&client->session);
        client->started = now_ms;
        stint_phase_enter(client, PHASE_TALK);
    } else if (client->phase == PHASE_TALK && client->output_end == 0 &&
               stint_channel_record_out(&client->channel, &length) != NULL) {
        end_output(client, STINT_ERROR_TIMEOUT);
        client->restart_wait = true;
    } else {
        fail(client, STINT_ERROR_TIMEOUT);
    }
}

/* A wait ends and the next begins with each phase, command and reply, and when all that was written
 * has left: a reply's time runs from the last octet of its command. */
static void watch_time(struct stint_client *client, uint32_t now_ms)
{
    bool all_sent = client->channel.sent == client->channel.accepted;

    if (client->restart_wait || client->epoch != client->session.epoch ||
        (all_sent && client->sent != client->channel.sent)) {
        client->wait_begun = now_ms;
        client->epoch = client->session.epoch;
        client->sent = client->channel.sent;
        client->restart_wait = false;
    }
    if (client->phase != PHASE_CLOSE && client->phase != PHASE_DONE &&
        stint_deadline_left_ms(client, now_ms) == 0) {
        give_up_waiting(client, now_ms);
    }
}

/* ---- The caller's side ---- */

/* A mail that comes after an idle time has the whole of its own. */
static void go_on(struct stint_client *client, uint32_t now_ms)
{
    bool was_idle = stint_deadline_is_idle(client);

    stint_mails_continue(&client->session);
    if (was_idle && !stint_deadline_is_idle(client)) {
        client->started = now_ms;
    }
}

enum stint_progress stint_step(struct stint_client *client, uint32_t now_ms)
{
    client->moved = false;
    go_on(client, now_ms);
    switch (client->phase) {
    case PHASE_OPEN: open_connection(client, now_ms); break;
    case PHASE_HANDSHAKE: handshake(client); break;
    case PHASE_TALK: talk(client); break;
    case PHASE_GOODBYE: say_goodbye(client); break;
    case PHASE_RECONNECT:
    case PHASE_CLOSE: close_connection(client); break;
    default: break;
    }
    if (stint_mails_one_is_done(&client->session)) {
        client->moved = true;
        return STINT_MAIL_DONE;
    }
    watch_time(client, now_ms);
    return client->phase == PHASE_DONE ? STINT_DONE : STINT_RUNNING;
}

unsigned stint_wants(const struct stint_client *client)
{
    unsigned wants = 0;

    if (client->moved || client->phase == PHASE_DONE) {
        return STINT_WANT_NOTHING;
    }
    if (client->phase >= PHASE_RECONNECT) {
        return STINT_WANT_READ | STINT_WANT_WRITE;
    }
    wants |= client->output_waits ? STINT_WANT_WRITE : 0U;
    wants |= client->input_waits ? STINT_WANT_READ : 0U;
    wants |= client->session.source_waits ? STINT_WANT_SOURCE : 0U;
    return wants;
}

uint32_t stint_wait_ms(const struct stint_client *client, uint32_t now_ms)
{
    if (client->moved || client->phase == PHASE_DONE) {
        return 0;
    }
    return client->phase >= PHASE_RECONNECT ? CLOSE_INTERVAL_MS
                                            : stint_deadline_left_ms(client, now_ms);
}

void stint_abort(struct stint_client *client)
{
    if (client->phase != PHASE_DONE && client->phase != PHASE_CLOSE) {
        stint_mails_continue(&client->session);
        fail(client, STINT_ERROR_ABORTED);
    }
}

bool stint_is_secure(const struct stint_client *client)
{
    return client->session.secure;
}

void stint_get_offer(const struct stint_client *client, struct stint_offer *offer)
{
    const struct stint_capabilities *capabilities = &client->session.capabilities;

    memset(offer, 0, sizeof *offer);
    offer->extensions = capabilities->extensions;
    offer->rcpt_max = capabilities->limits[STINT_LIMIT_RCPTMAX];
    offer->mail_max = capabilities->limits[STINT_LIMIT_MAILMAX];
    offer->size_limit = capabilities->size;
    offer->by_min_s = capabilities->by_min;
    offer->hold_max_s = capabilities->hold_max;
    offer->mechanisms = capabilities->mechanisms;
    offer->mechanism = client->session.sasl != NULL ? client->session.sasl->name : NULL;
}
