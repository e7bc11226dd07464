/* SPDX-License-Identifier: MIT */
#include "session/enhanced.h"

#if STINT_ENHANCED

#include <string.h>

enum part { PART_CLASS, PART_FIRST_DOT, PART_SUBJECT, PART_DETAIL, PART_COMPLETE, PART_ABSENT };

void stint_enhanced_start(struct stint_enhanced_parser *parser)
{
    memset(parser, 0, sizeof *parser);
}

/* One to three digits, then `end`. Returns true when `end` was met after at least one digit. */
static bool number(struct stint_enhanced_parser *parser, uint8_t octet, uint8_t end)
{
    if (octet >= '0' && octet <= '9' && parser->digits < 3) {
        parser->number = (uint16_t)(parser->number * 10U + (unsigned)(octet - '0'));
        parser->digits++;
        return false;
    }
    if (octet != end || parser->digits == 0) {
        parser->part = PART_ABSENT;
        return false;
    }
    return true;
}

static void next_number(struct stint_enhanced_parser *parser, enum part part)
{
    parser->number = 0;
    parser->digits = 0;
    parser->part = (uint8_t)part;
}

void stint_enhanced_octet(struct stint_enhanced_parser *parser, uint8_t octet)
{
    switch (parser->part) {
    case PART_CLASS:
        parser->value.status_class = (uint8_t)(octet - '0');
        parser->part = octet == '2' || octet == '4' || octet == '5' ? PART_FIRST_DOT : PART_ABSENT;
        break;
    case PART_FIRST_DOT: next_number(parser, octet == '.' ? PART_SUBJECT : PART_ABSENT); break;
    case PART_SUBJECT:
        if (number(parser, octet, '.')) {
            parser->value.subject = parser->number;
            next_number(parser, PART_DETAIL);
        }
        break;
    case PART_DETAIL:
        if (number(parser, octet, ' ')) {
            parser->part = PART_COMPLETE;
        }
        break;
    default: break;
    }
}

struct stint_enhanced stint_enhanced_value(const struct stint_enhanced_parser *parser,
                                           uint16_t code)
{
    static const struct stint_enhanced none = {0, 0, 0};
    struct stint_enhanced value = parser->value;

    /* The text may be the code alone: then no space ended the detail. */
    bool complete =
        parser->part == PART_COMPLETE || (parser->part == PART_DETAIL && parser->digits > 0);

    value.detail = parser->number;
    return complete && value.status_class == code / 100 ? value : none;
}

#endif
