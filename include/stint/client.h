/* SPDX-License-Identifier: MIT */
#ifndef STINT_CLIENT_H
#define STINT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/account.h"
#include "stint/config.h"
#include "stint/io.h"
#include "stint/private.h"
#include "stint/result.h"
#include "stint/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One SMTP client: sends one mail, or several, in one session; or looks at a server.
 *
 *     struct stint_client client = {.io = &port_io, .io_context = &port, .tls = &tls,
 *                                   .in = in, .in_size = sizeof in,
 *                                   .out = out, .out_size = sizeof out};
 *     stint_start(&client, &account, &mail, now());
 *     while (stint_step(&client, now()) == STINT_RUNNING) {
 *         wait until the transport can do one of stint_wants(&client),
 *         at most stint_wait_ms(&client, now()) milliseconds;
 *     }
 *     client.result says what became of it.
 *
 * No call waits, and nothing is allocated. Time is an argument: milliseconds of any clock that
 * only goes forward and wraps at 2^32. A client may be used by one thread at a time; clients are
 * independent of each other.
 */

struct stint_client {
    /* ---- Private. First, where instructions of 16 bits reach. ---- */

    uint8_t phase;
    uint8_t epoch;      /* the session's at the last step */
    uint8_t input_end;  /* why nothing more can be read: enum stint_error; 0: it can */
    uint8_t output_end; /* why nothing more can be sent: enum stint_error; 0: it can */
    bool unflushed;     /* the transport may keep something back */
    bool opened;        /* so it must be closed */
    bool asked;         /* something was sent since something was received */
    bool moved;         /* the last step did something: the next one may, too */
    bool input_waits;   /* the transport has nothing to read */
    bool output_waits;  /* the transport takes nothing now */
    bool restart_wait;

    /* ---- Set by the caller before stint_start, with everything else zero. ---- */

    const struct stint_io *io; /* the port; required */
    void *io_context;

    /* Required unless the account's security is NONE. Not shared with another running client. */
    struct stint_tls *tls;

    /* Record buffers, also used in clear; sizes in stint/config.h. `out` may be NULL: then `in`
     * serves both directions in turn, half-duplex. Owned by the caller, who may use the memory
     * otherwise before stint_start and after STINT_DONE. Required. */
    uint8_t *in;
    size_t in_size;
    uint8_t *out;
    size_t out_size;

    /* Optional: receives the text of the reply that `result` is about, NUL-terminated, cut at
     * `text_size` - 1 octets, lines separated by LF, every other octet outside 0x20..0x7E as '?'.
     */
    char *text;
    size_t text_size;

    /* Optional: sees the conversation as it passes (only if STINT_TRACE). */
    void (*trace)(void *context, unsigned kind, const uint8_t *octets, size_t length);
    void *trace_context;

    /* ---- Written by Stint; valid from STINT_DONE on, and at STINT_MAIL_DONE. ---- */

    struct stint_result result;

    /* ---- Private. ---- */

    struct stint_session session;
    struct stint_channel channel;
    uint32_t started;    /* when stint_start was called, or an idle time ended */
    uint32_t wait_begun; /* when the present wait began */
    uint32_t sent;       /* octets that had left by then */
    uint32_t flushed;    /* octets that had left when flush last was done */
};

enum stint_progress {
    STINT_DONE = 0,
    STINT_RUNNING,
    STINT_MAIL_DONE /* one mail is, and the session goes on: only where there is a `next` mail, or
                     * the account says to wait for one */
};

/* Bit set of stint_wants: what the next step needs. */
enum stint_want {
    STINT_WANT_NOTHING = 0, /* step again at once */
    STINT_WANT_READ = 1,    /* the transport can be read from */
    STINT_WANT_WRITE = 2,   /* the transport can be written to */
    STINT_WANT_SOURCE = 4   /* the message's source answered AGAIN */
};

/*
 * Begin a session with `account`: connect (once; or twice, see stint/resume.h), secure,
 * authenticate, send `mail` and those that follow it (`next`), quit. With `mail` NULL everything
 * but the mail is done: a check of the account.
 *
 * All strings of `account` and `mail` are checked here. If one is refused, or something required is
 * missing, the session is done at once with STINT_ERROR_CONFIG, and no connection is opened. The
 * mails that follow are checked when it is their turn; one that is refused does not keep the others
 * from being sent.
 *
 * `account` must not be NULL. `account`, `mail` and all that they point to must stay valid and
 * unchanged until STINT_DONE. A client that is done may be started again; what the caller set stays
 * as it is.
 */
void stint_start(struct stint_client *client, const struct stint_account *account,
                 const struct stint_mail *mail, uint32_t now_ms);

/*
 * Do what can be done now: at most one read, one write for each record that is ready, and of the
 * handshake what one certificate, or the key exchange, takes.
 * Returns STINT_RUNNING; or STINT_DONE: then `result` and the recipients' fates are final, the
 * connection is closed, and the memory is the caller's again; or STINT_MAIL_DONE: then `result` and
 * the fates of the recipients of `result.mail` are final. `result` stays so until the next step,
 * the fates stay. STINT_DONE is about the last mail that had its turn: one that was not reported
 * before, or, where the session waited for another and none came, the same once more.
 */
enum stint_progress stint_step(struct stint_client *client, uint32_t now_ms);

/* What to wait for before the next step; bits of enum stint_want. */
unsigned stint_wants(const struct stint_client *client);

/* How long to wait at most, in ms: then a deadline passes, and stint_step must be called to see it.
 * 0 when stint_wants is STINT_WANT_NOTHING. */
uint32_t stint_wait_ms(const struct stint_client *client, uint32_t now_ms);

/*
 * Give up: the connection is closed at the next steps, without the final dot if that was not yet
 * sent. Keep calling stint_step until STINT_DONE. The result is STINT_ERROR_ABORTED with the
 * message's fate, or what was already decided.
 */
void stint_abort(struct stint_client *client);

/* Has the server's identity been verified (RFC 9525), and did or does the conversation run inside
 * TLS? Valid until the next stint_start. */
bool stint_is_secure(const struct stint_client *client);

/* What the server offered in its last EHLO reply (RFC 5321 4.1.1.1): for showing. All false before
 * the first one, and after STARTTLS until the second. Valid until the next stint_start. */
struct stint_offer {
    uint16_t extensions;   /* bits of enum stint_extension */
    uint16_t rcpt_max;     /* LIMITS: recipients in a transaction; 0: none stated */
    uint16_t mail_max;     /* LIMITS: transactions in a session; 0: none stated */
    uint32_t size_limit;   /* SIZE's, in octets; 0: none stated */
    uint32_t by_min_s;     /* DELIVERBY: the shortest time; 0: none stated */
    uint32_t hold_max_s;   /* FUTURERELEASE: the longest time; 0: none stated */
    uint16_t mechanisms;   /* bits of enum stint_mechanism */
    const char *mechanism; /* the SASL mechanism that was used; NULL: none */
};
void stint_get_offer(const struct stint_client *client, struct stint_offer *offer);

#ifdef __cplusplus
}
#endif

#endif
