/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_TLS_WIRE_H
#define STINT_TEST_TLS_WIRE_H

#include "fake_source.h"
#include "stint/stint.h"
#include "tls_server.h"

/*
 * A client, a mail server, and the wire between them, where a test can lay hands on every record.
 * The server is BearSSL's for the handshake; from then on its records are made here, one by one, so
 * that it can be made to say what no proper server says. Its mail session is always the same one:
 * with AUTH PLAIN, one recipient, and no PIPELINING.
 *
 * What must come out is not asked of the client: it follows from which replies the client has read,
 * and from whether the message's last record was taken.
 */

/* Where in the session: at the command that has come and has not been answered. */
enum tls_wire_point {
    TLS_WIRE_CLEAR_GREETING, /* these three with STARTTLS only */
    TLS_WIRE_CLEAR_EHLO,
    TLS_WIRE_STARTTLS,
    TLS_WIRE_GREETING, /* with implicit TLS only */
    TLS_WIRE_EHLO,
    TLS_WIRE_AUTH,
    TLS_WIRE_MAIL,
    TLS_WIRE_RCPT,
    TLS_WIRE_DATA,
    TLS_WIRE_CONTENT, /* with its final dot */
    TLS_WIRE_QUIT,
    TLS_WIRE_OVER
};

/* How the client's record buffers lie. */
struct tls_wire_layout {
    const char *name;
    size_t in_size;
    size_t out_size; /* 0: `in` serves both ways */
};
#define TLS_WIRE_LAYOUTS 4
extern const struct tls_wire_layout tls_wire_layouts[TLS_WIRE_LAYOUTS];

/* The records of the server's handshake, a message each: the order in which `handshake` sees them.
 */
enum tls_wire_message {
    TLS_WIRE_SERVER_HELLO,
    TLS_WIRE_CERTIFICATE,
    TLS_WIRE_KEY_EXCHANGE,
    TLS_WIRE_HELLO_DONE,
    TLS_WIRE_CCS,
    TLS_WIRE_FINISHED,
    TLS_WIRE_MESSAGES
};

#define TLS_WIRE_USER     "tim"
#define TLS_WIRE_PASSWORD "tanstaaftanstaaf"
/* For what passes in a session either way, with the largest records; all but a flood. */
#define TLS_WIRE_ROOM 49152

struct tls_wire {
    /* ---- The client: what a test may change between set_up and start ---- */
    struct stint_client client;
    struct stint_tls tls;
    struct stint_account account; /* of implicit TLS */
    struct stint_mail mail;
    struct stint_recipient recipient;
    struct fake_source source;
    uint16_t suite; /* the only one that the client offers; by set_up that of AES-128-GCM */

    /* ---- The server and the wire: what a test may change at any time ---- */

    /* Optional: called when a command has come, before it is answered. Returns whether it is to be
     * answered in the usual way. */
    bool (*answer)(struct tls_wire *wire, enum tls_wire_point point);
    /* Optional: sees each record of the server's handshake before it goes down. Returns whether it
     * is to. */
    bool (*handshake)(struct tls_wire *wire, enum tls_wire_message message, const uint8_t *record,
                      size_t length);
    /* Optional: called when neither side has anything to do. Returns how long to wait in ms, if it
     * has put something down or has changed something that the client waits for, else 0: then
     * a deadline passes. */
    uint32_t (*idle)(struct tls_wire *wire);
    /* Optional: called when all that has been put has been read, to put more without end. */
    void (*flood)(struct tls_wire *wire);
    uint32_t step_ms; /* how long each step takes */

    const char *words; /* that the result must tell if the mail is accepted; NULL: any */
    size_t most;       /* octets that a read gives; 0: as many as there are */
    size_t hold_at;    /* reads stop here once, with AGAIN: a place in all that goes down */
    size_t cut_at;     /* and this is the last that comes down, and then `end` */
    int end;           /* STINT_IO_CLOSED or STINT_IO_FAILED: what reads answer at the end */
    bool is_over;      /* the end is where nothing more has been put */
    size_t flip_at;    /* the octet here is changed... */
    uint8_t flip;      /* ...by these bits; 0: it is not */
    size_t credit;     /* octets that are taken from the client, before writes answer AGAIN */

