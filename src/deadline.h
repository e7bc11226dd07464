/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_DEADLINE_H
#define STINT_SRC_DEADLINE_H

#include "phase.h"
#include "session/mails.h"
#include "stint/client.h"

/* How long may what goes on now take? There is a deadline for each wait, and one for all of it; an
 * idle time has only its own. */

/* Is it for the caller to bring another mail? */
static inline bool stint_deadline_is_idle(const struct stint_client *client)
{
    return client->phase == PHASE_TALK && stint_mails_are_awaited(&client->session);
}

/* What is left until the first of the deadlines, in ms; 0: it has passed. */
uint32_t stint_deadline_left_ms(const struct stint_client *client, uint32_t now_ms);

#endif
