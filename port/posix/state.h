/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_STATE_H
#define STINT_POSIX_STATE_H

/* How far a connection is: open_state. */
enum {
    STATE_CLOSED = 0,
    STATE_RESOLVING,
    STATE_TRYING, /* addresses are known, the next one is to be tried */
    STATE_CONNECTING,
    STATE_OPEN,
    STATE_FAILED
};

#endif
