/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_TICKET_SERVER_H
#define STINT_TEST_TICKET_SERVER_H

#include "tls_server.h"

#include <stdbool.h>

/*
 * BearSSL's server with session tickets (RFC 5077) around it, for the handshake only. It knows one
 * session: that of the last handshake which succeeded. It puts its own transcript into BearSSL's
 * hash, so that a client which hashes anything else than what was on the wire does not get through.
 */

#define TICKET_SERVER_ROOM 8192

struct ticket_server {
    /* What it does; zero: full handshakes without a ticket. */
    bool agrees;            /* to tickets */
    bool resumes;           /* the session that it knows, if that is offered */
    bool gives_id;          /* in a full handshake; or else the session ID is empty */
    uint16_t other_suite;   /* that a ServerHello says instead; 0: the right one */
    const uint8_t *message; /* the NewSessionTicket to send, with its header; NULL: none */
    size_t message_length;
    const uint8_t *extensions; /* of the ServerHello instead of its own; NULL: its own */
    size_t extensions_length;

    /* What the client offered in its last ClientHello. */
    bool asked; /* for a ticket, or with one */
    uint8_t offered[TICKET_SERVER_ROOM];
    size_t offered_length;
    uint8_t id[32];
    size_t id_length;
    bool resumed;

    /* What it has to say: records. */
    uint8_t down[TICKET_SERVER_ROOM];
    size_t down_length;

    /* Private. */
    struct tls_server server;
    uint8_t given[TICKET_SERVER_ROOM]; /* the last ticket */
    size_t given_length;
    br_ssl_session_parameters session;
    const br_ssl_session_cache_class *cache;
    uint8_t up[TICKET_SERVER_ROOM];
    size_t up_length;
    uint8_t flight[TICKET_SERVER_ROOM]; /* the beginning of the first one */
    size_t flight_length;
    bool has_hello; /* of the client's, and has not answered it yet */
};

/* Before each handshake; the second part is what the test sets, and stays as it is. */
void ticket_server_start(struct ticket_server *server);

/* Octets of the client's. What it answers is added to `down`. */
void ticket_server_hear(struct ticket_server *server, const uint8_t *octets, size_t length);

/* Has the handshake succeeded, by what the client said? */
bool ticket_server_is_ready(const struct ticket_server *server);

#endif
