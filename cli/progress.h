/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

/* How far a message has gone, on a terminal, while that takes over a second. Zero it first. */
struct progress {
    const struct message *message;
    uint32_t begun_ms; /* when its first octets went */
    uint32_t shown_ms;
    bool is_shown; /* on the terminal's last line */
};

/* Would anybody see it? */
bool progress_is_possible(void);

/* After each step of the client: `message` is the one under way, or NULL. */
void progress_look(struct progress *progress, const struct message *message, uint32_t now_ms);

/* Take it away, before anything else is printed. */
void progress_clear(struct progress *progress);

#endif
