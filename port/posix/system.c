/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* getentropy */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include <errno.h>
#include <sys/types.h>
#include <time.h>

#if defined(__linux__) || defined(__APPLE__)
#include <sys/random.h>
#else
#include <unistd.h>
#endif

uint32_t stint_posix_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)now.tv_sec * 1000 + (uint32_t)(now.tv_nsec / 1000000);
}

uint64_t stint_posix_unix_time(void)
{
    time_t now = time(NULL);

    return now > 0 ? (uint64_t)now : 0;
}

/* Some random octets, at most `length`. Returns how many, or -1. */
static ssize_t draw(uint8_t *buffer, size_t length)
{
#ifdef __linux__
    return getrandom(buffer, length, GRND_NONBLOCK);
#else
    size_t most = length < 256 ? length : 256;

    return getentropy(buffer, most) == 0 ? (ssize_t)most : -1;
#endif
}

int stint_posix_entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    while (length > 0) {
        ssize_t got = draw(buffer, length);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return 0;
        }
        buffer += got;
        length -= (size_t)got;
    }
    return 1;
}
