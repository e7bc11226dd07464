/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_ANCHOR_H
#define STINT_POSIX_ANCHOR_H

#include <bearssl.h>

enum stint_posix_anchor_status {
    STINT_POSIX_ANCHOR_READ,
    STINT_POSIX_ANCHOR_UNUSABLE, /* its key is of a kind or a size that BearSSL does not know */
    STINT_POSIX_ANCHOR_DAMAGED   /* this is no certificate (RFC 5280 4.1) */
};

/* The anchor that the certificate at `der` makes; it points into that. Nothing is verified: whoever
 * names an anchor vouches for it. */
enum stint_posix_anchor_status stint_posix_anchor_read(br_x509_trust_anchor *anchor, uint8_t *der,
                                                       size_t length);

#endif
