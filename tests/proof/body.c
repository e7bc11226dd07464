/* SPDX-License-Identifier: MIT */

/*
 * The conversion of the message, from any state, in exactly the room that the contract asks for:
 * pieces of 1 to SHORT octets of any value, and such as the words of 4 and of 8 octets are for:
 * WORDS letters and END octets of any value; and two lines of LETTERS letters, the second of which
 * is passed over as a whole. That no longer piece goes wrong is for WP to prove.
 *
 * The octet behind is there because Frama-C allows no pointer to the end of a block for memmove,
 * even if nothing is to be moved; that it is not written is asserted, and a read of it would be an
 * alarm.
 */

#include "any.h"

#include "session/body.h"

#define SHORT   3
#define WORDS   17
#define END     1
#define LONGEST (WORDS + END)
#define LETTERS 41
#define LINE    (LETTERS + 2)

/* Any piece of `letters` letters and, up to `length`, any octets. */
static void piece(size_t letters, size_t length)
{
    struct stint_body body;
    uint8_t memory[2 * LONGEST + 1];
    uint8_t *octets = memory + 2 * (LONGEST - length);
    size_t i;
    int n;

    /*@ loop unroll LONGEST; */
    for (i = 0; i < length; i++) {
        octets[length + i] = i < letters ? (uint8_t)('a' + any_number(25)) : any_octet();
    }
    stint_body_start(&body, any_number(1) != 0, any_number(1) != 0);
    body.after_cr = any_number(1) != 0;
    body.line_length = (uint16_t)any_number(998);
    n = stint_body_convert(&body, octets, length, length);
    /*@ assert -1 <= n <= 2 * length; */
    /*@ assert !\initialized(&memory[2 * LONGEST]); */
    (void)stint_body_at_line_start(&body);
}

static void lines(void)
{
    struct stint_body body;
    uint8_t memory[4 * LINE + 1];
    uint8_t *octets = memory + 2 * LINE;
    size_t i;
    int n;

    /*@ loop unroll 2 * LINE; */
    for (i = 0; i < 2 * LINE; i++) {
        octets[i] = (uint8_t)('a' + any_number(25));
    }
    octets[LETTERS] = '\r';
    octets[LETTERS + 1] = '\n';
    octets[LINE + LETTERS] = '\r';
    octets[LINE + LETTERS + 1] = '\n';
    stint_body_start(&body, any_number(1) != 0, any_number(1) != 0);
    n = stint_body_convert(&body, memory, 2 * LINE, 2 * LINE);
    /*@ assert n == 2 * LINE; */
}

int main(void)
{
    size_t length;

    /*@ loop unroll SHORT; */
    for (length = 1; length <= SHORT; length++) {
        piece(0, length);
    }
    piece(WORDS, WORDS + END);
    piece(WORDS - 5, WORDS - 5 + END);
    lines();
    return 0;
}
