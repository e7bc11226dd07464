/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_ALERT_H
#define EXAMPLE_ALERT_H

#include <stdint.h>

/*
 * A task's life: an alert for each octet that comes on the serial port, which stands for a sensor,
 * and what became of it printed there; until the octet 4, which ends the emulator.
 *
 * `wait` returns when `wake` was called since it last returned, or after `ms` milliseconds; with
 * NO_SYS 1 it has lwIP do its work, too. `wake` is called by lwIP, and does no more than end a
 * wait; NULL: `wait` knows by itself.
 */
void alert_run(void (*wait)(uint32_t ms), void (*wake)(void *context));

#endif
