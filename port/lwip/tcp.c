/* SPDX-License-Identifier: MIT */
#include "stint_lwip.h"

#include "lwip/dns.h"
#include "lwip/tcp.h"
#if !NO_SYS
#include "lwip/tcpip.h"
#endif

#include <string.h>

#if !LWIP_CALLBACK_API
#error "stint_lwip needs LWIP_CALLBACK_API 1"
#endif

/*
 * Stint calls from its thread, lwIP calls back from its own, with the lock held. A callback only
 * notes what has happened; what follows from it, the next call does.
 */
#if NO_SYS
#define LOCK()   ((void)0)
#define UNLOCK() ((void)0)
#elif LWIP_TCPIP_CORE_LOCKING
#define LOCK()   LOCK_TCPIP_CORE()
#define UNLOCK() UNLOCK_TCPIP_CORE()
#else
#error "stint_lwip needs LWIP_TCPIP_CORE_LOCKING 1, or NO_SYS 1"
#endif

/* How far a connection is: state. */
enum {
    STATE_CLOSED = 0,
    STATE_NAMED, /* an address of the family is to be found */
    STATE_RESOLVING,
    STATE_FOUND, /* it is to be connected to */
    STATE_CONNECTING,
    STATE_OPEN,
    STATE_FAILED
};

/* Two families are tried one after the other: a name may have addresses of both, of which a route
 * leads to one only. */
#define HAS_TWO_FAMILIES (LWIP_IPV4 && LWIP_IPV6)

static bool is_last_family(const struct stint_lwip *port)
{
    return !HAS_TWO_FAMILIES || port->family > 0;
}

static void wake(const struct stint_lwip *port)
{
    if (port->wake != NULL) {
        port->wake(port->wake_context);
    }
}

/* ---- What lwIP tells ---- */

static void attempt_failed(struct stint_lwip *port, err_t error)
{
    port->error = error;
    port->state = is_last_family(port) ? STATE_FAILED : STATE_NAMED;
    port->family++;
}

/* The pcb is gone by now, and all that it was to send. */
static void broken(void *context, err_t error)
{
    struct stint_lwip *port = context;

    port->pcb = NULL;
    if (port->state == STATE_CONNECTING) {
        attempt_failed(port, error);
    }
    port->error = error;
    wake(port);
}

static err_t connected(void *context, struct tcp_pcb *pcb, err_t error)
{
    struct stint_lwip *port = context;

    (void)pcb;
    (void)error; /* there is none, lwIP says */
    port->state = STATE_OPEN;
    wake(port);
    return ERR_OK;
}

/* lwIP keeps the peer to the window, and that to what is free in the ring. */
static err_t received(void *context, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
    struct stint_lwip *port = context;
    u16_t offset = 0;

    (void)pcb;
    (void)error;
    if (p == NULL) {
        port->ended = true;
    } else {
        while (offset < p->tot_len) {
            size_t end = (port->start + port->used) % sizeof port->ring;
            size_t room = LWIP_MIN(sizeof port->ring - end, 0xFFFFU);
            u16_t length = pbuf_copy_partial(p, port->ring + end, (u16_t)room, offset);

            port->used += length;
            offset = (u16_t)(offset + length);
        }
        pbuf_free(p);
    }
    wake(port);
    return ERR_OK;
}

static err_t acknowledged(void *context, struct tcp_pcb *pcb, u16_t length)
{
    (void)pcb;
    (void)length;
    wake(context);
    return ERR_OK;
}

#if LWIP_DNS
static void found(const char *name, const ip_addr_t *address, void *context)
{
    struct stint_lwip *port = context;

    (void)name;
    port->resolving = false;
    if (address == NULL) {
        attempt_failed(port, ERR_VAL);
    } else {
        port->address = *address;
        port->state = STATE_FOUND;
    }
    wake(port);
}
#endif

/* ---- Letting go of a pcb ---- */

/* From here on lwIP knows nothing of the port, nor of Stint's memory. What was copied it still
 * sends, and then its FIN; unless it needs the pcb for somebody else. */
