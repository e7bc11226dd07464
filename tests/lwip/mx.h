/* SPDX-License-Identifier: MIT */
#ifndef STINT_LWIP_MX_H
#define STINT_LWIP_MX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls_server.h"

/*
 * An SMTP server on a socket of this machine's loopback, for one client after the other. It takes
 * every mail; and it is it that knows whether there was one.
 */

#define MX_MESSAGE_MAX 40000

/* What it does to the connection right behind a reply. */
enum mx_end { MX_STAYS, MX_CLOSES, MX_RESETS };

struct mx {
    /* set by the test */
    const char *greeting; /* NULL: "220 mx" */
    bool pipelining;      /* it offers that (RFC 2920) */
    unsigned ehlo_lines;  /* that its answer to EHLO has besides */
    bool is_mute;         /* it accepts connections and says nothing */
    uint32_t leaves_ms;   /* so long after its 354 it says 421; 0: never */
    enum mx_end after_dot;
    bool keeps_open; /* its side of a connection whose other side the client has ended */

    /* what came about */
    unsigned connections;
    unsigned
        accepted; /* messages that it answered 250, or was about to when the connection ended */
    char message[MX_MESSAGE_MAX]; /* the last one, with its dots and line ends as they came */
    size_t message_length;
    char hello[300]; /* the last EHLO */
    char ended[20];  /* how the client ended: "fin", "reset" or "" */

    /* private */
    int listener;
    int socket;
    int kept;
    uint16_t port;
    bool in_tls;
    bool starts_tls; /* when what was said has left */
    bool in_content;
    uint32_t content_since;
    bool quits;
    enum mx_end end;
    char line[2000];
    size_t line_length;
    char words[16000]; /* to be said */
    size_t said, to_say;
    struct tls_server tls;
};

void mx_set_up(struct mx *mx, bool v6);
void mx_tear_down(struct mx *mx);

/* As new, for the next session. */
void mx_start(struct mx *mx);

/* Ends the connection there is. */
void mx_hang_up(struct mx *mx, enum mx_end end);

/* Does what can be done now. Returns whether that was something. */
bool mx_run(struct mx *mx);

#endif
