/* SPDX-License-Identifier: MIT */
#ifndef STINT_LWIP_WIRE_H
#define STINT_LWIP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lwip/netif.h"

/*
 * lwIP's only interface. Behind it lies libslirp, a TCP/IP stack of its own, which passes what it
 * receives to sockets of this machine: 10.0.2.2 and fec0::2 are its loopback. No root is needed.
 * Names are answered here. On the way frames meet with accidents.
 */

#define WIRE_HOST     "10.0.2.2"
#define WIRE_HOST_V6  "fec0::2"
#define WIRE_LOCAL    "10.0.2.15"
#define WIRE_LOCAL_V6 "FEC0::15"

/* What happens to one frame; frames are counted from 1, each way by itself. */
enum accident {
    ACCIDENT_NONE,
    ACCIDENT_LOST,
    ACCIDENT_TWICE,
    ACCIDENT_LATE,  /* it comes behind the next one, or a good deal later */
    ACCIDENT_RESET, /* behind it comes RST, and nothing more passes */
    ACCIDENT_CUT,   /* neither it nor anything after it passes, either way */
    ACCIDENT_BUSY,  /* only out: `linkoutput` fails for it */
    ACCIDENT_COUNT
};

enum direction { OUT, IN };

/* How names are answered. */
enum names {
    NAMES_V4, /* every name has 10.0.2.2 */
    NAMES_V6, /* fec0::2 */
    NAMES_BOTH,
    NAMES_LOST, /* 10.0.2.99, where nobody is, and fec0::2 */
    NAMES_NONE, /* no name exists */
    NAMES_SILENT
};

struct wire {
    /* set by the test */
    enum accident accident;
    enum direction direction;
    unsigned at;     /* number of the frame it happens to */
    unsigned length; /* LOST, BUSY: to so many frames; 0: one */
    uint16_t window; /* of the peer, at most; 0: as it is */
    enum names names;

    /* counts */
    unsigned frames[2];
    unsigned data_frames; /* of those out, with octets of TCP in it */
    bool differs;         /* an octet was sent again, and was another */
    bool happened;
};
extern struct wire wire;

/* Starts lwIP and the interface, once; and each session with a wire as new. */
void wire_set_up(void);
void wire_start(void);
void wire_end(void);

/* Moves what there is to be moved; `waits` a moment for descriptors. Returns whether something did.
 */
bool wire_run(bool waits);

/* The clock of lwIP, slirp and the tests: it goes on only when they say so. */
extern uint32_t clock_ms;

#endif