    /* ---- What happened ---- */
    struct tls_server server;
    enum tls_wire_point point;
    bool in_handshake, in_tls;
    bool has_message;                /* the record with the message's final dot was taken */
    bool is_torn;                    /* the client's records cannot be opened */
    size_t heard_records[256];       /* of the client, by type, encrypted or not */
    size_t taken_records;            /* encrypted application data that came whole */
    size_t alerts[256];              /* of the client, once encrypted, by description */
    size_t reply_end[TLS_WIRE_OVER]; /* where the reply's last record ends; 0: not yet said */
    size_t secured_end;              /* where the handshake's last record ends; 0: not yet said */
    size_t steps;
    unsigned entropy_asked;
    unsigned opened, closed;
    uint32_t started, now;

    /* ---- Private ---- */
    const struct tls_wire_layout *layout;
    bool is_flushed, is_asked, held;
    unsigned waits;       /* enum stint_want: what answered AGAIN at this step */
    unsigned message;     /* enum tls_wire_message: the next one */
    uint8_t flight[1024]; /* of the server's handshake: the beginning of that */
    size_t flight_length;
    uint8_t in[STINT_IN_ANY_SERVER];
    uint8_t out[STINT_OUT_FULL];
    char text[200];
    uint8_t down[TLS_WIRE_ROOM];
    size_t down_base;         /* how much has come down before what is kept */
    size_t down_length, read; /* of all that has ever come down */
    uint8_t up[TLS_WIRE_ROOM];
    size_t up_length, opened_up;
    char heard[TLS_WIRE_ROOM]; /* of the command that is coming */
    size_t heard_length;
};

/* A client with all that it needs, that has not been started. */
void tls_wire_set_up(struct tls_wire *wire, const struct tls_wire_layout *layout);

/* Starts it and goes on until it is done. Ends the test if it does what no client may: spin, wait
 * for what it does not say, close twice, talk in clear where it must not. */
void tls_wire_run(struct tls_wire *wire);

/* A client that has just completed the handshake of implicit TLS. (It is done once for each layout
 * and then remembered: so `wire` must always be the same.) */
void tls_wire_secure(struct tls_wire *wire, const struct tls_wire_layout *layout);

/* Goes on with it until it is done. */
void tls_wire_go_on(struct tls_wire *wire);

/* ---- What the server says ---- */

/* Any octets at all. */
void tls_wire_put(struct tls_wire *wire, const void *octets, size_t length);

/* A record, encrypted once the handshake has come so far. */
void tls_wire_seal(struct tls_wire *wire, enum tls_type type, const void *octets, size_t length);

/* A record in clear, wherever the handshake is. */
void tls_wire_put_clear(struct tls_wire *wire, uint8_t type, const void *octets, size_t length);

/* The usual answer. */
void tls_wire_reply(struct tls_wire *wire);

/* The usual answer, behind something that keeps the client from hearing it. */
void tls_wire_reply_in_vain(struct tls_wire *wire);

const char *tls_wire_reply_text(enum tls_wire_point point);

/* Another one, of any text; and the session goes on as if it were the usual one. */
void tls_wire_say(struct tls_wire *wire, const char *text);

/* For an answer that a test has put down itself: it is complete. */
void tls_wire_replied(struct tls_wire *wire);

/* ---- What must have come out ---- */

enum stint_stage tls_wire_stage(const struct tls_wire *wire);
enum stint_fate tls_wire_fate(const struct tls_wire *wire);

/* The session was interrupted by this error; with stage and fate from where it was. Once the
 * message is accepted there is none (and STINT_ERROR_NONE claims that it is). */
void tls_wire_judge(const struct tls_wire *wire, enum stint_error error, int tls_error,
                    const char *how);

/* The server's words were the last ones: this code, while the message was on its way. */
void tls_wire_judge_words(const struct tls_wire *wire, enum stint_error error, unsigned code,
                          const char *how);

/* The record was larger than the client's buffer, which it says. */
void tls_wire_judge_too_large(const struct tls_wire *wire, const char *how);

/* Nothing has left that was meant for inside TLS, and the client does not believe to be there. */
void tls_wire_judge_unsecured(const struct tls_wire *wire, const char *how);

#endif
