/* SPDX-License-Identifier: MIT */
#include "feed.h"

#include "rule.h"

#include <string.h>

static int fail(struct feed *feed)
{
    rule_fault(feed->rule, STINT_ERROR_SOURCE);
    return STINT_SOURCE_FAILED;
}

static int give(void *context, uint8_t *buffer, size_t room)
{
    struct feed *feed = context;
    size_t n = feed->message->length - feed->offset;

    feed->calls++;
    feed->waits = feed->again && !feed->has_paused;
    feed->has_paused = feed->waits;
    if (feed->waits) {
        return STINT_SOURCE_AGAIN;
    }
    if (feed->calls == feed->fails_at) {
        return fail(feed);
    }
    if (n == 0) {
        feed->has_ended = feed->message->end == STINT_SOURCE_END;
        return feed->has_ended ? STINT_SOURCE_END : fail(feed);
    }
    n = feed->most > 0 && n > feed->most ? feed->most : n;
    n = n < room ? n : room;
    memcpy(buffer, feed->message->text + feed->offset, n);
    feed->offset += n;
    return (int)n;
}

static int go_back(void *context)
{
    struct feed *feed = context;

    feed->offset = 0;
    if (feed->cannot_start) {
        rule_fault(feed->rule, STINT_ERROR_SOURCE);
    }
    return feed->cannot_start ? -1 : 0;
}

void feed_start(struct feed *feed, const struct fake_source *message, struct rule *rule)
{
    memset(feed, 0, sizeof *feed);
    feed->source.read = give;
    feed->source.rewind = go_back;
    feed->source.context = feed;
    feed->source.size = message->source.size;
    feed->source.content = message->source.content;
    feed->message = message;
    feed->rule = rule;
}
