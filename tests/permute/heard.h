/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_HEARD_H
#define STINT_PERMUTE_HEARD_H

#include <stdbool.h>
#include <stddef.h>

#include "stint/account.h"

/* Cuts what a server says into replies (RFC 5321 4.2). */

#define HEARD_TEXT_MAX 1024

enum heard_event {
    HEARD_MORE,
    HEARD_LINE,    /* one of a reply that goes on */
    HEARD_REPLY,   /* with its last line */
    HEARD_NONSENSE /* no reply can go on so */
};

struct heard {
    char line[1200]; /* the latest; what is beyond is not kept */
    size_t line_length;
    char first_code[4];
    bool is_first_line; /* the latest is the first one */
    bool is_base64;     /* the whole text */
    bool after_cr;
    bool is_complete; /* the next octet begins another reply */
    bool line_is_complete;
    unsigned code;
    char text[HEARD_TEXT_MAX]; /* as a result tells it */
    size_t text_length;
    struct stint_enhanced enhanced; /* RFC 2034 3; 0.0.0: none, or one that contradicts the code */
};

void heard_start(struct heard *heard);
enum heard_event heard_octet(struct heard *heard, char octet);

/* Does the next octet begin a reply? */
bool heard_is_between(const struct heard *heard);

/* What EHLO's reply offers. */
struct offer {
    bool starttls, pipelining, eight_bit, chunking, binary, size, auth, plain, login;
    bool utf8, dsn, requires_tls, priority, deliver_by, hold;
    unsigned long size_limit;
    unsigned long by_min, hold_max;               /* RFC 2852 4, RFC 4865; 0: none */
    unsigned long mail_max, rcpt_max, domain_max; /* RFC 9422 4; 0: none */
};

/* A line of that reply, but not the first. */
void offer_line(struct offer *offer, char *line);

#endif
