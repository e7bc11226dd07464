/* SPDX-License-Identifier: MIT */
#include "session/reply.h"

#include <string.h>

/* What the next octet of the line is. */
enum position {
    POSITION_DIGIT_1,
    POSITION_DIGIT_2,
    POSITION_DIGIT_3,
    POSITION_SEPARATOR,
    POSITION_TEXT,
    POSITION_LF
};

void stint_reply_start(struct stint_reply *reply)
{
    memset(reply, 0, sizeof *reply);
}

static enum stint_reply_event code_digit(struct stint_reply *reply, uint8_t octet)
{
    uint8_t low = reply->position == POSITION_DIGIT_1 ? '1' : '0';
    uint8_t high = reply->position == POSITION_DIGIT_1 ? '5' : '9';

    if (octet < low || octet > high) {
        return STINT_REPLY_MALFORMED;
    }
    reply->digits = (uint16_t)(reply->digits * 10U + (unsigned)(octet - '0'));
    reply->position++;
    if (reply->position != POSITION_SEPARATOR) {
        return STINT_REPLY_MORE;
    }
    if (reply->code != 0 && reply->code != reply->digits) {
        return STINT_REPLY_MALFORMED; /* RFC 5321 4.2.1: every line has the same code */
    }
    reply->code = reply->digits;
    return STINT_REPLY_MORE;
}

/* RFC 5321 4.2: a code alone is a whole line, and the last one. */
static enum stint_reply_event separator(struct stint_reply *reply, uint8_t octet)
{
    reply->last_line = octet != '-';
    switch (octet) {
    case ' ':
    case '-': reply->position = POSITION_TEXT; return STINT_REPLY_MORE;
    case '\r': reply->position = POSITION_LF; return STINT_REPLY_MORE;
    default: return STINT_REPLY_MALFORMED;
    }
}

static enum stint_reply_event text(struct stint_reply *reply, uint8_t octet)
{
    switch (octet) {
    case '\r': reply->position = POSITION_LF; return STINT_REPLY_MORE;
    case '\n':
    case '\0': return STINT_REPLY_MALFORMED;
    default: return STINT_REPLY_TEXT;
    }
}

static enum stint_reply_event line_feed(struct stint_reply *reply, uint8_t octet)
{
    if (octet != '\n') {
        return STINT_REPLY_MALFORMED;
    }
    reply->position = POSITION_DIGIT_1;
    reply->digits = 0;
    return reply->last_line ? STINT_REPLY_COMPLETE : STINT_REPLY_LINE;
}

enum stint_reply_event stint_reply_octet(struct stint_reply *reply, uint8_t octet)
{
    if (reply->octets == STINT_REPLY_MAX) {
        return STINT_REPLY_MALFORMED;
    }
    reply->octets++;
    switch (reply->position) {
    case POSITION_SEPARATOR: return separator(reply, octet);
    case POSITION_TEXT: return text(reply, octet);
    case POSITION_LF: return line_feed(reply, octet);
    default: return code_digit(reply, octet);
    }
}
