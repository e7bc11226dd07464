/* SPDX-License-Identifier: MIT */
/*
 * lwIP as lwipopts.h has it, in one piece: its files one by one take the compiler ten times as
 * long. But for mem.c and memp.c: place.c comes between them and those who call them.
 */
#include "core/def.c"
#include "core/inet_chksum.c"
#include "core/init.c"
#include "core/ip.c"
#include "core/ipv4/etharp.c"
#include "core/ipv4/ip4.c"
#include "core/ipv4/ip4_addr.c"
#include "core/netif.c"
#include "core/pbuf.c"
#include "core/stats.c"
#include "core/tcp.c"
#include "core/tcp_out.c"
#include "core/timeouts.c"
#include "netif/ethernet.c"
#if LWIP_DNS
#include "core/dns.c"
#include "core/udp.c"
#endif
#if LWIP_IPV6
#include "core/ipv4/icmp.c"
#include "core/ipv6/ethip6.c"
#include "core/ipv6/icmp6.c"
#include "core/ipv6/inet6.c"
#include "core/ipv6/ip6.c"
#include "core/ipv6/ip6_addr.c"
#include "core/ipv6/nd6.c"
#endif
#if !NO_SYS
#include "api/tcpip.c"
#include "core/sys.c"
#endif
#include "core/tcp_in.c" /* last: it has variables of common names */
