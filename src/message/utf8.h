/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_UTF8_H
#define STINT_SRC_UTF8_H

#include "stint/message.h"

/* Is `text` UTF-8 (RFC 3629 4), without octets below `least`? Returns STINT_MESSAGE_GOOD, or what
 * is wrong; STINT_MESSAGE_MISSING if it is NULL. */
enum stint_message_fault stint_utf8_fault(const char *text, uint8_t least);

#endif
