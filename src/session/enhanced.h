/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_ENHANCED_H
#define STINT_SRC_ENHANCED_H

#include "stint/config.h"
#include "stint/private.h"

/*
 * The enhanced status code (RFC 2034, RFC 3463) at the start of a reply's text: "5.7.8 wrong". Fed
 * with the first line's text, octet by octet. May be left out (STINT_ENHANCED): then none is found.
 */

#if STINT_ENHANCED

void stint_enhanced_start(struct stint_enhanced_parser *parser);
void stint_enhanced_octet(struct stint_enhanced_parser *parser, uint8_t octet);

/* What was found, or 0.0.0: none, or one whose class contradicts the reply's `code`, which wins
 * (RFC 2034 3). */
struct stint_enhanced stint_enhanced_value(const struct stint_enhanced_parser *parser,
                                           uint16_t code);

#else

static inline void stint_enhanced_start(struct stint_enhanced_parser *parser)
{
    (void)parser;
}

static inline void stint_enhanced_octet(struct stint_enhanced_parser *parser, uint8_t octet)
{
    (void)parser, (void)octet;
}

static inline struct stint_enhanced stint_enhanced_value(const struct stint_enhanced_parser *parser,
                                                         uint16_t code)
{
    static const struct stint_enhanced none = {0, 0, 0};

    (void)parser, (void)code;
    return none;
}

#endif

#endif
