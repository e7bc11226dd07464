/* SPDX-License-Identifier: MIT */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "message.h"
#include "stint_posix.h"

/* Called after every step. */
typedef void (*run_observer)(void *context);

/* Step `client` until it is done; in between wait for the server, for `message` (NULL: none) and
 * for signals. */
void run(struct stint_client *client, const struct stint_posix *port, const struct message *message,
         run_observer observer, void *context);

#endif
