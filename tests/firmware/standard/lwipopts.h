/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "lwipopts_common.h"

/* IPv4 by DHCP, IPv6 by what a router advertises, names by DNS. */
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_UDP  1
#define LWIP_DHCP 1
#define LWIP_DNS  1

#define DHCP_DOES_ARP_CHECK       0
#define LWIP_DHCP_MAX_DNS_SERVERS 1
#define DNS_MAX_SERVERS           2 /* one told of by each */
#define DNS_MAX_NAME_LENGTH       64
#define DNS_TABLE_SIZE            1

#define LWIP_IPV6_NUM_ADDRESSES        2 /* for the link, and for the world */
#define LWIP_IPV6_MLD                  1 /* switches pass on only what was asked for */
#define LWIP_IPV6_REASS                0
#define LWIP_IPV6_FRAG                 0
#define LWIP_ICMP6                     1
#define LWIP_ND6_NUM_NEIGHBORS         3
#define LWIP_ND6_NUM_DESTINATIONS      2
#define LWIP_ND6_NUM_PREFIXES          1
#define LWIP_ND6_NUM_ROUTERS           1
#define LWIP_ND6_QUEUEING              0
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 1
#define MEMP_NUM_MLD6_GROUP            3

#define TCP_WND          (2 * TCP_MSS)
#define MEMP_NUM_UDP_PCB 2
#define MEM_SIZE         800

#endif
