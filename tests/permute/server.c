/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <stdio.h>
#include <string.h>

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

/* ---- What it was told ---- */

static void note_command(struct server *server, enum ear_event event)
{
    struct asked_of *asked = &server->asked[server->asked_count++];
    const char *line = event == EAR_LINE ? server->ear.line : NULL;

    script_verb(asked->verb, event, &server->ear);
    asked->is_last = server->ear.is_last;
    asked->replies = 0;
    asked->scripted =
        script_find(server->script, server->found + 1, asked->verb, line, server->ear.length);
    server->found = asked->scripted > 0 ? asked->scripted : server->found;
    if (server->asked_count == ASKED_OF_MAX) {
        server_objects(server, "endless commands", server->ear.line, server->ear.length);
        server->asked_count = 0;
    }
}

/* Returns how many of the octets it hears until there is something to be answered. */
static size_t hear(struct server *server, const char *octets, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        enum ear_event event = ear_hear(&server->ear, octets[i]);

        if (event == EAR_LINE || event == EAR_END ||
            (event == EAR_BDAT && server->ear.chunk_left == 0)) {
            note_command(server, event);
            return i + 1;
        }
    }
    return length;
}

static bool is_message(const struct asked_of *asked)
{
    return strcmp(asked->verb, "DOT") == 0 || (strcmp(asked->verb, "BDAT") == 0 && asked->is_last);
}

/* RFC 2033 4.2: it is answered for each recipient. */
static bool is_half_answered(struct server *server)
{
    struct asked_of *asked = &server->asked[0];

    asked->replies++;
    return server->script->by_lmtp && is_message(asked) && asked->replies < server->recipients;
}

/* The reply to the oldest command was said: what that means for the transaction. */
static void forget_command(struct server *server, unsigned digit)
{
    const struct asked_of *asked = &server->asked[0];

    if (is_half_answered(server)) {
        return;
    }

    if (strcmp(asked->verb, "MAIL") == 0 && digit == 2) {
        server->has_mail = true;
        server->recipients = 0;
    } else if (strcmp(asked->verb, "RCPT") == 0 && digit == 2) {
        server->recipients++;
    } else if (strcmp(asked->verb, "DATA") == 0) {
        server->ear.in_message = digit == 3;
    } else if (strcmp(asked->verb, "RSET") == 0 || is_message(asked)) {
        server->has_mail = false;
        server->recipients = 0;
    }
    server->asked_count--;
    memmove(server->asked, server->asked + 1, server->asked_count * sizeof server->asked[0]);
}

/* ---- What it says: improvised ---- */

/* What a server says that is content, but for what makes no sense. */
static const char *improvised(const struct server *server, const char *verb)
{
    static const struct {
        const char *verb, *yes, *no;
    } answers[] = {
        {"EHLO", "250 improvised\r\n", NULL},
        {"HELO", "250 improvised\r\n", NULL},
        {"LHLO", "250 improvised\r\n", NULL},
        {"MAIL", "250 Ok\r\n", NULL},
        {"RCPT", "250 Ok\r\n", "503 5.5.1 MAIL first\r\n"},
        {"DATA", "354 Go\r\n", "554 5.5.1 RCPT first\r\n"},
        {"DOT", "250 Taken\r\n", "554 5.5.1 RCPT first\r\n"},
        {"BDAT", "250 Taken\r\n", "503 5.5.1 RCPT first\r\n"},
        {"RSET", "250 Ok\r\n", NULL},
        {"QUIT", "221 Bye\r\n", NULL},
    };
    bool is_rcpt = strcmp(verb, "RCPT") == 0;
    bool makes_sense = server->has_mail && (is_rcpt || server->recipients > 0);
    size_t i;

    if (strcmp(verb, "DATA") == 0 && server->temper == TEMPER_LENIENT) {
        return "354 Go\r\n";
    }
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (strcmp(verb, answers[i].verb) == 0) {
            return answers[i].no == NULL || makes_sense ? answers[i].yes : answers[i].no;
        }
    }
    return "535 5.7.8 No\r\n"; /* to what AUTH goes on with */
}

