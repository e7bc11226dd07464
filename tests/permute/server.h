/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_SERVER_H
#define STINT_PERMUTE_SERVER_H

#include "script.h"

/* What a server does that no longer follows its script. */
enum temper {
    TEMPER_STRICT,  /* it refuses what makes no sense to it, as RFC 5321 4.3.2 has it */
    TEMPER_LENIENT, /* DATA is accepted though nobody is */
    TEMPER_STUBBORN /* it says what is left of its turn first, as if nothing had happened */
};

/* A command that was heard, and not answered. */
struct asked_of {
    char verb[5];
    bool is_last;    /* of BDAT */
    size_t replies;  /* that were said, by LMTP */
    size_t scripted; /* the number of the command of the script that it is; 0: of none */
};

#define ASKED_OF_MAX 64

/*
 * The server's part of the conversation, octets in and octets out, without a transport. It follows
 * a script; one reply may be replaced by another, or words may come that nobody asked for, and from
 * there on it may have to improvise, as the client will say something else than the script has.
 */
struct server {
    const struct script *script;
    size_t at;     /* the piece */
    size_t offset; /* in it, or in what is improvised */

    const struct piece *replaced; /* is said so: */
    struct piece instead;
    bool leaves_script; /* and then the server improvises */
    enum temper temper;
    bool has_left_script;
    bool improvises;
    bool is_prompt; /* it answers a command as soon as it has heard it, and takes no more before */
    bool owes;      /* a reply that will not come */
    const char *interruption; /* what is left of it */
    char interruption_digit;  /* the first of its code */

    struct ear ear;
    struct asked_of asked[ASKED_OF_MAX];
    size_t asked_count;
    size_t found; /* commands of the script that were heard */
    size_t said;  /* replies, with one that is begun */
    bool has_mail;
    unsigned recipients;

    char wrong[200]; /* the first thing that the client did wrong */
};

void server_start(struct server *server, const struct script *script, bool is_prompt);

/* The reply `piece` is replaced; of no length, it is left out. With `leaves_script` the script ends
 * behind it. */
void server_replace(struct server *server, const struct piece *piece, const char *octets,
                    size_t length, bool leaves_script, enum temper temper);

/* It says this as soon as no reply is half said, a string, and leaves its script. */
void server_interrupt(struct server *server, const char *words);

/* The client will say something else than the script has. */
void server_leaves(struct server *server);

/* What the server says now, if everything that was said to it has arrived; NULL: nothing. */
const char *server_words(const struct server *server, size_t *length);

/* Are they words that nobody asked for? Those are there at once. */
bool server_is_early(const struct server *server);

void server_has_said(struct server *server, size_t length);

/* Is it the client's turn, or is all said? / Does it want to be heard first? */
bool server_listens(const struct server *server);
bool server_insists(const struct server *server);

/* How many of these octets it takes now; 0: none, as it does not listen. */
size_t server_takes(struct server *server, const char *octets, size_t length);

/* Where the script ends, how? TRANSCRIPT_END also while it goes on. */
enum transcript_act server_end(const struct server *server);

/* Does something happen here that is not a word of anybody's? It has happened. */
bool server_expects(const struct server *server, enum piece_kind kind);
void server_passes(struct server *server);

void server_objects(struct server *server, const char *what, const char *octets, size_t length);

#endif