static void let_go(struct stint_lwip *port, struct tcp_pcb *pcb)
{
    tcp_err(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_setprio(pcb, TCP_PRIO_MIN);
    if (port->state == STATE_OPEN) {
        /* Else lwIP would send RST for octets that nobody took. */
        tcp_recved(pcb, (u16_t)LWIP_MIN(port->used, 0xFFFFU));
    }
    if (port->lent != NULL || tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
}

static void drop(struct stint_lwip *port)
{
    if (port->pcb != NULL) {
        let_go(port, port->pcb);
    }
    port->pcb = NULL;
    port->lent = NULL;
}

/* ---- Opening ---- */

static void look_up(struct stint_lwip *port, const char *host)
{
    err_t error = ERR_VAL;

    if (ipaddr_aton(host, &port->address)) {
        port->family = HAS_TWO_FAMILIES; /* the one there is */
        port->state = STATE_FOUND;
        return;
    }
#if LWIP_DNS
    port->state = STATE_RESOLVING;
    port->resolving = true;
    error = dns_gethostbyname_addrtype(host, &port->address, found, port,
                                       !LWIP_IPV4 || port->family > 0 ? LWIP_DNS_ADDRTYPE_IPV6
                                                                      : LWIP_DNS_ADDRTYPE_IPV4);
    if (error == ERR_INPROGRESS) {
        return;
    }
    port->resolving = false;
#endif
    if (error == ERR_OK) {
        port->state = STATE_FOUND;
    } else if (error == ERR_MEM) {
        port->state = STATE_NAMED;
    } else {
        attempt_failed(port, error);
    }
}

static void begin_attempt(struct stint_lwip *port, uint16_t number)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(&port->address));
    err_t error;

    if (pcb == NULL) {
        return;
    }
    port->pcb = pcb;
    tcp_arg(pcb, port);
    tcp_err(pcb, broken);
    tcp_recv(pcb, received);
    tcp_sent(pcb, acknowledged);
    tcp_nagle_disable(pcb); /* those who know when a flight ends gather it */
    port->state = STATE_CONNECTING;
    error = tcp_connect(pcb, &port->address, number, connected);
    if (error == ERR_OK) {
        return;
    }
    drop(port);
    if (error == ERR_MEM) {
        port->state = STATE_FOUND;
    } else {
        attempt_failed(port, error);
    }
}

/* The first family's share is half the time. */
static void share_time(struct stint_lwip *port, uint32_t left_ms)
{
#if HAS_TWO_FAMILIES
    if (port->state == STATE_CLOSED) {
        port->first_ends_ms = left_ms / 2;
    } else if (port->state == STATE_CONNECTING && !is_last_family(port) &&
               left_ms <= port->first_ends_ms) {
        drop(port);
        attempt_failed(port, ERR_TIMEOUT);
    }
#else
    (void)port;
    (void)left_ms;
#endif
}

static int lwip_open(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    struct stint_lwip *port = context;
    int status = STINT_IO_AGAIN;

    LOCK();
    share_time(port, left_ms);
    if (port->state == STATE_CLOSED) {
        port->error = ERR_OK;
        port->family = 0;
        port->state = STATE_NAMED;
    }
    if (port->state == STATE_NAMED) {
        look_up(port, host);
    }
    if (port->state == STATE_FOUND) {
        begin_attempt(port, number);
    }
    if (port->state == STATE_OPEN) {
        status = STINT_IO_DONE;
    } else if (port->state == STATE_FAILED) {
        status = STINT_IO_FAILED;
    }
    port->retries = status == STINT_IO_AGAIN && port->state != STATE_RESOLVING &&
                    (port->state != STATE_CONNECTING || !is_last_family(port));
    UNLOCK();
    return status;
}

/* ---- Receiving ---- */

/* Stint reads to where octets that it wrote still lie: so it has given up on writing, and lwIP must
 * not send what comes to lie there now. */
static bool overwrites(const struct stint_lwip *port, const uint8_t *buffer, size_t room)
{
    return port->lent != NULL && (uintptr_t)buffer < (uintptr_t)port->lent_end &&
           (uintptr_t)port->lent < (uintptr_t)buffer + room;
}

static int take_received(struct stint_lwip *port, uint8_t *buffer, size_t room)
{
    size_t length = LWIP_MIN(sizeof port->ring - port->start, port->used);

    length = LWIP_MIN(LWIP_MIN(length, room), 0xFFFFU);
    memcpy(buffer, port->ring + port->start, length);
    port->start = (port->start + length) % sizeof port->ring;
    port->used -= length;
    if (port->pcb != NULL) {
        tcp_recved(port->pcb, (u16_t)length);
    }
    return (int)length;
}

