/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_ETHERNET_H
#define FIRMWARE_ETHERNET_H

#include "lwip/netif.h"

/* The Ethernet controller as one of lwIP's interfaces: for netif_add. */
err_t ethernet_init(struct netif *netif);

/* Tell lwIP whether the cable is in: then it looks for an address anew. */
void ethernet_look_at_link(struct netif *netif);

/* Hand lwIP what has arrived. Not from an interrupt, nor from one of lwIP's callbacks. */
void ethernet_poll(struct netif *netif);

#endif
