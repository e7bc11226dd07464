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
    TRANSCRIPT_NEXT,    /* the caller has another mail */
    TRANSCRIPT_IDLE,    /* nothing happens until the idle time is over */
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
#define TRANSCRIPT_MAILS_MAX      4
#define TRANSCRIPT_RECIPIENTS_MAX 12
#define TRANSCRIPT_ROOM           65536

struct transcript_mail {
    /* what the client is given */
    struct stint_mail mail;
    struct stint_recipient recipients[TRANSCRIPT_RECIPIENTS_MAX];
    struct stint_mail_parameters parameters;
    const char *originals[TRANSCRIPT_RECIPIENTS_MAX];
    struct fake_source source;
    bool is_later; /* only at TRANSCRIPT_NEXT */

    /* what must come out */
    bool is_begun; /* if not, there is no result, and nobody has got it */
    struct stint_result result;
    const char *text;
    struct stint_recipient outcomes[TRANSCRIPT_RECIPIENTS_MAX];
    size_t outcome_count;
    bool tells_used; /* result.extensions is given, too */
};

struct transcript {
    /* what the client is given */
    struct stint_account account;
    struct transcript_mail mails[TRANSCRIPT_MAILS_MAX];
    size_t mail_count; /* 0: none, only a look at the server; then the first has the result */
    const char *local_address;
    size_t replies; /* that may lie unread; 0: any number */
    size_t record;  /* octets of the client's in one, at most; 0: any */

    struct transcript_turn turns[TRANSCRIPT_TURNS_MAX]; /* TRANSCRIPT_END behind the last */
    size_t turn_count;
    bool has_tls;          /* one of them is TRANSCRIPT_TLS */
    bool has_early_in_tls; /* and behind it there is a TRANSCRIPT_EARLY */

    size_t result_count; /* mails that are begun; of a look at the server, 1 */
    bool in_order;       /* it ends in order, not broken off */

    /* private: all of the text */
    char room[TRANSCRIPT_ROOM];
    size_t used;
};

/* Reads a transcript from text. Ends the test if it cannot be understood. */
void transcript_parse(struct transcript *transcript, const char *name, const char *text);

/* Reads one from a file. */
void transcript_load(struct transcript *transcript, const char *path);

/* The first mail to send, with those that follow it, from their first octets; NULL: none. */
const struct stint_mail *transcript_mail(struct transcript *transcript);

/* At TRANSCRIPT_NEXT: another one follows. */
void transcript_next(struct transcript *transcript);

/* Does a mail go in chunks, which are as the source and the room make them? */
bool transcript_has_chunks(const struct transcript *transcript);

/* Is a result that a transcript has about a recipient? */
bool transcript_is_about_recipient(const struct transcript *transcript,
                                   const struct stint_result *result);

/* Compares what came of mail `index`, counted from 0; ends the test, with `how` in what it says, if
 * it is not what must. */
void transcript_judge(const struct transcript *transcript, size_t index,
                      const struct stint_result *result, const char *text, const char *how);

#endif
