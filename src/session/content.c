/* SPDX-License-Identifier: MIT */
#include "session/content.h"

#include "session/body.h"
#include "session/decimal.h"
#include "session/session.h"
#include "session/tracing.h"
#include "stint/source.h"

#include <string.h>

/* Not worth another call of the source while there is something to send: less than this, or than
 * one part of so many. */
#define ROOM_WORTHWHILE  64U
#define PARTS_WORTHWHILE 32U

#define BDAT            "BDAT "
#define CRLF            "\r\n"
#define LAST_CRLF       " LAST\r\n"
#define BDAT_OCTETS_MAX (sizeof BDAT LAST_CRLF - 1 + STINT_DECIMAL_MAX)

/* Beside enum stint_source_status: the piece holds what must not be sent. */
#define PIECE_REFUSED (-4)

static bool is_binary(const struct stint_source *source)
{
    return source->content == STINT_CONTENT_BINARY;
}

void stint_content_start(struct stint_session *session, bool dots)
{
    const struct stint_source *source = session->writer.mail->source;

    session->content_begun = true;
    session->content_complete = false;
    session->content_held = false;
    session->content_counted = !dots && source->size_is_exact;
    session->content_left = source->size;
    stint_body_start(&session->body, (session->extensions & STINT_EXTENSION_8BITMIME) != 0, dots);
}

/* The source fills the far half of the room, and the conversion grows it towards the front. Returns
 * how many octets that made, or why there are none. */
static int next_piece(struct stint_session *session, uint8_t *octets, size_t room)
{
    const struct stint_source *source = session->writer.mail->source;
    size_t most = is_binary(source) ? room : room / 2;
    size_t gap = room - most;
    int got = source->read(source->context, octets + gap, most);

    if (got > 0 && (size_t)got <= most) {
        if (gap > 0) {
            got = stint_body_convert(&session->body, octets, gap, (size_t)got);
        }
        return got < 0 ? PIECE_REFUSED : got;
    }
    return got == STINT_SOURCE_AGAIN || got == STINT_SOURCE_END ? got : STINT_SOURCE_FAILED;
}

static size_t last_line_end(const struct stint_session *session, uint8_t *octets)
{
    if (is_binary(session->writer.mail->source) || stint_body_at_line_start(&session->body)) {
        return 0;
    }
    octets[0] = '\r';
    octets[1] = '\n';
    return 2;
}

static size_t break_off(struct stint_session *session, enum stint_error error)
{
    stint_session_break(session, error);
    return 0;
}

/* What BDAT promised cannot be taken back: not an octet more, and no less. */
static bool keeps_promise(struct stint_session *session, size_t length, bool complete)
{
    if (!session->content_counted) {
        return true;
    }
    if (length > session->content_left) {
        return false;
    }
    session->content_left -= (uint32_t)length;
    return session->content_left == 0 || !complete;
}

/* Has the source no more? The LF of a CR that went out as CRLF is nothing more. */
static int ask_for_end(struct stint_session *session)
{
    const struct stint_source *source = session->writer.mail->source;
    uint8_t octets[2];
    int got;

    do {
        got = source->read(source->context, octets + 1, 1);
    } while (got == 1 && !is_binary(source) &&
             stint_body_convert(&session->body, octets, 1, 1) == 0);
    return got;
}

/* All that was promised is there, and with its last octet the message is complete for the server.
 * So that one goes only when it is complete for the source, too. Returns how many of the `n` octets
 * may go. */
static size_t end_promised(struct stint_session *session, const uint8_t *octets, size_t n,
                           bool *complete)
{
    if (!is_binary(session->writer.mail->source) && !stint_body_at_line_start(&session->body)) {
        return break_off(session, STINT_ERROR_SOURCE);
    }
    switch (ask_for_end(session)) {
    case STINT_SOURCE_END: *complete = true; return n;
    case STINT_SOURCE_AGAIN:
        session->source_waits = true;
        session->content_held = true;
        session->content_last = octets[n - 1];
        return n - 1;
    default: return break_off(session, STINT_ERROR_SOURCE);
    }
}

size_t stint_content_write(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete)
{
    size_t n = 0;
    size_t part = room / PARTS_WORTHWHILE;
    size_t worthwhile = part > ROOM_WORTHWHILE ? part : ROOM_WORTHWHILE;
    size_t length;
    int piece;

    if (session->content_held && room > 0) {
        session->content_held = false;
        octets[0] = session->content_last;
        return end_promised(session, octets, 1, complete);
    }
    while (!*complete && room - n >= 2 && (n == 0 || room - n >= worthwhile)) {
        piece = next_piece(session, octets + n, room - n);
        length = piece > 0 ? (size_t)piece : 0;
        switch (piece) {
        case PIECE_REFUSED: return break_off(session, STINT_ERROR_CONTENT);
        case STINT_SOURCE_FAILED: return break_off(session, STINT_ERROR_SOURCE);
        case STINT_SOURCE_AGAIN: session->source_waits = true; return n;
        case STINT_SOURCE_END:
            *complete = true;
            length = last_line_end(session, octets + n);
            break;
        default: break;
        }
        n += length;
        if (!keeps_promise(session, length, *complete)) {
            return break_off(session, STINT_ERROR_SOURCE);
        }
        if (session->content_counted && session->content_left == 0 && !*complete) {
            return end_promised(session, octets, n, complete);
        }
    }
    return n;
}

size_t stint_content_chunk(struct stint_session *session, uint8_t *octets, size_t room)
{
    char scratch[BDAT_OCTETS_MAX];
    char *command = scratch + sizeof scratch;
    const char *end;
    size_t length, n;

    if (room < BDAT_OCTETS_MAX + ROOM_WORTHWHILE) {
        return 0;
    }
    n = stint_content_write(session, octets + BDAT_OCTETS_MAX, room - BDAT_OCTETS_MAX,
                            &session->content_complete);
    if (session->state != STINT_SESSION_TALKS || (n == 0 && !session->content_complete)) {
        return 0;
    }
    end = session->content_complete ? LAST_CRLF : CRLF;
    length = strlen(end);
    command -= length;
    memcpy(command, end, length);
    command = stint_decimal(command, (uint32_t)n) - strlen(BDAT);
    memcpy(command, BDAT, strlen(BDAT));
    length = (size_t)(scratch + sizeof scratch - command);
    memcpy(octets, command, length);
    memmove(octets + length, octets + BDAT_OCTETS_MAX, n);
    stint_trace(session, STINT_TRACE_COMMAND, octets, length);
    stint_trace(session, STINT_TRACE_CONTENT, NULL, n);
    return length + n;
}
