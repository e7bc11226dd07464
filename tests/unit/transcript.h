/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_TRANSCRIPT_H
#define STINT_TEST_TRANSCRIPT_H

#include <stdbool.h>

#include "fake_source.h"
#include "stint/stint.h"

/*
 * A session written down as in RFC 5321 appendix D, with what the client was given and what it must
 * make of it. tests/sessions/README.md describes the format.
 */

enum transcript_act {
    TRANSCRIPT_END,
    TRANSCRIPT_CLIENT,  /* the client says exactly this */
    TRANSCRIPT_PART,    /* the client may say some of this, from its start */
    TRANSCRIPT_ANY,     /* the client says something, of any kind; not in files */
    TRANSCRIPT_SERVER,  /* the server says this: the client has said all of the above, no more */
    TRANSCRIPT_EARLY,   /* the server says this, whatever else the client was about to say */
    TRANSCRIPT_TLS,     /* the handshake succeeds */
    TRANSCRIPT_CLOSED,  /* the server closes the connection */
    TRANSCRIPT_CUT_OFF, /* it does so inside TLS without close_notify */
    TRANSCRIPT_LOST,    /* the connection breaks */
    TRANSCRIPT_SILENCE, /* nothing comes until a deadline passes */
    TRANSCRIPT_ABORT    /* the caller gives up */
};

/* One speaker's turn: all lines up to the other's. */
struct transcript_turn {
    enum transcript_act act;
    const char *octets;
    size_t length;
    size_t due; /* of the server's turn: how much of it comes before anything early */
};

#define TRANSCRIPT_TURNS_MAX      64
#define TRANSCRIPT_RECIPIENTS_MAX 8
#define TRANSCRIPT_ROOM           65536

struct transcript {
    /* what the client is given */
    struct stint_account account;
    struct stint_mail mail;
    struct stint_recipient recipients[TRANSCRIPT_RECIPIENTS_MAX];
    struct fake_source source;
    const char *local_address;
    bool has_mail;

    struct transcript_turn turns[TRANSCRIPT_TURNS_MAX]; /* TRANSCRIPT_END behind the last */
    size_t turn_count;
    bool has_tls;          /* one of them is TRANSCRIPT_TLS */
    bool has_early_in_tls; /* and behind it there is a TRANSCRIPT_EARLY */

    /* what must come out */
    struct stint_result result;
    const char *text;
    struct stint_recipient outcomes[TRANSCRIPT_RECIPIENTS_MAX];
    size_t outcome_count;
    bool in_order; /* it ends in order, not broken off */

    /* private: all of the text */
    char room[TRANSCRIPT_ROOM];
    size_t used;
};

/* Reads a transcript from text. Ends the test if it cannot be understood. */
void transcript_parse(struct transcript *transcript, const char *name, const char *text);

/* Reads one from a file. */
void transcript_load(struct transcript *transcript, const char *path);

/* The mail to send, from its first octet, with nothing known of its fate; NULL: none. */
const struct stint_mail *transcript_mail(struct transcript *transcript);

/* Compares what came out; ends the test, with `how` in what it says, if it is not what must. */
void transcript_judge(const struct transcript *transcript, const struct stint_result *result,
                      const char *text, const char *how);

#endif
