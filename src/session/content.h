/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CONTENT_H
#define STINT_SRC_CONTENT_H

#include "stint/private.h"

/*
 * The message, from its source straight into the record: the lines of DATA (RFC 5321 4.1.1.4), or
 * the octets of BDAT (chunking.h).
 */

/* Before the first octet. With `dots`, a dot at a line's start is doubled. */
void stint_content_start(struct stint_session *session, bool dots);

/*
 * At most `room` octets of it, of which at least two are needed to go on. Returns how many;
 * `*complete` is set when its last line is written and ended.
 */
size_t stint_content_write(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete);

#endif
