/* SPDX-License-Identifier: MIT */
#ifndef STINT_FUZZ_LETTER_H
#define STINT_FUZZ_LETTER_H

#include "pace.h"
#include "rule.h"

/*
 * A mail that the input makes up: two octets of settings (see letter.c), and the message, an octet
 * of length and the octets. The client is given its struct stint_mail; the rule reads the same.
 */
struct letter {
    struct transcript_mail *given;
    struct pace *pace;
    struct rule *rule; /* is told of its faults */
    size_t number;     /* from 0 */
    bool hangs;        /* AGAIN for ever, instead of an end */
    unsigned stuck_at; /* this time, and then always, it cannot be rewound; 0: it can */

    unsigned rewinds;
    unsigned pauses;
    size_t offset;
    bool waits; /* it answered AGAIN last */
    bool has_ended;
};

void letter_start(struct letter *letter, struct transcript_mail *given, size_t number,
                  struct input *input);
void letter_end(struct letter *letter);

#endif
