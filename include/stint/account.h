/* SPDX-License-Identifier: MIT */
#ifndef STINT_ACCOUNT_H
#define STINT_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/parameters.h"
#include "stint/source.h"

/*
 * What to talk to, and what to send. Zero each struct first; the zero of every field is the safe
 * value. Strings are NUL-terminated, never modified, and must stay valid until the session is done.
 * All are checked by stint_start before a connection is opened (STINT_ERROR_CONFIG).
 */

/* How the connection is protected. */
enum stint_security {
    STINT_SECURITY_BY_PORT = 0, /* implicit TLS on 465 (RFC 8314), STARTTLS on any other port */
    STINT_SECURITY_IMPLICIT,    /* TLS from the first octet */
    STINT_SECURITY_STARTTLS,    /* RFC 3207; ends if not offered, never falls back */
    STINT_SECURITY_NONE         /* everything in clear; then no credentials may be given */
};

/* What `password` or `secret` of the account is. */
enum stint_credential {
    STINT_CREDENTIAL_PASSWORD = 0,
    STINT_CREDENTIAL_TOKEN, /* an OAuth 2.0 access token (RFC 6750), which the caller has got from
                             * the provider, and which is valid for an hour as a rule */
    STINT_CREDENTIAL_CERTIFICATE /* the client's, which the handshake has shown (`profile` of struct
                                  * stint_tls); `password` and `secret` are NULL */
};

/*
 * What SCRAM makes of a password, for a server's salt and number of iterations (RFC 5802 3): with
 * it the next login need not compute that again. Plain memory without pointers; zero it at first,
 * and whenever the user or the password is another one.
 *
 * As SECRET as the password for this server: whoever reads it can log in there, and pose as it.
 */
struct stint_scram_keys {
    /* Private. */
    uint8_t client_key[32];
    uint8_t server_key[32];
    uint8_t salt[64];
    uint32_t iterations;
    uint8_t salt_length;
    uint8_t hash_length; /* 0: nothing is kept */
};

struct stint_account {
    /* The server: DNS name, or IPv4/IPv6 address as text. 1 to 255 octets. Also the reference
     * identity that its certificate must name. Required. */
    const char *host;

    /* 0: 465 (RFC 8314 3.3); for STARTTLS 587 (RFC 6409 3.1); for NONE 25 (RFC 5321). */
    uint16_t port;

    uint8_t security; /* enum stint_security */

    /* Speak LMTP (RFC 2033): to the server where the recipients' mailboxes are, which says of each
     * of them what became of the message. `port` must be given then, and not be 25 (RFC 2033 5).
     * Where the server offers PIPELINING a mail costs one round trip more than by SMTP. Its answers
     * for all recipients may come in one TLS record: `in` of struct stint_client must have room for
     * it. */
    bool lmtp;

    /* EHLO argument (RFC 5321 4.1.1.1): this host's domain name, or an address literal with its
     * brackets. 1 to 255 octets. NULL: the local address of the connection as a literal. */
    const char *ehlo_name;

    /* NULL: no AUTH. UTF-8, which is not looked at, 1 to 255 octets; with a certificate "" for the
     * one that is in it. Never sent outside verified TLS. */
    const char *user;

    uint8_t credential; /* enum stint_credential: what the next two are about */

    /* The password, or token: a string, or a callback for one that lies elsewhere. With `secret`
     * set, `password` must be NULL. A password has 1 to 255 octets without NUL, CR and LF (RFC 4616
     * 2); a token 1 to 8,000, all printable ASCII without spaces. */
    const char *password;

    /* Copy at most `room` octets of it, from `offset` on, to `buffer`; returns how many:
     * fewer than `room` only at its end, and 0 at and behind its end - `offset` may lie there. The
     * same octets for the same offset during one session: it cannot fail, so what may is read
     * beforehand. It is called often, for single octets. */
    size_t (*secret)(void *context, size_t offset, uint8_t *buffer, size_t room);
    void *secret_context;

    /* The one SASL mechanism to use, by its exact name. NULL: the first of these that the server
     * offers and that can be used: of a password SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS,
     * SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN, CRAM-MD5 (if STINT_CRAM_MD5); of a token
     * OAUTHBEARER, XOAUTH2; of a certificate EXTERNAL. After a refusal no other one is tried.
     *
     * SCRAM (RFC 5802, RFC 7677) never tells the server the password, and has the server prove that
     * it knows it. User and password must be printable ASCII: that is what SASLprep (RFC 4013)
     * leaves as it is, and there is no SASLprep here. For -PLUS `binding` of struct stint_tls must
     * be set. A server must want 4,096 to STINT_SCRAM_ITERATIONS_MAX iterations (stint/config.h).
     *
     * Why a token is refused the server tells in JSON (RFC 7628 3.2.2): that is what `text` of
     * struct stint_client then begins with, the reply's own text in a line below. */
    const char *mechanism;

