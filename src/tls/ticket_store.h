/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_TICKET_STORE_H
#define STINT_SRC_TICKET_STORE_H

#include "stint/account.h"
#include "stint/resume.h"

/* What is kept of a session, in the caller's struct stint_ticket, and whether it may still be used:
 * for the same server, under the same policy, while it is young enough, undamaged. */

/* Is there a session for this account? Then the engine is given it. What is of no use is wiped. */
bool stint_ticket_load(struct stint_tls *tls, const struct stint_account *account);

/* The handshake has succeeded: what of it can be resumed. */
void stint_ticket_keep(struct stint_tls *tls);

/* The connection is over; the engine still knows why. */
void stint_ticket_end(struct stint_tls *tls);

#endif
