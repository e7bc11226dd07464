/* SPDX-License-Identifier: MIT */
#include "run.h"

#include "interrupt.h"

#include <limits.h>
#include <poll.h>

enum { WAIT_SERVER, WAIT_MESSAGE, WAIT_SIGNAL, WAIT_COUNT };

/* The port would have a source asked for again and again; here poll tells. */
static int wait_ms(const struct stint_client *client, const struct stint_posix *port)
{
    uint32_t now = stint_posix_clock_ms();
    uint32_t ms = stint_wait_ms(client, now);

    if ((stint_wants(client) & STINT_WANT_SOURCE) == 0) {
        return stint_posix_wait_ms(port, client, now);
    }
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* Entries with a negative descriptor are passed over by poll. */
static void wait_until_ready(const struct stint_client *client, const struct stint_posix *port,
                             const struct message *message)
{
    struct pollfd entries[WAIT_COUNT] = {{-1, 0, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}};

    stint_posix_pollfd(port, client, &entries[WAIT_SERVER]);
    if ((stint_wants(client) & STINT_WANT_SOURCE) != 0 && message != NULL) {
        entries[WAIT_MESSAGE].fd = message_descriptor(message);
    }
    if (interrupt_signal() == 0) {
        entries[WAIT_SIGNAL].fd = interrupt_descriptor();
    }
    poll(entries, WAIT_COUNT, wait_ms(client, port));
}

enum stint_progress run(struct stint_client *client, const struct stint_posix *port,
                        const struct message *message, run_observer observer, void *context)
{
    enum stint_progress progress;
    bool aborted = false;

    while ((progress = stint_step(client, stint_posix_clock_ms())) == STINT_RUNNING) {
        observer(context);
        if (interrupt_signal() != 0 && !aborted) {
            stint_abort(client);
            aborted = true;
        } else if (stint_wants(client) != STINT_WANT_NOTHING) {
            wait_until_ready(client, port, message);
        }
    }
    observer(context);
    return progress;
}
