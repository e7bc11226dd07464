/* SPDX-License-Identifier: MIT */
#include "network.h"

#include "ethernet.h"
#include "interrupts.h"
#include "lan9118.h"
#include "settings.h"

#include "lwip/dhcp.h"

#include <string.h>

static struct netif interface;

void network_start(netif_input_fn input)
{
    ip4_addr_t address, mask, router;

    memcpy(&address.addr, settings.address, sizeof address.addr);
    memcpy(&router.addr, settings.router, sizeof router.addr);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    netif_add(&interface, &address, &mask, &router, NULL, ethernet_init, input);
    netif_set_default(&interface);
    netif_set_up(&interface);
    if (ip4_addr_isany_val(address)) {
        dhcp_start(&interface);
    }
    lan9118_interrupt_at_frame();
    interrupts_start();
}

/* A word is read at once. */
bool network_is_up(void)
{
    return !ip4_addr_isany(netif_ip4_addr(&interface));
}

/* What comes while this looks makes an interrupt, so the order matters. */
void network_receive(void)
{
    lan9118_interrupt_at_frame();
    do {
        ethernet_poll(&interface);
    } while (lan9118_has_frame());
}
