/* SPDX-License-Identifier: MIT */
#ifndef STINT_TRACE_H
#define STINT_TRACE_H

/* What `trace` in struct stint_client is told: the conversation as it passes, secrets left out. */
enum stint_trace_kind {
    STINT_TRACE_COMMAND,  /* octets of commands as they are written, in pieces */
    STINT_TRACE_SECRET,   /* here goes something secret: octets NULL, length 0 */
    STINT_TRACE_CONTENT,  /* a piece of the message was written: octets NULL, its length on the wire
                           */
    STINT_TRACE_REPLY,    /* octets of replies as they are read, in pieces */
    STINT_TRACE_CHALLENGE /* in place of the text of one from which the password could be guessed:
                           * octets NULL, length 0; once or more */
};

#endif