static int lwip_read(void *context, uint8_t *buffer, size_t room)
{
    struct stint_lwip *port = context;
    int status;

    LOCK();
    if (overwrites(port, buffer, room)) {
        drop(port);
    }
    if (port->used > 0) {
        status = take_received(port, buffer, room);
    } else if (port->ended) {
        status = STINT_IO_CLOSED;
    } else {
        status = port->pcb != NULL ? STINT_IO_AGAIN : STINT_IO_FAILED;
    }
    UNLOCK();
    return status;
}

/* ---- Sending ---- */

static bool is_all_acknowledged(const struct tcp_pcb *pcb)
{
    return pcb->unsent == NULL && pcb->unacked == NULL;
}

/* Less where there is no memory for so much, or where a peer with a tiny window makes many segments
 * of it. But what is under way sets memory free when it is acknowledged, and is waited for. */
static err_t write_some(struct tcp_pcb *pcb, const uint8_t *data, size_t *length, u8_t flags)
{
    err_t error = ERR_MEM;

    *length = LWIP_MIN(*length, tcp_sndbuf(pcb));
    while (error == ERR_MEM && *length > 0) {
        error = tcp_write(pcb, data, (u16_t)*length, flags);
        if (error == ERR_MEM) {
            *length = is_all_acknowledged(pcb) ? *length / 2 : 0;
        }
    }
    return error;
}

static int queue(struct stint_lwip *port, const uint8_t *data, size_t length)
{
    bool lends = length > STINT_LWIP_COPY_MAX;
    err_t error = ERR_MEM;

    length -= lends;
    if (lends || port->lent == NULL || is_all_acknowledged(port->pcb)) {
        error = write_some(port->pcb, data, &length, lends ? 0 : TCP_WRITE_FLAG_COPY);
    }
    if (error != ERR_OK) {
        port->retries = is_all_acknowledged(port->pcb); /* else the next one is told of */
        (void)tcp_output(port->pcb);
        return STINT_IO_AGAIN;
    }
    if (!lends) {
        port->lent = NULL;
    } else {
        port->lent = port->lent != NULL ? port->lent : data;
        port->lent_end = data + length;
    }
    return (int)length;
}

static int lwip_write(void *context, const uint8_t *data, size_t length)
{
    struct stint_lwip *port = context;
    int status = STINT_IO_FAILED;

    LOCK();
    port->retries = false;
    if (port->pcb != NULL) {
        status = queue(port, data, length);
    }
    UNLOCK();
    return status;
}

/* What lwIP has, it may have sent by itself, and will send again: so it never is FAILED. */
static int lwip_flush(void *context)
{
    struct stint_lwip *port = context;

    LOCK();
    port->retries = port->pcb != NULL && tcp_output(port->pcb) != ERR_OK;
    UNLOCK();
    return port->retries ? STINT_IO_AGAIN : STINT_IO_DONE;
}

/* ---- Closing, and the rest of the interface ---- */

static int lwip_close(void *context)
{
    struct stint_lwip *port = context;
    int status = STINT_IO_AGAIN;

    LOCK();
    if (!port->resolving) {
        drop(port);
        port->state = STATE_CLOSED;
        port->ended = false;
        port->used = 0;
        status = STINT_IO_DONE;
    }
    UNLOCK();
    return status;
}

#if STINT_LWIP_LOCAL_ADDRESS
static const char *lwip_local_address(void *context)
{
    struct stint_lwip *port = context;
    char *text = port->local;

    LOCK();
    if (port->pcb != NULL && IP_IS_V6(&port->pcb->local_ip)) {
        memcpy(text, "IPv6:", 5);
        text += 5;
    }
    if (port->pcb == NULL ||
        ipaddr_ntoa_r(&port->pcb->local_ip, text, (int)(sizeof port->local - 5)) == NULL) {
        port->local[0] = '\0';
    }
    UNLOCK();
    return port->local[0] != '\0' ? port->local : NULL;
}
#else
#define lwip_local_address NULL
#endif

const struct stint_io stint_lwip_io = {
    .open = lwip_open,
    .read = lwip_read,
    .write = lwip_write,
    .flush = lwip_flush,
    .close = lwip_close,
    .local_address = lwip_local_address,
};
