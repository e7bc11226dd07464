/* SPDX-License-Identifier: MIT */
#ifndef STINT_LWIP_PLACE_H
#define STINT_LWIP_PLACE_H

#include "mx.h"
#include "stint_lwip.h"
#include "wire.h"

/* How a client is set up. */
enum flavour {
    FLAVOUR_CLEAR,     /* a command at a time */
    FLAVOUR_TLS,       /* STARTTLS, PIPELINING, two record buffers */
    FLAVOUR_ONE_BUFFER /* the same, and one buffer */
};

/* A client, all that it needs, and the server. Everything waits for the one clock, which goes on
 * when nothing else does; so a session is the same each time, and takes no time. */
struct place {
    struct mx mx;

    /* The client's memory: after the session it may be used for anything. */
    struct memory {
        struct stint_lwip port;
        struct stint_client client;
        struct stint_tls tls;
        uint8_t in[4421];
        uint8_t out[STINT_OUT_MIN];
    } memory;
    struct stint_account account;
    struct stint_mail mail;
    struct stint_recipient recipient;
    struct stint_source source;
    struct stint_memory message;

    /* set by the test */
    unsigned abort_at; /* stint_abort before this step, counted from 1; 0: never */
    unsigned fail_at;  /* this allocation of lwIP's fails; 0: none */
    uint32_t fail_ms;  /* and so does every other for so long */

    /* what came about */
    struct stint_result result;
    err_t error;
    unsigned steps, wakes, allocations, busy;
    uint32_t took_ms;
    uint32_t failed_at_ms;
    bool lasted;      /* longer than any session may */
    bool lost_memory; /* of lwIP's */
};
extern struct place place;

/* The message, as the server is to get it. */
extern const char place_message[];
extern const size_t place_message_length;

void place_set_up(bool v6); /* the server's address */
void place_tear_down(void);

void place_start(enum flavour flavour);

/* Runs a session to its end. */
void place_run(void);

/* Poisons the client's memory, and runs lwIP until it has forgotten the session; or fails to. */
void place_finish(void);

/* Lets so much time pass. */
void place_wait(uint32_t ms);

#endif
