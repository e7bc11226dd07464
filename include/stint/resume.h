/* SPDX-License-Identifier: MIT */
#ifndef STINT_RESUME_H
#define STINT_RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/config.h"
#include "stint/tls.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Resumption: a server that verified itself once is known again by a shared secret, without
 * certificates and without the computing for public keys; with STARTTLS that takes a round trip
 * less.
 *
 *     static struct stint_ticket ticket;      zeroed; or where it outlives a deep sleep
 *
 *     struct stint_resume resume = {.by = &stint_resume_by_tickets, .ticket = &ticket,
 *                                   .now = seconds()};
 *     tls.resume = &resume;
 *
 * That is all: what is missing, too old, damaged, or meant for another server makes a full
 * handshake, and so does a ticket that the server refuses, on the same connection. If a handshake
 * fails with a session offered, as it does with a wrong secret, there is one more connection
 * without. Optional; not linked where nobody names it.
 */

/*
 * What is kept between sessions with one server: its ticket (RFC 5077), or its session ID (RFC 5246
 * 7.4.1.2), and the master secret. Plain memory without pointers: copy it, or write it to flash, as
 * it is, at STINT_DONE and not before. It may hold anything at first, as memory does that nobody
 * initialised: what Stint did not write is not used.
 *
 * It is as SECRET as a password: whoever reads it can read the sessions that are resumed with it,
 * and can pose as the server. Who can write it can do that, too.
 *
 * Bound to the host, the port, the kind of security, the anchors, the pins, and to whether there
 * was a clock. Emptied when a handshake begins, and filled again when one succeeds: so one ticket
 * serves one client at a time, and what fails once is not tried again.
 */
struct stint_ticket {
    /* Private. */
    uint8_t tag[32];    /* SHA-256 of all below that is in use */
    uint8_t policy[32]; /* SHA-256 of what it is bound to */
    uint64_t verified;  /* when the server's certificate was */
    uint64_t expires;   /* when the server forgets it, as far as it said */
    uint16_t version;
    uint16_t suite;
    uint16_t length; /* of `octets` */
    uint8_t binding_length;
    bool is_ticket; /* or a session ID */
    uint8_t secret[48];
    uint8_t binding[64];
    uint8_t octets[STINT_TICKET_MAX];
};

/* Zero it, so that the compiler cannot leave it out. */
void stint_ticket_wipe(struct stint_ticket *ticket);

struct stint_resume_class;

/* Tickets, and session IDs where a server has no tickets. */
extern const struct stint_resume_class stint_resume_by_tickets;

/* Private: src/tls/tickets.c, src/tls/ticket_store.c */
struct stint_ticket_filter {
    uint32_t message_left; /* octets of the handshake message */
    uint32_t ticket_read;  /* octets of the message with a new ticket */
    uint32_t lifetime;     /* of that ticket, in seconds; 0: not told */
    uint16_t ticket_length;
    uint16_t record_left;
    uint16_t skip;   /* octets of a ServerHello that are of no interest */
    uint16_t value;  /* the last two of the others */
    uint16_t number; /* of the extension being read */
    uint8_t state;
    uint8_t record_length; /* octets of the record's header that have come */
    uint8_t message_length;
    uint8_t record[5];
    uint8_t message[4]; /* the header of the handshake message */
    uint8_t last;       /* type of the message before it */
    uint8_t part;       /* of the ServerHello */
    uint8_t seen;       /* extensions, one bit each */
    uint8_t shown;      /* their numbers, as the engine has seen them */
    bool offered;       /* a session was */
    bool asks;          /* the ClientHello has the extension */
    bool agreed;        /* so has the ServerHello */
    bool resumes;       /* and it came without certificates */
    bool is_bad;        /* what came is no ticket */
    bool is_kept;       /* the ticket is good for the next time */
};

/* For one struct stint_tls. Zero it and set the first part. */
struct stint_resume {
    const struct stint_resume_class *by; /* &stint_resume_by_tickets; required */

    struct stint_ticket *ticket; /* required */

    /* Seconds of any clock that goes on while `ticket` is kept, such as unix_time; set it before
     * each stint_start. 0: there is none, and nothing is resumed. */
    uint64_t now;

    /* For how many seconds a verified certificate is good: so much later than otherwise is it seen
     * that one has ended or was replaced. 0: 86,400, a day (RFC 5246 F.1.4). A server may forget
     * earlier; a new ticket makes it no longer. */
    uint32_t max_age;

    /* The channel binding, if there is one: kept along, for a resumed handshake shows no
     * certificate. Without it, nothing is resumed while `watch` of struct stint_tls is set: who
     * wants to see the chain sees it. Optional. */
    struct stint_tls_binding *binding;

    /* Written by Stint, valid as what stint/tls.h tells of the handshake: was it resumed? */
    bool resumed;

    struct stint_ticket_filter filter; /* private */
};

#ifdef __cplusplus
}
#endif

#endif
