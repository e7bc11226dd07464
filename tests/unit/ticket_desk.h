/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_TICKET_DESK_H
#define STINT_TEST_TICKET_DESK_H

#include "stint/stint.h"
#include "ticket_server.h"

/* A client's TLS with resumption, a server that has tickets, and the octets between them. Nothing
 * of SMTP. */

#define TICKET_DESK_NOW 1000000U

/* The client's record buffers. */
struct ticket_desk_layout {
    const char *name;
    size_t in_size, out_size; /* 0: one buffer for both ways */
};
#define TICKET_DESK_LAYOUTS 3
extern const struct ticket_desk_layout ticket_desk_layouts[TICKET_DESK_LAYOUTS];

struct ticket_desk {
    struct ticket_server server;
    struct stint_tls tls;
    struct stint_resume resume;
    struct stint_ticket kept;
    struct stint_account account;
    uint8_t message[TICKET_SERVER_ROOM]; /* the server's NewSessionTicket */

    /* How the octets go. */
    const struct ticket_desk_layout *layout;
    size_t piece;    /* of what the client reads at a time, at most */
    size_t fragment; /* of the server's messages, a record at most; 0: whole */
    bool is_joined;  /* its messages lie in one record */
    /* Optional: the server's flight is in server.down, before the client reads it. */
    void (*edit)(struct ticket_desk *desk);
    size_t said; /* by the server, before this flight */

    uint8_t in[STINT_IN_ANY_SERVER];
    uint8_t out[STINT_OUT_FULL];
};

/* The only suite that the client offers. */
extern uint16_t ticket_desk_suite;

void ticket_desk_set_up(struct ticket_desk *desk);

/* Neither side knows the other any more. */
void ticket_desk_forget(struct ticket_desk *desk);

/* The server agrees to tickets and will send one. The octets differ from one to the next. */
void ticket_desk_give(struct ticket_desk *desk, size_t length, uint32_t lifetime);

/* A handshake, and nothing behind it. Returns whether it succeeded, by the judgement of both. */
bool ticket_desk_shake_hands(struct ticket_desk *desk);

/* One that must succeed, with what follows. Returns whether it was resumed, by the word of both. */
bool ticket_desk_connect(struct ticket_desk *desk);

/* One that must not, by either's judgement, and leave nothing. Returns BearSSL's error on this
 * side. */
int ticket_desk_fail(struct ticket_desk *desk);

/* Is nothing kept? */
bool ticket_desk_is_empty(const struct ticket_desk *desk);

#endif