/* Whom the script refuses is refused here, too; and as long as nothing has gone wrong, all is as
 * the script has it. */
static const struct piece *scripted_answer(const struct server *server)
{
    const struct asked_of *asked = &server->asked[0];
    const struct piece *piece;
    bool is_same = server->is_prompt && !server->has_left_script;

    if (asked->scripted == 0 ||
        !(is_same || (strcmp(asked->verb, "RCPT") == 0 && server->has_mail))) {
        return NULL;
    }
    piece = &server->script
                 ->pieces[server->script->commands[asked->scripted - 1].piece + asked->replies];
    if (piece->kind != PIECE_SERVER || (asked->replies > 0 && piece->answers != asked->scripted)) {
        return NULL; /* nobody answers it in the script */
    }
    return piece == server->replaced ? &server->instead : piece;
}

static const char *answer(const struct server *server, size_t *length)
{
    const struct piece *scripted;
    const char *words;

    if (server->asked_count == 0) {
        return NULL;
    }
    scripted = scripted_answer(server);
    words = scripted != NULL ? scripted->octets : improvised(server, server->asked[0].verb);
    *length = scripted != NULL ? scripted->length : strlen(words);
    return words;
}

/* ---- What it says: all together ---- */

static void leave_script(struct server *server)
{
    server->has_left_script = true;
    server->improvises = true;
}

/* A reply is said, or left out. */
static void end_reply(struct server *server, const struct piece *piece, char first)
{
    if (server->asked_count > 0) {
        forget_command(server, (unsigned)(first - '0'));
    }
    if (piece == &server->instead) {
        server->owes = piece->length == 0;
        if (server->leaves_script && (server->temper != TEMPER_STUBBORN || server->improvises)) {
            leave_script(server);
        }
    }
}

static void begin_piece(struct server *server)
{
    const struct piece *piece = piece_of(server);
    bool ends_turn = piece->kind != PIECE_SERVER || piece->is_early;

    if (server->is_prompt && server->at >= server->script->inside && piece->kind == PIECE_CLIENT) {
        server->improvises = true;
    }
    if (server->leaves_script && ends_turn &&
        &server->script->pieces[server->at] > server->replaced) {
        leave_script(server);
    }
}

static void next_piece(struct server *server)
{
    server->offset = 0;
    server->at++;
    begin_piece(server);
}

/* What is replaced by nothing. */
static void skip_what_is_left_out(struct server *server)
{
    const struct piece *piece = server->improvises ? scripted_answer(server) : piece_of(server);

    if (server->improvises && server->asked_count == 0) {
        return;
    }
    if (piece == &server->instead && piece->length == 0) {
        end_reply(server, piece, '0');
        if (!server->improvises) {
            next_piece(server);
        }
    }
}

static void pass(struct server *server, size_t length)
{
    const struct piece *piece = piece_of(server);

    server->offset += length;
    if (server->offset == piece->length) {
        if (piece->kind == PIECE_SERVER) {
            end_reply(server, piece, piece->octets[0]);
        }
        next_piece(server);
        skip_what_is_left_out(server);
    }
}

static bool interrupts(const struct server *server)
{
    const struct piece *piece = piece_of(server);

    return server->interruption != NULL &&
           (server->offset == 0 || (!server->improvises && piece->kind != PIECE_SERVER));
}

const char *server_words(const struct server *server, size_t *length)
{
    const struct piece *piece = piece_of(server);
    const char *words;

    if (interrupts(server)) {
        *length = strlen(server->interruption);
        return server->interruption;
    }
    if (server->improvises) {
        words = answer(server, length);
        *length -= words != NULL ? server->offset : 0;
        return words != NULL && *length > 0 ? words + server->offset : NULL;
    }
    *length = piece->length - server->offset;
    return piece->kind == PIECE_SERVER ? piece->octets + server->offset : NULL;
}

