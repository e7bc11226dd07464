/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_FAKE_SOURCE_H
#define STINT_TEST_FAKE_SOURCE_H

#include <stdbool.h>

#include "stint/source.h"

/* A message in memory that comes in pieces of a given size, with pauses, and may fail at its end.
 */
struct fake_source {
    struct stint_source source; /* for struct stint_mail */

    const char *text;
    size_t length;
    size_t most;   /* octets a call gives; 0: all that fit */
    bool again;    /* AGAIN before every call that gives something */
    size_t pause;  /* AGAIN behind so many octets, and twice behind each so many more; 0: nowhere */
    bool composed; /* where it can be: by Stint, to these octets */
    bool stuck;    /* it cannot be read again */
    bool hangs;    /* AGAIN for ever, instead of an end */
    int end;       /* what the last call answers: STINT_SOURCE_END or another */

    size_t offset;
    unsigned paused; /* so often it has answered AGAIN since it gave something */
    bool waited;     /* it has answered AGAIN since this was last cleared */
    unsigned calls;
};

/* Sets everything; `most`, `again`, `pause`, `end`, and size and content of `source`, are the
 * caller's to change. */
void fake_source_start(struct fake_source *fake, const char *text, size_t length);

#endif
