/* SPDX-License-Identifier: MIT */
#include "fake_source.h"

#include "test.h"

/* How often it answers AGAIN here. */
static unsigned pauses(const struct fake_source *fake)
{
    if (fake->again) {
        return 1;
    }
    if (fake->pause == 0 || fake->offset == 0 || fake->offset % fake->pause != 0) {
        return 0;
    }
    return fake->offset == fake->pause ? 1 : 2;
}

static int give(void *context, uint8_t *buffer, size_t room)
{
    struct fake_source *fake = context;
    size_t n = fake->length - fake->offset;

    assert_true(room >= 1);
    fake->calls++;
    if (fake->paused < pauses(fake)) {
        fake->paused++;
        fake->waited = true;
        return STINT_SOURCE_AGAIN;
    }
    fake->paused = 0;
    if (n == 0 && fake->hangs) {
        fake->waited = true;
        return STINT_SOURCE_AGAIN;
    }
    if (n == 0) {
        return fake->end;
    }
    if (fake->pause > 0 && n > fake->pause - fake->offset % fake->pause) {
        n = fake->pause - fake->offset % fake->pause;
    }
    n = fake->most > 0 && n > fake->most ? fake->most : n;
    n = n < room ? n : room;
    memcpy(buffer, fake->text + fake->offset, n);
    fake->offset += n;
    return (int)n;
}

static int go_back(void *context)
{
    struct fake_source *fake = context;

    fake->offset = 0;
    fake->paused = 0;
    return fake->stuck ? -1 : 0;
}

void fake_source_start(struct fake_source *fake, const char *text, size_t length)
{
    memset(fake, 0, sizeof *fake);
    fake->source.read = give;
    fake->source.rewind = go_back;
    fake->source.context = fake;
    fake->text = text;
    fake->length = length;
    fake->end = STINT_SOURCE_END;
}
