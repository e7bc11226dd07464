/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_LWIPOPTS_COMMON_H
#define EXAMPLE_LWIPOPTS_COMMON_H

/*
 * lwIP's settings that both variants share; each one's lwipopts.h includes this. IPv4 by DHCP,
 * names by DNS, one connection, no malloc. What Stint asks of them says port/lwip/stint_lwip.h.
 */

#define LWIP_IPV4       1
#define LWIP_IPV6       0
#define LWIP_DHCP       1
#define LWIP_DNS        1
#define LWIP_RAW        0
#define LWIP_NETCONN    0
#define LWIP_SOCKET     0
#define MEM_LIBC_MALLOC 0
#define MEMP_MEM_MALLOC 0
#define MEM_ALIGNMENT   4
#define MEM_SIZE        800

#define TCP_MSS                 536
#define TCP_WND                 (2 * TCP_MSS)
#define TCP_SND_BUF             (2 * TCP_MSS)
#define TCP_SND_QUEUELEN        8
#define MEMP_NUM_TCP_SEG        8
#define MEMP_NUM_TCP_PCB        1
#define MEMP_NUM_TCP_PCB_LISTEN 0

/* A frame that came lies on the driver's stack while lwIP looks at it, so nothing may keep it
 * (tests/firmware/ethernet.c). */
#define LWIP_SUPPORT_CUSTOM_PBUF       1
#define TCP_QUEUE_OOSEQ                0
#define IP_REASSEMBLY                  0
#define ARP_QUEUEING                   0
#define PBUF_POOL_SIZE                 0
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1 /* which want that pool */

/* And one that leaves may lie in a record of Stint's (stint_lwip.h). */
#define PBUF_NEEDS_COPY(p) 1

#define LWIP_STATS 0

#endif
