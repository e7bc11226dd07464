/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/nd6.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/dns.h"
#include "lwip/prot/ethernet.h"
#include "lwip/prot/tcp.h"
#include "lwip/prot/udp.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#define FRAME_MAX      2000
#define QUEUE_MAX      256
#define LATE_MS        700
#define MOMENT_NS      100000
#define STREAM_MAX     60000
#define DESCRIPTOR_MAX 64

struct frame {
    size_t length;
    uint8_t octets[FRAME_MAX];
};

struct wire wire;
uint32_t clock_ms = 0xFFFFFF00U; /* wraps soon */

static struct netif interface;
static Slirp *slirp;
static struct frame queue[QUEUE_MAX]; /* to lwIP */
static size_t queue_length;
static struct frame late[2];
static uint32_t late_since[2];
static struct pollfd descriptors[DESCRIPTOR_MAX];
static nfds_t descriptor_count;
static bool cut = true; /* nothing passes */

#if NO_SYS
u32_t sys_now(void)
{
    return clock_ms;
}
#endif

/* ---- To lwIP ---- */

static void enqueue(const uint8_t *octets, size_t length)
{
    assert(queue_length < QUEUE_MAX && length <= FRAME_MAX);
    memcpy(queue[queue_length].octets, octets, length);
    queue[queue_length++].length = length;
}

#if PBUF_POOL_SIZE == 0
/* As a small driver has it: the frame lies on the stack, and lwIP is done with it at return. */
static bool is_free;

static void frame_is_free(struct pbuf *p)
{
    (void)p;
    is_free = true;
}

static void input(const struct frame *frame)
{
    struct pbuf_custom custom = {.custom_free_function = frame_is_free};
    uint8_t octets[FRAME_MAX];
    struct pbuf *p;

    memcpy(octets, frame->octets, frame->length);
    p = pbuf_alloced_custom(PBUF_RAW, (u16_t)frame->length, PBUF_REF, &custom, octets,
                            (u16_t)frame->length);
    is_free = false;
    if (interface.input(p, &interface) != ERR_OK) {
        pbuf_free(p);
    }
    assert(is_free);
}
#else
static void input(const struct frame *frame)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)frame->length, PBUF_POOL);

    if (p == NULL) {
        return;
    }
    pbuf_take(p, frame->octets, (u16_t)frame->length);
    if (interface.input(p, &interface) != ERR_OK) {
        pbuf_free(p);
    }
}
#endif

/* Where the TCP header of a frame is; NULL: it has none. */
static struct tcp_hdr *tcp_of(uint8_t *octets, size_t length, size_t *tcp_length)
{
    const struct eth_hdr *ethernet = (const void *)octets;
    const struct ip_hdr *v4 = (const void *)(octets + SIZEOF_ETH_HDR);

    if (length < SIZEOF_ETH_HDR + IP_HLEN + TCP_HLEN) {
        return NULL;
    }
    if (ethernet->type == PP_HTONS(ETHTYPE_IP) && IPH_PROTO(v4) == IP_PROTO_TCP) {
        *tcp_length = lwip_ntohs(IPH_LEN(v4)) - (size_t)IPH_HL_BYTES(v4);
        return (void *)(octets + SIZEOF_ETH_HDR + IPH_HL_BYTES(v4));
    }
#if LWIP_IPV6
    const struct ip6_hdr *v6 = (const void *)(octets + SIZEOF_ETH_HDR);

    if (ethernet->type == PP_HTONS(ETHTYPE_IPV6) && IP6H_NEXTH(v6) == IP6_NEXTH_TCP) {
        *tcp_length = IP6H_PLEN(v6);
        return (void *)(octets + SIZEOF_ETH_HDR + IP6_HLEN);
    }
#endif
    return NULL;
}

/* RFC 1624: one 16-bit word of what is summed up has changed. */
static void change_checksum(uint16_t *sum, uint16_t before, uint16_t after)
{
    uint32_t value = (uint32_t)(uint16_t) ~*sum + (uint16_t)~before + after;

    value = (value & 0xFFFF) + (value >> 16);
    value = (value & 0xFFFF) + (value >> 16);
    *sum = (uint16_t)~value;
}

