/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_TRACING_H
#define STINT_SRC_TRACING_H

#include "stint/config.h"
#include "stint/private.h"
#include "stint/trace.h"

/* Tell the caller's trace hook, if there is one and it was not compiled away. */
static inline void stint_trace(const struct stint_session *session, enum stint_trace_kind kind,
                               const uint8_t *octets, size_t length)
{
#if STINT_TRACE
    if (session->trace != NULL &&
        (length > 0 || kind == STINT_TRACE_SECRET || kind == STINT_TRACE_CHALLENGE)) {
        session->trace(session->trace_context, kind, octets, length);
    }
#else
    (void)session, (void)kind, (void)octets, (void)length;
#endif
}

#endif
