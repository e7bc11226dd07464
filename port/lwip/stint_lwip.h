/* SPDX-License-Identifier: MIT */
#ifndef STINT_LWIP_H
#define STINT_LWIP_H

#include "lwip/opt.h"

#include "lwip/err.h"
#include "lwip/ip_addr.h"

#include "stint/stint.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Stint on lwIP (2.1, 2.2), by the callbacks of its raw TCP interface. IPv4 and IPv6, whichever
 * lwIP is built with; names too, if it has LWIP_DNS. Nothing is allocated but lwIP's own pools.
 *
 * With NO_SYS=1 all is called from the main loop, as lwIP is. With NO_SYS=0 (and
 * LWIP_TCPIP_CORE_LOCKING=1) stint_step is called from any one thread that does not hold the core
 * lock; the port takes it for the moment of each call into lwIP, never while TLS computes.
 *
 * Receiving: what arrives is copied to a ring of TCP_WND octets, which is all that the peer may
 * send before Stint has read; so no pbuf is kept, and the pool is free at once.
 *
 * Sending: writes of up to STINT_LWIP_COPY_MAX octets are copied to lwIP's heap, and leave together
 * at flush. Of a larger one - a TLS record, as a rule - lwIP sends the octets from where they lie.
 * It may have to send them again, so the last octet stays back until the peer has acknowledged the
 * others; only with it the record counts as taken. Thus Stint leaves the record as it is for that
 * long, and no record arrives whole that Stint does not know to have left. Frames of such a record
 * point into it: who keeps one after `linkoutput` has returned must copy it. A driver must be
 * written so; lwIP's own queues, for ARP and the like, do so with
 *
 *     #define PBUF_NEEDS_COPY(p) 1
 *
 * in lwipopts.h, which therefore is required.
 */

/*
 * Settings: given to the compiler, or in lwipopts.h.
 *
 * Writes of at most so many octets are copied; 65535: all are. More takes more of lwIP's heap, and
 * saves a round trip for each record that else would be lent. 256 are enough for everything but the
 * message.
 */
#ifndef STINT_LWIP_COPY_MAX
#if LWIP_NETIF_TX_SINGLE_PBUF /* lwIP copies itself */
#define STINT_LWIP_COPY_MAX 65535
#else
#define STINT_LWIP_COPY_MAX 256
#endif
#endif

#if !defined(PBUF_NEEDS_COPY) && STINT_LWIP_COPY_MAX < 65535
#error "#define PBUF_NEEDS_COPY(p) 1 in lwipopts.h, or STINT_LWIP_COPY_MAX 65535: see above"
#endif

/* 0: accounts all have an EHLO name, so the code that tells the local address is left out. */
#ifndef STINT_LWIP_LOCAL_ADDRESS
#define STINT_LWIP_LOCAL_ADDRESS 1
#endif

struct tcp_pcb;

/* One connection; the context of stint_lwip_io. Zero it before the first use. */
struct stint_lwip {
    /* Optional: called when stint_step can do more than before; by lwIP, and with NO_SYS=0 in its
     * thread and with the core locked. So it calls neither Stint nor lwIP, and does no more than
     * tell the client's loop, as by giving a semaphore. Set it before stint_start. */
    void (*wake)(void *context);
    void *wake_context;

    /* Why the last operation that failed did, as lwIP has it; ERR_OK: none failed. Kept until the
     * next open. ERR_VAL also for a name that does not resolve. */
    err_t error;

    /* Private. */
    uint8_t state;
    bool resolving; /* lwIP will still call back for the name */
    bool ended;     /* the peer ended the stream */
    bool retries;   /* nobody tells when what could not be done now can be */
    uint8_t family; /* the address is of; counted from the one that is tried first */
    struct tcp_pcb *pcb;
    const uint8_t *lent; /* lwIP sends from these octets; NULL: from none of Stint's */
    const uint8_t *lent_end;
    size_t start; /* of the octets in the ring */
    size_t used;
    ip_addr_t address;
#if LWIP_IPV4 && LWIP_IPV6
    uint32_t first_ends_ms; /* left_ms at which the first family has had its share */
#endif
#if STINT_LWIP_LOCAL_ADDRESS
    char local[sizeof "IPv6:" + IPADDR_STRLEN_MAX];
#endif
    uint8_t ring[TCP_WND];
};

/* The port itself: for `io` in struct stint_client, with a struct stint_lwip as `io_context`. */
extern const struct stint_io stint_lwip_io;

/* How long to wait at most before the next step, in ms: stint_wait_ms, or less where lwIP had no
 * memory and tells nobody when it has again. Before it has passed, step whenever `wake` was called;
 * with NO_SYS=1 whenever a frame came in or a timer ran. Where stint_wants is only
 * STINT_WANT_SOURCE, it is the source that knows. */
uint32_t stint_lwip_wait_ms(const struct stint_lwip *port, const struct stint_client *client,
                            uint32_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
