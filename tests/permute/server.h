/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_SERVER_H
#define STINT_PERMUTE_SERVER_H

#include "script.h"

/*
 * The server's part of the conversation, octets in and octets out, without a transport. It follows
 * a script; one reply may be replaced by another, and from there on it may have to improvise, as
 * the client will say something else than the script has.
 */
struct server {
    const struct script *script;
    size_t at;     /* the piece */
    size_t offset; /* in it */

    const struct piece *replaced; /* is said so: */
    struct piece instead;
    bool leaves_script; /* and then the server improvises */
    bool improvises;

    char answers[2048]; /* improvised */
    size_t answers_end;
    size_t answers_start;
    char line[1200]; /* of the client's, not answered yet */
    size_t line_length;
    bool in_content;

    char wrong[200]; /* the first thing that the client did wrong */
};

void server_start(struct server *server, const struct script *script);

/* The reply `piece` is replaced; with `leaves_script` the script ends behind it. */
void server_replace(struct server *server, const struct piece *piece, const char *octets,
                    size_t length, bool leaves_script);

/* What the server says now, if everything that was said to it has arrived; NULL: nothing. */
const char *server_words(const struct server *server, size_t *length);
/* Are they words that nobody asked for? Those are there at once. */
bool server_is_early(const struct server *server);

void server_has_said(struct server *server, size_t length);

/* Is it the client's turn, or is all said? */
bool server_listens(const struct server *server);

/* How many of these octets it takes now; 0: none, as it does not listen. */
size_t server_takes(struct server *server, const char *octets, size_t length);

/* Where the script ends, how? TRANSCRIPT_END also while it goes on. */
enum transcript_act server_end(const struct server *server);

bool server_expects_tls(const struct server *server);
void server_has_tls(struct server *server);

void server_objects(struct server *server, const char *what, const char *octets, size_t length);

#endif
