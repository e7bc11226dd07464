/* SPDX-License-Identifier: MIT */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "stint_posix.h"

/* Called after every step. */
typedef void (*run_observer)(void *context);

/* Step `client` until a mail is done, or all is; in between wait for the server, for `source` - the
 * descriptor that the message comes from, or -1 - and for signals. Returns which one it was. */
enum stint_progress run(struct stint_client *client, const struct stint_posix *port, int source,
                        run_observer observer, void *context);

#endif
