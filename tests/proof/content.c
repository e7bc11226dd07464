/* SPDX-License-Identifier: MIT */

/*
 * The message on its way into the record, from a source that returns whatever it likes. What
 * stint_body_convert does is stated here, and proved by WP.
 */

#include "any.h"

#include "session/body.h"
#include "session/content.h"
#include "session/session.h"
#include "stint/source.h"

#define ROOM_MAX 70
#define GOT_MAX  3

/* Demands what body.c requires of its caller, and does what it ensures. */
int stint_body_convert(struct stint_body *body, uint8_t *octets, size_t gap, size_t length)
{
    int n = -1;

    /*@ assert length <= gap && \valid(body) && \valid(octets + (0 .. gap + length - 1)); */
    /*@ assert \initialized(octets + (gap .. gap + length - 1)); */
    body->line_length = (uint16_t)any_number(998);
    octets[0] = any_octet();
    octets[gap + length - 1] = any_octet();
    /*@ loop unroll 2 * GOT_MAX + 1; */
    while (n < 2 * (int)length && any_more()) {
        n++;
    }
    return n;
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
static int read_any(void *context, uint8_t *buffer, size_t room)
{
    int got = Frama_C_interval(-4, GOT_MAX);

    (void)context;
    buffer[0] = any_octet();
    buffer[room - 1] = any_octet();
    return any_more() ? (int)room + 1 : got;
}

static const struct stint_source source = {.read = read_any};
static const struct stint_mail mail = {.source = &source};

static void write_into(size_t room)
{
    static struct stint_session session;
    static struct stint_result result;
    uint8_t memory[ROOM_MAX];
    bool complete = false;
    size_t i, n;

    /*@ loop unroll ROOM_MAX; */
    for (i = 0; i < ROOM_MAX; i++) {
        memory[i] = any_octet(); /* of the record before */
    }
    session.writer.mail = &mail;
    session.result = &result;
    session.body.line_length = (uint16_t)any_number(998);
    n = stint_content_write(&session, memory + ROOM_MAX - room, room, &complete);
    /*@ assert n <= room; */
}

int main(void)
{
    size_t room;

    /*@ loop unroll 6; */
    for (room = 0; room <= 5; room++) {
        write_into(room);
    }
    write_into(66);
    write_into(67);
    write_into(ROOM_MAX);
    return 0;
}
