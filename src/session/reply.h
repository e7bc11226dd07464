/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_REPLY_H
#define STINT_SRC_REPLY_H

#include "stint/private.h"

/*
 * The reply parser (RFC 5321 4.2): one octet at a time, whatever the pieces they came in. Strict in
 * form (three digits, the same on every line, CRLF), bounded in length, blind to the text.
 */

/* Octets of one reply, text of all lines included, before it is called endless. */
#define STINT_REPLY_MAX 65535U

enum stint_reply_event {
    STINT_REPLY_MORE,     /* nothing to tell yet */
    STINT_REPLY_TEXT,     /* this octet is text; the code is known */
    STINT_REPLY_LINE,     /* a line ended, and another follows */
    STINT_REPLY_COMPLETE, /* the last line ended: `code` is the reply's */
    STINT_REPLY_MALFORMED
};

/* Before the first octet of a reply. */
void stint_reply_start(struct stint_reply *reply);

/* The next octet. After COMPLETE and MALFORMED, start again. */
enum stint_reply_event stint_reply_octet(struct stint_reply *reply, uint8_t octet);

#endif
