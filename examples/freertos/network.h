/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_NETWORK_H
#define EXAMPLE_NETWORK_H

#include <stdbool.h>

#include "lwip/netif.h"

/* lwIP on the board's Ethernet, at the address that the settings have, or by DHCP. `input` is
 * lwIP's function that takes frames. With NO_SYS 0 the lock is held. */
void network_start(netif_input_fn input);

/* Have we an address to send from? Needs no lock. */
bool network_is_up(void);

/* Hand lwIP what has arrived, until there is no more: then an interrupt will tell. Not with the
 * lock held. */
void network_receive(void);

#endif
