/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_COMMON_H
#define LWIPOPTS_COMMON_H

/*
 * lwIP's settings that all budgets share: one loop, no operating system, no malloc. Each budget's
 * lwipopts.h has its own and includes this.
 */

/* One loop calls everything: nothing to lock, nobody to wait for. */
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define MEM_LIBC_MALLOC      0
#define MEMP_MEM_MALLOC      0
#define MEM_ALIGNMENT        4

/* A frame that came lies on the stack while it is looked at (ethernet.c), so nothing may keep it:
 * no segments out of order, no fragments. And no pool for it. */
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define TCP_QUEUE_OOSEQ          0
#define IP_REASSEMBLY            0
#define IP_FRAG                  0
#define PBUF_POOL_SIZE           0
#define PBUF_POOL_BUFSIZE        64

/* A client of one server, on one Ethernet. */
#define LWIP_SINGLE_NETIF             1
#define MEMP_NUM_TCP_PCB_LISTEN       0
#define ARP_TABLE_SIZE                2
#define ARP_QUEUEING                  0
#define LWIP_RAW                      0
#define LWIP_ICMP                     0
#define TCP_CALCULATE_EFF_SEND_MSS    0
#define ETHARP_SUPPORT_STATIC_ENTRIES 0

/* Segments smaller than most, so that one of ours fits into little memory; the windows are the
 * budgets'. The port queues one segment at a time: at most that, the octet that it kept back of a
 * record, and the FIN are on their way. */
#define TCP_MSS          536
#define TCP_SND_BUF      (2 * TCP_MSS)
#define TCP_SND_QUEUELEN 8
#define TCP_OVERSIZE     0
#define MEMP_NUM_TCP_PCB 1
#define MEMP_NUM_TCP_SEG 4
#define MEMP_NUM_PBUF    4

/* As above: lwIP's rules of thumb for these numbers do not hold. */
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1

/* The port: frames may point into a record that Stint goes on to change (stint_lwip.h), and the
 * account has an EHLO name. */
#define PBUF_NEEDS_COPY(p)       1
#define STINT_LWIP_LOCAL_ADDRESS 0

/* Counts that limits.c holds against what was reserved. A product leaves them out. */
#define LWIP_STATS       1
#define LWIP_STATS_LARGE 0
#define MEM_STATS        1
#define MEMP_STATS       1
#define LINK_STATS       0
#define ETHARP_STATS     0
#define IP_STATS         0
#define IPFRAG_STATS     0
#define ICMP_STATS       0
#define IGMP_STATS       0
#define UDP_STATS        0
#define TCP_STATS        0
#define SYS_STATS        0
#define IP6_STATS        0
#define ICMP6_STATS      0
#define IP6_FRAG_STATS   0
#define MLD6_STATS       0
#define ND6_STATS        0
#define MIB2_STATS       0

/* They are for finding mistakes, ours and lwIP's, and take more flash than there is. */
#define LWIP_NOASSERT 1

#endif
