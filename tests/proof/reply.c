/* SPDX-License-Identifier: MIT */

/*
 * The reply parser and the enhanced code: any octets, of any number of replies.
 */

#include "any.h"

#include "session/enhanced.h"
#include "session/reply.h"

static void check_reply(const struct stint_reply *reply, enum stint_reply_event event)
{
    /*@ assert reply->octets <= STINT_REPLY_MAX; */
    if (event == STINT_REPLY_TEXT || event == STINT_REPLY_LINE || event == STINT_REPLY_COMPLETE) {
        /*@ assert 100 <= reply->code <= 599; */
    }
}

static void check_enhanced(const struct stint_enhanced_parser *parser, uint16_t code)
{
    struct stint_enhanced value = stint_enhanced_value(parser, code);

    /*@ assert value.status_class <= 5; */
}

/* One reply, up to its end or to any octet of it. */
static void one_reply(struct stint_reply *reply, struct stint_enhanced_parser *parser)
{
    enum stint_reply_event event = STINT_REPLY_MORE;
    uint8_t octet;

    stint_reply_start(reply);
    stint_enhanced_start(parser);
    /*@ dynamic_split reply->position; */
    /*@ dynamic_split reply->code == 0; */
    /*@ dynamic_split parser->part; */
    /*@ dynamic_split parser->digits; */
    while (any_more() && event != STINT_REPLY_COMPLETE && event != STINT_REPLY_MALFORMED) {
        octet = any_octet();
        event = stint_reply_octet(reply, octet);
        check_reply(reply, event);
        if (event == STINT_REPLY_TEXT) {
            stint_enhanced_octet(parser, octet);
        }
        check_enhanced(parser, reply->code);
    }
}

int main(void)
{
    struct stint_reply reply;
    struct stint_enhanced_parser parser;

    while (any_more()) {
        one_reply(&reply, &parser);
    }
    return 0;
}
