/* SPDX-License-Identifier: MIT */
#include "session/content.h"

#include "session/body.h"
#include "session/session.h"
#include "stint/source.h"

/* Not worth another call of the source while there is something to send. */
#define ROOM_WORTHWHILE 64U

/* Beside enum stint_source_status: the piece holds what must not be sent. */
#define PIECE_REFUSED (-4)

/* The source fills the far half of the room, and the conversion grows it towards the front. Returns
 * how many octets that made, or why there are none. */
static int next_piece(struct stint_session *session, uint8_t *octets, size_t room)
{
    const struct stint_source *source = session->mail->source;
    size_t half = room / 2;
    size_t gap = room - half;
    int got = source->read(source->context, octets + gap, half);

    if (got > 0 && (size_t)got <= half) {
        got = stint_body_convert(&session->body, octets, gap, (size_t)got);
        return got < 0 ? PIECE_REFUSED : got;
    }
    return got == STINT_SOURCE_AGAIN || got == STINT_SOURCE_END ? got : STINT_SOURCE_FAILED;
}

static size_t last_line_end(const struct stint_session *session, uint8_t *octets)
{
    if (stint_body_at_line_start(&session->body)) {
        return 0;
    }
    octets[0] = '\r';
    octets[1] = '\n';
    return 2;
}

size_t stint_content_write(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete)
{
    size_t n = 0;
    int piece;

    while (room - n >= 2 && (n == 0 || room - n >= ROOM_WORTHWHILE)) {
        piece = next_piece(session, octets + n, room - n);
        switch (piece) {
        case PIECE_REFUSED: stint_session_break(session, STINT_ERROR_CONTENT); return 0;
        case STINT_SOURCE_FAILED: stint_session_break(session, STINT_ERROR_SOURCE); return 0;
        case STINT_SOURCE_AGAIN: session->source_waits = true; return n;
        case STINT_SOURCE_END: *complete = true; return n + last_line_end(session, octets + n);
        default: n += (size_t)piece; break;
        }
    }
    return n;
}
