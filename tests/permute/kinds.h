/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_KINDS_H
#define STINT_PERMUTE_KINDS_H

#include "port.h"

/* What a case's `at` counts. */
enum counter {
    COUNT_NOTHING,
    COUNT_DOWN,    /* octets to the client */
    COUNT_UP,      /* octets from it */
    COUNT_CALLS,   /* of the port, from 1 */
    COUNT_STEPS,   /* of the client, from 0 */
    COUNT_READS,   /* of the sources, from 1 */
    COUNT_REWINDS, /* likewise */
    COUNT_REPLIES, /* of the server, from 1 */
    COUNTERS
};

/* What goes wrong beside the port's mishaps. */
enum trouble {
    TROUBLE_NONE,
    TROUBLE_LEAP,       /* an hour passes before a step */
    TROUBLE_STANDSTILL, /* no time passes, but where there is nothing to do */
    TROUBLE_ABORT,      /* the caller gives up before a step */
    TROUBLE_ENTROPY,    /* there is none */
    TROUBLE_SOURCE,     /* a read fails */
    TROUBLE_REWIND,     /* going back fails, and will fail */
    TROUBLE_NO_ADDRESS, /* the port does not know its own address */
    TROUBLE_OTHER_NAME  /* the certificate names another host */
};

/* What a reply of the server's is replaced by. */
enum swap {
    SWAP_NONE,  /* it is not */
    SWAP_WORDS, /* others */
    SWAP_TEXT,  /* others, but for the first three octets */
    SWAP_TWICE, /* the same, and the same again */
    SWAP_AWAY   /* nothing */
};

/* A kind of case: one thing that goes wrong. */
struct kind {
    const char *name;
    enum counter counter;
    enum mishap mishap;
    enum trouble trouble;
    enum swap swap;
    const char *words; /* the server's, instead or in between */
    size_t length;     /* of them */
    enum temper temper;
};

extern const struct kind kinds[];
extern const size_t kind_count;

/* The one without a fault. */
#define KIND_WHOLE (&kinds[0])

/* NULL: there is none of that name. */
const struct kind *kind_named(const char *name, size_t length);

/* A case: what is played, how, and what goes wrong. */
struct fault_case {
    const struct kind *kind;
    size_t at;
    struct manner manner;
};

/* "read-fails@17:split=3:again" */
void kind_print(const struct fault_case *one, char *text, size_t room);
bool kind_parse(struct fault_case *one, const char *text);

#endif
