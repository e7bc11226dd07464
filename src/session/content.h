/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CONTENT_H
#define STINT_SRC_CONTENT_H

#include "stint/private.h"

/*
 * The message, from its source straight into the record. At most `room` octets, of which at least
 * two are needed to go on. Returns how many; `*complete` is set when the message's last line is
 * written and ended.
 */
size_t stint_content_write(struct stint_session *session, uint8_t *octets, size_t room,
                           bool *complete);

#endif
