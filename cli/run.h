/* SPDX-License-Identifier: MIT */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "message.h"
#include "stint_posix.h"

/* Called after every step. */
typedef void (*run_observer)(void *context);

/* Step `client` until a mail is done, or all is; in between wait for the server, for what `message`
 * comes from, if there is one, and for signals. Returns which one it was. */
enum stint_progress run(struct stint_client *client, const struct stint_posix *port,
                        const struct message *message, run_observer observer, void *context);

#endif
