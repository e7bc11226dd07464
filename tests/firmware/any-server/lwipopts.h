/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "lwipopts_common.h"

/* IPv4 by DHCP, names by DNS. */
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_UDP  1
#define LWIP_DHCP 1
#define LWIP_DNS  1

#define DHCP_DOES_ARP_CHECK       0
#define LWIP_DHCP_MAX_DNS_SERVERS 1
#define DNS_MAX_SERVERS           1
#define DNS_MAX_NAME_LENGTH       64
#define DNS_TABLE_SIZE            1

#define TCP_WND          (2 * TCP_MSS)
#define MEMP_NUM_UDP_PCB 2
#define MEM_SIZE         800

#endif