static void limit_window(struct frame *frame)
{
    size_t length;
    struct tcp_hdr *tcp = tcp_of(frame->octets, frame->length, &length);
    uint16_t before, sum;

    if (wire.window == 0 || tcp == NULL || lwip_ntohs(tcp->wnd) <= wire.window) {
        return;
    }
    before = tcp->wnd;
    sum = tcp->chksum;
    tcp->wnd = lwip_htons(wire.window);
    change_checksum(&sum, before, tcp->wnd);
    tcp->chksum = sum;
}

/* The peer resets the connection there is. */
static void reset(void)
{
    struct tcp_pcb *pcb = tcp_active_pcbs;
    ip_addr_t local, remote;
    struct pbuf *p;
    struct tcp_hdr *tcp;

    if (pcb == NULL) {
        return;
    }
    local = pcb->local_ip;
    remote = pcb->remote_ip;
    p = pbuf_alloc(PBUF_IP, TCP_HLEN, PBUF_RAM);
    assert(p != NULL);
    tcp = p->payload;
    memset(tcp, 0, sizeof *tcp);
    tcp->src = lwip_htons(pcb->remote_port);
    tcp->dest = lwip_htons(pcb->local_port);
    tcp->seqno = lwip_htonl(pcb->rcv_nxt);
    tcp->ackno = lwip_htonl(pcb->snd_nxt);
    TCPH_HDRLEN_FLAGS_SET(tcp, TCP_HLEN / 4, TCP_RST | TCP_ACK);
    tcp->chksum = ip_chksum_pseudo(p, IP_PROTO_TCP, p->tot_len, &remote, &local);
    ip_data.current_netif = ip_data.current_input_netif = &interface;
    ip_addr_copy(ip_data.current_iphdr_src, remote);
    ip_addr_copy(ip_data.current_iphdr_dest, local);
    tcp_input(p, &interface);
    memset(&ip_data, 0, sizeof ip_data);
}

/* ---- Accidents ---- */

/* Does it happen to this frame? */
static bool is_met(enum direction direction, enum accident accident)
{
    unsigned number = wire.frames[direction], length = wire.length > 0 ? wire.length : 1;

    return wire.accident == accident && wire.direction == direction && number >= wire.at &&
           number < wire.at + length;
}

static void pass(enum direction direction, struct frame *frame)
{
    if (direction == OUT) {
        slirp_input(slirp, frame->octets, (int)frame->length);
    } else {
        limit_window(frame);
        input(frame);
    }
}

static void release_late(enum direction direction)
{
    struct frame *frame = &late[direction];

    if (frame->length > 0) {
        struct frame copy = *frame;

        frame->length = 0;
        pass(direction, &copy);
    }
}

static void carry(enum direction direction, struct frame *frame)
{
    if (is_met(direction, ACCIDENT_CUT)) {
        cut = wire.happened = true;
    }
    if (cut) {
        return;
    }
    if (is_met(direction, ACCIDENT_LOST)) {
        wire.happened = true;
        return;
    }
    if (is_met(direction, ACCIDENT_LATE)) {
        wire.happened = true;
        late[direction] = *frame;
        late_since[direction] = clock_ms;
        return;
    }
    pass(direction, frame);
    if (is_met(direction, ACCIDENT_TWICE)) {
        wire.happened = true;
        pass(direction, frame);
    }
    if (is_met(direction, ACCIDENT_RESET)) {
        cut = wire.happened = true; /* from inside lwIP it cannot be told at once */
        return;
    }
    release_late(direction);
}

/* ---- Names ---- */

#if LWIP_DNS
static size_t put(uint8_t *to, size_t at, const void *octets, size_t length)
{
    memcpy(to + at, octets, length);
    return at + length;
}

