/* SPDX-License-Identifier: MIT */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

/*
 * lwIP for the tests of port/lwip, in three builds:
 *
 *   TINY      what the smallest firmware has: IPv4 only, fixed pools, a window of two segments
 *   ROOMY     IPv4 and IPv6, names, every option of TCP; from the heap, so that the address
 *             sanitizer sees who uses what after it was freed
 *   THREADED  as ROOMY, with a thread of lwIP's own (NO_SYS 0)
 */

#define LWIP_NETCONN             0
#define LWIP_SOCKET              0
#define LWIP_ETHERNET            1
#define LWIP_ARP                 1
#define LWIP_RAW                 0
#define LWIP_DHCP                0
#define LWIP_AUTOIP              0
#define LWIP_IGMP                0
#define LWIP_HAVE_LOOPIF         0
#define LWIP_NETIF_LOOPBACK      0
#define MEMP_NUM_TCP_PCB_LISTEN  1
#define MEM_ALIGNMENT            8
#define LWIP_CHECKSUM_ON_COPY    0
#define LWIP_PROVIDE_ERRNO       0
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_NEEDS_COPY(p)       1 /* for the port: stint_lwip.h */

/* A pcb whose session is over is done with soon, so that each test sees all memory come back. */
#define TCP_MSL    500
#define TCP_MAXRTX 8

#define LWIP_STATS         1
#define LWIP_STATS_DISPLAY 0
#define LINK_STATS         0
#define ETHARP_STATS       0
#define IP_STATS           0
#define ICMP_STATS         0
#define UDP_STATS          0
#define TCP_STATS          0
#define MEM_STATS          1
#define MEMP_STATS         1

#if defined TINY

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_IPV4            1
#define LWIP_IPV6            0
#define LWIP_ICMP            0
#define LWIP_UDP             0
#define LWIP_DNS             0
#define IP_REASSEMBLY        0
#define IP_FRAG              0
#define ARP_TABLE_SIZE       2
#define ARP_QUEUEING         0
#define TCP_QUEUE_OOSEQ      0
#define TCP_OVERSIZE         0
#define TCP_MSS              536
#define TCP_WND              1072
#define TCP_SND_BUF          2144
#define TCP_SND_QUEUELEN     10
#define TCP_SNDLOWAT         1
#define TCP_SNDQUEUELOWAT    1
#define MEM_SIZE             1024 /* 64-bit pointers; 512 on the target */
#define MEMP_NUM_TCP_SEG     10
#define MEMP_NUM_PBUF        5
#define MEMP_NUM_TCP_PCB     1
#define PBUF_POOL_SIZE       0

#else

#define LWIP_IPV4                     1
#define LWIP_IPV6                     1
#define LWIP_IPV6_MLD                 0
#define LWIP_IPV6_FRAG                0
#define LWIP_IPV6_REASS               0
#define IP_REASSEMBLY                 0
#define IP_FRAG                       0
#define LWIP_IPV6_AUTOCONFIG          0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_ICMP                     1
#define LWIP_UDP                      1
#define LWIP_DNS                      1
#define MEM_LIBC_MALLOC               1
#define MEMP_MEM_MALLOC               1
#define TCP_QUEUE_OOSEQ               1
#define LWIP_TCP_TIMESTAMPS           1
#define LWIP_TCP_SACK_OUT             1
#define LWIP_WND_SCALE                1
#define TCP_RCV_SCALE                 2
#define TCP_MSS                       1460
#define TCP_WND                       (48 * TCP_MSS) /* over 65,535: it is scaled */
#define TCP_SND_BUF                   (4 * TCP_MSS)
#define MEMP_NUM_TCP_SEG              TCP_SND_QUEUELEN
#define PBUF_POOL_SIZE                64

#if defined THREADED
#define NO_SYS                    0
#define SYS_LIGHTWEIGHT_PROT      1
#define LWIP_TCPIP_CORE_LOCKING   1
#define TCPIP_MBOX_SIZE           64
#define TCPIP_THREAD_STACKSIZE    0
void sys_check_core_locking(void);
void sys_mark_tcpip_thread(void);
void sys_lock_tcpip_core(void);
void sys_unlock_tcpip_core(void);
extern __thread unsigned core_locks; /* held by the thread that looks */
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking()
#define LWIP_MARK_TCPIP_THREAD()  sys_mark_tcpip_thread()
#define LOCK_TCPIP_CORE()         (sys_lock_tcpip_core(), (void)core_locks++)
#define UNLOCK_TCPIP_CORE()       ((void)core_locks--, sys_unlock_tcpip_core())
#else
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#endif

#endif

#endif
