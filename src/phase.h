/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PHASE_H
#define STINT_SRC_PHASE_H

#include "stint/client.h"

/* What a connection goes through: `phase` of struct stint_client. */
enum phase {
    PHASE_DONE, /* also of a client that was never started */
    PHASE_OPEN,
    PHASE_HANDSHAKE,
    PHASE_TALK,
    PHASE_GOODBYE,
    PHASE_RECONNECT,
    PHASE_CLOSE
};

static inline void stint_phase_enter(struct stint_client *client, enum phase phase)
{
    client->phase = (uint8_t)phase;
    client->moved = true;
    client->restart_wait = true;
}

#endif
