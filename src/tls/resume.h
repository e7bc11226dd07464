/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_RESUME_H
#define STINT_SRC_RESUME_H

#include "stint/account.h"
#include "stint/resume.h"

/* What tls.c asks of a way to resume; src/tls/tickets.c is one. */
struct stint_resume_class {
    /* Is there a session for this account? Then the engine is given it. Before its reset. */
    bool (*load)(struct stint_tls *tls, const struct stint_account *account);

    /* The engine has made its ClientHello, and nothing of it has left. */
    void (*offer)(struct stint_tls *tls);

    /* The door for records, in front of the engine's. */
    uint8_t *(*record_in)(const struct stint_tls *tls, size_t *room);
    void (*record_in_ack)(struct stint_tls *tls, size_t length);

    /* The handshake has succeeded. */
    void (*keep)(struct stint_tls *tls);

    /* The connection is over; the engine still knows why. */
    void (*end)(struct stint_tls *tls);
};

#endif
