/* SPDX-License-Identifier: MIT */

/*
 * The writer: from 0 to LONGEST octets, where any number up to MOST of the unit is made, was given
 * out, and has room behind it, or none, where they are only counted. What goes further is the same
 * but for the numbers.
 */

#include "any.h"
#include "put.h"

#define MOST    3
#define LONGEST 4

static char octets[LONGEST + 1] = "abcd";

/* Of `memory` only the `room` octets at the end may be written. */
static void put(size_t position, size_t taken, size_t room, size_t length)
{
    uint8_t memory[MOST + 1];
    struct stint_composer composer = {.position = position, .taken = taken, .room = room};

    stint_put(&composer, octets + LONGEST - length, length);
    composer.position = position;
    composer.end = memory + MOST + 1;
    stint_put(&composer, octets + LONGEST - length, length);
    /*@ assert !\initialized(&memory[MOST - room]); */
    stint_put_string(&composer, octets + LONGEST - length);
    stint_put_char(&composer, any_octet());
    stint_put_line_end(&composer);
    stint_put_space(&composer, any_number(2 * STINT_LINE));
    /*@ assert !\initialized(&memory[MOST - room]); */
}

int main(void)
{
    size_t position, taken, room, length;

    /*@ loop unroll MOST + 1; */
    for (position = 0; position <= MOST; position++) {
        /*@ loop unroll MOST + 1; */
        for (taken = 0; taken <= MOST; taken++) {
            /*@ loop unroll MOST + 1; */
            for (room = 0; room <= MOST; room++) {
                /*@ loop unroll LONGEST + 1; */
                for (length = 0; length <= LONGEST; length++) {
                    put(position, taken, room, length);
                }
            }
        }
    }
    return 0;
}
