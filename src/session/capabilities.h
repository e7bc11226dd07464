/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_CAPABILITIES_H
#define STINT_SRC_CAPABILITIES_H

#include "stint/private.h"

/*
 * What the latest EHLO reply offered (RFC 5321 4.1.1.1). Fed with the text of the reply's lines,
 * octet by octet. Keywords count only as whole words at the start of a line, in any case; the
 * first line is the server's name and greeting and holds none.
 */

enum stint_extension {
    STINT_EXTENSION_STARTTLS = 1 << 0,            /* RFC 3207 */
    STINT_EXTENSION_AUTH = 1 << 1,                /* RFC 4954 */
    STINT_EXTENSION_SIZE = 1 << 2,                /* RFC 1870 */
    STINT_EXTENSION_8BITMIME = 1 << 3,            /* RFC 6152 */
    STINT_EXTENSION_PIPELINING = 1 << 4,          /* RFC 2920 */
    STINT_EXTENSION_ENHANCEDSTATUSCODES = 1 << 5, /* RFC 2034 */
    STINT_EXTENSION_CHUNKING = 1 << 6,            /* RFC 3030 */
    STINT_EXTENSION_SMTPUTF8 = 1 << 7,            /* RFC 6531 */
    STINT_EXTENSION_DSN = 1 << 8                  /* RFC 3461 */
};

enum stint_mechanism {
    STINT_MECHANISM_PLAIN = 1 << 0, /* RFC 4616 */
    STINT_MECHANISM_LOGIN = 1 << 1  /* draft-murchison-sasl-login */
};

/* Nothing is offered; the next line is the first of a reply. */
void stint_capabilities_clear(struct stint_capabilities *capabilities);
void stint_capabilities_octet(struct stint_capabilities *capabilities, uint8_t octet);
void stint_capabilities_line_end(struct stint_capabilities *capabilities);

bool stint_capabilities_offer(const struct stint_capabilities *capabilities,
                              enum stint_extension extension);

#endif
