/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_SCRIPT_H
#define STINT_PERMUTE_SCRIPT_H

#include "transcript.h"

/* A transcript cut into pieces: a turn of the client's is one, each reply of the server's another,
 * so that every reply can be replaced by itself. */
enum piece_kind { PIECE_CLIENT, PIECE_SERVER, PIECE_TLS, PIECE_LAST };

struct piece {
    enum piece_kind kind;
    enum transcript_act act; /* of the last: how it ends */
    const char *octets;
    size_t length;
    bool is_optional; /* the client need not say all of it */
    bool is_early;    /* the server says it without being asked */
};

#define PIECES_MAX 160

struct script {
    struct piece pieces[PIECES_MAX];
    size_t count; /* with the last */
    size_t replies;
    bool has_tls;
};

/* Can the session be held inside implicit TLS as well, with the same outcome? */
bool script_can_be_wrapped(const struct transcript *transcript);

/* `wrapped`: inside implicit TLS. */
void script_cut(struct script *script, const struct transcript *transcript, bool wrapped);

/* The piece that is the server's reply number `number`, counted from 1; NULL: there is none. */
const struct piece *script_reply(const struct script *script, size_t number);

/* The server's answer to the line `command` of the client's; NULL: nobody says it. */
const struct piece *script_answer(const struct script *script, const char *command, size_t length);

#endif
