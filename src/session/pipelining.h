/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_PIPELINING_H
#define STINT_SRC_PIPELINING_H

#include "stint/config.h"
#include "stint/private.h"

/*
 * PIPELINING (RFC 2920): the writer runs ahead of the reader. May be left out (STINT_PIPELINING):
 * then each command waits for the reply to the one before, and the cursors stand together.
 */

#if STINT_PIPELINING

/* May the next command go before the replies to those before it are in? */
bool stint_pipelining_may_run_ahead(const struct stint_session *session);

/* The reader moves on, to the next of the commands that are outstanding. */
void stint_pipelining_follow(struct stint_session *session);

#else

static inline bool stint_pipelining_may_run_ahead(const struct stint_session *session)
{
    (void)session;
    return false;
}

static inline void stint_pipelining_follow(struct stint_session *session)
{
    (void)session;
}

#endif

#endif
