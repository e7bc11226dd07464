/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PHASE_H
#define STINT_SRC_PHASE_H

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

#endif
