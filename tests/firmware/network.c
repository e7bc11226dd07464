/* SPDX-License-Identifier: MIT */
#include "network.h"

#include "clock.h"
#include "ethernet.h"
#include "settings.h"

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#include <string.h>

#define LOOK_AT_LINK_MS 100U

static struct netif interface;

static bool has_ip4(const struct netif *netif)
{
    return !ip4_addr_isany(netif_ip4_addr(netif));
}

static void start_ip4(struct netif *netif)
{
#if LWIP_DHCP
    if (!has_ip4(netif)) {
        dhcp_start(netif);
    }
#else
    (void)netif;
#endif
}

#if LWIP_IPV6
static bool has_ip6(const struct netif *netif)
{
    for (u8_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) { /* the first one is for the link only */
        if (ip6_addr_ispreferred(netif_ip6_addr_state(netif, i))) {
            return true;
        }
    }
    return false;
}

static void start_ip6(struct netif *netif)
{
    netif_create_ip6_linklocal_address(netif, 1);
    netif_set_ip6_autoconfig_enabled(netif, 1);
}
#else
static bool has_ip6(const struct netif *netif)
{
    (void)netif;
    return false;
}

static void start_ip6(struct netif *netif)
{
    (void)netif;
}
#endif

void network_start(void)
{
    ip4_addr_t address, mask, router;

    lwip_init();
    memcpy(&address.addr, settings.address, sizeof address.addr);
    memcpy(&router.addr, settings.router, sizeof router.addr);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    netif_add(&interface, &address, &mask, &router, NULL, ethernet_init, ethernet_input);
    netif_set_default(&interface);
    netif_set_up(&interface);
    start_ip4(&interface);
    start_ip6(&interface);
}

bool network_is_up(void)
{
    return netif_is_link_up(&interface) && (has_ip4(&interface) || has_ip6(&interface));
}

#if LWIP_TIMERS
static void run_timers(void)
{
    sys_check_timeouts();
}
#else
/* The two that are left without DHCP, DNS and IPv6: that is shorter than lwIP's list of them. */
static void run_timers(void)
{
    static uint32_t tcp_ran, arp_ran;

    if (clock_ms() - tcp_ran >= TCP_TMR_INTERVAL) {
        tcp_ran += TCP_TMR_INTERVAL;
        tcp_tmr();
    }
    if (clock_ms() - arp_ran >= ARP_TMR_INTERVAL) {
        arp_ran += ARP_TMR_INTERVAL;
        etharp_tmr();
    }
}
#endif

#if LWIP_DHCP || LWIP_IPV6
/* Now and then: it is not quick to tell. */
static void look_at_link(void)
{
    static uint32_t looked;

    if (clock_ms() - looked >= LOOK_AT_LINK_MS) {
        looked = clock_ms();
        ethernet_look_at_link(&interface);
    }
}
#else
/* Nobody gives us another address. */
static void look_at_link(void)
{
}
#endif

void network_poll(void)
{
    look_at_link();
    ethernet_poll(&interface);
    run_timers();
}
