/* SPDX-License-Identifier: MIT */

/*
 * The message on its way into the record, by DATA and by BDAT, from a source that returns whatever
 * it likes: from its start, and from any state that a call can leave behind. What
 * stint_body_convert does is stated here, and proved by WP.
 */

#include "any.h"

#include <limits.h>

#include "session/body.h"
#include "session/chunking.h"
#include "session/content.h"
#include "session/decimal.h"
#include "session/session.h"
#include "stint/source.h"

#define LINE_MAX 998
#define COMMAND  22 /* octets that BDAT and LAST need at most */
#define ROOM_MAX 70 /* for content: behind SHORT octets there is still room worth a call */
#define SHORT    6

/* Any number from `least` to `most`, the short ones apart. */
static int any_length(int least, int most)
{
    int n = least;

    /*@ loop unroll SHORT + 1; */
    while (n < most && any_more()) {
        if (n == SHORT) {
            return Frama_C_interval(SHORT + 1, most);
        }
        n++;
    }
    return n;
}

/* As zeroed as body.c leaves it. */
void stint_body_start(struct stint_body *body, bool eight_bit, bool dots)
{
    body->line_length = 0;
    body->after_cr = false;
    body->eight_bit = eight_bit;
    body->keeps_dots = !dots;
}

/* Demands what body.c requires of its caller, and does what it ensures. */
int stint_body_convert(struct stint_body *body, uint8_t *octets, size_t gap, size_t length)
{
    int n = body->after_cr ? 0 : 1;

    /*@ assert 1 <= length <= gap && \valid(octets + (0 .. gap + length - 1)); */
    /*@ assert \valid(body) && body->line_length <= LINE_MAX; */
    /*@ assert \initialized(octets + (gap .. gap + length - 1)); */
    body->line_length = (uint16_t)any_number(LINE_MAX);
    body->after_cr = any_more();
    octets[0] = any_octet();
    octets[gap + length - 1] = any_octet();
    return any_more() ? -1 : any_length(n, 2 * (int)length);
}

bool stint_body_at_line_start(const struct stint_body *body)
{
    return body->line_length == 0;
}

void stint_session_break(struct stint_session *session, enum stint_error error)
{
    session->state = STINT_SESSION_BROKEN;
    session->result->error = (uint8_t)error;
}

/* Does what it likes with the room that it is told of, and says what it likes. */
static int read_text(void *context, uint8_t *buffer, size_t room)
{
    (void)context;
    buffer[0] = any_octet();
    buffer[room - 1] = any_octet();
    return Frama_C_interval(INT_MIN, INT_MAX);
}

/* The same; what it says is the length of the piece that goes on. */
static int read_binary(void *context, uint8_t *buffer, size_t room)
{
    int got = read_text(context, buffer, room);

    return got <= 0 || got > (int)room ? got : any_length(1, (int)room);
}

static void trace_any(void *context, unsigned kind, const uint8_t *octets, size_t length)
{
    (void)context;
    (void)kind;
    (void)octets;
    (void)length;
    /*@ assert octets == \null || \valid_read(octets + (0 .. length - 1)); */
}

static struct stint_source source;
static const struct stint_mail mail = {.source = &source};
static struct stint_result result;
static struct stint_session session;

static void start(void)
{
    source.size = any_number(UINT32_MAX);
    source.size_is_exact = any_more();
    session.state = STINT_SESSION_TALKS;
    session.result = &result;
    session.writer.mail = &mail;
    session.extensions = (uint16_t)any_number(UINT16_MAX);
    session.trace = any_more() ? trace_any : NULL;
    stint_content_start(&session, any_more());
}

/* Somewhere behind the start: no more is known than what check_state demands. */
static void go_on(bool held, bool complete)
{
    start();
    session.body.line_length = (uint16_t)any_number(LINE_MAX);
    session.body.after_cr = any_more();
    session.content_complete = complete;
    session.content_counted = held || any_more();
    session.content_held = held;
    session.content_last = any_octet();
    session.content_left = held || complete ? 0 : 1 + any_number(UINT32_MAX - 1);
}

static void check_state(void)
{
    const struct stint_session *s = &session;

    /*@ assert s->content_held ==> s->content_counted && s->content_left == 0 &&
                                   !s->content_complete; */
    if (s->state == STINT_SESSION_TALKS && s->content_counted) {
        /*@ assert s->content_complete ==> s->content_left == 0; */
        /*@ assert s->content_left > 0 || s->content_held || s->content_complete ||
                   !s->body.after_cr; */
    }
}

/* One call, into the `room` octets at the end of memory. */
static void write_into(size_t room, bool chunk)
{
    uint8_t memory[COMMAND + ROOM_MAX];
    uint8_t *octets = memory + COMMAND + ROOM_MAX - room;
    size_t i, n;

    /*@ loop unroll COMMAND + ROOM_MAX; */
    for (i = 0; i < COMMAND + ROOM_MAX; i++) {
        memory[i] = any_octet(); /* of the record before */
    }
    n = chunk ? stint_chunking_write(&session, octets, room)
              : stint_content_write(&session, octets, room, &session.content_complete);
    /*@ assert n <= room; */
    /*@ assert session.state == STINT_SESSION_TALKS || n == 0; */
    check_state();
}

static void from_everywhere(size_t room, bool chunk)
{
    start();
    write_into(room, chunk);
    go_on(false, false);
    write_into(room, chunk);
    go_on(true, false);
    write_into(room, chunk);
    go_on(false, true);
    write_into(room, chunk);
}

static void any_content(void)
{
    size_t room;

    /*@ loop unroll 6; */
    for (room = 0; room <= 5; room++) {
        from_everywhere(room, false);
    }
    from_everywhere(66, false);
    from_everywhere(67, false);
    from_everywhere(ROOM_MAX, false);
    from_everywhere(0, true);
    from_everywhere(COMMAND + 63, true);
    from_everywhere(COMMAND + 64, true);
    from_everywhere(COMMAND + ROOM_MAX, true);
}

static void any_decimal(void)
{
    char digits[STINT_DECIMAL_MAX];
    const char *end = digits + STINT_DECIMAL_MAX;
    const char *begin = stint_decimal(digits + STINT_DECIMAL_MAX, any_number(UINT32_MAX));

    /*@ assert &digits[0] <= begin < end; */
    /*@ assert \initialized(begin + (0 .. end - begin - 1)); */
}

int main(void)
{
    source.read = read_text;
    source.content = (uint8_t)any_number(STINT_CONTENT_8BIT);
    any_content();
    source.read = read_binary;
    source.content = STINT_CONTENT_BINARY;
    any_content();
    any_decimal();
    return 0;
}
