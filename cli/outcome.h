/* SPDX-License-Identifier: MIT */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "chain.h"
#include "mails.h"
#include "options.h"
#include "stint_posix.h"

/* A mail that is done, or a session without one. */
struct outcome {
    const struct options *options;
    const struct mail *mail; /* NULL with --check */
    bool named;              /* there are others, so each line begins with this one's name */
    const struct stint_result *result;
    const char *text; /* the server's, from struct stint_client */
    const struct stint_posix *port;
    const struct chain *chain; /* that the server sent */
    int signal;                /* the one that ended it; 0: none */
};

/* Of its recipients so many. */
struct tally {
    size_t all;
    size_t accepted;
    size_t unknown;
    size_t refused; /* by a reply of its own: 4yz or 5yz */
    size_t refused_for_good;
    bool differ; /* the replies that decided, or what became of the message */
};

struct tally outcome_count(const struct outcome *outcome);

bool outcome_all_accepted(const struct tally *tally);

/* Has anybody got it? */
bool outcome_is_taken(const struct outcome *outcome);

/* The exit code for it: an enum status, or STATUS_SIGNAL plus the signal. */
int outcome_status(const struct outcome *outcome);

#endif
