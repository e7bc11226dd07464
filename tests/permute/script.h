/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_SCRIPT_H
#define STINT_PERMUTE_SCRIPT_H

#include "ear.h"
#include "transcript.h"

/* A transcript cut into pieces: a turn of the client's is one, each reply of the server's another,
 * so that every reply can be replaced by itself. */
enum piece_kind { PIECE_CLIENT, PIECE_SERVER, PIECE_TLS, PIECE_NEXT, PIECE_IDLE, PIECE_LAST };

struct piece {
    enum piece_kind kind;
    enum transcript_act act; /* of the last: how it ends */
    const char *octets;
    size_t length;
    bool is_optional; /* the client need not say all of it */
    bool is_early;    /* the server says it without being asked */
    size_t answers;   /* of a reply: the number of its command, counted from 1; 0: none */
};

/* A command of the client's. */
struct command {
    char verb[5];     /* "DOT": a message */
    const char *line; /* all of it but a message */
    size_t length;
    size_t piece; /* the reply to it, or the first of them; 0: there is none */
    bool ends_message;
};

#define PIECES_MAX   160
#define COMMANDS_MAX 64

struct script {
    struct piece pieces[PIECES_MAX];
    size_t count; /* with the last */
    struct command commands[COMMANDS_MAX];
    size_t command_count;
    size_t replies;
    size_t flight; /* commands that wait for their replies, at most */
    size_t inside; /* the first piece that is the client's, in TLS if there is TLS */
    bool has_tls;
    bool by_lmtp;
    bool can_be_wrapped; /* the session can be held inside implicit TLS, with the same outcome */
    bool is_plain;       /* the server answers each command, and nothing else happens */
};

/* `wrapped`: inside implicit TLS. */
void script_cut(struct script *script, const struct transcript *transcript, bool wrapped);

/* The piece that is the server's reply number `number`, counted from 1; NULL: there is none. */
const struct piece *script_reply(const struct script *script, size_t number);

/* Is it a whole reply, behind which another may come? */
bool script_is_reply(const struct piece *piece);

/* The number of the first command like this one from number `from` on; 0: there is none. */
size_t script_find(const struct script *script, size_t from, const char *verb, const char *line,
                   size_t length);

/* What the ear has heard is called. */
void script_verb(char *verb, enum ear_event event, const struct ear *ear);

#endif
