/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CAPABILITIES_H
#define STINT_SRC_CAPABILITIES_H

#include "stint/private.h"

/*
 * What the latest EHLO reply offered (RFC 5321 4.1.1.1). Fed with the text of the reply's lines,
 * octet by octet. Keywords count only as whole words at the start of a line, in any case; the
 * first line is the server's name and greeting and holds none.
 */

/* RFC 9422 4; indices of `limits`. */
enum stint_limit { STINT_LIMIT_MAILMAX, STINT_LIMIT_RCPTMAX, STINT_LIMIT_RCPTDOMAINMAX };

/* Nothing is offered; the next line is the first of a reply. */
void stint_capabilities_clear(struct stint_capabilities *capabilities);
void stint_capabilities_octet(struct stint_capabilities *capabilities, uint8_t octet);
void stint_capabilities_line_end(struct stint_capabilities *capabilities);

bool stint_capabilities_offer(const struct stint_capabilities *capabilities,
                              enum stint_extension extension);

#endif
