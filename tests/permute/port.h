/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_PORT_H
#define STINT_PERMUTE_PORT_H

#include "rule.h"
#include "server.h"
#include "tls_server.h"

/* What goes wrong with a port, once. */
enum mishap {
    MISHAP_NONE,
    MISHAP_READ_CLOSES, /* the peer ends the stream behind octet `at` of what it sends */
    MISHAP_READ_FAILS,
    MISHAP_READ_HUGE, /* the header of a record that is too large for any buffer but the largest */
    MISHAP_READ_STALLS,  /* and not another octet comes */
    MISHAP_FLIPS,        /* octet `at` is changed on its way */
    MISHAP_WRITE_CLOSES, /* behind octet `at` of what is sent to it */
    MISHAP_WRITE_FAILS,
    MISHAP_WRITE_STALLS,
    MISHAP_INTERRUPTS, /* behind octet `at` of what is sent to it, the peer says something */
    MISHAP_CALL_FAILS, /* call number `at` fails, the others do not */
    MISHAP_CALL_PAUSES /* call number `at` answers AGAIN, whatever it could do */
};

/* How a port does what is right. */
struct manner {
    size_t most; /* octets that a read or write moves; 0: as many as there are */
    bool again;  /* AGAIN first, at every call that could do something */
    bool one_buffer;
    bool rsa;    /* the server has an RSA key, no EC key */
    bool late;   /* `most` and `again` hold once the handshake is done */
    bool prompt; /* the server answers each command at once, and takes no more before */
};

/* What a record of the server's holds, at most, here. */
#define PORT_RECORD_MAX 4096

/* Where records end on the wire: the first of them, which are all but where a long message comes in
 * single octets. */
struct record_ends {
    uint8_t head[5];
    size_t head_length;
    size_t left; /* of the record */
    size_t ends[200];
    size_t count;
};

/*
 * A transport between a client and a server that follows a script, in clear and in TLS. What is
 * written reaches the server at flush. The rule is told of all that passes.
 */
struct port {
    struct server *server;
    struct tls_server *tls;
    struct rule *rule;
    struct manner manner;
    enum mishap mishap;
    size_t at;
    const char *interruption; /* what the peer says then */

    size_t calls;
    size_t down, up;             /* octets that the client has got, and that were taken from it */
    size_t clear_down, clear_up; /* how many they were when the handshake began */
    size_t shaken_down;          /* and when it was done */
    struct record_ends down_ends, up_ends;
    unsigned opened, closed;
    bool is_open, is_unflushed;
    bool in_tls, is_shaking;
    char words[PORT_RECORD_MAX]; /* of the server's, that are in the record on its way */
    size_t loaded;               /* octets of them */
    bool said_goodbye;
    bool is_flipped;
    bool has_paused[5];
    int write_end; /* what write answers from now on, if not 0 */
    int read_end;  /* what read answers when there is nothing left */
    bool is_stalled;
    bool is_lost;   /* read fails when there is nothing left */
    unsigned waits; /* enum stint_want: what answered AGAIN at this step */
    bool can_go_on; /* an answer was AGAIN, and will not be next time */
    bool knows_no_address;
    void (*trace)(const char *what, const char *octets, size_t length); /* or NULL */
};

extern const struct stint_io port_io;

void port_start(struct port *port, struct server *server, struct tls_server *tls,
                struct rule *rule);

/* Is there something for the client to see? */
bool port_has_news(const struct port *port);

#endif
