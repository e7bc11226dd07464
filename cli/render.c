/* SPDX-License-Identifier: MIT */
#include "render.h"

#include "print.h"
#include "status.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static int complain_output(void)
{
    complain("standard output: %s", strerror(errno));
    return STATUS_NO_OUTPUT;
}

static void wait_for(const struct message *message)
{
    struct pollfd entry = {message_descriptor(message), POLLIN, 0};

    (void)poll(&entry, 1, -1);
}

int render(struct message *message)
{
    const struct stint_source *source = &message->source;
    uint8_t block[16384];
    int got;

    while ((got = source->read(source->context, block, sizeof block)) != STINT_SOURCE_END) {
        if (got == STINT_SOURCE_AGAIN) {
            wait_for(message);
        } else if (got < 0) {
            complain("%s cannot be read to its end: %s; what was written is not all of the message",
                     message->name, message->failure);
            return STATUS_LOCAL;
        } else if (fwrite(block, 1, (size_t)got, stdout) != (size_t)got) {
            return complain_output();
        }
    }
    return fflush(stdout) == 0 ? STATUS_DONE : complain_output();
}
