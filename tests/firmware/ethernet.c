/* SPDX-License-Identifier: MIT */
#include "ethernet.h"

#include "lan9118.h"
#include "semihosting.h"

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/opt.h"
#include "lwip/pbuf.h"
#include "netif/ethernet.h"

#include <string.h>

/* The longest frame that can be for us: the largest segment that our window allows, behind all
 * headers with their options; or an answer by DHCP or DNS. */
#define HEADERS   (14 + 40 + 60)
#define FRAME_MAX (TCP_WND + HEADERS)

/* So many are looked at before something else has its turn, whoever sends them. */
#define FRAMES_AT_A_TIME 8

/* Locally administered; a product has its own from its maker's block. */
static const uint8_t mac[ETH_HWADDR_LEN] = {0x02, 0x00, 0x00, 0x00, 0x00, 0x03};

/* Part by part into the controller, without a copy of the whole. */
static err_t send(struct netif *netif, struct pbuf *frame)
{
    (void)netif;
    if (!lan9118_has_room(frame->tot_len, pbuf_clen(frame))) {
        return ERR_MEM; /* TCP tries again */
    }
    for (const struct pbuf *part = frame; part != NULL; part = part->next) {
        lan9118_write(part->payload, part->len, frame->tot_len, part == frame, part->next == NULL);
    }
    return ERR_OK;
}

err_t ethernet_init(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = 1500;
    netif->hwaddr_len = sizeof mac;
    memcpy(netif->hwaddr, mac, sizeof mac);
    netif->flags =
        NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
    netif->output = etharp_output;
#if LWIP_IPV6
    netif->output_ip6 = ethip6_output;
    netif->flags |= NETIF_FLAG_MLD6;
#endif
    netif->linkoutput = send;
    return lan9118_start(mac) ? ERR_OK : ERR_IF;
}

void ethernet_look_at_link(struct netif *netif)
{
    if (lan9118_has_link()) {
        netif_set_link_up(netif);
    } else {
        netif_set_link_down(netif);
    }
}

/* lwIP calls this when it is done with a frame. */
static void frame_is_free(struct pbuf *frame)
{
    (void)frame;
}

/* A frame needs no memory but some stack, and only while the stack is shallow: lwIP has nothing of
 * it when it returns, as its options let it keep none, and the port copies what it is given. */
static void receive(struct netif *netif, size_t length)
{
    uint8_t octets[FRAME_MAX];
    struct pbuf_custom custom = {.custom_free_function = frame_is_free};
    struct pbuf *frame =
        pbuf_alloced_custom(PBUF_RAW, (u16_t)length, PBUF_REF, &custom, octets, sizeof octets);

    lan9118_read(octets, length);
    if (netif->input(frame, netif) != ERR_OK) {
        pbuf_free(frame);
    }
    if (frame->ref != 0) {
        semihosting_exit(STATUS_LIMIT);
    }
}

void ethernet_poll(struct netif *netif)
{
    for (unsigned i = 0; i < FRAMES_AT_A_TIME; i++) {
        size_t length = lan9118_next();

        if (length == 0) {
            return;
        }
        if (length <= FRAME_MAX) {
            receive(netif, length);
        } else {
            lan9118_drop();
        }
    }
}
