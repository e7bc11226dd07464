/* SPDX-License-Identifier: MIT */
#include "session/chunking.h"

#if STINT_CHUNKING

#include "session/body.h"
#include "session/content.h"
#include "session/decimal.h"
#include "session/session.h"
#include "session/tracing.h"

#include <string.h>

#define BDAT            "BDAT "
#define CRLF            "\r\n"
#define LAST_CRLF       " LAST\r\n"
#define BDAT_OCTETS_MAX (sizeof BDAT LAST_CRLF - 1 + STINT_DECIMAL_MAX)

/* Less than this is not worth a chunk. */
#define CHUNK_WORTHWHILE 64U

/* ---- A promise: what BDAT said cannot be taken back, not an octet more, and no less ---- */

void stint_chunking_start(struct stint_session *session, bool bdat)
{
    const struct stint_source *source = session->writer.mail->source;

    session->content_held = false;
    session->content_counted = bdat && source->size_is_exact;
    session->content_left = source->size;
}

static size_t break_off(struct stint_session *session)
{
    stint_session_break(session, STINT_ERROR_SOURCE);
    return 0;
}

/* Has the source no more? The LF of a CR that went out as CRLF is nothing more. */
static int ask_for_end(struct stint_session *session)
{
    const struct stint_source *source = session->writer.mail->source;
    uint8_t octets[2];
    int got;

    do {
        got = source->read(source->context, octets + 1, 1);
    } while (got == 1 && !stint_chunking_is_binary(source) &&
             stint_body_convert(&session->body, octets, 1, 1) == 0);
    return got;
}

/* All that was promised is there, and with its last octet the message is complete for the server.
 * So that one goes only when it is complete for the source, too. Returns how many of the `n` octets
 * may go. */
static size_t end_promised(struct stint_session *session, const uint8_t *octets, size_t n,
                           bool *complete)
{
    if (!stint_chunking_is_binary(session->writer.mail->source) &&
        !stint_body_at_line_start(&session->body)) {
        return break_off(session);
    }
    switch (ask_for_end(session)) {
    case STINT_SOURCE_END: *complete = true; return n;
    case STINT_SOURCE_AGAIN:
        session->source_waits = true;
        session->content_held = true;
        session->content_last = octets[n - 1];
        return n - 1;
    default: return break_off(session);
    }
}

bool stint_chunking_holds_last(const struct stint_session *session)
{
    return session->content_held;
}

size_t stint_chunking_end(struct stint_session *session, uint8_t *octets, bool *complete)
{
    session->content_held = false;
    octets[0] = session->content_last;
    return end_promised(session, octets, 1, complete);
}

/* So many octets more, which are the last or not. */
static bool keeps_promise(struct stint_session *session, size_t length, bool complete)
{
    if (length > session->content_left) {
        return false;
    }
    session->content_left -= (uint32_t)length;
    return session->content_left == 0 || !complete;
}

bool stint_chunking_count(struct stint_session *session, const uint8_t *octets, size_t *n,
                          size_t length, bool *complete)
{
    if (!session->content_counted) {
        return true;
    }
    if (!keeps_promise(session, length, *complete)) {
        *n = break_off(session);
        return false;
    }
    if (session->content_left > 0 || *complete) {
        return true;
    }
    *n = end_promised(session, octets, *n, complete);
    return false;
}

/* ---- Chunks, of a message whose size is not known ---- */

size_t stint_chunking_write(struct stint_session *session, uint8_t *octets, size_t room)
{
    char scratch[BDAT_OCTETS_MAX];
    char *command = scratch + sizeof scratch;
    const char *end;
    size_t length, n;

    if (room < BDAT_OCTETS_MAX + CHUNK_WORTHWHILE) {
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

#endif
