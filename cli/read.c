/* SPDX-License-Identifier: MIT */
#include "read.h"

#include <errno.h>
#include <unistd.h>

ssize_t read_some(int descriptor, void *buffer, size_t room)
{
    ssize_t got;

    do {
        got = read(descriptor, buffer, room);
    } while (got < 0 && errno == EINTR);
    return got;
}
