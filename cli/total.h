/* SPDX-License-Identifier: MIT */
#ifndef CLI_TOTAL_H
#define CLI_TOTAL_H

#include <stdbool.h>
#include <stddef.h>

/* What became of all mails of a run together. Zero it first. */
struct total {
    size_t mails;
    size_t sent;      /* of them, to every recipient */
    int status;       /* the worst mail's: the exit code for all */
    unsigned badness; /* and how bad that is */
};

/* A mail with this exit code, and perhaps of unknown fate. */
void total_add(struct total *total, int status, bool unknown);

/* If there are several and not all went well, say so in one line. */
void total_explain(const struct total *total);

#endif
