/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include <limits.h>

#include "resolve.h"
#include "state.h"

#define SOURCE_WAIT_MS 10

int stint_posix_pollfd(const struct stint_posix *port, const struct stint_client *client,
                       struct pollfd *entry)
{
    unsigned wants = stint_wants(client);

    entry->fd = -1;
    entry->events = 0;
    entry->revents = 0;
    if (port->open_state == STATE_RESOLVING) {
        entry->fd = stint_posix_resolver_descriptor(port->resolver);
        entry->events = POLLIN;
    } else if (port->open_state == STATE_CONNECTING) {
        entry->fd = port->descriptor;
        entry->events = POLLOUT;
    } else if (port->open_state == STATE_OPEN && wants & (STINT_WANT_READ | STINT_WANT_WRITE)) {
        entry->fd = port->descriptor;
        entry->events = (short)((wants & STINT_WANT_READ ? POLLIN : 0) |
                                (wants & STINT_WANT_WRITE ? POLLOUT : 0));
    }
    return entry->fd >= 0;
}

int stint_posix_wait_ms(const struct stint_posix *port, const struct stint_client *client,
                        uint32_t now_ms)
{
    uint32_t wait = stint_wait_ms(client, now_ms);

    if (stint_wants(client) & STINT_WANT_SOURCE && wait > SOURCE_WAIT_MS) {
        wait = SOURCE_WAIT_MS;
    }
    if (port->open_state == STATE_CONNECTING && port->next != NULL) {
        uint32_t share = port->attempt_ends_at - stint_posix_clock_ms();

        /* Passed? Then at once; but by the caller's clock it may not have, so not over and over. */
        if (share == 0 || share > INT32_MAX) {
            share = 1;
        }
        if (wait > share) {
            wait = share;
        }
    }
    return wait < INT_MAX ? (int)wait : INT_MAX;
}

void stint_posix_wait(const struct stint_posix *port, const struct stint_client *client)
{
    struct pollfd entry;
    nfds_t count;

    if (stint_wants(client) == STINT_WANT_NOTHING) {
        return;
    }
    count = stint_posix_pollfd(port, client, &entry) ? 1 : 0;
    (void)poll(&entry, count, stint_posix_wait_ms(port, client, stint_posix_clock_ms()));
}

enum stint_progress stint_posix_run(const struct stint_posix *port, struct stint_client *client)
{
    enum stint_progress progress;

    while ((progress = stint_step(client, stint_posix_clock_ms())) == STINT_RUNNING) {
        stint_posix_wait(port, client);
    }
    return progress;
}
