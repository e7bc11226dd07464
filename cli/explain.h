/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

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

/* The exit code for it: an enum status, or STATUS_SIGNAL plus the signal. */
int explain_status(const struct outcome *outcome);

/* Has anybody got it? */
bool explain_is_taken(const struct outcome *outcome);

/* Say on stderr what became of the message, what went wrong, and what to do: the last line alone is
 * enough to know, the lines before it list recipients where they differ. */
void explain(const struct outcome *outcome);

#endif
