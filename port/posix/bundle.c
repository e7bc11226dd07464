/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A device may have no end. The bundles of all public roots are a quarter of a megabyte. */
#define FILE_MAX_OCTETS (4 << 20)
#define FIRST_OCTETS    65536

int stint_posix_bundle_fail(const struct stint_posix_bundle *bundle, const char *format, ...)
{
    va_list arguments;
    int length = snprintf(bundle->why, bundle->why_size, "%s: ", bundle->path);

    if (length > 0 && (size_t)length < bundle->why_size) {
        va_start(arguments, format);
        vsnprintf(bundle->why + length, bundle->why_size - (size_t)length, format, arguments);
        va_end(arguments);
    }
    return -1;
}

static ssize_t read_some(int descriptor, uint8_t *buffer, size_t room)
{
    ssize_t got;

    do {
        got = read(descriptor, buffer, room);
    } while (got < 0 && errno == EINTR);
    return got;
}

static bool make_room(struct stint_posix_pem *pem, size_t *room)
{
    size_t more = *room > 0 ? 2 * *room : FIRST_OCTETS;
    void *larger;

    if (pem->length < *room) {
        return true;
    }
    larger = realloc(pem->text, more);
    if (larger == NULL) {
        return false;
    }
    pem->text = larger;
    *room = more;
    return true;
}

static int read_text(struct stint_posix_bundle *bundle, int descriptor)
{
    struct stint_posix_pem *pem = &bundle->pem;
    size_t room = 0;
    ssize_t got;

    do {
        if (!make_room(pem, &room)) {
            return stint_posix_bundle_fail(bundle, "out of memory");
        }
        got = read_some(descriptor, pem->text + pem->length, room - pem->length);
        if (got < 0) {
            return stint_posix_bundle_fail(bundle, "%s", strerror(errno));
        }
        pem->length += (size_t)got;
        if (pem->length > FILE_MAX_OCTETS) {
            return stint_posix_bundle_fail(bundle, "over %d MB: this is no file of certificates",
                                           FILE_MAX_OCTETS >> 20);
        }
    } while (got > 0);
    return 0;
}

static int open_and_read_text(struct stint_posix_bundle *bundle)
{
    int descriptor = open(bundle->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int status;

    if (descriptor < 0) {
        return stint_posix_bundle_fail(bundle, "%s", strerror(errno));
    }
    status = read_text(bundle, descriptor);
    close(descriptor);
    return status;
}

static int read_certificates(struct stint_posix_bundle *bundle)
{
    const struct stint_posix_pem *pem = &bundle->pem;

    for (;;) {
        switch (stint_posix_pem_next(&bundle->pem)) {
        case STINT_POSIX_PEM_CERTIFICATE: break;
        case STINT_POSIX_PEM_END:
            return pem->number > 0 ? 0 : stint_posix_bundle_fail(bundle, "no certificate in it");
        case STINT_POSIX_PEM_CUT_OFF:
            return stint_posix_bundle_fail(bundle, "ends within certificate %lu", pem->number);
        default:
            return stint_posix_bundle_fail(bundle, "line %lu: not the base64 of certificate %lu",
                                           pem->line, pem->number);
        }
        if (bundle->take(bundle, bundle->context) < 0) {
            return -1;
        }
    }
}

int stint_posix_bundle_read(struct stint_posix_bundle *bundle)
{
    int status = open_and_read_text(bundle);

    bundle->is_unreadable = status < 0;
    if (status == 0) {
        status = read_certificates(bundle);
    }
    free(bundle->pem.text);
    bundle->pem.text = NULL;
    return status;
}
