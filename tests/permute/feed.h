/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_FEED_H
#define STINT_PERMUTE_FEED_H

#include "transcript.h"

struct rule;

/* The source of a transcript's message, which may fail at any call. */
struct feed {
    struct stint_source source;
    struct rule *rule; /* is told of its failures */
    const struct fake_source *message;
    size_t most;       /* octets a call gives; 0: all that fit */
    bool again;        /* AGAIN before every call that gives something */
    size_t fails_at;   /* this call, counted from 1; 0: none */
    bool cannot_start; /* it cannot be rewound */

    size_t offset;
    size_t calls;
    bool has_paused;
    bool waits; /* it answered AGAIN, and will not do so again */
    bool has_ended;
};

void feed_start(struct feed *feed, const struct fake_source *message, struct rule *rule);

#endif
