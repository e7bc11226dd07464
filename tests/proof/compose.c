/* SPDX-License-Identifier: MIT */

/*
 * How a message is read: of two units of up to LONGEST octets each, into buffers of up to ROOM_MAX,
 * again after a rewind; and one with a fault.
 */

#include "any.h"

#include "message/compose.h"
#include "message/writer.h"

#define LONGEST  3
#define ROOM_MAX 3
#define READS    4

static size_t lengths[2];
static struct stint_composer composer;

static void put_unit(struct stint_composer *it)
{
    bool first = it->next.text == NULL;

    it->next.text = first ? "more" : "";
    stint_put(it, "abc", lengths[!first]);
}

static void put_fault(struct stint_composer *it)
{
    it->fault = STINT_MESSAGE_SYNTAX;
}

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    buffer[length - 1] = any_octet();
    return any_more();
}

/* Of `memory` only the `room` octets at the end may be written. */
static void read_some(size_t room)
{
    uint8_t memory[ROOM_MAX + 1];
    int n = composer.source.read(&composer, memory + ROOM_MAX + 1 - room, room);

    /*@ assert n == STINT_SOURCE_END || 0 < n <= room; */
    /*@ assert !\initialized(&memory[ROOM_MAX - room]); */
    composer.end = NULL;
}

static void read_all(size_t one, size_t other)
{
    size_t i;

    /*@ loop unroll READS; */
    for (i = 0; i < READS; i++) {
        read_some(i % 2 == 0 ? one : other);
    }
}

static void compose(const struct stint_message *message)
{
    size_t one, other;

    (void)stint_compose_units(&composer, message, put_unit);
    /*@ loop unroll ROOM_MAX; */
    for (one = 1; one <= ROOM_MAX; one++) {
        /*@ loop unroll ROOM_MAX; */
        for (other = 1; other <= ROOM_MAX; other++) {
            (void)composer.source.rewind(&composer);
            read_all(one, other);
        }
    }
}

int main(void)
{
    struct stint_message message = {.id = "a@b"};
    struct stint_message without = {.entropy = any_more() ? entropy : NULL};
    uint8_t octet;
    int n;

    /*@ loop unroll LONGEST + 1; */
    for (lengths[0] = 0; lengths[0] <= LONGEST; lengths[0]++) {
        /*@ loop unroll LONGEST + 1; */
        for (lengths[1] = 0; lengths[1] <= LONGEST; lengths[1]++) {
            compose(&message);
        }
    }
    (void)stint_compose_units(&composer, &without, put_fault);
    n = stint_compose_read(&composer, &octet, 1);
    /*@ assert n == STINT_SOURCE_FAILED; */
    return 0;
}
