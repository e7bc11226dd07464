/* SPDX-License-Identifier: MIT */
#include "session/content.h"

#include "session/body.h"
#include "session/chunking.h"
#include "session/session.h"
#include "stint/source.h"

#include <string.h>

/* Not worth another call of the source while there is something to send: less than this, or than
 * one part of so many. */
#define ROOM_WORTHWHILE  64U
#define PARTS_WORTHWHILE 32U

/* Beside enum stint_source_status: the piece holds what must not be sent. */
#define PIECE_REFUSED (-4)

void stint_content_start(struct stint_session *session, bool dots)
{
    session->content_begun = true;
    session->content_complete = false;
    stint_chunking_start(session, !dots);
    stint_body_start(&session->body, (session->extensions & STINT_EXTENSION_8BITMIME) != 0, dots);
}

/* The source fills the far half of the room, and the conversion grows it towards the front. Returns
 * how many octets that made, or why there are none. */
static int next_piece(struct stint_session *session, uint8_t *octets, size_t room)
{
    const struct stint_source *source = session->writer.mail->source;
    size_t most = stint_chunking_is_binary(source) ? room : room / 2;
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
    if (stint_chunking_is_binary(session->writer.mail->source) ||
        stint_body_at_line_start(&session->body)) {
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

size_t stint_content_write(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete)
{
    size_t n = 0;
    size_t part = room / PARTS_WORTHWHILE;
    size_t worthwhile = part > ROOM_WORTHWHILE ? part : ROOM_WORTHWHILE;
    size_t length;
    int piece;

    if (stint_chunking_holds_last(session) && room > 0) {
        return stint_chunking_end(session, octets, complete);
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
        if (!stint_chunking_count(session, octets, &n, length, complete)) {
            return n;
        }
    }
    return n;
}
