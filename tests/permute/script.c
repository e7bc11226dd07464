/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HELO is a fallback for sessions in clear only (RFC 5321 3.2). And what happens between two octets
 * of a flight cannot happen inside TLS, where a flight comes in one record. */
bool script_can_be_wrapped(const struct transcript *transcript)
{
    size_t i;

    for (i = 0; i < transcript->turn_count; i++) {
        const struct transcript_turn *turn = &transcript->turns[i];
        bool is_clients = turn->act == TRANSCRIPT_CLIENT;
        bool is_servers = turn->act == TRANSCRIPT_SERVER;

        if (turn->act == TRANSCRIPT_PART || turn->act == TRANSCRIPT_EARLY ||
            (is_servers && turn->due < turn->length)) {
            return false;
        }
        if (is_clients && (turn->length < 5 || memcmp(turn->octets, "HELO", 4) == 0 ||
                           memcmp(turn->octets + turn->length - 2, "\r\n", 2) != 0)) {
            return false;
        }
        if (is_clients && i > 0 && turn[-1].act == TRANSCRIPT_SERVER &&
            memcmp(turn[-1].octets, "354", 3) == 0 && turn[1].act != TRANSCRIPT_SERVER &&
            memcmp(turn->octets + turn->length - 3, ".\r\n", 3) != 0) {
            return false;
        }
    }
    return transcript->account.security == STINT_SECURITY_NONE;
}

static struct piece *add(struct script *script, enum piece_kind kind, const char *octets,
                         size_t length)
{
    struct piece *piece = &script->pieces[script->count++];

    if (script->count == PIECES_MAX) {
        fprintf(stderr, "too many pieces\n");
        exit(2);
    }
    piece->kind = kind;
    piece->octets = octets;
    piece->length = length;
    script->replies += kind == PIECE_SERVER;
    return piece;
}

/* RFC 5321 4.2.1: up to the line whose code no "-" follows. */
static size_t reply_length(const char *octets, size_t length)
{
    size_t n = 0;
    size_t line;

    do {
        line = n;
        while (n < length && octets[n] != '\n') {
            n++;
        }
        n += n < length;
    } while (n < length && n - line > 3 && octets[line + 3] == '-');
    return n;
}

static void add_replies(struct script *script, const struct transcript_turn *turn)
{
    size_t n = 0;

    while (n < turn->length) {
        size_t length = reply_length(turn->octets + n, turn->length - n);

        add(script, PIECE_SERVER, turn->octets + n, length)->is_early = n >= turn->due;
        n += length;
    }
}

static void add_turn(struct script *script, const struct transcript_turn *turn)
{
    switch (turn->act) {
    case TRANSCRIPT_CLIENT:
    case TRANSCRIPT_PART:
        add(script, PIECE_CLIENT, turn->octets, turn->length)->is_optional =
            turn->act == TRANSCRIPT_PART;
        break;
    case TRANSCRIPT_SERVER:
    case TRANSCRIPT_EARLY: add_replies(script, turn); break;
    case TRANSCRIPT_TLS:
        add(script, PIECE_TLS, "", 0);
        script->has_tls = true;
        break;
    default: add(script, PIECE_LAST, "", 0)->act = turn->act; break;
    }
}

void script_cut(struct script *script, const struct transcript *transcript, bool wrapped)
{
    size_t i;

    memset(script, 0, sizeof *script);
    if (wrapped) {
        add(script, PIECE_TLS, "", 0);
        script->has_tls = true;
    }
    for (i = 0; i < transcript->turn_count; i++) {
        add_turn(script, &transcript->turns[i]);
    }
    if (script->pieces[script->count - 1].kind != PIECE_LAST) {
        add(script, PIECE_LAST, "", 0)->act = TRANSCRIPT_END;
    }
}

const struct piece *script_reply(const struct script *script, size_t number)
{
    size_t i;

    for (i = 0; i < script->count; i++) {
        if (script->pieces[i].kind == PIECE_SERVER && --number == 0) {
            return &script->pieces[i];
        }
    }
    return NULL;
}

const struct piece *script_answer(const struct script *script, const char *command, size_t length)
{
    size_t i;

    for (i = 0; i + 1 < script->count; i++) {
        const struct piece *piece = &script->pieces[i];

        if (piece->kind == PIECE_CLIENT && piece[1].kind == PIECE_SERVER &&
            piece->length == length && memcmp(piece->octets, command, length) == 0) {
            return piece + 1;
        }
    }
    return NULL;
}