/* An answer to a question of the one type or the other; without address, if there is none. */
static size_t answer(uint8_t *message, size_t length, bool v6)
{
    static const uint8_t name[] = {0xC0, SIZEOF_DNS_HDR}; /* as in the question */
    const uint8_t type[] = {0, v6 ? DNS_RRTYPE_AAAA : DNS_RRTYPE_A, 0, DNS_RRCLASS_IN};
    const uint8_t rest[] = {0, 0, 0, 60, 0, v6 ? 16 : 4};
    bool has = v6 ? wire.names == NAMES_V6 || wire.names == NAMES_BOTH || wire.names == NAMES_LOST
                  : wire.names == NAMES_V4 || wire.names == NAMES_BOTH || wire.names == NAMES_LOST;
    ip_addr_t address;

    message[2] |= DNS_FLAG1_RESPONSE;
    message[3] = wire.names == NAMES_NONE ? 3 : 0; /* NXDOMAIN */
    message[7] = has ? 1 : 0;
    if (!has) {
        return length;
    }
    length = put(message, length, name, sizeof name);
    length = put(message, length, type, sizeof type);
    length = put(message, length, rest, sizeof rest);
    (void)ipaddr_aton(v6                         ? WIRE_HOST_V6
                      : wire.names == NAMES_LOST ? "10.0.2.99"
                                                 : WIRE_HOST,
                      &address);
    return put(message, length, v6 ? (void *)ip_2_ip6(&address) : (void *)ip_2_ip4(&address),
               v6 ? 16 : 4);
}

static void swap(void *one, void *other, size_t length)
{
    uint8_t *a = one, *b = other, octet;

    for (size_t i = 0; i < length; i++) {
        octet = a[i];
        a[i] = b[i];
        b[i] = octet;
    }
}

/* Answers a question; returns whether it was one. */
static bool answer_name(const struct frame *question)
{
    struct frame frame = *question;
    struct eth_hdr *ethernet = (void *)frame.octets;
    struct ip_hdr *ip = (void *)(frame.octets + SIZEOF_ETH_HDR);
    struct udp_hdr *udp = (void *)(frame.octets + SIZEOF_ETH_HDR + IP_HLEN);
    uint8_t *message = frame.octets + SIZEOF_ETH_HDR + IP_HLEN + UDP_HLEN;
    size_t length;

    if (ethernet->type != PP_HTONS(ETHTYPE_IP) || IPH_PROTO(ip) != IP_PROTO_UDP ||
        udp->dest != PP_HTONS(53)) {
        return false;
    }
    if (wire.names == NAMES_SILENT) {
        return true;
    }
    length = lwip_ntohs(udp->len) - UDP_HLEN;
    length = answer(message, length, message[length - 3] == DNS_RRTYPE_AAAA);
    swap(&ethernet->src, &ethernet->dest, sizeof ethernet->src);
    swap(&ip->src, &ip->dest, sizeof ip->src);
    swap(&udp->src, &udp->dest, sizeof udp->src);
    udp->len = lwip_htons((u16_t)(UDP_HLEN + length));
    udp->chksum = 0;
    IPH_LEN_SET(ip, lwip_htons((u16_t)(IP_HLEN + UDP_HLEN + length)));
    IPH_CHKSUM_SET(ip, 0);
    IPH_CHKSUM_SET(ip, inet_chksum(ip, IP_HLEN));
    enqueue(frame.octets, SIZEOF_ETH_HDR + IP_HLEN + UDP_HLEN + length);
    return true;
}
#else
static bool answer_name(const struct frame *question)
{
    (void)question;
    return false;
}
#endif

/* ---- From lwIP ---- */

/* What was sent of the stream, to see that what is sent again is the same: lwIP sends from memory
 * that it does not own. */
static struct {
    uint16_t port;
    uint32_t start;
    size_t length;
    uint8_t octets[STREAM_MAX];
} stream;

static void note_stream(const struct tcp_hdr *tcp, const uint8_t *octets, size_t length)
{
    size_t at = lwip_ntohl(tcp->seqno) - stream.start, again;

    if (TCPH_FLAGS(tcp) & TCP_SYN) {
        stream.port = tcp->src;
        stream.start = lwip_ntohl(tcp->seqno) + 1;
        stream.length = 0;
        return;
    }
    if (length == 0 || tcp->src != stream.port || at > stream.length || at + length > STREAM_MAX) {
        return;
    }
    again = stream.length - at < length ? stream.length - at : length;
    wire.differs |= memcmp(stream.octets + at, octets, again) != 0;
    memcpy(stream.octets + at, octets, length);
    stream.length = at + length > stream.length ? at + length : stream.length;
}

