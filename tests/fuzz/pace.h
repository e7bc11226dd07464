/* SPDX-License-Identifier: MIT */
#ifndef STINT_FUZZ_PACE_H
#define STINT_FUZZ_PACE_H

#include "fuzz.h"

/* How much of what could be done is done at each call: the octets of the input say it, in turn, and
 * then from the first on. */
struct pace {
    struct input octets;
    size_t turn;
    unsigned times_again; /* in a row */
    bool can_go_on;       /* something answered AGAIN, and will not for ever */
};

/* 0: AGAIN, which never comes more than three times in a row; 15: all that there is. */
static inline size_t pace_move(struct pace *pace, bool high)
{
    uint8_t octet = 0xFF;
    size_t move;

    if (pace->octets.left > 0) {
        octet = pace->octets.octets[pace->turn++ % pace->octets.left];
    }
    move = high ? octet >> 4 : octet & 0x0F;
    if (move == 0 && ++pace->times_again <= 3) {
        pace->can_go_on = true;
        return 0;
    }
    pace->times_again = 0;
    return move == 0 ? 1 : move == 15 ? SIZE_MAX : move;
}

static inline size_t pace_least(size_t one, size_t other)
{
    return one < other ? one : other;
}

#endif
