/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_FEED_H
#define STINT_PERMUTE_FEED_H

#include "stint/letter.h"
#include "transcript.h"

struct rule;
struct server;

/* The source of a transcript's message, which may fail at any call. */
struct feed {
    struct stint_source source;
    struct rule *rule;     /* is told of its failures */
    struct server *server; /* what its script has of this mail is not said when it is stuck */
    size_t mail;           /* number, from 0 */
    const struct fake_source *message;
    struct stint_letter_composer composer; /* makes it, if that is `composed` */
    size_t most;                           /* octets a call gives; 0: all that fit */
    bool again;                            /* AGAIN before every call that gives something */
    size_t fails_at;                       /* this call of any feed, counted from 1; 0: none */
    size_t stuck_at; /* likewise of `rewind`; it cannot be rewound any more then */

    size_t offset;
    size_t *calls;   /* of all feeds */
    size_t *rewinds; /* likewise */
    bool is_stuck;
    unsigned paused;
    bool waits; /* it answered AGAIN, and will not do so again */
    bool has_ended;
};

void feed_start(struct feed *feed, size_t mail, const struct fake_source *message,
                struct rule *rule);

#endif
