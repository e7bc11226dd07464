/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERBOSE_H
#define CLI_VERBOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint_posix.h"

/* --verbose: the dialogue on stderr. Lines of the client begin with "C: ", of the server with
 * "S: ", facts about the connection with "* ". Zero it, then set the first part. */
struct verbose {
    const struct stint_client *client;
    struct stint_posix *port;
    const char *host;

    struct sockaddr_storage peer; /* told that this is tried */
    bool connected;               /* told that it is */
    bool secured;                 /* told that TLS is up */

    unsigned kind;     /* of the line being printed; enum stint_trace_kind */
    bool in_line;      /* it has begun and not ended */
    bool after_secret; /* it ends in "****" so far */
    uint32_t content;  /* octets of the message not yet told of */
};

/* For `trace` in struct stint_client; the context is the struct verbose. */
void verbose_trace(void *context, unsigned kind, const uint8_t *octets, size_t length);

/* After each step of the client: tell what is new about the connection. */
void verbose_look(struct verbose *verbose);

/* Before anything else is printed. */
void verbose_pause(struct verbose *verbose);

/* When it is done: tell what it used and what it cost. */
void verbose_end(struct verbose *verbose);

#endif
