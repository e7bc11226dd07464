/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_EFFORT_H
#define FIRMWARE_EFFORT_H

#include "stint/client.h"

/* How much Stint computes in a session, in ticks of clock_count; waiting is none of it. Zeroed
 * before. */
struct effort {
    uint32_t until_secure; /* all steps until the server is known for who it is */
    uint32_t after;        /* all that follow */
    uint32_t longest;      /* one step */
};

/* stint_step, counted. */
enum stint_progress effort_step(struct effort *effort, struct stint_client *client);

void effort_print(const struct effort *effort);

#endif
