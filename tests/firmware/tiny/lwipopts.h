/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "lwipopts_common.h"

/* IPv4 at an address that the settings have, to a server whose address they have. */
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_UDP  0
#define LWIP_DHCP 0
#define LWIP_DNS  0

#define LWIP_TIMERS 0 /* network.c runs them */

/* What the port keeps of the server's octets is as large: one segment and a half, so that the next
 * one comes while this one is read. */
#define TCP_WND  804
#define MEM_SIZE 400

#endif
