/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_ENHANCED_H
#define STINT_SRC_ENHANCED_H

#include "stint/private.h"

/*
 * The enhanced status code (RFC 2034, RFC 3463) at the start of a reply's text: "5.7.8 wrong". Fed
 * with the first line's text, octet by octet.
 */

void stint_enhanced_start(struct stint_enhanced_parser *parser);
void stint_enhanced_octet(struct stint_enhanced_parser *parser, uint8_t octet);

/* What was found, or 0.0.0: none, or one whose class contradicts the reply's `code`, which wins
 * (RFC 2034 3). */
struct stint_enhanced stint_enhanced_value(const struct stint_enhanced_parser *parser,
                                           uint16_t code);

#endif
