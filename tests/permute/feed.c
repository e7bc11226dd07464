/* SPDX-License-Identifier: MIT */
#include "feed.h"

#include "report.h"
#include "rule.h"
#include "server.h"

#include <string.h>

static int fail(struct feed *feed)
{
    rule_fault(feed->rule, STINT_ERROR_SOURCE);
    return STINT_SOURCE_FAILED;
}

/* How often it answers AGAIN here: where the transcript has a pause, or before everything. */
static unsigned pauses(const struct feed *feed)
{
    size_t pause = feed->message->pause;

    if (pause == 0) {
        return feed->again;
    }
    if (feed->offset == 0 || feed->offset % pause != 0) {
        return 0;
    }
    return feed->offset == pause ? 1 : 2;
}

static size_t piece(const struct feed *feed, size_t room)
{
    size_t pause = feed->message->pause;
    size_t n = feed->message->length - feed->offset;

    if (pause > 0 && n > pause - feed->offset % pause) {
        n = pause - feed->offset % pause;
    }
    n = feed->most > 0 && n > feed->most ? feed->most : n;
    return n < room ? n : room;
}

/* It may have less at a time. */
static int get(struct feed *feed, uint8_t *buffer, size_t n)
{
    const struct stint_source *composed = &feed->composer.composer.source;

    if (feed->message->composed) {
        return composed->read(composed->context, buffer, n);
    }
    memcpy(buffer, feed->message->text + feed->offset, n);
    return (int)n;
}

static int give(void *context, uint8_t *buffer, size_t room)
{
    struct feed *feed = context;
    size_t n = piece(feed, room);
    int got;

    ++*feed->calls;
    feed->waits = feed->paused < pauses(feed);
    feed->paused = feed->waits ? feed->paused + 1 : 0;
    if (feed->waits) {
        return STINT_SOURCE_AGAIN;
    }
    if (*feed->calls == feed->fails_at) {
        return fail(feed);
    }
    if (n == 0) {
        feed->has_ended = feed->message->end == STINT_SOURCE_END;
        return feed->has_ended ? STINT_SOURCE_END : fail(feed);
    }
    got = get(feed, buffer, n);
    feed->offset += got > 0 ? (size_t)got : 0;
    return got;
}

static int go_back(void *context)
{
    struct feed *feed = context;

    feed->offset = 0;
    feed->has_ended = false;
    if (feed->message->composed) {
        (void)feed->composer.composer.source.rewind(feed->composer.composer.source.context);
    }
    feed->is_stuck = feed->is_stuck || ++*feed->rewinds == feed->stuck_at;
    if (feed->is_stuck) {
        rule_cannot_start(feed->rule, feed->mail);
        server_leaves(feed->server);
    }
    return feed->is_stuck ? -1 : 0;
}

void feed_start(struct feed *feed, size_t mail, const struct fake_source *message,
                struct rule *rule)
{
    memset(feed, 0, sizeof *feed);
    feed->source = message->source;
    feed->source.read = give;
    feed->source.rewind = message->source.rewind != NULL ? go_back : NULL;
    feed->source.context = feed;
    feed->mail = mail;
    feed->message = message;
    feed->rule = rule;
    if (message->composed) {
        report_compose(&feed->composer, message->text, message->length);
    }
}