bool server_is_early(const struct server *server)
{
    return interrupts(server) || (!server->improvises && piece_of(server)->is_early);
}

static void has_improvised(struct server *server, size_t length)
{
    size_t all = 0;
    const char *words = answer(server, &all);

    server->said += server->offset == 0;
    server->offset += length;
    if (server->offset == all) {
        server->offset = 0;
        end_reply(server, scripted_answer(server), words[0]);
        skip_what_is_left_out(server);
    }
}

static void has_interrupted(struct server *server, size_t length)
{
    server->interruption += length;
    if (*server->interruption == '\0') {
        end_reply(server, NULL, server->interruption_digit);
        leave_script(server);
        server->interruption = NULL;
        server->offset = 0;
    }
}

void server_has_said(struct server *server, size_t length)
{
    if (interrupts(server)) {
        has_interrupted(server, length);
    } else if (server->improvises) {
        has_improvised(server, length);
    } else {
        server->said += server->offset == 0;
        pass(server, length);
    }
}

/* ---- Listening ---- */

bool server_listens(const struct server *server)
{
    const struct piece *piece = piece_of(server);

    return server->improvises || piece->kind == PIECE_CLIENT ||
           (piece->kind == PIECE_LAST && piece->act == TRANSCRIPT_END);
}

bool server_insists(const struct server *server)
{
    size_t length;

    return interrupts(server) ||
           (server->is_prompt && server->improvises && server_words(server, &length) != NULL);
}

static size_t take_script(struct server *server, const char *octets, size_t length)
{
    const struct piece *piece = piece_of(server);
    size_t n = piece->length - server->offset;
    size_t i;

    n = n < length ? n : length;
    if (memcmp(octets, piece->octets + server->offset, n) != 0) {
        server_objects(server, "other words of the client", octets, length);
    }
    for (i = 0; i < n; i += hear(server, octets + i, n - i)) {
    }
    pass(server, n);
    return n;
}

size_t server_takes(struct server *server, const char *octets, size_t length)
{
    const struct piece *piece = piece_of(server);

    size_t n;

    if (server->improvises) {
        n = hear(server, octets, length);
        skip_what_is_left_out(server);
        return n;
    }
    switch (piece->kind) {
    case PIECE_CLIENT: return take_script(server, octets, length);
    case PIECE_SERVER:
        if (!piece->is_early && !(server->leaves_script && piece >= server->replaced) &&
            piece != &server->instead) {
            server_objects(server, "words of the client before the server's", octets, length);
        }
        return 0;
    case PIECE_TLS: server_objects(server, "words before TLS", octets, length); return 0;
    case PIECE_NEXT:
    case PIECE_IDLE: server_objects(server, "words in the idle time", octets, length); return 0;
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

    return piece->kind == PIECE_LAST && !server->improvises && server->interruption == NULL
               ? piece->act
               : TRANSCRIPT_END;
}

bool server_expects(const struct server *server, enum piece_kind kind)
{
    return !server->improvises && server->interruption == NULL && piece_of(server)->kind == kind;
}

void server_passes(struct server *server)
{
    pass(server, 0);
}

/* ---- Beginning ---- */

void server_start(struct server *server, const struct script *script, bool is_prompt)
{
    memset(server, 0, sizeof *server);
    server->script = script;
    server->is_prompt = is_prompt;
}

void server_replace(struct server *server, const struct piece *piece, const char *octets,
                    size_t length, bool leaves_script, enum temper temper)
{
    server->replaced = piece;
    server->instead = *piece;
    server->instead.octets = octets;
    server->instead.length = length;
    server->leaves_script = leaves_script;
    server->temper = temper;
    skip_what_is_left_out(server);
}

void server_leaves(struct server *server)
{
    if (!server->has_left_script &&
        (server->offset == 0 || piece_of(server)->kind != PIECE_SERVER)) {
        leave_script(server);
        server->offset = 0;
    }
}

void server_interrupt(struct server *server, const char *words)
{
    server->interruption = words;
    server->interruption_digit = words[0];
}
