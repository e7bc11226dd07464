/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The script being cut. */
struct cut {
    struct script *script;
    struct ear ear;
    const char *command; /* where the one begins that is being heard */
    size_t answered;     /* commands, of those that were heard */
    bool by_lmtp;
    size_t taken;  /* recipients, in the transaction that is answered */
    size_t left;   /* replies to the command whose first one was said */
    bool is_whole; /* every turn of the client's ends where a command ends */
};

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

/* ---- What the client says ---- */

void script_verb(char *verb, enum ear_event event, const struct ear *ear)
{
    bool is_message = event == EAR_END && !ear_begins(ear, "BDAT ");

    snprintf(verb, 5, "%.4s", is_message ? "DOT" : ear->line);
}

static void add_command(struct cut *cut, enum ear_event event, const char *end)
{
    struct script *script = cut->script;
    struct command *command = &script->commands[script->command_count++];

    if (script->command_count == COMMANDS_MAX) {
        fprintf(stderr, "too many commands\n");
        exit(2);
    }
    script_verb(command->verb, event, &cut->ear);
    command->ends_message =
        event == EAR_END && !(ear_begins(&cut->ear, "BDAT ") && !cut->ear.is_last);
    command->line = cut->command;
    command->length = (size_t)(end - cut->command);
    cut->command = end;
    if (script->command_count - cut->answered > script->flight) {
        script->flight = script->command_count - cut->answered;
    }
}

static void add_clients(struct cut *cut, const struct transcript_turn *turn)
{
    size_t i;

    if (cut->script->inside == 0) {
        cut->script->inside = cut->script->count;
    }
    add(cut->script, PIECE_CLIENT, turn->octets, turn->length)->is_optional =
        turn->act == TRANSCRIPT_PART;
    cut->command = turn->octets;
    for (i = 0; i < turn->length; i++) {
        enum ear_event event = ear_hear(&cut->ear, turn->octets[i]);

        if (event == EAR_LINE || event == EAR_END ||
            (event == EAR_BDAT && cut->ear.chunk_left == 0)) {
            add_command(cut, event, turn->octets + i + 1);
        }
    }
    cut->is_whole = cut->is_whole && !ear_is_between(&cut->ear);
}

/* ---- What the server says ---- */

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

/* RFC 2033 4.2: behind a message there is one for each recipient taken. */
static size_t replies_to(const struct cut *cut, const struct command *command)
{
    return cut->by_lmtp && command->ends_message && cut->taken > 0 ? cut->taken : 1;
}

static void note_recipient(struct cut *cut, const struct command *command, char first)
{
    if (strcmp(command->verb, "MAIL") == 0) {
        cut->taken = 0;
    } else if (strcmp(command->verb, "RCPT") == 0) {
        cut->taken += first == '2';
    }
}

static void add_reply(struct cut *cut, const char *octets, size_t length, bool is_early)
{
    struct script *script = cut->script;
    struct piece *piece = add(script, PIECE_SERVER, octets, length);

    piece->is_early = is_early;
    if (cut->answered < script->command_count) {
        struct command *command = &script->commands[cut->answered];

        if (command->piece == 0) {
            command->piece = script->count - 1;
            cut->left = replies_to(cut, command);
        }
        piece->answers = cut->answered + 1;
        cut->left--;
        cut->answered += cut->left == 0;
        note_recipient(cut, command, octets[0]);
        cut->ear.in_message = strcmp(command->verb, "DATA") == 0 && octets[0] == '3';
    }
}

static void add_servers(struct cut *cut, const struct transcript_turn *turn)
{
    size_t n = 0;

    while (n < turn->length) {
        size_t length = reply_length(turn->octets + n, turn->length - n);

        add_reply(cut, turn->octets + n, length, n >= turn->due);
        n += length;
    }
}

/* ---- All of it ---- */

static void add_turn(struct cut *cut, const struct transcript_turn *turn)
{
    switch (turn->act) {
    case TRANSCRIPT_CLIENT:
    case TRANSCRIPT_PART: add_clients(cut, turn); break;
    case TRANSCRIPT_SERVER:
    case TRANSCRIPT_EARLY: add_servers(cut, turn); break;
    case TRANSCRIPT_TLS:
        add(cut->script, PIECE_TLS, "", 0);
        cut->script->has_tls = true;
        cut->script->inside = 0;
        break;
    case TRANSCRIPT_NEXT: add(cut->script, PIECE_NEXT, "", 0); break;
    case TRANSCRIPT_IDLE: add(cut->script, PIECE_IDLE, "", 0); break;
    default: add(cut->script, PIECE_LAST, "", 0)->act = turn->act; break;
    }
}

/* RFC 8689 2: that is one thing in clear, and another in TLS. */
static bool requires_tls(const struct transcript *transcript)
{
    size_t i;

    for (i = 0; i < transcript->mail_count; i++) {
        if (transcript->mails[i].parameters.requires_tls) {
            return true;
        }
    }
    return false;
}

/* HELO is a fallback for sessions in clear only (RFC 5321 3.2). And what happens between two octets
 * of a flight cannot happen inside TLS, where a flight comes in one record. */
static void look_over(const struct cut *cut, const struct transcript *transcript)
{
    struct script *script = cut->script;
    bool is_plain = cut->is_whole && cut->answered == script->command_count &&
                    script->pieces[script->count - 1].act == TRANSCRIPT_END;
    bool is_lossless = cut->is_whole;
    size_t i;

    for (i = 0; i < script->count; i++) {
        const struct piece *piece = &script->pieces[i];

        is_lossless = is_lossless && !piece->is_optional && !piece->is_early;
        is_plain = is_plain && piece->kind != PIECE_NEXT && piece->kind != PIECE_IDLE;
    }
    script->is_plain = is_plain && is_lossless;
    script->can_be_wrapped = is_lossless && transcript->account.security == STINT_SECURITY_NONE &&
                             script_find(script, 1, "HELO", NULL, 0) == 0 &&
                             !requires_tls(transcript);
}

void script_cut(struct script *script, const struct transcript *transcript, bool wrapped)
{
    static struct cut cut;
    size_t i;

    memset(script, 0, sizeof *script);
    script->by_lmtp = transcript->account.lmtp;
    memset(&cut, 0, sizeof cut);
    cut.script = script;
    cut.by_lmtp = transcript->account.lmtp;
    cut.is_whole = true;
    if (wrapped) {
        add(script, PIECE_TLS, "", 0);
        script->has_tls = true;
    }
    for (i = 0; i < transcript->turn_count; i++) {
        add_turn(&cut, &transcript->turns[i]);
    }
    if (script->pieces[script->count - 1].kind != PIECE_LAST) {
        add(script, PIECE_LAST, "", 0)->act = TRANSCRIPT_END;
    }
    look_over(&cut, transcript);
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

bool script_is_reply(const struct piece *piece)
{
    size_t line = piece->length;

    while (line > 0 && (line == piece->length || piece->octets[line - 1] != '\n')) {
        line--;
    }
    return piece->length - line > 4 && piece->octets[line + 3] != '-' &&
           memcmp(piece->octets + piece->length - 2, "\r\n", 2) == 0;
}

size_t script_find(const struct script *script, size_t from, const char *verb, const char *line,
                   size_t length)
{
    size_t i;

    for (i = from; i <= script->command_count; i++) {
        const struct command *command = &script->commands[i - 1];
        bool is_same = strcmp(command->verb, verb) == 0;

        if (is_same && line != NULL) {
            is_same = command->length >= length && memcmp(command->line, line, length) == 0;
        }
        if (is_same) {
            return i;
        }
    }
    return 0;
}
