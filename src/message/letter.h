/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_LETTER_H
#define STINT_SRC_LETTER_H

#include "message/header.h"
#include "message/parts.h"

/* ---- Its header ---- */

#define STINT_VALUE_ZONE             "\x95"
#define STINT_VALUE_SENDER           "\x96"
#define STINT_VALUE_REPLY_TO         "\x97"
#define STINT_VALUE_CC               "\x98"
#define STINT_VALUE_IN_REPLY_TO      "\x99"
#define STINT_VALUE_REFERENCES       "\x9A"
#define STINT_VALUE_AUTHOR           "\x9B"
#define STINT_VALUE_PRIORITY         "\x9C"
#define STINT_VALUE_LIST_UNSUBSCRIBE "\x9D"
#define STINT_VALUE_EXTRA            "\x9E"

/* ---- Its bodies ---- */

/* Before the first: which there are, and how they are encoded. Returns what is wrong with them. */
enum stint_message_fault stint_bodies_look(struct stint_letter_composer *composer);

/* The unit at `next`, whose `text` is stint_parts_begin at first, and "" behind the last. */
void stint_bodies_put_unit(struct stint_composer *composer);

#endif
