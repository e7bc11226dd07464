/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_BUNDLE_H
#define STINT_POSIX_BUNDLE_H

#include "pem.h"

/* A file of certificates (at most 4 MB) being read: zero it, then set the first part. */
struct stint_posix_bundle {
    const char *path;
    char *why; /* one line of reason, if it fails */
    size_t why_size;

    /* Called for each certificate, which may be written to and is there only for so long; returns
     * -1, by stint_posix_bundle_fail, to end it. */
    int (*take)(struct stint_posix_bundle *bundle, void *context);
    void *context;

    struct stint_posix_pem pem;
    bool is_unreadable; /* the file, whatever it holds; or there is no memory */
};

/* Returns 0, or -1 with a reason: also if there is no certificate in it. */
int stint_posix_bundle_read(struct stint_posix_bundle *bundle);

/* Write the reason, behind the path; returns -1. */
int stint_posix_bundle_fail(const struct stint_posix_bundle *bundle, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