static void note_data(struct frame *frame)
{
    size_t length;
    const struct tcp_hdr *tcp = tcp_of(frame->octets, frame->length, &length);

    if (tcp == NULL) {
        return;
    }
    length -= TCPH_HDRLEN_BYTES(tcp);
    wire.data_frames += length > 0;
    note_stream(tcp, (const uint8_t *)tcp + TCPH_HDRLEN_BYTES(tcp), length);
}

static err_t link_output(struct netif *netif, struct pbuf *p)
{
    struct frame frame = {.length = p->tot_len};

    (void)netif;
    wire.frames[OUT]++;
    pbuf_copy_partial(p, frame.octets, p->tot_len, 0);
    if (is_met(OUT, ACCIDENT_BUSY)) {
        wire.happened = true;
        return ERR_MEM;
    }
    note_data(&frame);
    if (!answer_name(&frame)) {
        carry(OUT, &frame);
    }
    return ERR_OK;
}

static err_t set_up_interface(struct netif *netif)
{
    static const uint8_t mac[] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

    netif->linkoutput = link_output;
    netif->output = etharp_output;
#if LWIP_IPV6
    netif->output_ip6 = ethip6_output;
#endif
    netif->mtu = 1500;
    netif->hwaddr_len = sizeof mac;
    memcpy(netif->hwaddr, mac, sizeof mac);
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                   NETIF_FLAG_LINK_UP | NETIF_FLAG_MLD6;
    return ERR_OK;
}

void wire_set_up(void)
{
    ip4_addr_t address, mask, gateway;

    (void)signal(SIGPIPE, SIG_IGN); /* slirp does not expect it */
#if NO_SYS
    lwip_init();
#endif
    ip4addr_aton(WIRE_LOCAL, &address);
    ip4addr_aton("255.255.255.0", &mask);
    ip4addr_aton(WIRE_HOST, &gateway);
    netif_add(&interface, &address, &mask, &gateway, NULL, set_up_interface, ethernet_input);
    netif_set_default(&interface);
    netif_set_up(&interface);
#if LWIP_IPV6
    ip6_addr_t v6;

    ip6addr_aton(WIRE_LOCAL_V6, &v6);
    netif_ip6_addr_set(&interface, 0, &v6);
    netif_ip6_addr_set_state(&interface, 0, IP6_ADDR_PREFERRED);
#endif
#if LWIP_DNS
    ip_addr_t server;

    ipaddr_aton("10.0.2.3", &server);
    dns_setserver(0, &server);
#endif
}

/* ---- Slirp ---- */

static ssize_t from_slirp(const void *octets, size_t length, void *opaque)
{
    (void)opaque;
    enqueue(octets, length);
    return (ssize_t)length;
}

static int64_t slirp_clock(void *opaque)
{
    static uint32_t last;
    static int64_t wraps;

    (void)opaque;
    wraps += clock_ms < last ? (int64_t)1 << 32 : 0;
    last = clock_ms;
    return (wraps + clock_ms) * 1000000;
}

static void guest_error(const char *message, void *opaque)
{
    (void)message;
    (void)opaque;
}

static void *timer_new(SlirpTimerCb callback, void *callback_opaque, void *opaque)
{
    (void)callback;
    (void)callback_opaque;
    (void)opaque;
    return malloc(1);
}

static void timer_free(void *timer, void *opaque)
{
    (void)opaque;
    free(timer);
}

static void timer_mod(void *timer, int64_t expires, void *opaque)
{
    (void)timer;
    (void)expires;
    (void)opaque;
}

static void poll_fd(int descriptor, void *opaque)
{
    (void)descriptor;
    (void)opaque;
}

static void notify(void *opaque)
{
    (void)opaque;
}