    /* Optional: kept by SCRAM from one login to the next. Owned by the caller. */
    struct stint_scram_keys *scram_keys;

    /* How long each wait may last, in ms: connecting, the TLS handshake, one whole reply, one
     * block of the message. 0: RFC 5321 4.5.3.2's for each command, 60 s to connect, 120 s for the
     * handshake. At most 2^31 - 1. */
    uint32_t timeout_ms;

    /* How long all of it may last, in ms. 0: 30 minutes, and 1 s more for each 1,000 octets of the
     * messages; the idle time does not count. At most 2^31 - 1. */
    uint32_t deadline_ms;

    /* How long the connection is kept for another mail (`next` of struct stint_mail) once there is
     * none, in ms; then QUIT is said. 0: not at all. At most 300,000: a server need not wait longer
     * (RFC 5321 4.5.3.2.7). */
    uint32_t idle_ms;
};

/* What became of the message for a recipient. For all of them together: unknown if it is unknown
 * for any, else not accepted if it was not for any, else accepted. */
enum stint_fate {
    STINT_FATE_NOT_ACCEPTED = 0, /* the server certainly did not take it */
    STINT_FATE_UNKNOWN,          /* connection lost between the final dot and its reply */
    STINT_FATE_ACCEPTED          /* the server took responsibility (RFC 5321 6.1) */
};

/* An enhanced status code (RFC 3463), 0.0.0 if none was given. */
struct stint_enhanced {
    uint8_t status_class; /* 2, 4 or 5, as in the reply code; 0: none */
    uint16_t subject;     /* 0 to 999 */
    uint16_t detail;      /* 0 to 999 */
};

/* One recipient: the address by the caller, what became of it by Stint. */
struct stint_recipient {
    /* The forward-path's mailbox without angle brackets: local-part@domain (RFC 5321 4.1.2). With
     * UTF-8 in either (RFC 6531 3.3), only a server that offers SMTPUTF8 can be given the mail. */
    const char *address;

    /* Optional: of what the sender is to be notified; bits of enum stint_notify. */
    uint8_t notify;

    /* Written by Stint; valid when the mail is done. */
    uint8_t fate;                   /* enum stint_fate */
    uint8_t state;                  /* private */
    uint16_t code;                  /* the reply that decided it; 0: none came */
    struct stint_enhanced enhanced; /* of that reply */
};

/* What to do when the server refuses some recipients (RFC 5321 3.3). */
enum stint_policy {
    STINT_POLICY_ANY = 0, /* send to those that it accepts. If it takes only so many at a time (452,
                           * RFC 5321 4.5.3.1.10; LIMITS, RFC 9422), send to the others in another
                           * transaction; for that the source must be rewindable */
    STINT_POLICY_ALL      /* send only if it accepts every one, all in one transaction. By LMTP some
                           * may be refused when they have the message */
};

struct stint_mail {
    /* The reverse-path's mailbox without angle brackets, as of a recipient; or "" for the null
     * reverse-path (RFC 5321 4.5.5). Required. */
    const char *reverse_path;

    struct stint_recipient *recipients; /* at least one */
    uint16_t recipient_count;

    uint8_t policy; /* enum stint_policy */

    /* May the message leave before the server has said whom it takes it for? That saves a round
     * trip where it offers PIPELINING and CHUNKING, the policy is ANY, the source's size is exact,
     * and it is not by LMTP; otherwise nothing changes. What it costs: a message that nobody takes
     * was sent for nothing, a connection that breaks early leaves its fate unknown more often, and
     * a recipient whom the server has no room for (452) is refused, as no other transaction
     * follows. */
    bool eager;

    const struct stint_source *source; /* required */

    /* Optional: what else is asked of the server. NULL: nothing. */
    const struct stint_mail_parameters *parameters;

    /* Another mail for the same session, with recipients of its own; NULL: none. It costs one round
     * trip more. While the session runs, the caller may set the NULL of the last one, to a mail
     * that is not in the list; all stay in use until STINT_DONE. The session may end before all
     * have had their turn: it broke, the server takes no more in one (LIMITS), or QUIT was said
     * when the last one was set. Those behind `mail` of struct stint_result are for another. */
    const struct stint_mail *next;
};

#endif
