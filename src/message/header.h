/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_HEADER_H
#define STINT_SRC_HEADER_H

#include "message/date.h"
#include "message/writer.h"

/*
 * A header is a template: literal octets, LF for a line end, and single octets over 127 that stand
 * for a value, an enum stint_message_field or, below that, an enum stint_date.
 */
#define STINT_VALUE_FROM    "\x90"
#define STINT_VALUE_TO      "\x91"
#define STINT_VALUE_ID      "\x92"
#define STINT_VALUE_SUBJECT "\x93"
#define STINT_VALUE_TEXT    "\x94" /* puts nothing: only checks it */
#define STINT_VALUE_WEEKDAY "\x80"
#define STINT_VALUE_MONTH   "\x81"
#define STINT_VALUE_DAY     "\x82"
#define STINT_VALUE_YEAR    "\x83"
#define STINT_VALUE_HOUR    "\x84"
#define STINT_VALUE_MINUTE  "\x85"
#define STINT_VALUE_SECOND  "\x86"

/* What every header begins with: the date (RFC 5322 3.3), in front of its zone. */
#define STINT_HEADER_DATE                                                                          \
    "Date: " STINT_VALUE_WEEKDAY ", " STINT_VALUE_DAY " " STINT_VALUE_MONTH " 20" STINT_VALUE_YEAR \
    " " STINT_VALUE_HOUR ":" STINT_VALUE_MINUTE ":" STINT_VALUE_SECOND " "

/* Put a header whose values `put_value` puts, until something is wrong with one. Its first line,
 * the date, is for a zone so many seconds east of UTC, and left out if there is no clock. */
typedef void (*stint_put_value)(struct stint_composer *composer, unsigned field);
void stint_header_put(struct stint_composer *composer, const char *header,
                      stint_put_value put_value, uint32_t zone);

/* Put any of the values above. */
void stint_header_put_value(struct stint_composer *composer, unsigned field);

#endif
