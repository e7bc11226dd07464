/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <stdio.h>
#include <string.h>

void server_start(struct server *server, const struct script *script)
{
    memset(server, 0, sizeof *server);
    server->script = script;
}

void server_replace(struct server *server, const struct piece *piece, const char *octets,
                    size_t length, bool leaves_script)
{
    server->replaced = piece;
    server->instead = *piece;
    server->instead.octets = octets;
    server->instead.length = length;
    server->leaves_script = leaves_script;
}

void server_objects(struct server *server, const char *what, const char *octets, size_t length)
{
    size_t n = 0;

    if (server->wrong[0] == '\0') {
        while (n < length && n < 40 && octets[n] >= ' ') {
            n++;
        }
        snprintf(server->wrong, sizeof server->wrong, "%s: %.*s", what, (int)n, octets);
    }
}

static const struct piece *piece_of(const struct server *server)
{
    const struct piece *piece = &server->script->pieces[server->at];

    return piece == server->replaced ? &server->instead : piece;
}

static void pass(struct server *server, size_t length)
{
    const struct piece *piece = piece_of(server);

    server->offset += length;
    if (server->offset == piece->length) {
        server->improvises = piece == &server->instead && server->leaves_script;
        server->offset = 0;
        server->at++;
    }
}

/* ---- Speaking ---- */

const char *server_words(const struct server *server, size_t *length)
{
    const struct piece *piece = piece_of(server);

    if (server->improvises) {
        *length = server->answers_end - server->answers_start;
        return *length > 0 ? server->answers + server->answers_start : NULL;
    }
    *length = piece->length - server->offset;
    return piece->kind == PIECE_SERVER ? piece->octets + server->offset : NULL;
}

bool server_is_early(const struct server *server)
{
    return !server->improvises && piece_of(server)->is_early;
}

void server_has_said(struct server *server, size_t length)
{
    if (server->improvises) {
        server->answers_start += length;
    } else {
        pass(server, length);
    }
}

/* ---- Improvising: every command is answered as by a server that is content ---- */

static void answer(struct server *server, const char *octets, size_t length)
{
    if (length <= sizeof server->answers - server->answers_end) {
        memcpy(server->answers + server->answers_end, octets, length);
        server->answers_end += length;
    }
}

static void answer_line(struct server *server)
{
    static const struct {
        const char *verb, *reply;
    } answers[] = {
        {"EHLO", "250 improvised\r\n"}, {"HELO", "250 improvised\r\n"}, {"MAIL", "250 Ok\r\n"},
        {"RCPT", "250 Ok\r\n"},         {"DATA", "354 Go\r\n"},         {"QUIT", "221 Bye\r\n"},
    };
    const struct piece *scripted = script_answer(server->script, server->line, server->line_length);
    size_t i;

    if (scripted != NULL && memcmp(server->line, "RCPT", 4) == 0) {
        answer(server, scripted->octets, scripted->length);
        return;
    }
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (memcmp(server->line, answers[i].verb, 4) == 0) {
            answer(server, answers[i].reply, strlen(answers[i].reply));
            server->in_content = answers[i].reply[0] == '3';
            return;
        }
    }
    answer(server, "535 5.7.8 No\r\n", 14); /* to what AUTH goes on with */
}

static void take_line(struct server *server)
{
    if (!server->in_content) {
        answer_line(server);
    } else if (server->line_length == 3 && memcmp(server->line, ".\r\n", 3) == 0) {
        server->in_content = false;
        answer(server, "250 Taken\r\n", 11);
    }
    server->line_length = 0;
}

static void improvise(struct server *server, const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (server->line_length == sizeof server->line) {
            server_objects(server, "endless line", server->line, server->line_length);
            return;
        }
        server->line[server->line_length++] = octets[i];
        if (octets[i] == '\n') {
            take_line(server);
        }
    }
}

/* ---- Listening ---- */

bool server_listens(const struct server *server)
{
    const struct piece *piece = piece_of(server);

    return server->improvises || piece->kind == PIECE_CLIENT ||
           (piece->kind == PIECE_LAST && piece->act == TRANSCRIPT_END);
}

static size_t take_script(struct server *server, const char *octets, size_t length)
{
    const struct piece *piece = piece_of(server);
    size_t n = piece->length - server->offset;

    n = n < length ? n : length;
    if (memcmp(octets, piece->octets + server->offset, n) != 0) {
        server_objects(server, "other words of the client", octets, length);
    }
    pass(server, n);
    return n;
}

size_t server_takes(struct server *server, const char *octets, size_t length)
{
    const struct piece *piece = piece_of(server);

    if (server->improvises) {
        improvise(server, octets, length);
        return length;
    }
    switch (piece->kind) {
    case PIECE_CLIENT: return take_script(server, octets, length);
    case PIECE_SERVER:
        if (!piece->is_early) {
            server_objects(server, "words of the client before the server's", octets, length);
        }
        return 0;
    case PIECE_TLS: server_objects(server, "words before TLS", octets, length); return 0;
    default:
        if (piece->act == TRANSCRIPT_END) {
            server_objects(server, "words behind the end", octets, length);
        }
        return 0;
    }
}

enum transcript_act server_end(const struct server *server)
{
    const struct piece *piece = piece_of(server);

    return piece->kind == PIECE_LAST && !server->improvises ? piece->act : TRANSCRIPT_END;
}

bool server_expects_tls(const struct server *server)
{
    return !server->improvises && piece_of(server)->kind == PIECE_TLS;
}

void server_has_tls(struct server *server)
{
    pass(server, 0);
}
