/* SPDX-License-Identifier: MIT */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/*
 * SIGINT, SIGTERM and SIGHUP as something to poll for: the session then ends in order, without the
 * final dot. A second one ends the program at once.
 */

/* Returns an enum status. */
int interrupt_prepare(void);

/* Readable from the first signal on. */
int interrupt_descriptor(void);

/* The signal's number; 0: none yet. */
int interrupt_signal(void);

#endif
