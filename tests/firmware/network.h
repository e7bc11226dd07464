/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_NETWORK_H
#define FIRMWARE_NETWORK_H

#include <stdbool.h>

/* lwIP on the board's Ethernet. */
void network_start(void);

/* Have we an address to send from? */
bool network_is_up(void);

/* Let lwIP see what came and how late it is. Nothing else calls lwIP, nor does an interrupt: so it
 * needs no lock. */
void network_poll(void);

#endif
