/* SPDX-License-Identifier: MIT */
#ifndef STINT_FUZZ_WIRE_H
#define STINT_FUZZ_WIRE_H

#include "pace.h"
#include "rule.h"

/*
 * A port to a server whose words are the input's. In them 0x01 to 0x08 are no octets but events.
 * The rule is told of all that passes, and of every fault. What the client had read before it gave
 * a result, it hears before it calls anything but a source's `rewind`.
 */
enum event {
    EVENT_CLIENT_SAYS = 1, /* goes on when something more has come from the client */
    EVENT_CLIENT_IS_DONE,  /* goes on when the client has come to the end of what it says */
    EVENT_SILENCE,         /* for ever */
    EVENT_CLOSED,
    EVENT_FAILED,
    EVENT_ABORT,  /* the caller gives up */
    EVENT_MINUTE, /* passes */
    EVENT_MAIL    /* goes on when the caller, who had no mail, has brought another one */
};

struct wire {
    struct rule *rule;
    struct pace *pace;
    struct input script;

    unsigned writes, fails_at; /* this write and all later ones fail; 0: none */
    bool hangs;                /* instead, they answer AGAIN for ever */

    bool open, opened, closing, closed;
    size_t said, said_before; /* octets of the client's; at the last EVENT_CLIENT_SAYS */
    uint32_t passed_ms;       /* and the clock does not show it yet */
    bool is_given_up;         /* the caller gives up before the next step */
    bool wants_mail;          /* EVENT_MAIL is next */
    unsigned waits;           /* enum stint_want: what answered AGAIN at this step */
};

extern const struct stint_io wire_io;

/* EVENT_MAIL has come about. */
void wire_pass_mail(struct wire *wire);

#endif