static int add_poll(int descriptor, int events, void *opaque)
{
    static const short bits[][2] = {
        {SLIRP_POLL_IN, POLLIN}, {SLIRP_POLL_OUT, POLLOUT}, {SLIRP_POLL_PRI, POLLPRI}};
    struct pollfd *entry = &descriptors[descriptor_count];

    (void)opaque;
    assert(descriptor_count < DESCRIPTOR_MAX);
    entry->fd = descriptor;
    entry->events = 0;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        entry->events = (short)(entry->events | (events & bits[i][0] ? bits[i][1] : 0));
    }
    return (int)descriptor_count++;
}

static int get_events(int index, void *opaque)
{
    static const short bits[][2] = {{SLIRP_POLL_IN, POLLIN},
                                    {SLIRP_POLL_OUT, POLLOUT},
                                    {SLIRP_POLL_PRI, POLLPRI},
                                    {SLIRP_POLL_ERR, POLLERR},
                                    {SLIRP_POLL_HUP, POLLHUP}};
    int events = 0;

    (void)opaque;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        events |= descriptors[index].revents & bits[i][1] ? bits[i][0] : 0;
    }
    return events;
}

void wire_start(void)
{
    static const SlirpCb callbacks = {
        .send_packet = from_slirp,
        .guest_error = guest_error,
        .clock_get_ns = slirp_clock,
        .timer_new = timer_new,
        .timer_free = timer_free,
        .timer_mod = timer_mod,
        .register_poll_fd = poll_fd,
        .unregister_poll_fd = poll_fd,
        .notify = notify,
    };
    SlirpConfig config = {.version = 1, .in_enabled = true};

    inet_pton(AF_INET, "10.0.2.0", &config.vnetwork);
    inet_pton(AF_INET, "255.255.255.0", &config.vnetmask);
    inet_pton(AF_INET, WIRE_HOST, &config.vhost);
    inet_pton(AF_INET, "10.0.2.3", &config.vnameserver);
    config.in6_enabled = LWIP_IPV6;
    inet_pton(AF_INET6, "fec0::", &config.vprefix_addr6);
    config.vprefix_len = 64;
    inet_pton(AF_INET6, WIRE_HOST_V6, &config.vhost6);
    inet_pton(AF_INET6, "fec0::3", &config.vnameserver6);
    memset(&wire, 0, sizeof wire);
    memset(late, 0, sizeof late);
    queue_length = 0;
    cut = false;
    slirp = slirp_new(&config, &callbacks, NULL);
    assert(slirp != NULL);
}

void wire_end(void)
{
    cut = true;
    slirp_cleanup(slirp);
    etharp_cleanup_netif(&interface);
#if LWIP_IPV6
    nd6_cleanup_netif(&interface);
#endif
}

static void run_slirp(bool waits)
{
    const struct timespec moment = {.tv_nsec = waits ? MOMENT_NS : 0};
    uint32_t timeout = UINT32_MAX;
    int ready;

    descriptor_count = 0;
    slirp_pollfds_fill(slirp, &timeout, add_poll, NULL);
    ready = ppoll(descriptors, descriptor_count, &moment, NULL);
    slirp_pollfds_poll(slirp, ready < 0, get_events, NULL);
}

static bool run_queue(void)
{
    bool moved = queue_length > 0;

    for (size_t i = 0; i < queue_length; i++) { /* it may grow meanwhile */
        struct frame frame = queue[i];

        wire.frames[IN]++;
        carry(IN, &frame);
    }
    queue_length = 0;
    return moved;
}

bool wire_run(bool waits)
{
    bool moved;

#if NO_SYS
    sys_check_timeouts();
#endif
    for (enum direction way = OUT; way <= IN; way++) {
        if (late[way].length > 0 && clock_ms - late_since[way] >= LATE_MS) {
            release_late(way);
        }
    }
    if (cut && wire.accident == ACCIDENT_RESET && wire.happened) {
        wire.accident = ACCIDENT_NONE;
        reset();
        return true;
    }
    run_slirp(waits);
    moved = run_queue();
    return moved;
}
