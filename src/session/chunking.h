/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CHUNKING_H
#define STINT_SRC_CHUNKING_H

#include "stint/config.h"
#include "stint/private.h"
#include "stint/source.h"

/*
 * BDAT (RFC 3030): octets instead of lines, of which the server is told beforehand how many come.
 * May be left out (STINT_CHUNKING): then every message goes by DATA, and a binary one not at all.
 */

static inline bool stint_chunking_is_binary(const struct stint_source *source)
{
    return STINT_CHUNKING && source->content == STINT_CONTENT_BINARY;
}

#if STINT_CHUNKING

/* A message begins, by BDAT or not. */
void stint_chunking_start(struct stint_session *session, bool bdat);

/* Is only the message's last octet missing, until the source is known to be at its end? */
bool stint_chunking_holds_last(const struct stint_session *session);

/* Then: is it? Puts the octet to `octets` if so. Returns how many octets that made, `*complete` is
 * set if the message is. */
size_t stint_chunking_end(struct stint_session *session, uint8_t *octets, bool *complete);

/* Of the `*n` octets of the message that wait to be written `length` are new; `*complete`: they are
 * its last. Returns false if no more may be asked for: `*n` octets may go. */
bool stint_chunking_count(struct stint_session *session, const uint8_t *octets, size_t *n,
                          size_t length, bool *complete);

/*
 * A whole BDAT command with as many octets of the message as fit into `room`, or none if that is
 * not worth it. Returns how many octets that made; session->content_complete says if the chunk is
 * the LAST.
 */
size_t stint_chunking_write(struct stint_session *session, uint8_t *octets, size_t room);

#else

static inline void stint_chunking_start(struct stint_session *session, bool bdat)
{
    (void)session, (void)bdat;
}

static inline bool stint_chunking_holds_last(const struct stint_session *session)
{
    (void)session;
    return false;
}

static inline size_t stint_chunking_end(struct stint_session *session, uint8_t *octets,
                                        bool *complete)
{
    (void)session, (void)octets, (void)complete;
    return 0;
}

static inline bool stint_chunking_count(struct stint_session *session, const uint8_t *octets,
                                        size_t *n, size_t length, bool *complete)
{
    (void)session, (void)octets, (void)n, (void)length, (void)complete;
    return true;
}

static inline size_t stint_chunking_write(struct stint_session *session, uint8_t *octets,
                                          size_t room)
{
    (void)session, (void)octets, (void)room;
    return 0;
}

#endif

#endif
